"""Answers of Notion and Stripe that are no such answers, with status 200: each call ends in one kind of error."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.notion.mirror import NotionMirror
from bot.adapters.stripe.payments import StripePayments
from bot.areas import TABLES
from bot.invoices.events import Reread
from bot.invoices.model import InvoiceLine
from bot.invoices.payer import BillingDetails
from bot.invoices.ports import Attempt, InvoiceOrder
from bot.kernel.errors import ProviderError
from bot.kernel.money import Money
from bot.mirror.model import KEY, Column, Place
from sandbox.faults import Fault
from sandbox.notion.server import NotionStandIn
from sandbox.server import Sandbox
from sandbox.stripe.server import StripeStandIn
from tests.contract.stripe_account import SDK_WARNS

pytestmark = SDK_WARNS
TABLE = TABLES["Job Log"]
ODD: list[Any] = [
    None, True, 7, "text", [], [7], [None], {}, {"object": "list"}, {"object": "list", "results": None},
    {"object": "list", "data": None, "has_more": False}, {"object": "list", "data": [None], "has_more": False},
    {"object": "list", "data": [{}], "has_more": True}, {"object": "list", "results": [{}], "has_more": False},
    {"id": None}, {"id": 7, "object": 7}, {"id": "x", "parent": 7, "properties": 7, "data_sources": []},
    {"id": "x", "object": "invoice", "status": None}, {"id": "x", "object": "customer", "deleted": True},
    {"id": "x", "object": "invoice", "status": "open", "total": "12", "currency": 7, "payments": 7},
    {"error": None}, {"error": "no"}, {"error": {"message": 7}}, {"error": []},
]  # fmt: skip
NO_JSON = ["", "<html>ok</html>", "{", "\x00", "NaN", "[" * 5_000]
BODIES = [json.dumps(one) for one in ODD] + NO_JSON


@asynccontextmanager
async def notion() -> AsyncIterator[tuple[NotionStandIn, dict[str, Callable[[], Awaitable[Any]]]]]:
    stand_in = NotionStandIn()
    async with Sandbox(stand_in) as sandbox:
        mirror = NotionMirror("ntn_sandbox", f"{sandbox.url}/notion", stand_in.parent_page_id, 1000)
        source = await mirror.make_table(TABLE, "a mark", {})
        seen = await mirror.see(source)
        place = Place(seen.database, source, {name: at for at, (name, _) in seen.columns.items()})
        row: dict[str, Any] = {KEY: "code:brief:1"}
        page = await mirror.make_row(place, TABLE, row)
        yield (
            stand_in,
            {
                "user": mirror.user,
                "parent": mirror.parent,
                "find_table": lambda: mirror.find_table(TABLE, "a mark"),
                "make_table": lambda: mirror.make_table(TABLE, "a mark", {}),
                "see": lambda: mirror.see(source),
                "describe": lambda: mirror.describe(seen.database, "words"),
                "add_columns": lambda: mirror.add_columns(source, {"More": Column.TEXT}, {}),
                "find_row": lambda: mirror.find_row(place, [row[KEY]]),
                "make_row": lambda: mirror.make_row(place, TABLE, row),
                "change_row": lambda: mirror.change_row(page, place, TABLE, row),
                "rows": lambda: mirror.rows(place, TABLE),
                "text_of": lambda: mirror.text_of(page),
                "trash_row": lambda: mirror.trash_row(page),
            },
        )
        await mirror.close()


@asynccontextmanager
async def stripe() -> AsyncIterator[tuple[StripeStandIn, dict[str, Callable[[], Awaitable[Any]]]]]:
    stand_in = StripeStandIn()
    async with Sandbox(stand_in) as sandbox:
        payments = StripePayments("sk_test_sandbox", f"{sandbox.url}/stripe", ())
        attempt = Attempt(1, datetime.now(UTC), look_first=True, installation="5eed5eed5eed")
        customer = await payments.customer(1, attempt)
        await payments.describe(customer, BillingDetails("Alice", "alice@example.org", "DE"))
        order = InvoiceOrder(
            1, "brief:1", customer, (InvoiceLine("A brief", 1, Money(12_000, "USD")),), 14, attempt, lambda: True
        )
        made = await payments.invoice(order)
        yield (
            stand_in,
            {
                "customer": lambda: payments.customer(2, attempt),
                "describe": lambda: payments.describe(customer, BillingDetails("Alice", "alice@example.org", "DE")),
                "invoice": lambda: payments.invoice(order),
                "read_invoice": lambda: payments.read_invoice(made.id),
                "invoices_paid_by": lambda: payments.invoices_paid_by("pi_1"),
                "refunds": lambda: payments.notices(Reread.REFUND, "re_1"),
                "disputes": lambda: payments.notices(Reread.DISPUTE, "dp_1"),
                "events": lambda: payments.events(["refund.created"], None),
                "account": payments.account,
                "lacking": payments.lacking,
                "settlement_currencies": payments.settlement_currencies,
            },
        )
        await payments.close()


@pytest.mark.parametrize("service", [notion, stripe])
async def test_odd_answers(service: Any, measured: Callable[[str], None]) -> None:
    """Whatever answers a call: it is taken as said, or it is a ProviderError; nothing else comes out."""
    ends: Counter[str] = Counter()
    escaped: list[tuple[str, str, str]] = []
    pick = random.Random(9)
    async with service() as (stand_in, calls):
        for name, call in calls.items():
            for body in BODIES:
                stand_in.faults.add(Fault(".*", "status", status=200, body=body, times=pick.choice([1, 1, None])))
                try:
                    await call()
                    ends["taken"] += 1
                except ProviderError:
                    ends["refused"] += 1
                except Exception as error:  # noqa: BLE001 - any of them is the finding
                    escaped.append((name, body[:60], repr(error)[:100]))
                stand_in.faults.clear()
    measured(f"{service.__name__}: {sum(ends.values())} odd answers to {len(calls)} calls, {len(escaped)} escaped")
    assert escaped == []
