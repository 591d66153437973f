"""What the payment provider's stand-in is told of a played business: the invoices that may still be paid.

What is over it is never asked about; what is open it is, each hour. So it makes these itself, by its own API and by a
clock that stands at the time when each was opened.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.invoices.events import OUR_BRIEF, OUR_INSTALLATION, OUR_INVOICE, OUR_PERSON, OUR_ROW, OUR_SUBJECT
from bot.invoices.marks import row_mark
from bot.invoices.model import InvoiceState
from bot.kernel.money import Money
from sandbox.history.lives import SECOND
from sandbox.history.owed import DUE_DAYS, Owed, with_invoices
from sandbox.history.sheet import Sheet
from sandbox.history.studio import FIRST_PERSON, Studio
from sandbox.stripe.server import StripeStandIn
from storage.engine.types import EPOCH

CODE = "5ca1ab1e0000"  # of the installation that is played
KEY = "sk_test_sandbox_key"
PER_SECOND = 25  # as for a sandbox of the real one


@dataclass
class PlayedClock:
    """The stand-in's clock: it stands while the past is told, and then goes as all others do."""

    now: float | None = None

    def __call__(self) -> float:
        return time.time() if self.now is None else self.now


@dataclass
class AtStripe:
    """By invoice and by person, what the stand-in calls them. place: which account and mode it is."""

    place: Mapping[str, str | None]
    invoices: dict[int, Mapping[str, str]] = field(default_factory=dict)
    customers: dict[int, str] = field(default_factory=dict)

    def names(self, one: Owed) -> Mapping[str, Any]:
        """What the row says of what Stripe calls the invoice; what is over has names of its own."""
        return self.invoices.get(one.id) or {"stripe_id": f"in_{one.n}", "number": one.number}

    def write(self, studio: Studio, sheet: Sheet, now: int) -> None:
        """Who the clients are to the payment provider, and that they said where invoices go."""
        if self.place["account"] is None:
            return
        sheet.add("installation", code=CODE, created_at=now)
        for number, one in enumerate(studio.clients, FIRST_PERSON + 1):
            customer = self.customers.get(number)
            told = {"told_customer": customer or "", "told_version": int(customer is not None)}
            sheet.add("billing_details", person_id=number, given="details", name=one.name, email=_email(number),
                      country="DE", address="", tax_id="", **told, updated_at=now)  # fmt: skip
            if customer is not None:
                sheet.add("customers", person_id=number, stripe_id=customer, marked=1, created_at=now, **self.place)


UNKNOWN = AtStripe({"account": None, "mode": None})


async def tell(stripe: StripeStandIn, clock: PlayedClock, url: str, studio: Studio, now: datetime) -> AtStripe:
    """Have the stand-in below the address make what is still open of the business, without its limit of requests."""
    found = AtStripe({"account": stripe.test.id, "mode": "test"})
    names = {number: one.name for number, one in enumerate(studio.clients, FIRST_PERSON + 1)}
    stripe.limit_rate(None)
    try:
        async with aiohttp.ClientSession(f"{url}/stripe/v1/", headers={"Authorization": f"Bearer {KEY}"}) as session:
            for _, invoices in with_invoices(studio, now):
                for one in (one for one in invoices if one.state == InvoiceState.OPEN):
                    clock.now = one.opened_at / SECOND
                    if one.client not in found.customers:
                        found.customers[one.client] = await _customer(session, one.client, names[one.client])
                    found.invoices[one.id] = await _invoice(session, one, found.customers[one.client])
    finally:
        clock.now = None
        stripe.limit_rate(PER_SECOND)
    return found


async def _customer(session: aiohttp.ClientSession, person: int, name: str) -> str:
    marks = {f"metadata[{OUR_INSTALLATION}]": CODE, f"metadata[{OUR_PERSON}]": str(person)}
    return str((await _post(session, "customers", {"name": name, "email": _email(person), **marks}))["id"])


async def _invoice(session: aiohttp.ClientSession, one: Owed, customer: str) -> Mapping[str, str]:
    made_at, amount = EPOCH + timedelta(microseconds=one.made_at), Money(one.amount, one.currency)
    what = one.subject if one.brief is None else one.brief
    marks = {OUR_INSTALLATION: CODE, OUR_INVOICE: str(one.id), OUR_SUBJECT: one.subject}
    marks[OUR_ROW] = row_mark(made_at, what, one.client, amount.neutral, one.what)
    marks |= {} if one.brief is None else {OUR_BRIEF: str(one.brief)}
    base = {"customer": customer, "currency": one.currency.lower()}
    terms = {"collection_method": "send_invoice", "days_until_due": str(DUE_DAYS), "auto_advance": "false"}
    metadata = {f"metadata[{name}]": value for name, value in marks.items()}
    draft = await _post(session, "invoices", base | terms | metadata)
    await _post(
        session, "invoiceitems", base | {"invoice": draft["id"], "amount": str(one.amount), "description": one.what}
    )
    done = await _post(session, f"invoices/{draft['id']}/finalize", {})
    urls = {"url": done["hosted_invoice_url"], "pdf_url": done["invoice_pdf"]}
    return {"stripe_id": done["id"], "number": done["number"], **urls}


async def _post(session: aiohttp.ClientSession, path: str, form: Mapping[str, str]) -> Any:
    async with session.post(path, data=form, raise_for_status=True) as answer:
        return await answer.json()


def _email(person: int) -> str:
    return f"client{person}@example.org"
