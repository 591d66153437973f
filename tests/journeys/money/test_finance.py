"""/finance: pictures with their figures in words, and the same as a file."""

import csv
import io
import re

import pytest

from bot.adapters.charts import painter
from tests.dashboard import dashboard, dealt_with, invoiced, ledger, settled
from tests.house import House

PNG = b"\x89PNG"
LANGUAGES = re.compile("^(Language|Idioma) · ")


async def paid(home: House) -> float:
    """An invoice that is paid, and 20.00 of it refunded; returns Stripe's fee."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    (charge,) = home.stripe.charges.values()
    async with dashboard(home) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    await home.carol.sees("A refund at Stripe")
    await dealt_with(home)
    return (await ledger(home))["stripe fees", "USD"] / 100


async def test_finance(home: House) -> None:
    """An admin sees what was earned and what it cost as a picture with words, by client, by month, who owes what, and
    has it as a file; the picture changes in place.
    """
    fee = await paid(home)
    await home.carol.says("/finance")
    card = await home.carol.sees("so far · USD")
    assert card.photo is not None
    assert card.photo.startswith(PNG)
    margin = 120 - 20 - fee
    assert card.text.splitlines()[1:] == [
        "Revenue 120.00 USD",
        f"Costs: refunds 20.00, Stripe fees {fee:,.2f}",
        f"Margin {margin:,.2f} USD, {margin / 120:.0%} of revenue".replace("%", " %"),
    ]
    await home.carol.taps("By client", card)
    by_client = await home.carol.sees(f"Alice: 120.00, margin {margin:,.2f}")
    assert by_client.id == card.id
    assert by_client.photo not in {None, card.photo}
    await home.carol.taps("By type", by_client)
    await home.carol.sees(f"Drafting: 120.00, margin {margin:,.2f}")
    await home.carol.taps("By month", by_client)
    months = await home.carol.sees("Month by month · USD")
    assert months.id == card.id
    await home.carol.taps("CSV", months)
    file = await home.carol.sees("of the last 12 months")
    assert file.document is not None
    rows = list(csv.DictReader(io.StringIO(file.document.data.decode(), newline="")))
    assert {(row["of"], row["name"]) for row in rows} == {("all", ""), ("type", "Drafting"), ("client", "Alice")}
    assert {(row["revenue"], row["refunds"], row["margin"]) for row in rows} == {("120.00", "20.00", f"{margin:.2f}")}


async def test_owed(home: House) -> None:
    """What is owed is shown by age, and is gone once it is paid."""
    number, _ = await invoiced(home)
    await home.dan.says("/finance")
    await home.dan.taps("Owed", await home.dan.sees("so far · USD"))
    card = await home.dan.sees("Owed by clients · USD")
    assert card.text.splitlines()[1:] == ["120.00 USD in all, 0.00 of it late", "not due yet: 120.00 on 1 invoice"]
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    await home.dan.taps("Overview", card)
    mark = home.dan.mark()
    await home.dan.says("/finance")
    await home.dan.taps("Owed", await home.dan.sees("so far · USD", after=mark))
    await home.dan.sees("Nobody owes anything.")


async def test_in_every_language(home: House) -> None:
    """Spanish and Urdu have pictures too."""
    await paid(home)
    for language, words in (("Español", "hasta hoy · USD"), ("اردو", "اب تک")):
        mark = home.carol.mark()
        await home.carol.says("/language")
        await home.carol.taps(language, await home.carol.sees(LANGUAGES, after=mark))
        mark = home.carol.mark()
        await home.carol.says("/finance")
        assert (await home.carol.sees(words, after=mark)).photo is not None


async def test_without_a_picture(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be drawn, the words come, and say so."""
    await paid(home)
    monkeypatch.setattr(painter, "LARGEST_SVG", 10)
    await home.carol.says("/finance")
    card = await home.carol.sees("so far · USD")
    assert card.photo is None
    assert "There is no picture this time" in card.text
    assert "Revenue 120.00 USD" in card.text


async def test_not_for_clients(home: House) -> None:
    """A client is refused, and so is a currency in which nothing moved."""
    await home.staff()
    await home.alice.says("/finance")
    await home.alice.sees("may read reports")
    await home.carol.says("/finance JPY")
    await home.carol.sees("Nothing moved in JPY. /finance shows the currencies in use.")
