"""The sweep of open invoices, within the requests that Stripe takes."""

from jobs.money import invoice_sweep
from sandbox.history.at_stripe import PER_SECOND
from tests.desk import desk
from tests.house import BRIEF, Providers


async def test_many_open_invoices(stand_ins: Providers, sqlite_url: str) -> None:
    """Of more open invoices than Stripe answers requests in a second, each is looked at."""
    async with desk(stand_ins, sqlite_url) as here:
        many = PER_SECOND + 2
        for number in range(many):
            brief = await here.delivered(here.alice, text=f"{BRIEF} It is leaflet number {number}.")
            await here.app.services.billing.invoices.open_invoice(brief.id)
        stand_ins.stripe.limit_rate(PER_SECOND)
        said = await invoice_sweep(here.app.services)
        assert said.startswith(f"looked at {many} invoices, 0 changed, 0 without an answer")
