"""Queries on what people allow, where they live, and what a region's rules are here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update

from bot.access.model import Person, Role
from bot.consents.model import LAW, UNKNOWN, Choices, Purpose, Region, Rules, Said
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant
from storage.engine.upsert import upsert
from storage.tables.clients.consents import COUNTS, consents, person_regions, region_rules
from storage.tables.people import people

SIGNAL = "region_rules"
_SAID = select(consents.c.purpose, consents.c.given, consents.c.wording, consents.c.said_at).where(
    consents.c.tenant == bindparam("its_tenant"), consents.c.person_id == bindparam("person"), COUNTS
)
_REGION = select(person_regions.c.region).where(
    person_regions.c.tenant == bindparam("its_tenant"), person_regions.c.person_id == bindparam("person")
)
# Clients of whom nothing is known, not even that they were asked.
_TO_ASK = (
    select(people.c.id)
    .outerjoin(
        person_regions, (person_regions.c.tenant == people.c.tenant) & (person_regions.c.person_id == people.c.id)
    )
    .where(people.c.tenant == bindparam("its_tenant"), people.c.role == constant(Role.CLIENT))
    .where(person_regions.c.id.is_(None))
    .order_by(people.c.id)
    .limit(bindparam("at_most"))
)
_GIVEN = (
    select(person_regions.c.region, consents.c.purpose, func.count())
    .join(
        person_regions,
        (person_regions.c.tenant == consents.c.tenant) & (person_regions.c.person_id == consents.c.person_id),
    )
    .where(consents.c.tenant == bindparam("its_tenant"), COUNTS, consents.c.given == bindparam("yes"))
    .group_by(person_regions.c.region, consents.c.purpose)
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A region's rules as they are here, and the version of what admins made of them; 0: nothing."""

    rules: Rules
    version: int


async def rules(connection: Connection, tenant: str) -> Mapping[Region, Changed]:
    """The rules of every region."""
    rows = (await connection.execute(select(region_rules).where(region_rules.c.tenant == tenant))).all()
    found = {region: Changed(law, 0) for region, law in LAW.items()}
    for row in rows:
        region = Region(row.region)
        found[region] = Changed(LAW[region].but(row.retention_days, row.refused.split()), row.version)
    return found


async def set_rules(tx: Transaction, who: Person, region: Region, changed: Rules, version: int) -> None:
    """Keep them; version: the one that they get."""
    values: dict[str, Any] = {"retention_days": changed.retention_days, "refused": " ".join(sorted(changed.refused))}
    values |= {"changed_by": who.id, "changed_at": tx.now, "version": version}
    await upsert(tx, region_rules, {"tenant": who.tenant, "region": region}, values)
    tx.wake(SIGNAL)


async def region_of(connection: Connection, tenant: str, person_id: int) -> Region | None:
    """Where the person says that they live; None where they did not say it."""
    found = (await connection.execute(_REGION, {"its_tenant": tenant, "person": person_id})).scalar()
    return None if found is None else Region(found)


async def choices(connection: Connection, tenant: str, person_id: int) -> Choices:
    """What the person chose."""
    region = await region_of(connection, tenant, person_id)
    its = UNKNOWN if region is None else (await rules(connection, tenant))[region].rules
    rows = await connection.execute(_SAID, {"its_tenant": tenant, "person": person_id})
    said = [Said(Purpose(row.purpose), row.given, row.wording, row.said_at) for row in rows]
    return Choices(region, its, {one.purpose: one for one in said})


async def say(tx: Transaction, tenant: str, person_id: int, said: Said) -> None:
    """Keep what the person says to a purpose, and what they said before as what counts no more."""
    this = (consents.c.tenant == tenant, consents.c.person_id == person_id, COUNTS)
    await tx.run(update(consents).where(*this, consents.c.purpose == said.purpose).values(replaced_at=tx.now))
    values = {"tenant": tenant, "person_id": person_id, "purpose": said.purpose, "given": said.given}
    await tx.run(consents.insert().values(**values, wording=said.wording, said_at=said.said_at))


async def choose_region(tx: Transaction, tenant: str, person_id: int, region: Region) -> None:
    """Keep where the person says that they live."""
    await upsert(
        tx,
        person_regions,
        {"tenant": tenant, "person_id": person_id},
        {"region": region, "chosen_at": tx.now},
    )


async def to_ask(connection: Connection, tenant: str, limit: int) -> Sequence[int]:
    """Clients who did not say where they live, and were not asked yet."""
    return list((await connection.execute(_TO_ASK, {"its_tenant": tenant, "at_most": limit})).scalars())


async def asked(tx: Transaction, tenant: str, person_id: int) -> None:
    """Note that they are."""
    await upsert(tx, person_regions, {"tenant": tenant, "person_id": person_id}, {"asked_at": tx.now})


async def living_in(connection: Connection, tenant: str, region: Region, after: int, limit: int) -> Sequence[int]:
    """People who say that they live there, by their numbers behind `after`."""
    query = select(person_regions.c.person_id).where(person_regions.c.tenant == tenant)
    query = query.where(person_regions.c.region == region, person_regions.c.person_id > after)
    return list((await connection.execute(query.order_by(person_regions.c.person_id).limit(limit))).scalars())


async def counted(connection: Connection, tenant: str) -> Mapping[Region, int]:
    """How many say that they live in each region."""
    query = select(person_regions.c.region, func.count()).where(person_regions.c.tenant == tenant)
    query = query.where(person_regions.c.region.is_not(None)).group_by(person_regions.c.region)
    return {Region(region): int(count) for region, count in await connection.execute(query)}


async def given(connection: Connection, tenant: str) -> Mapping[tuple[Region, Purpose], int]:
    """How many of each region said yes to each purpose."""
    values: Mapping[str, Any] = {"its_tenant": tenant, "yes": True}
    rows = await connection.execute(_GIVEN, values)
    return {(Region(region), Purpose(purpose)): int(count) for region, purpose, count in rows if region is not None}
