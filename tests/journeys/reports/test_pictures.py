"""/costs, /clients and /quality have their pictures, over the wire."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.dashboard import invoiced, settled
from tests.house import House
from tests.journeys.quality.test_quality import a_history

PNG = b"\x89PNG"


@pytest.mark.both_databases
async def test_costs(home: House) -> None:
    """What models cost today, by type of work as a picture; the day before is one tap away, and moved nothing."""
    await invoiced(home)
    await home.dan.says("/costs")
    card = await home.dan.sees("Costs · ")
    assert "By type: Drafting" in card.text
    assert card.photo is not None
    assert card.photo.startswith(PNG)
    assert "▶" not in card.labels
    await home.dan.taps("◀", card)
    before = await home.dan.sees("Nothing was spent.")
    assert before.photo is None
    assert "▶" in before.labels


async def test_costs_of_a_day(home: House) -> None:
    """A day can be named; what is none, and one that is to come, is answered by examples; clients may not read it."""
    await home.staff()
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    for asked in ("yesterday", f"{yesterday}"):
        mark = home.carol.mark()
        await home.carol.says(f"/costs {asked}")
        await home.carol.sees(f"{yesterday:%A} {yesterday.day}", after=mark)
    for asked in ("2099-01-01", "soon"):
        await home.carol.says(f"/costs {asked}")
        await home.carol.sees(f"“{asked}” is no day up to today. Try /costs yesterday, or /costs 2026-11-23.")
    await home.alice.says("/costs")
    await home.alice.sees("may read reports")


@pytest.mark.both_databases
async def test_clients(home: House) -> None:
    """Above the clients stands what this month's revenue came from."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    mark = home.carol.mark()
    await home.carol.says("/clients")
    card = await home.carol.sees("Clients", after=mark)
    assert card.photo is not None
    assert card.photo.startswith(PNG)


@pytest.mark.both_databases
async def test_quality(home: House) -> None:
    """What check and people did with drafts stands above the figures; before any was checked there is no picture."""
    await home.staff()
    await home.dan.says("/quality")
    assert (await home.dan.sees("Quality · all types")).photo is None
    await a_history(home)
    mark = home.dan.mark()
    await home.dan.says("/quality")
    card = await home.dan.sees("Quality · all types", after=mark)
    assert card.photo is not None
    assert card.photo.startswith(PNG)
