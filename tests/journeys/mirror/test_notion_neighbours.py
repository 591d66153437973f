"""Two installations in one Notion workspace, on the same page: neither touches what is the other's."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.eventually import eventually
from tests.house import House, house, providers

BRIEFS = int(os.environ.get("ECHOPILOT_NEIGHBOUR_BRIEFS", "5"))
PATIENCE = 60.0 + 6 * BRIEFS


@pytest.fixture
def other_url(migrated_file: Path, tmp_path: Path) -> str:
    """The address of a second database."""
    shutil.copyfile(migrated_file, tmp_path / "other.db")
    return f"sqlite:///{tmp_path}/other.db"


async def lives(home: House, city: str) -> None:
    """A house that takes BRIEFS briefs."""
    await home.carol.says("/start")
    await home.carol.sees("Welcome")
    await home.staff()
    for number in range(BRIEFS):
        await home.brief(
            f"Write a landing page text for courier {number} in {city}. Every parcel is insured up to 500 EUR."
        )


async def mirrored(home: House, table: str, state: str) -> None:
    """Both houses' tables have all their rows, each in this state or a later one."""

    def complete() -> bool:
        found = home.notion.tables(table)
        return len(found) == 2 and all(
            len(rows) == BRIEFS and {row["State"] for row in rows} <= {state, "paid"} for _, rows in found
        )

    await eventually(complete, within=PATIENCE)


def by_city(home: House, city: str) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """The code and rows of the house in this city, by table."""
    log = next(each for each in home.notion.tables("Job Log") if any(city in row["Brief"] for row in each[1]))
    code = log[0].split()[1]
    return {
        table: next(each for each in home.notion.tables(table) if code in each[0]) for table in ("Job Log", "Finance")
    }


@pytest.mark.timeout(120 + 12 * BRIEFS)
async def test_neighbours(database_url: str, other_url: str) -> None:
    """Each house has its own databases and rows, though their briefs have the same numbers, and pays its own alone."""
    async with (
        providers() as one,
        providers(notion=one.notion) as two,
        house(one, database_url) as hamburg,
        house(two, other_url) as leipzig,
    ):
        await asyncio.gather(lives(hamburg, "Hamburg"), lives(leipzig, "Leipzig"))
        await mirrored(hamburg, "Job Log", "invoiced")
        await mirrored(hamburg, "Finance", "open")
        before = by_city(hamburg, "Leipzig")
        for number in range(1001, 1001 + BRIEFS):
            await hamburg.pay(number)
        async with asyncio.timeout(PATIENCE):
            while {row["State"] for _, rows in by_city(hamburg, "Hamburg").values() for row in rows} != {"paid"}:
                await hamburg.running.app.services.database.signals.wait("none", 0.1)
        touched = [
            row for table in before for row in by_city(hamburg, "Leipzig")[table][1] if row not in before[table][1]
        ]
        assert touched == []
        for city in ("Hamburg", "Leipzig"):
            for description, rows in by_city(hamburg, city).values():
                assert {row["EchoPilot id"].partition(":")[0] for row in rows} == {description.split()[1]}
            assert all(city in row["Brief"] for row in by_city(hamburg, city)["Job Log"][1])
