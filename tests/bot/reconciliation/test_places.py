"""A key of another mode for a while, and a reading that is too long for once."""

from datetime import timedelta

import pytest

from bot.access.model import TENANT
from bot.invoices.ports import Place
from bot.invoices.remote import RemoteMove, Settlement
from bot.kernel.money import Money
from bot.kernel.tasks import RunAgain
from bot.reconciliation import importing
from bot.reconciliation.model import Kind
from storage.reconciliation import moves
from tests.bot.reconciliation.test_reading import LATER, ahead, compared, duplicated, open_ones
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.stripe_tells import dashboard, paid

LIVE = "sk_live_sandbox_key"


async def live_moved(here: Desk, after: timedelta) -> None:
    """Something moves on the live balance so much later, and is read."""
    nothing = Settlement(Money(500, "USD"), Money(0, "USD"))
    moved = RemoteMove("txn_live", "other_adjustment", nothing, here.app.services.database.clock.now() + after)
    await here.app.services.database.write(lambda tx: moves.keep(tx, TENANT, [moved], Place(None, "live")))


async def test_what_is_of_another_key_is_not_missing(stand_ins: Providers, database_url: str) -> None:
    """What was booked by one key is not looked for by another, and agrees once the first one is back."""
    async with desk(stand_ins, database_url, Hands()) as here:
        await paid(here, stand_ins)
    async with desk(stand_ins, database_url, Hands(), stripe_secret_key=LIVE) as here:
        ahead(here, LATER)
        assert await compared(here) == []
    async with desk(stand_ins, database_url, Hands()) as here:
        ahead(here, LATER)
        assert await compared(here) == []
        await duplicated(here)
        assert [one.found.about for one in await compared(here)] == ["invoice:1001"]


async def test_what_is_open_stays_open(stand_ins: Providers, database_url: str) -> None:
    """A mismatch that was found by one key is not taken for gone by another."""
    async with desk(stand_ins, database_url, Hands()) as here:
        await paid(here, stand_ins)
        await duplicated(here)
        [found] = await compared(here)
    async with desk(stand_ins, database_url, Hands(), stripe_secret_key=LIVE) as here:
        assert await compared(here) == [found]
        assert await open_ones(here) == [found]


async def test_what_moved_meanwhile_is_read(stand_ins: Providers, database_url: str) -> None:
    """What moved by a key while another one was used is read when it is back, however late that is."""
    async with desk(stand_ins, database_url, Hands()) as here:
        _, charge = await paid(here, stand_ins)
        assert await compared(here) == []
        async with dashboard(here) as client:
            await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
        await live_moved(here, timedelta(days=3))
    async with desk(stand_ins, database_url, Hands()) as here:
        ahead(here, timedelta(days=4))
        (found,) = await compared(here)
        assert found.found.kind is Kind.MISSING_HERE


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run has time to ask about one movement alone."""
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    monkeypatch.setattr(importing, "PIECE", timedelta())


@pytest.mark.usefixtures("one_by_one")
async def test_a_reading_in_pieces(stand_ins: Providers, database_url: str) -> None:
    """Where there is more to ask than one run has time for, nothing is compared yet, and the next one goes on."""
    async with desk(stand_ins, database_url, Hands()) as here:
        await paid(here, stand_ins)
        stand_ins.stripe.pay_out()
        ahead(here, LATER)
        verbs = here.app.services.reconciliation.comparing
        assert "nothing compared yet: of 1 movements" in await verbs.all_tenants()
        assert await open_ones(here) == []
        assert "movements compared" in await verbs.all_tenants()


@pytest.mark.usefixtures("one_by_one")
async def test_a_reading_by_hand(stand_ins: Providers, database_url: str) -> None:
    """Whoever asked for it reads that it takes a while, and then what came of it, in the same message."""
    async with desk(stand_ins, database_url, Hands()) as here:
        await paid(here, stand_ins)
        stand_ins.stripe.pay_out()
        verbs, carol = here.app.services.reconciliation.comparing, await here.person(here.carol)
        with pytest.raises(RunAgain):
            await verbs.by_hand(carol.id)
        assert "Stripe is asked about 1 more movement" in (await here.told(here.carol.id))[-1].text
        await verbs.by_hand(carol.id)
        assert "movements compared" in (await here.told(here.carol.id))[-1].text
