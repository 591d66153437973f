"""A draft that somebody wants to do something with: it waits for a decision, and they may decide on it."""

from bot.access.model import Permission, Person
from bot.briefs.model import Brief, Draft, State, check_move
from bot.kernel.errors import Forbidden, Stale
from bot.kernel.ids import content_hash
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.review.model import ReviewPolicy, claim_ends, holder
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction
from storage.people import people


async def waiting_draft(
    tx: Transaction, who: Person, brief_id: int, policy: ReviewPolicy, *, anybodys: bool = False
) -> tuple[Brief, Draft]:
    """The brief, held for this transaction, and the draft that it shows: in review, and not another's to decide.

    anybodys: also where a colleague has it. Raises Forbidden, or Stale.
    """
    who.require(Permission.DECIDE)
    brief = await briefs.get(tx.connection, who.tenant, brief_id, lock=True)
    if brief.client_id == who.id:
        raise Forbidden(_("Nobody decides on their own brief; another operator or an admin has to."))
    check_move(brief, State.REJECTED)
    has_it = holder(brief, tx.now, policy.escalation)
    if has_it is not None and has_it != who.id and not anybodys:
        name = (await people.by_id(tx.connection, who.tenant, has_it)).name
        until = clock(claim_ends(brief, policy.escalation))
        raise Stale(
            _(
                "{name} has brief {brief}, until {time} at most. {name} or an admin can give it back.",
                name=name,
                brief=brief_id,
                time=until,
            )
        )
    assert brief.draft_id is not None
    draft = await drafts.get_draft(tx.connection, brief.tenant, brief.draft_id)
    if content_hash(draft.text) != draft.content_hash:
        raise Stale(
            _(
                "The text of brief {brief} is not the one that was recorded. Send it back for a new draft.",
                brief=brief_id,
            )
        )
    return brief, draft
