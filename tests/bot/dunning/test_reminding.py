"""Whom the job reminds, and what they read."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from bot.dunning import cards
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from storage.billing import invoices as billing
from storage.dunning import reminders
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers

DUE = datetime(2026, 12, 10, 12, tzinfo=UTC)


async def open_one(here: Desk, number: int, due_at: datetime) -> Invoice:
    """An invoice of Alice's that is open at Stripe, and due then."""
    brief = await here.delivered(here.alice, chat_id=80_000 + number)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    invoice = await here.invoice(brief)
    return await here.app.services.database.write(lambda tx: billing.change_invoice(tx, invoice, due_at=due_at))


@pytest.mark.both_databases
async def test_more_than_are_read_at_once(
    stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody is reminded in turn, although more invoices wait before theirs than are read at once."""
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    hands = Hands()
    async with desk(stand_ins, database_url, hands) as here:
        due_at = here.app.services.database.clock.now() + timedelta(days=5)
        for number in range(5):
            await open_one(here, number, due_at)
        hands.ahead += timedelta(days=3)
        remind = here.app.services.dunning.remind
        assert (await remind(TENANT)).startswith("reminded of 5 invoices")
        assert (await remind(TENANT)).startswith("reminded of 0 invoices")
        hands.ahead += timedelta(days=4)
        assert (await remind(TENANT)).startswith("reminded of 5 invoices")


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        (DUE - timedelta(days=3), "UTC", "Due in 3 days"),
        (DUE - timedelta(days=2, hours=3), "UTC", "Due in 2 days"),
        (DUE - timedelta(hours=13), "UTC", "Due in 1 day"),
        (DUE - timedelta(hours=11), "UTC", "Due today"),
        (DUE - timedelta(hours=13), "America/New_York", "Due in 1 day"),
        (DUE + timedelta(hours=8), "Asia/Karachi", "1 day overdue"),
        (DUE + timedelta(days=40), "UTC", "40 days overdue"),
    ],
)
def test_true_days(now: datetime, zone: str, words: str) -> None:
    """What is read are the days there are, by the reader's own calendar, and not those of the step."""
    invoice = Invoice(55, "main", "hand:55", 7, Money(12_000, "USD"), InvoiceState.OPEN, 1, "in_1", "EP-0001", None,
                      None, None, DUE, DUE, None, due_at=DUE)  # fmt: skip
    with reading_as(Reader("en", zone)):
        text = cards.reminder(invoice, DUE, "Solar lamp", now).text
    assert text.startswith(f"<b>Invoice EP-0001 · {words}</b>")
