"""Tenants, and whose settings count."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot.access.model import TENANT, Role
from bot.kernel.errors import InvalidSettings, Refusal
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader
from bot.models.budget import Ceiling
from bot.settings import Settings
from bot.tenants.model import Own
from bot.tenants.service import Tenants
from storage.engine.database import Database
from storage.people import people
from storage.quality import prompts
from storage.tables.tenants import tenants
from tests.desk import desk
from tests.house import Providers

PRICES = {"research": "1800", "drafting": "1200", "data_transform": "900", "transcription": "600", "other": "1000",
          "transcription_minute": "80"}  # fmt: skip


@pytest.fixture
def settings(stand_ins: Providers, database_url: str) -> Settings:
    return stand_ins.settings(database_url, qa_target=80, ceiling_day_usd=100)


@pytest.fixture
def verbs(database: Database, settings: Settings) -> Tenants:
    return Tenants(database, settings)


async def test_the_settings_where_it_has_none(verbs: Tenants, settings: Settings) -> None:
    """A tenant that has nothing of its own, or is not there, has the settings as they are."""
    await verbs.found("acme", "Acme Studio")
    for tenant in ("acme", "nobody", TENANT):
        assert await verbs.over(settings, tenant) is settings


async def test_its_own_office_hours(verbs: Tenants) -> None:
    """A tenant may work at other times, with the holidays of another country; one that cannot be is refused."""
    await verbs.found("acme", "Acme Studio", Own(office_hours="Sat 10:00-14:00", holidays="PK"))
    theirs, ours = await verbs.office_hours("acme"), await verbs.office_hours(TENANT)
    saturday = date(2026, 11, 28)
    assert theirs.end_of(saturday, UTC) == datetime(2026, 11, 28, 14, tzinfo=UTC)
    assert ours.end_of(saturday, UTC) == datetime(2026, 11, 28, 18, tzinfo=UTC)
    with pytest.raises(InvalidSettings, match="office_hours"):
        await verbs.found("nowhere", "Nowhere", Own(office_hours="always"))


async def test_its_own_over_them(verbs: Tenants, settings: Settings) -> None:
    """What it has of its own counts for it alone; the rest is as set."""
    own = Own("JPY", PRICES, {"all": 70, "research": 90}, {"day": "3"}, "Asia/Karachi", "en")
    await verbs.found("acme", "Acme Studio", own)
    theirs = await verbs.over(settings, "acme")
    assert str(theirs.price_of(TaskType.DRAFTING)) == "1,200 JPY"
    assert (theirs.target_of(TaskType.RESEARCH), theirs.target_of(TaskType.OTHER)) == (90, 70)
    assert theirs.ceilings() == settings.ceilings() | {Ceiling.DAY: 3_000_000}
    assert await verbs.reader("acme") == Reader("en", "Asia/Karachi")
    assert theirs.retention_days == settings.retention_days
    assert await verbs.over(settings, TENANT) is settings


@pytest.mark.parametrize(
    "own",
    [
        Own(currency="EUR"),  # 120 USD are not 120 EUR
        Own(currency="JPY", prices=PRICES | {"other": "10.50"}),
        Own(currency="XYZ", prices=PRICES),
        Own(prices={"poems": "3"}),
        Own(prices={"drafting": "-1"}),
        Own(targets={"all": 101}),
        Own(ceilings={"day": "much"}),
        Own(time_zone="Mars/Olympus"),
        Own(language="klingonese"),
    ],
)
async def test_what_cannot_be_its_own(verbs: Tenants, own: Own) -> None:
    """What no setting may be, or does not fit the rest, is refused before there is a tenant."""
    with pytest.raises(InvalidSettings):
        await verbs.found("acme", "Acme Studio", own)
    assert await verbs.active() == []


@pytest.mark.parametrize(
    ("name", "brand"), [("", "Acme"), ("Acme", "Acme"), ("a/b", "Acme"), ("acme", " "), ("acme", "x" * 61)]
)
async def test_what_it_cannot_be_called(verbs: Tenants, name: str, brand: str) -> None:
    """A name is one word of the database's and of logs, and a brand is something to read."""
    with pytest.raises(Refusal):
        await verbs.found(name, brand)


async def test_once(verbs: Tenants) -> None:
    """There is one tenant of a name; the installation's own is made at a start, however often it starts."""
    await verbs.found("acme", "Acme Studio")
    with pytest.raises(Refusal, match="acme already"):
        await verbs.found("acme", "Another")
    for _ in range(2):
        await verbs.install()
    assert [tenant.name for tenant in await verbs.active()] == ["acme", TENANT]


async def test_a_row_that_makes_no_sense(database: Database, verbs: Tenants, settings: Settings) -> None:
    """A row that somebody changed to what cannot be stops what needs it, rather than that a wrong price is quoted."""
    await verbs.found("acme", "Acme Studio")
    await database.write(lambda tx: tx.run(update(tenants).values(currency="EUR")))
    with pytest.raises(InvalidSettings, match="PRICE_DRAFTING"):
        await Tenants(database, settings).over(settings, "acme")


@pytest.mark.parametrize(
    ("language", "own", "expected"),
    [
        ("de", {}, Reader("en", "UTC")),
        ("", {"time_zone": "Asia/Karachi"}, Reader("en", "Asia/Karachi")),
        ("en-GB", {"time_zone": "Europe/Berlin", "language": "ur"}, Reader("en", "Europe/Berlin")),
    ],
)
async def test_how_somebody_reads(
    database: Database, verbs: Tenants, language: str, own: dict[str, Any], expected: Reader
) -> None:
    """People read in their own language where it is spoken, else in their tenant's; and in its time zone."""
    await verbs.found("acme", "Acme Studio", Own(**own))
    who = await database.write(lambda tx: people.enroll(tx, "acme", 1006, "Frank", Role.ADMIN, language))
    assert who.reader == expected


async def test_it_has_the_prompts_at_once(stand_ins: Providers, database_url: str) -> None:
    """A tenant founded while everything runs has the texts that come with the program."""
    async with desk(stand_ins, database_url) as home:
        await home.app.services.tenants.found("acme", "Acme Studio")
        async with home.app.services.database.reading() as connection:
            theirs = await prompts.active(connection, "acme")
            ours = await prompts.active(connection, TENANT)
    assert [one.system for one in theirs] == [one.system for one in ours] != []


async def test_the_setting_moves_nobody(stand_ins: Providers, database_url: str) -> None:
    """Who is another tenant's client is not made the installation's admin by ADMIN_TELEGRAM_IDS."""
    async with desk(stand_ins, database_url, admin_telegram_ids="1003,1006") as home:
        services = home.app.services
        await services.tenants.found("acme", "Acme Studio")
        await services.database.write(lambda tx: people.enroll(tx, "acme", 1006, "Frank", Role.CLIENT, "en"))
        who = await services.people.joining.identify(1006, "Frank", "en")
        assert (who.tenant, who.role) == ("acme", Role.CLIENT)
