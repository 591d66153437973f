"""Reads what the audit pack of a time holds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.access.model import TENANT, Role
from bot.audit.model import Checked
from bot.audit.sealing import Chain
from bot.backups.model import Standing
from bot.calibration.figures import standing
from bot.config.key_file import NoKey
from bot.governance.packs.model import Access, Pack, TwoKeys
from bot.governance.policies import Look, Looked
from bot.governance.service import Governance
from bot.quality.model import Floors
from storage.approvals import approvals
from storage.backups import backups
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.finance.folds import midnight
from storage.governance import evidence, looks, proposals
from storage.incidents import incidents
from storage.people import people
from storage.quality import calibration, folds

TEAM = (Role.ANALYST, Role.OPERATOR, Role.ADMIN)
DAY = timedelta(days=1)
MOST = 200  # of a kind that a pack lists


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the pack gets what other areas know. backups: how it stands with them."""

    chain: Chain
    backups: Callable[[], Awaitable[Standing]]
    floors: Floors


class Gathering:
    """Reads packs."""

    def __init__(self, database: Database, governance: Governance, sources: Evidence) -> None:
        self._database, self._governance, self._sources = database, governance, sources

    async def pack(self, tenant: str, first: date, last: date) -> Pack:
        """The evidence of these days, both of them among them; what stands, as it is now."""
        now, look = self._database.clock.now(), await self._governance.look(tenant)
        since, until = midnight(first, look.zone), min(now, midnight(last + DAY, look.zone))
        policies = await self._governance.looked(tenant)
        checked, why = await self._checked(tenant)
        kept = await self._sources.backups() if tenant == TENANT else None
        kpis, anchored = await self._governance.held(tenant, now), await self._sources.chain.standing(tenant)

        async def work(connection: Connection) -> Pack:
            begins = folds.day_of(since)
            tallies = await calibration.tallies(connection, tenant, begins, self._sources.floors)
            probes = await calibration.probes_caught(connection, tenant, begins, self._sources.floors)
            return Pack(
                first=first,
                last=last,
                now=now,
                access=await _access(connection, look, since, policies),
                refused=await evidence.refused_sign_ins(connection, tenant, since, until),
                money=await _money(connection, tenant, since, until),
                gate=standing(tallies, probes, {}),
                incidents=[
                    one
                    for one in await incidents.page(connection, tenant, Page(limit=MOST), still_open=False)
                    if one.open or since <= one.opened_at < until
                ],
                backups=kept,
                backups_made=sum(
                    since <= one.manifest.made_at <= until for one in await backups.page(connection, tenant, MOST)
                ),
                chain=checked,
                unchecked=why,
                anchored=anchored,
                kpis=kpis,
                policies=policies,
                settings=look.settings,
                decisions=await proposals.decided_since(connection, tenant, since, MOST),
            )

        return await self._database.snapshot(work)

    async def _checked(self, tenant: str) -> tuple[Checked | None, str]:
        try:
            return await self._sources.chain.check(tenant), ""
        except NoKey as error:
            return None, str(error)


async def _access(connection: Connection, look: Look, since: datetime, policies: Sequence[Looked]) -> Sequence[Access]:
    """Everybody of the team, and what they did with their rights."""
    unused = {breach.fingerprint for one in policies if one.policy.name == "unused_rights" for breach in one.breaches}
    signed_in, found = await evidence.sign_ins(connection, look.tenant, since), []
    for one in await people.with_roles(connection, look.tenant, *TEAM):
        done, needing = await looks.deeds(connection, look.tenant, one.id, since, look.deeds)
        found.append(Access(one.name, one.role, done, needing, signed_in.get(one.id, 0), str(one.id) in unused))
    return sorted(found, key=lambda one: -list(Role).index(one.role))


async def _money(connection: Connection, tenant: str, since: datetime, until: datetime) -> Sequence[TwoKeys]:
    """What others had to approve, with both people; and refunds that were made past us."""
    found = []
    for number in await evidence.approvals_of(connection, tenant, since, until, MOST):
        looked = await approvals.read(connection, await approvals.get(connection, tenant, number))
        approval = looked.approval
        yes = [looked.name(one.person_id) for one in looked.signatures if one.yes]
        about = (approval.terms.subject, approval.terms.amount, approval.asked_at)
        found.append(TwoKeys(*about, looked.name(approval.asked_by), yes, approval.state))
    past = await evidence.refunds_past_us(connection, tenant, since, until, MOST)
    found += [TwoKeys(f"refund:{number}", amount, at, "", (), None) for number, amount, at in past]
    return sorted(found, key=lambda one: one.at)


def week_before(due: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The seven days that were over at that time."""
    today = due.astimezone(zone).date()
    return today - 7 * DAY, today - DAY
