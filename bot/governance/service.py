"""Verbs on key figures with their targets, on policies, and on what is suggested where either is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access.model import Permission, Person
from bot.alerts.raising import clear_others, raise_
from bot.audit.service import record
from bot.decisions.proposing import lapse, propose
from bot.decisions.values import Unit
from bot.finance.model import figures_of
from bot.finance.service import earning, sums_of
from bot.governance import advice
from bot.governance.amounts import read, settled
from bot.governance.model import BY_NAME, KPIS, SPAN, Held, Kpi, Target, actuals
from bot.governance.policies import POLICIES, Look, Looked
from bot.governance.settings import GovernanceSettings
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.models.budget import Ceiling
from bot.models.settings import ModelSettings
from bot.prices.settings import PriceSettings
from bot.reports.service import of_time
from bot.tenants.service import Tenants
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import folds
from storage.governance import proposals, targets

DAY = timedelta(days=1)
MICRO = 1_000_000  # of a dollar
OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the area is made with."""

    governance: GovernanceSettings
    prices: PriceSettings
    models: ModelSettings


class Governance:
    """Key figures and policies. deeds: what only admins may do, as the audit log calls it."""

    def __init__(self, database: Database, tenants: Tenants, settings: Settings, deeds: frozenset[str]) -> None:
        self._database, self._tenants, self._settings, self._deeds = database, tenants, settings, deeds

    async def kpis(self, who: Person) -> Sequence[Held]:
        """Every key figure of the last 30 days beside its target. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return await self.held(who.tenant, self._database.clock.now())

    async def held(self, tenant: str, now: datetime) -> Sequence[Held]:
        """The same, as of then."""
        currency, zone = await self._currency(tenant), await self._tenants.zone(tenant)
        defaults = await self._tenants.over(self._settings.governance, tenant)
        today = now.astimezone(zone).date()

        async def work(connection: Connection) -> Sequence[Held]:
            since = folds.midnight(today - SPAN + DAY, zone)
            report = await of_time(connection, tenant, zone.key, since, now, now)
            sums = earning(sums_of(await folds.totals(connection, tenant, zone.key, since, now)))
            found = actuals(report, figures_of(sums, currency))
            given = await targets.all_of(connection, tenant)
            return [Held(kpi, found.get(kpi.name), _target(kpi, given, defaults, currency), currency) for kpi in KPIS]

        return await self._database.snapshot(work)

    async def set_target(self, who: Person, name: str, words: str) -> Held:
        """Set what a figure should be ("85", "5000"), or that it has no target ("off"). Raises Forbidden, or Refusal
        where there is no such figure or the words are no amount of it.
        """
        who.require(Permission.GOVERN)
        kpi = BY_NAME.get(name.casefold())
        if kpi is None:
            names = ", ".join(BY_NAME)
            raise Refusal(_("There is no key figure “{name}”; there are {names}.", name=name, names=names))
        currency = await self._currency(who.tenant)
        amount = 0 if words.strip().casefold() == OFF else read(kpi, words, currency)
        await self._database.write(lambda tx: self._put(tx, who, kpi, amount, currency))
        found = await self.held(who.tenant, self._database.clock.now())
        return next(one for one in found if one.kpi is kpi)

    async def _put(self, tx: Transaction, who: Person, kpi: Kpi, amount: int, currency: str) -> None:
        before = (await targets.all_of(tx.connection, who.tenant)).get(kpi.name)
        await put(tx, who, kpi, amount, currency, before and before[0].amount)

    async def _currency(self, tenant: str) -> str:
        return (await self._tenants.over(self._settings.prices, tenant)).currency

    async def compare(self, tenant: str) -> str:
        """Alert admins of figures that are too far off their targets; what is not any more is over. Returns a line."""
        found = await self.held(tenant, self._database.clock.now())
        with_target = [one for one in found if one.target is not None]
        off = [one for one in with_target if one.too_far]

        async def work(tx: Transaction) -> None:
            for one in off:
                await raise_(tx, "kpi_off", one.kpi.name, tenant=tenant, kpi=one.kpi.title, share=one.off)
            await clear_others(tx, "kpi_off", [one.kpi.name for one in off], tenant=tenant)

        await self._database.write(work)
        names = ", ".join(one.kpi.name for one in off) or "none"
        return f"{len(with_target)} figures with a target; too far off: {names}"

    async def policies(self, who: Person) -> Sequence[Looked]:
        """Every policy, with what breaks it now. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return await self.looked(who.tenant)

    async def looked(self, tenant: str) -> Sequence[Looked]:
        """The same."""
        look = await self.look(tenant)

        async def work(connection: Connection) -> Sequence[Looked]:
            return [Looked(policy, await policy.find(connection, look)) for policy in POLICIES]

        return await self._database.snapshot(work)

    async def look(self, tenant: str) -> Look:
        """What the tenant's policies are held against."""
        governance = await self._tenants.over(self._settings.governance, tenant)
        models = await self._tenants.over(self._settings.models, tenant)
        zone, ceiling = await self._tenants.zone(tenant), models.ceilings().get(Ceiling.MONTH, 0)
        return Look(tenant, self._database.clock.now(), zone, governance, self._deeds, ceiling)

    async def check(self, tenant: str) -> str:
        """Alert admins of each breach of a policy; what is mended is over. Returns a line for the job's record."""
        found = await self.looked(tenant)

        async def work(tx: Transaction) -> None:
            for one in found:
                for breach in one.breaches:
                    await raise_(tx, one.policy.rule, breach.fingerprint, tenant=tenant, **breach.facts)
                still = [breach.fingerprint for breach in one.breaches]
                await clear_others(tx, one.policy.rule, still, tenant=tenant)

        await self._database.write(work)
        broken = ", ".join(one.policy.name for one in found if one.breaches) or "none"
        return f"{len(found)} policies looked at; broken: {broken}"

    async def advise(self, tenant: str) -> str:
        """Suggest something for each figure that is off and each policy that is broken, once a month; what nothing
        speaks for any more lapses. Returns a line for the job's record.
        """
        look = await self.look(tenant)
        found = [one for one in await self._of_kpis(tenant, look.now) if one is not None]
        broken = {one.policy.name: [breach.fingerprint for breach in one.breaches]
                  for one in await self.looked(tenant) if one.breaches}  # fmt: skip
        found += await self._database.snapshot(lambda connection: advice.of_policies(connection, look, broken))
        keys = {f"{one.kind}:{one.key}": one for one in found}

        async def work(tx: Transaction) -> tuple[int, int]:
            gone = await lapse(tx, tenant, advice.KINDS, list(keys))
            month = f"{tx.now:%Y-%m}"
            known = [one.key.rpartition(":")[0] for one in await proposals.all_open(tx.connection, tenant)]
            new = [await propose(tx, tenant, one.kind, f"{key}:{month}", one.facts)
                   for key, one in keys.items() if key not in known]  # fmt: skip
            return sum(new), gone

        new, gone = await self._database.write(work)
        return f"{len(found)} suggestions, {new} of them new, {gone} lapsed"

    async def _of_kpis(self, tenant: str, now: datetime) -> list[advice.Advice | None]:
        """What is suggested for figures that are off; the readings of before are taken only where there are any."""
        newest = await self.held(tenant, now)
        if not any(one.too_far for one in newest):
            return []
        before = [await self.held(tenant, now - number * advice.WEEK) for number in range(1, advice.READINGS)]
        return [advice.of_kpi(readings) for readings in zip(newest, *before, strict=True)]


async def put(tx: Transaction, who: Person, kpi: Kpi, amount: int, currency: str, before: int | None) -> None:
    """Set a figure's target, by the person."""
    kept = currency if kpi.unit is Unit.MONEY else None
    await targets.put(tx, who, kpi.name, amount, kept)
    await record(tx, who.tenant, who, "kpi.set", f"kpi:{kpi.name}", before=before or 0, after=amount)


def _target(
    kpi: Kpi, given: Mapping[str, tuple[Target, str]], defaults: GovernanceSettings, currency: str
) -> Target | None:
    """As an admin set it, else as the settings say; one in another currency than the business's counts for nothing."""
    if kpi.name in given:
        target, its = given[kpi.name]
        if kpi.unit is not Unit.MONEY or its == currency or not target.amount:
            return target if target.amount else None
    if kpi.name in defaults.kpi_targets:
        return Target(settled(kpi, defaults.kpi_targets[kpi.name], currency))
    return None
