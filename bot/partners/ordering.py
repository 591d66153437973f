"""What a partner's program may do: order a brief once, and see what became of what it ordered."""

from collections.abc import Callable
from functools import partial

from bot.access.model import Permission
from bot.audit.service import record
from bot.briefs.material import Submission
from bot.briefs.model import Brief
from bot.flags.model import Flag, SwitchedOff
from bot.flags.service import Flags
from bot.intake.quote_policy import QuotePolicyOf
from bot.intake.service import Briefs
from bot.kernel.errors import EchoPilotError
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.partners.model import (
    FINISHED,
    Allowance,
    Answered,
    Caller,
    InFlight,
    KeyReused,
    NewOrder,
    NoSuchBrief,
    NotReady,
    NotSignedIn,
    Order,
    OtherPrice,
    QuotaUsed,
    Stats,
    month_of,
)
from bot.partners.settings import PartnerSettings
from bot.prices.model import discounted
from storage.engine.database import Database, Transaction
from storage.partners import orders, partners

ORDERED_TYPES = tuple(one for one in TaskType if one is not TaskType.TRANSCRIPTION)  # no recordings come this way
LARGEST_NUMBER = 10**15


class Ordering:
    """Verbs of a partner's program, which does what it does as the partner's client."""

    def __init__(
        self, database: Database, settings: PartnerSettings, briefs: Briefs, terms: QuotePolicyOf, flags: Flags
    ) -> None:
        self._database = database
        self._settings = settings
        self._briefs = briefs
        self._terms = terms
        self._flags = flags

    async def check_open(self, caller: Caller) -> None:
        """Raise SwitchedOff where partners' programs are not answered just now."""
        tenant, subject = caller.partner.tenant, caller.client.id
        switch = await self._flags.of(Flag.PARTNER_API, tenant, subject)
        if not switch.lets(tenant, str(subject)):
            raise SwitchedOff(switch, _("Partners' programs are not answered just now"), _("Try again later."))

    async def order(self, caller: Caller, key: str, new: NewOrder, answer: Callable[[Brief], str]) -> Answered:
        """Order a brief, once for each key: the same key again has the same answer.

        answer: what is said of the brief, kept to the letter. Raises KeyReused, InFlight, QuotaUsed, OtherPrice;
        Forbidden where the client may not; Refusal where the text cannot be a brief, or no new ones are taken.
        """
        order = await self._database.write(partial(self._begun, caller=caller, key=key, new=new))
        if order.brief_id is not None and order.answer is not None:
            return Answered(order.brief_id, order.answer, replayed=True)
        said: list[Answered] = []

        async def then(tx: Transaction, brief: Brief) -> None:
            await self._check_quota(tx, caller)
            said[:] = [Answered(brief.id, answer(brief))]
            if not await orders.finish(tx, brief.tenant, order, brief.id, said[0].answer):
                raise InFlight  # somebody else, who took this for dead, was first
            subject = f"partner:{caller.partner.id}"
            await record(tx, brief.tenant, caller.client, "partner.ordered", subject, brief=brief.id)

        try:
            source = f"partner:{caller.partner.id}:{key}"
            await self._briefs.order(caller.client, source, self._handed(new), self._price(caller, new), then)
        except EchoPilotError:
            await self._database.write(lambda tx: orders.forget(tx, caller.partner.tenant, order))
            raise
        return said[0]

    async def _begun(self, tx: Transaction, caller: Caller, key: str, new: NewOrder) -> Order:
        """The order's row, which keeps others with that key away for a while."""
        tenant, fingerprint = caller.partner.tenant, new.fingerprint
        order, is_new = await orders.begin(tx, tenant, caller.partner.id, key, fingerprint)
        if order.fingerprint != fingerprint:
            raise KeyReused
        if order.answer is not None:
            return order
        if not is_new and (tx.now < order.locked_until or not await orders.take_over(tx, tenant, order)):
            raise InFlight
        await self._check_quota(tx, caller)
        return order

    async def _check_quota(self, tx: Transaction, caller: Caller) -> None:
        """Raise QuotaUsed where the month has no room; the partner's row is held, so that two see each other."""
        partner = await partners.locked(tx, caller.partner.tenant, caller.partner.id)
        if partner is None or not partner.enabled:
            raise NotSignedIn
        began, resets = month_of(tx.now)
        if await orders.used(tx.connection, partner.tenant, partner.id, began) >= partner.monthly_quota:
            raise QuotaUsed(partner.monthly_quota, resets)

    def _handed(self, new: NewOrder) -> Submission:
        now = self._database.clock.now()
        deadline = None if new.due_in is None else now + new.due_in
        return Submission(new.text, new.task_type, deadline=deadline, language=new.language)

    def _price(self, caller: Caller, new: NewOrder) -> Callable[[Money], Money]:
        percent = self._settings.discount_of(caller.partner.tier)

        def priced(usual: Money) -> Money:
            price = discounted(usual, percent)
            if new.expected not in {None, price}:
                raise OtherPrice(price)
            return price

        return priced

    async def brief(self, caller: Caller, brief_id: int) -> Brief:
        """A brief that the partner ordered. Raises NoSuchBrief, and Forbidden where its client was let out."""
        caller.client.require(Permission.SEE_OWN)
        if not 0 < brief_id < LARGEST_NUMBER:
            raise NoSuchBrief
        async with self._database.reading() as connection:
            order = await orders.of_brief(connection, caller.partner.tenant, brief_id)
        if order is None or order.partner_id != caller.partner.id:
            raise NoSuchBrief
        return await self._briefs.get(caller.client, brief_id)

    async def result(self, caller: Caller, brief_id: int) -> tuple[Brief, str]:
        """A brief that the partner ordered, and the finished text. Raises NoSuchBrief, NotReady."""
        brief = await self.brief(caller, brief_id)
        if brief.state not in FINISHED:
            raise NotReady(brief.state)
        return await self._briefs.text(caller.client, brief_id)

    async def stats(self, caller: Caller) -> Stats:
        """The partner's month so far, and what briefs cost it now."""
        partner, percent = caller.partner, self._settings.discount_of(caller.partner.tier)
        began, resets = month_of(self._database.clock.now())
        prices = (await self._terms(partner.tenant)).prices.by_type
        async with self._database.reading() as connection:
            used = await orders.used(connection, partner.tenant, partner.id, began)
            by_state = await orders.by_state(connection, partner.tenant, partner.id, began)
        theirs: dict[TaskType, Money] = {one: discounted(prices[one], percent) for one in ORDERED_TYPES}
        return Stats(began, resets, partner.monthly_quota, used, by_state, theirs)

    async def month(self, caller: Caller) -> Allowance:
        """How many briefs the partner may still order this month."""
        partner, now = caller.partner, self._database.clock.now()
        began, resets = month_of(now)
        async with self._database.reading() as connection:
            used = await orders.used(connection, partner.tenant, partner.id, began)
        quota, seconds = partner.monthly_quota, (resets - now).total_seconds()
        return Allowance(quota, max(0, quota - used), seconds, (resets - began).total_seconds())
