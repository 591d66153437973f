"""Queries on what each day had: revenue by currency and load, by the names of `bot.forecast.model`."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from bot.briefs.model import State
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert_all
from storage.tables.briefs import briefs
from storage.tables.core import events
from storage.tables.forecast import daily_values, forecast_days

_ACCEPTED = (events.c.tenant == bindparam("its_tenant"), events.c.name == "queued")
_FIRST = select(events.c.at).where(*_ACCEPTED).order_by(events.c.at).limit(1)
_SINCE = select(daily_values.c.day, daily_values.c.value).where(
    daily_values.c.tenant == bindparam("its_tenant"),
    daily_values.c.series == bindparam("its_series"),
    daily_values.c.day >= bindparam("first"),
)
_FIRST_BRIEF = select(briefs.c.id).where(briefs.c.tenant == bindparam("its_tenant"), unindexed(briefs.c.id) > 0)
_FIRST_BRIEF = _FIRST_BRIEF.where(briefs.c.created_at >= bindparam("since")).order_by(briefs.c.created_at).limit(1)
_OF_CLIENT = (
    select(func.count())
    .select_from(briefs)
    .where(
        briefs.c.client_id == bindparam("client"),
        briefs.c.id >= bindparam("first"),
        unindexed(briefs.c.tenant) == bindparam("its_tenant"),
        unindexed(briefs.c.state) != State.QUOTED,
    )
)
_SCORED = forecast_days.update().where(
    forecast_days.c.tenant == bindparam("its_tenant"),
    forecast_days.c.series == bindparam("its_series"),
    forecast_days.c.day == bindparam("its_day"),
)
_SCORED = _SCORED.values(actual=bindparam("its_value"))


async def first_accepted(connection: Connection, tenant: str) -> datetime | None:
    """When the tenant's first brief was."""
    at: datetime | None = (await connection.execute(_FIRST, {"its_tenant": tenant})).scalar()
    return at


async def of_client(connection: Connection, tenant: str, client_id: int, since: datetime) -> int:
    """How many briefs of the client were made and accepted since then."""
    first = (await connection.execute(_FIRST_BRIEF, {"its_tenant": tenant, "since": since})).scalar()
    if first is None:
        return 0
    given = {"its_tenant": tenant, "client": client_id, "first": first}
    return int((await connection.execute(_OF_CLIENT, given)).scalar_one())


async def since(connection: Connection, tenant: str, series: str, first: date) -> dict[date, int]:
    """The days from that one on that have a row."""
    given = {"its_tenant": tenant, "its_series": series, "first": first.isoformat()}
    return {date.fromisoformat(day): value for day, value in await connection.execute(_SINCE, given)}


async def put(tx: Transaction, tenant: str, days: Mapping[date, Mapping[str, int]]) -> None:
    """Keep what each day had, by series, and score what was told of it."""
    rows = [
        {"tenant": tenant, "series": series, "day": day.isoformat(), "value": value}
        for day, of_day in days.items()
        for series, value in of_day.items()
    ]
    if rows:
        await upsert_all(tx, daily_values, ("tenant", "series", "day"), rows)
        await tx.run(_SCORED, [{f"its_{name}": value for name, value in row.items()} for row in rows])
