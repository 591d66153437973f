"""Verbs on referrals: a client's own link, who came by it, and what admins see of all."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.access.model import REMOVED_WORDS, Permission, Person, Role
from bot.audit.service import record
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.referrals import cards
from bot.referrals.model import LONGEST_CHAIN, MOST_A_DAY, Listed, Own, Referral, Totals, new_code
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.partners import partners
from storage.people import people
from storage.referrals import referrals

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


class Referrals:
    """percent: what of a newcomer's first paid invoice is credited; with 0 nobody comes in but by a partner's link."""

    def __init__(self, database: Database, percent: int) -> None:
        self._database = database
        self._percent = percent

    async def own(self, who: Person) -> Own:
        """The client's link and what came of it. Raises Forbidden, and Refusal where links are for others."""
        who.require(Permission.SEE_OWN)
        if who.role is not Role.CLIENT:
            raise Refusal(_("Referral links are for clients; you are {role}.", role=who.role.one))

        async def work(tx: Transaction) -> str:
            return await referrals.code_of(tx, who.tenant, who.id, new_code())

        code = await self._database.write(work)
        async with self._database.reading() as connection:
            came, paid = await referrals.counts(connection, who.tenant, who.id)
            credit = await referrals.credit_of(connection, who.tenant, who.id)
            shared = await partners.share_of(connection, who.tenant, who.id)
        return Own(code, self._percent, came, paid, credit, shared)

    async def page(self, who: Person, which: Page) -> Sequence[Listed]:
        """A page of everybody's. Raises Forbidden."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            return await referrals.page(connection, who.tenant, which)

    async def totals(self, who: Person) -> Totals:
        """What came of those who came within the last year. Raises Forbidden."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            return await referrals.totals(connection, who.tenant, self._database.clock.now() - YEAR)

    async def come(self, who: Person, code: str, language: str) -> Person:
        """Let a newcomer in as a client by somebody's link, and return them as they are now.

        Raises Refusal where the link no longer works, is their own, or they were here before; the same person may open
        the same link twice.
        """

        async def work(tx: Transaction) -> Person:
            now = await people.by_telegram_id(tx.connection, who.telegram_id) or who
            if now.role is Role.REMOVED:
                raise Forbidden(_(REMOVED_WORDS))
            referrer = await self._referrer(tx.connection, code)
            if now.id:
                await _check_known(tx.connection, now, referrer)
                return now
            await self._check_open(tx, referrer)
            person = await people.newcomer(tx, referrer.tenant, who.telegram_id, who.name, Role.CLIENT, language)
            if person is None or not await referrals.add(tx, referrer.tenant, referrer.id, person.id):
                raise Refusal(_here_before())
            subject = f"person:{person.id}"
            await record(tx, person.tenant, person, "referral.came", subject, by=referrer.id)
            show = partial(cards.came, person, referrer.name)
            await notify_roles(tx, person.tenant, ADMINS, Topic.PEOPLE, show, key=f"referral:{person.id}:came")
            return person

        return await self._database.write(work)

    async def _referrer(self, connection: Connection, code: str) -> Person:
        found = await referrals.by_code(connection, code)
        referrer = None if found is None else await people.find(connection, found.tenant, found.person_id)
        if referrer is None or referrer.role is not Role.CLIENT:
            raise Refusal(_("This link no longer works. Ask whoever sent it for a new one, or the studio by /support."))
        return referrer

    async def _check_open(self, tx: Transaction, referrer: Person) -> None:
        if not self._percent and not await partners.share_of(tx.connection, referrer.tenant, referrer.id):
            raise Refusal(
                _("The studio takes nobody in by referral links at present. Ask it for an invitation by /support.")
            )
        if await referrals.came_since(tx.connection, referrer.tenant, referrer.id, tx.now - DAY) >= MOST_A_DAY:
            raise Refusal(_("Too many people came by this link today. Try again tomorrow; the link still works then."))


async def _check_known(connection: Connection, now: Person, referrer: Person) -> None:
    """Nothing where they came by this very link; raises Refusal for everybody else who is here."""
    if now.id == referrer.id:
        raise Refusal(_("This is your own link. Send it to somebody who is new here."))
    if now.tenant == referrer.tenant:
        came = await referrals.of_person(connection, now.tenant, now.id)
        if came is not None and came.referrer_id == referrer.id:
            return
        if await _comes_from(connection, referrer, now):
            raise Refusal(
                _(
                    "{name} came here by your link, or by that of somebody you referred, so theirs counts nothing for "
                    "you. Send yours to somebody who is new here.",
                    name=referrer.name,
                )
            )
    raise Refusal(_here_before())


async def _comes_from(connection: Connection, referrer: Person, person: Person) -> bool:
    """Whether the referrer came by the person's link, or by that of somebody who did, however far back."""
    at: Referral | None = await referrals.of_person(connection, referrer.tenant, referrer.id)
    for _step in range(LONGEST_CHAIN):
        if at is None:
            return False
        if at.referrer_id == person.id:
            return True
        at = await referrals.of_person(connection, referrer.tenant, at.referrer_id)
    return True


def _here_before() -> str:
    return _("Referral links are for people who are new here, and you were here before. Nothing changes for you.")
