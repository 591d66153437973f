"""Reminders of unpaid invoices: they come in time, once, and stop on payment."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from tests.clock import Hands
from tests.dashboard import invoiced, sweeps
from tests.eventually import eventually
from tests.house import House, Providers, house

DAYS = timedelta(days=1)


@asynccontextmanager
async def billed(stand_ins: Providers, database_url: str) -> AsyncIterator[tuple[House, Hands, int]]:
    """Alice has an invoice, and time can pass."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.carol.says("/start")
        number, _ = await invoiced(home)
        yield home, hands, number


def ways_to_pay(home: House) -> list[str]:
    """The buttons to pay that Alice still sees."""
    return [label for seen in home.alice.messages() for label in seen.labels if label.startswith("Pay ")]


async def reminds(home: House) -> str:
    """What the job says that it did."""
    services = home.running.app.services
    return await services.dunning.remind("main")


@pytest.mark.both_databases
async def test_until_it_is_paid(stand_ins: Providers, database_url: str) -> None:
    """A reminder before the due day, one after it, each once; once it is paid both say so, and no other comes."""
    async with billed(stand_ins, database_url) as (home, hands, number):
        assert (await reminds(home)).startswith("reminded of 0 invoices")
        hands.ahead += 11.5 * DAYS
        assert (await reminds(home)).startswith("reminded of 1 invoices")
        first = await home.alice.sees(re.compile(r"Due in [23] days"))
        assert "It is due by" in first.text
        assert first.labels == ["Pay 120.00 USD", "Write to the team"]
        assert (await reminds(home)).startswith("reminded of 0 invoices")
        hands.ahead += 4 * DAYS
        assert (await reminds(home)).startswith("reminded of 1 invoices")
        await home.alice.sees(re.compile(r"[12] days? overdue"))
        mark = home.alice.mark()
        await home.pay(number)  # Stripe's clock stands behind ours, so that its webhooks are too old to be taken
        await sweeps(home)
        await home.alice.sees("thank you", after=mark)
        await eventually(lambda: ways_to_pay(home), lambda ways: not ways)
        hands.ahead += 30 * DAYS
        assert (await reminds(home)).startswith("reminded of 0 invoices")


async def test_paid_while_nobody_told(stand_ins: Providers, database_url: str) -> None:
    """Where no webhook told of the payment, Stripe is asked before, and nobody is reminded."""
    async with billed(stand_ins, database_url) as (home, hands, number):
        home.stripe.webhooks.endpoints.clear()
        await home.pay(number)
        hands.ahead += 15.5 * DAYS
        assert (await reminds(home)).startswith("reminded of 0 invoices")
        await home.alice.sees("thank you")
        assert not [seen for seen in home.alice.messages() if "overdue" in seen.text]


async def test_by_the_job(stand_ins: Providers, database_url: str) -> None:
    """An admin runs it, and reads in its card what it did."""
    async with billed(stand_ins, database_url) as (home, hands, _):
        hands.ahead += 15.5 * DAYS
        await home.carol.says("/job_invoice_reminders")
        await home.carol.taps("Run now", await home.carol.sees("Job invoice_reminders"))
        await home.alice.sees(re.compile(r"[12] days? overdue"))
