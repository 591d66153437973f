"""Every job on a quiet system: it does what it is there for, and nobody hears of anything that is not so."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.access.model import TENANT, Role
from bot.adapters.backups.packing import new_key
from bot.kernel.timing import Timing
from jobs.catalog import JOBS
from storage.engine.database import Transaction
from storage.people import people
from storage.tables.core import outbox
from tests.alerting import open_alerts, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

KEY = new_key().public
MIDDAY = datetime(2026, 11, 26, 12, 0, 30, tzinfo=UTC)
# What is sent although nothing is wrong, by the job that is there to send it.
REPORTS = {
    "ops_digest": "Quiet",
    "daily_report": "Wednesday 25 Nov",
    "dr_drill": "Drill · Recovered",
    "audit_pack": "Audit pack",
}
# `self_check` needs a worker (`tests/journeys/ops/test_slo.py`), and what `security_scan` finds is this machine's
# (`tests/bot/security/test_security.py`).
ELSEWHERE = ("self_check", "security_scan")


async def test_nobody_hears_of_anything(stand_ins: Providers, sqlite_url: str) -> None:
    """No job raises an alert, and of all that is told only reports are; none is told twice."""
    async with desk(stand_ins, sqlite_url, SimulatedClock(MIDDAY), job_times="", backup_public_key=KEY) as here:
        services = here.app.services
        services.database.timing = Timing(lag=0.0)
        await services.database.write(_another_admin)
        said: dict[str, list[str]] = {}
        for job in JOBS:
            if job.name not in ELSEWHERE:
                before = len(await here.told(here.carol.id))
                await runs(here.app, job.name)
                cards = (await here.told(here.carol.id))[before:]
                said |= {job.name: [card.text for card in cards]} if cards else {}
        assert said.keys() == REPORTS.keys()
        assert all(len(said[name]) == 1 and words in said[name][0] for name, words in REPORTS.items())
        assert [(alert.rule, alert.facts) for alert in await open_alerts(here.app)] == []
        # a client is asked once where they live
        assert await _told(here) == {str(here.carol.id), str(DORA), str(here.alice.id), "carol@example.org"}


DORA = 1007


async def _another_admin(tx: Transaction) -> None:
    await people.enroll(tx, TENANT, DORA, "Dora", Role.ADMIN, "en")


async def _told(here: Desk) -> set[str]:
    """Whoever was told anything."""
    query = select(outbox.c.destination, func.count()).where(outbox.c.channel != "notion")
    async with here.app.services.database.reading() as connection:
        rows = await connection.execute(query.group_by(outbox.c.destination))
        return {row.destination for row in rows}
