"""What those who decide do for each other: notes on a brief, and a draft that is handed over."""

from collections.abc import Sequence
from functools import partial

from bot.access.model import Permission, Person, Role
from bot.briefs.model import Brief
from bot.briefs.progress import changed
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.review import colleague_cards
from bot.review.model import ReviewPolicy, claim_ends, holder
from bot.review.open_draft import waiting_draft
from bot.review.showing import Message, deciders, opened, show_review_cards
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.review import claims
from storage.review import colleagues as rows

LONGEST_NOTE = 500


class Colleagues:
    """Verbs of operators and admins. Each raises Forbidden; Stale where the draft was decided on, or is another's."""

    def __init__(self, database: Database, rules: ReviewPolicy) -> None:
        self._database = database
        self._policy = rules

    async def check(self, who: Person, brief_id: int) -> Brief:
        """The brief; raises what a note on it would raise."""
        return await self._database.write(lambda tx: self._brief(tx, who, brief_id))

    async def note(self, who: Person, brief_id: int, text: str) -> Brief:
        """Keep a note that everybody who decides reads on the card; its client and the models never do."""
        text = _check_note(text)

        async def work(tx: Transaction) -> Brief:
            brief = await self._brief(tx, who, brief_id)
            await rows.add_note(tx, brief, who, text)
            await changed(tx, brief, "noted", who, show=False)
            await show_review_cards(tx, brief, self._policy)
            return brief

        return await self._database.write(work)

    async def others(self, who: Person, brief_id: int) -> tuple[Brief, Sequence[Person]]:
        """The brief, and everybody whom it can be handed to."""

        async def work(tx: Transaction) -> tuple[Brief, Sequence[Person]]:
            brief = await self._own(tx, who, brief_id)
            has_it = holder(brief, tx.now, self._policy.escalation)
            team = await deciders(tx.connection, brief)
            return brief, [person for person in team if person.id not in (who.id, has_it)]

        return await self._database.write(work)

    async def hand_over(self, who: Person, brief_id: int, to: int) -> tuple[Brief, Person]:
        """Let somebody else have the draft, who is told: one's own or a free one, or as an admin anybody's.

        Raises Refusal where they cannot decide on it.
        """

        async def work(tx: Transaction) -> tuple[Brief, Person]:
            brief = await self._own(tx, who, brief_id)
            person = await people.find(tx.connection, who.tenant, to)
            if person is None or not person.may(Permission.DECIDE) or person.id == brief.client_id:
                raise Refusal(_("They cannot decide on brief {brief}; nothing was changed.", brief=brief.id))
            brief = await claims.claim(tx, brief, person.id)
            await changed(tx, brief, "handed_over", who, show=False, to=person.id)
            await show_review_cards(tx, brief, self._policy)
            until = claim_ends(brief, self._policy.escalation)
            if person.id != who.id:
                card = partial(colleague_cards.handed_to_you, brief, who.name, until)
                await notify(
                    tx, person, Topic.REVIEW, card, key=f"brief:{brief.id}:handed:{person.id}:{until:%j%H%M%S}"
                )
            return brief, person

        return await self._database.write(work)

    async def opened(self, who: Person, brief: Brief, message: Message, *, whole: bool = False) -> str:
        """Remember a card of the draft that they open, so that it closes with the decision; returns its slot."""
        return await self._database.write(lambda tx: opened(tx, brief, who, message, whole=whole))

    async def _brief(self, tx: Transaction, who: Person, brief_id: int) -> Brief:
        return (await waiting_draft(tx, who, brief_id, self._policy, anybodys=True))[0]

    async def _own(self, tx: Transaction, who: Person, brief_id: int) -> Brief:
        return (await waiting_draft(tx, who, brief_id, self._policy, anybodys=who.role is Role.ADMIN))[0]


def _check_note(text: str) -> str:
    text = text.strip()
    if not any(character.isalnum() for character in text):
        raise Refusal(_("There is no word in it. For example: I asked Alice for the opening hours."))
    if len(text) > LONGEST_NOTE:
        raise Refusal(
            _(
                "Please keep a note under {most} characters; this one has {characters}.",
                most=number(LONGEST_NOTE),
                characters=number(len(text)),
            )
        )
    return text
