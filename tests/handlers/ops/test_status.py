"""/status says what is down, what burns, which jobs need a look, and when what was last proven."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.raising import raise_
from handlers.reports.watch import PROOFS
from jobs.catalog import BY_NAME, ORDER
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.handlers.ops.test_jobs import ran
from tests.house import Providers

THURSDAY = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)


@pytest.fixture
async def home(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(THURSDAY)) as made:
        yield made


async def test_a_quiet_system(home: Desk) -> None:
    """All is well, and what was never proven is not called proven."""
    text = (await home.says(home.carol, "/status")).text
    assert text.startswith("<b>All is well</b>")
    assert "Last checked: " in text
    assert "books closed never, security scan never" in text
    assert not any(word in text for word in ("Down:", "Alerts:", "Jobs to look at"))


async def test_everything_at_once(home: Desk) -> None:
    """What is critical is the headline; below stand what is down, what burns, what failed, and what was proven."""
    await ran(home, "security_scan", "done", THURSDAY - timedelta(hours=4))
    await ran(home, "daily_report", "failed", THURSDAY - timedelta(hours=1), result="refused")
    database = home.app.services.database
    await database.write(lambda tx: raise_(tx, "provider_down", "Stripe", provider="Stripe", reason="no answer"))
    await database.write(lambda tx: raise_(tx, "disk_low", value=400, limit=1000))
    await database.write(lambda tx: raise_(tx, "one_admin"))
    text = (await home.says(home.carol, "/status")).text
    assert text.startswith("<b>Stripe · Not answering</b>")
    assert "Down: Stripe" in text
    assert "Alerts: Critical 2, Notice 1; see /alerts" in text
    assert "Jobs to look at: 1 (/job_daily_report); see /jobs" in text
    assert "books closed never, security scan 4 h ago" in text


async def test_a_notice_is_no_headline(home: Desk) -> None:
    """What is not critical only keeps it from saying that all is well."""
    await home.app.services.database.write(lambda tx: raise_(tx, "one_admin"))
    assert (await home.says(home.carol, "/status")).text.startswith("<b>Something needs a look</b>")


def test_proofs_are_jobs() -> None:
    """Whatever proves something is a job of the catalogue, now or to come."""
    assert PROOFS.keys() <= set(ORDER) | BY_NAME.keys()
