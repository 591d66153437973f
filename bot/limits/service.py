"""The one barrier below every door for what moves money: asked by verbs, within their transaction."""

from bot.access.model import Person
from bot.flags.model import Flag
from bot.flags.service import check_within
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.ledger.rates import in_usd
from bot.limits.model import SPAN, Deed, Limited, Limits, Used, reached
from storage.engine.database import Transaction
from storage.limits import passes
from storage.limits.passes import Pass


class Barrier:
    """Lets deeds through, and counts them: each tenant's by themselves, by the limits of the installation."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def check(
        self,
        tx: Transaction,
        tenant: str,
        who: Person | None,
        deed: Deed,
        amount: Money,
        *,
        key: str,
        subject: object = "",
        waits: bool = False,
    ) -> None:
        """Let a deed through, and count it; under the same key once.

        who: None where no person does it: then what one person may do does not count. amount: more than nothing.
        subject: whom it is for, such as a client's number, since `payments` may be off for a part of them. waits: it is
        only asked for now, and waits by itself while payments are switched off.

        Raises SwitchedOff, Limited; Refusal where there is no exchange rate for the currency. Whoever asks lets it
        through, so that the transaction is taken back as a whole. Two at once wait for each other.
        """
        if amount.minor <= 0:
            raise ValueError(f"a limit is for what moves, not for {amount.neutral}")
        if not waits:
            then = _("Nothing was done. Try again once it is on; what you entered is kept.")
            await check_within(tx, Flag.PAYMENTS, tenant, subject, _("Payments are switched off"), then)
        await passes.hold(tx, tenant, deed)
        if await passes.has(tx, tenant, deed, key, amount):
            return
        cents = await in_usd(tx.connection, amount, tx.now)
        person_id = None if who is None else who.id
        found = reached(cents, self._limits, *await _used(tx, tenant, deed, person_id))
        if found is not None:
            raise Limited(amount, cents, found)
        await passes.add(tx, tenant, Pass(key, deed, person_id, amount, cents))


async def give_back(tx: Transaction, tenant: str, deed: Deed, key: str) -> None:
    """It was let through and did not happen, so that it does not count; nothing where it was given back before."""
    await passes.hold(tx, tenant, deed)
    await passes.give_back(tx, tenant, deed, key)


async def _used(tx: Transaction, tenant: str, deed: Deed, person_id: int | None) -> tuple[Used | None, Used]:
    since = tx.now - SPAN
    everybody = await passes.used(tx, tenant, deed, since)
    return None if person_id is None else await passes.used(tx, tenant, deed, since, person_id), everybody
