"""What queries say of a played year: the same as the reports that are there, and as the rows below them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from bot.access.model import Permission, Person, Role
from bot.ask import cards
from bot.ask.catalog import QUERIES, chosen
from bot.ask.model import Name, Result
from bot.finance.figures import View
from bot.finance.model import Period
from bot.kernel.money import Money
from bot.kernel.translation import Reader, languages, reading_as
from sandbox.history.seed import fill
from sandbox.history.studio import ADMIN
from storage.people import people
from tests.desk import Desk, desk
from tests.house import Providers


async def admin(home: Desk) -> Person:
    """Somebody of the played business who may ask everything."""
    async with home.app.services.database.reading() as connection:
        found = await people.by_telegram_id(connection, ADMIN)
    assert found is not None
    assert found.role is Role.ADMIN
    return found


def added_up(of: Result, place: int) -> int:
    """The amounts of a column."""
    return sum(cell.minor for row in of.rows if isinstance(cell := row[place], Money))


async def test_they_agree_with_reports_and_rows(stand_ins: Providers, database_url: str) -> None:
    """Revenue, its parts and the margin of a month are those of /finance, and rows add up to the figure above them;
    every query answers in every language, with rows and a file.
    """
    await asyncio.to_thread(fill, database_url, 200, datetime.now(UTC))
    async with desk(stand_ins, database_url) as home:
        ask, finance, who = home.app.services.ask, home.app.services.finance.figures, await admin(home)

        async def run(name: Name, **given: Any) -> Result:
            return await ask.run(who, chosen(name, **given))

        month = (await finance.report(who, View(Period.BEFORE))).figures
        revenue = await run(Name.REVENUE, period="last_month", currency=month.currency)
        assert month.revenue > 0
        assert revenue.figures["revenue"] == month.money(month.revenue)
        assert added_up(revenue, 4) == month.revenue
        margin = await run(Name.MARGIN, period="last_month", currency=month.currency)
        assert margin.figures["margin"] == month.money(month.margin)
        for name in (Name.REVENUE_BY_TYPE, Name.TOP_CLIENTS):
            assert added_up(await run(name, period="last_month", currency=month.currency), 1) == month.revenue
        change = await run(Name.REVENUE_CHANGE, period="last_month", currency=month.currency)
        moved = change.figures["revenue"].minor - change.figures["before"].minor
        by_client = sum(row[4].minor for row in change.rows if row[0] == "client" and isinstance(row[4], Money))
        assert by_client == moved
        briefs = await run(Name.BRIEFS, period="last_month")
        by_type = await run(Name.BRIEFS_BY_TYPE, period="last_month")
        assert len(briefs.rows) == briefs.figures["outcomes"].total == by_type.figures["total"] > 0
        for language in languages():
            with reading_as(Reader(language)):
                for name, query in QUERIES.items():
                    found = await run(name, **({"period": "this_year"} if "period" in query.takes.model_fields else {}))
                    assert name.value in cards.answer(found).text
                    assert cards.rows(found).text
                    assert cards.as_file(found).document is not None


async def test_another_tenants_rows_are_not_seen(stand_ins: Providers, database_url: str) -> None:
    """Whoever asks reads their own tenant alone, whatever they ask."""
    await asyncio.to_thread(fill, database_url, 60, datetime.now(UTC))
    async with desk(stand_ins, database_url) as home:
        who = await admin(home)
        other = type(who)(who.id, "another", who.telegram_id, who.name, Role.ADMIN)
        assert other.may(Permission.SEE_ALL)
        for name, query in QUERIES.items():
            given = {"period": "this_year"} if "period" in query.takes.model_fields else {}
            found = await home.app.services.ask.run(other, chosen(name, **given))
            if name is Name.MARGIN:
                assert {row[1] for row in found.rows} == {Money(0, "USD")}
            else:
                assert list(found.rows) == []
