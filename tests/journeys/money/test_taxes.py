"""Tax by Stripe's tax rates: by the payer's country, on the card, in the payment, and in the ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dashboard import invoiced, ledger, settled
from tests.house import House, Providers, house

AT_ONCE: dict[str, Any] = {"invoice_grace_minutes": 0}
VAT: Any = {"display_name": "VAT", "percentage": 19, "inclusive": False}


@asynccontextmanager
async def taxed(stand_ins: Providers, database_url: str, names: str, **rate: Any) -> AsyncIterator[House]:
    """TAX_RATES names a rate; {rate} stands for its id."""
    rate_id = stand_ins.stripe.tax_rate(**(VAT | rate))["id"]
    async with house(stand_ins, database_url, tax_rates=names.format(rate=rate_id), **AT_ONCE) as home:
        await home.carol.says("/start")
        yield home


@pytest.mark.both_databases
async def test_tax_is_added_by_country(stand_ins: Providers, database_url: str) -> None:
    """Who is billed in the rate's country is asked for price and tax; the tax is owed on, and is no revenue."""
    async with taxed(stand_ins, database_url, "DE {rate}") as home:
        number, ours = await invoiced(home)
        assert (ours["subtotal"], ours["total"]) == (12_000, 14_280)
        card = await home.alice.sees("To pay")
        assert "Stripe asks for 142.80 USD: 22.80 USD tax added" in card.text
        assert card.labels[0] == "Pay 142.80 USD"
        assert await ledger(home) == {
            ("receivable", "USD"): 14_280,
            ("revenue", "USD"): -12_000,
            ("taxes", "USD"): -2_280,
        }
        await home.pay(number)
        await home.alice.sees("Received 142.80 USD")
        found = await settled(home)
        assert (found["revenue", "USD"], found["taxes", "USD"]) == (-12_000, -2_280)
        assert ("receivable", "USD") not in found
        await home.carol.says("/ledger")
        assert "tax payable 22.80" in (await home.carol.sees("Ledger · USD")).text


async def test_tax_that_is_part_of_the_price(stand_ins: Providers, database_url: str) -> None:
    """Where the rate is inclusive the client pays the price, and the tax in it is taken out of revenue."""
    async with taxed(stand_ins, database_url, "{rate}", inclusive=True) as home:
        number, ours = await invoiced(home)
        assert ours["total"] == 12_000
        assert "Stripe asks for" not in (await home.alice.sees("To pay")).text
        await home.pay(number)
        await home.alice.sees("Received 120.00 USD")
        found = await settled(home)
        assert (found["revenue", "USD"], found["taxes", "USD"]) == (-10_084, -1_916)
        assert not {("receivable", "USD"), ("currency exchange", "USD")} & found.keys()


async def test_by_hand(stand_ins: Providers, database_url: str) -> None:
    """Whoever makes an invoice by hand is told how much tax comes to it, or that it is asked for; and it does."""
    async with taxed(stand_ins, database_url, "DE {rate}") as home:
        await home.staff()
        home.stripe.faults.add(Fault(r"GET .*/tax_rates/", "status", status=500, times=None))
        await home.bob.says("/invoice Alice")
        await home.bob.sees("New invoice for Alice")
        await home.bob.says("Advice, 3, 50.00")
        card = await home.bob.sees("In all: 150.00 USD")
        assert "Tax comes by Stripe's rate" in card.text
        home.stripe.faults.clear()
        mark = home.bob.mark()
        await home.bob.says("/invoice")
        card = await home.bob.sees("In all: 150.00 USD", after=mark)
        assert "Stripe adds 19 % VAT: about 28.50 USD, so 178.50 USD in all." in card.text
        await home.bob.taps("Send invoice, 150.00 USD", card)
        assert "Stripe asks for 178.50 USD: 28.50 USD tax added" in (await home.alice.sees("To pay")).text


async def test_tax_in_prices_by_hand(stand_ins: Providers, database_url: str) -> None:
    """Where the rate is part of prices, that is said, with the rate as Stripe has it."""
    async with taxed(stand_ins, database_url, "{rate}", inclusive=True, percentage=7.25) as home:
        await home.staff()
        await home.bob.says("/invoice Alice")
        await home.bob.sees("New invoice for Alice")
        await home.bob.says("Advice, 3, 50.00")
        card = await home.bob.sees("In all: 150.00 USD")
        assert "7.25 % VAT is part of these prices; Stripe adds none." in card.text


async def test_other_countries(stand_ins: Providers, database_url: str) -> None:
    """Who is billed elsewhere is asked for no tax of that country."""
    async with taxed(stand_ins, database_url, "ES {rate}") as home:
        _, ours = await invoiced(home)
        assert (ours["total"], ours["default_tax_rates"]) == (12_000, [])


async def test_archived_rate(stand_ins: Providers, database_url: str) -> None:
    """A rate that Stripe does not take keeps the invoice back with the reason; a tap asks again once it is right."""
    async with taxed(stand_ins, database_url, "{rate}") as home:
        (rate,) = home.stripe.test.store.tax_rates.things.values()
        rate["active"] = False
        await home.staff()
        await home.brief()
        card = await home.bob.sees("Refused by Stripe")
        assert "inactive" in card.text
        rate["active"] = True
        await home.bob.taps("Ask Stripe again", card)
        await home.alice.sees("22.80 USD tax added")
