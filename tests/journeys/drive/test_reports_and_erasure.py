"""Daily reports are kept in Google Drive, and who is erased is gone from there."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.kernel.tasks import RunAgain
from sandbox.faults import Fault
from sandbox.google.drive import DriveStandIn
from sandbox.telegram.seen import Seen
from tests import drive as google
from tests.clock import Hands
from tests.drive import delivered, link, targets
from tests.eventually import eventually
from tests.house import House, Providers, house

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def drive() -> AsyncIterator[DriveStandIn]:
    """An empty Drive."""
    async with google.served() as stand_in:
        yield stand_in


async def job(home: House) -> Seen:
    """The job's card."""
    mark = home.carol.mark()
    await home.carol.says("/job_daily_report")
    return await home.carol.sees("Job daily_report", after=mark)


async def runs(home: House, count: int) -> bool:
    """Whether it ran so often."""
    return (await job(home)).text.count("sent to 1 by chat") == count


async def test_the_daily_report(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """The report is kept as a PDF in a folder of its own, once however often the job runs, and shared with nobody."""
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        for run in (1, 2):
            await home.carol.taps("Run now", await job(home))
            await eventually(lambda run=run: runs(home, run))  # type: ignore[misc]
        (kept,) = await drive.received(1)
        assert drive.path(kept).startswith("EchoPilot/Reports/report-day-")
        assert kept.data.startswith(b"%PDF")
        assert not kept.shared


async def erased(home: House, clock: Hands) -> None:
    """Alice asks to be erased, her day is over, and she has the certificate."""
    await home.alice.says("/privacy")
    await home.alice.taps("Erase my data", await home.alice.sees("Your data"))
    preview = await home.alice.sees("not asked for yet")
    await home.alice.taps("Yes, erase my data", preview)
    await home.alice.sees("Erasure 1001 · Waiting")
    clock.ahead += timedelta(hours=25)

    async def done() -> bool:
        with suppress(RunAgain):
            await home.running.app.services.privacy.carry_on(1001)
            return True
        return False

    await eventually(done, within=60)


async def test_an_erased_client(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """Their files are deleted for good although Drive is down at first, and their folder names nobody any more."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock, **google.changes(drive)) as home:
        number = await delivered(home)
        (kept,) = await drive.received(1)
        await eventually(lambda: link(kept) in targets(home))
        await home.stripe_has("open")
        await home.pay(number)
        await home.alice.sees("thank you")
        drive.faults.add(Fault("DELETE", "status", status=503, times=2))
        await erased(home, clock)
        await eventually(lambda: kept.id not in drive.files)
        folder = drive.files[kept.parent]
        await eventually(lambda: folder.trashed)
        assert folder.name.startswith("#")
        assert "Alice" not in str(drive.files)
        certificate = await home.alice.sees("Certificate of erasure")
        assert "1 file in Google Drive" in certificate.text
