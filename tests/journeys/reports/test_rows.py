"""From /report to the rows of a figure, over the wire."""

import csv
import io

import pytest

from tests.dashboard import invoiced, settled
from tests.house import House


@pytest.mark.both_databases
async def test_from_a_figure_to_its_rows(home: House) -> None:
    """An analyst taps from the month to what was paid, sees the invoice, has it as a file, and finds the way back."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    await home.dan.says("/report month")
    report = await home.dan.sees("so far")
    mark = home.dan.mark()
    await home.dan.taps("Rows", report)
    figures = await home.dan.sees("Of which figure?", after=mark)
    await home.dan.taps("Paid", figures)
    paid = await home.dan.sees("Paid · ", after=mark)
    assert "1 row, together 120.00 USD" in paid.text
    assert f"/invoice_{number}" in paid.text or "/invoice_" in paid.text
    mark = home.dan.mark()
    await home.dan.taps("CSV", paid)
    file = (await home.dan.sees("1 row, together 120.00 USD", after=mark)).document
    assert file is not None
    assert [row["amount"] for row in csv.DictReader(io.StringIO(file.data.decode(), newline=""))] == ["120.00"]
    await home.dan.taps("Back", paid)
    again = await home.dan.sees("Of which figure?", after=mark)
    await home.dan.taps("Briefs handed in", again)
    briefs = await home.dan.sees("Briefs handed in · ", after=mark)
    assert f"/brief_{number}" in briefs.text


async def test_a_figure_without_rows(home: House) -> None:
    """Where nothing is behind a figure the card says so, and offers no file."""
    await home.staff()
    await home.carol.says("/report week")
    report = await home.carol.sees("so far")
    await home.carol.taps("Rows", report)
    await home.carol.taps("Refunds", await home.carol.sees("Of which figure?"))
    card = await home.carol.sees("0 rows, together 0.00 USD")
    assert "CSV" not in card.labels
