"""What happens by itself, operated by chat."""

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

import jobs
from bot.access.model import TENANT
from bot.briefs.model import State
from bot.kernel.clock import SystemClock
from bot.parts import Part
from jobs import catalog
from jobs.catalog import BY_NAME, JOBS
from storage.briefs import briefs
from storage.core import job_runs
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import migrate
from storage.tables.briefs import briefs as briefs_table
from storage.tables.core import tasks
from tests.house import House, Providers, house
from tests.mails import said

NO_CLOCK = frozenset(Part) - {Part.CLOCK}


def test_every_file_is_joined() -> None:
    """No file of jobs is forgotten in the catalogue."""
    names = [one.name for one in pkgutil.walk_packages(jobs.__path__, "jobs.") if not one.ispkg]
    files = [importlib.import_module(name) for name in names]
    rows = [job for file in files if file is not catalog for job in getattr(file, "JOBS", ())]
    assert [job.name for job in rows if BY_NAME.get(job.name) is not job] == []


@pytest.mark.parametrize("name", [job.name for job in JOBS])
@pytest.mark.both_databases
async def test_run_now(home: House, name: str) -> None:
    """Every job can be run at once; how it ended, and by which code, is recorded."""
    await home.carol.says(f"/job_{name}")
    await home.carol.taps("Run now", await home.carol.sees(f"Job {name}"))
    run = await ended(home, name)
    assert run.state == "done", run.result
    assert run.commit == str(home.running.app.services.version)


async def ended(home: House, name: str) -> job_runs.Run:
    """The newest run of the job, once it has ended."""
    database = home.running.app.services.database
    for _ in range(400):
        async with database.reading() as connection:
            run = (await job_runs.latest(connection, TENANT)).get(name)
        if run is not None and run.finished_at is not None:
            return run
        await database.signals.wait("none", 0.05)
    raise AssertionError(f"{name} did not end: {run}")


async def test_pause_and_resume(home: House) -> None:
    """A job is paused for a reason, which its card says with until when, and can be resumed."""
    await home.carol.says("/job_retention")
    card = await home.carol.sees("Job retention")
    await home.carol.taps("Pause 1 h", card)
    await home.carol.sees("Pause retention?", after=card)
    await home.carol.says("the server is moved")
    paused = await home.carol.sees("Paused until", after=card)
    assert "by Carol: the server is moved" in paused.text
    assert paused.labels == ["Run now", "Resume", "All jobs"]
    await home.carol.taps("Resume", paused)
    resumed = await home.carol.sees("Job retention", after=paused)
    assert "Paused" not in resumed.text


async def test_an_unknown_job(home: House) -> None:
    """A job that does not exist is answered with where they are listed."""
    await home.carol.says("/job_nonsense")
    await home.carol.sees("There is no job “nonsense”. /jobs lists them.")


async def test_daily_report(home: House) -> None:
    """The daily report reaches the admin by chat, once a day however often it runs."""
    for _ in range(2):
        mark = home.carol.mark()
        await home.carol.says("/job_daily_report")
        await home.carol.taps("Run now", await home.carol.sees("Job daily_report", after=mark))
        await ended(home, "daily_report")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await home.carol.sees(f"{yesterday:%A} {yesterday.day}")
    assert home.providers.mail.messages == []
    assert len([seen for seen in home.carol.messages() if "No revenue yet" in seen.text]) == 1


async def test_report_mail(home: House) -> None:
    """The recipients get the same report by mail, as words and as a page, with the report as a PDF, once a day."""
    for _ in range(2):
        mark = home.carol.mark()
        await home.carol.says("/job_report_mail")
        await home.carol.taps("Run now", await home.carol.sees("Job report_mail", after=mark))
        await ended(home, "report_mail")
    (mail,) = await home.providers.mail.received(1)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    words, shown = said(mail), said(mail, "html")
    (paper,) = mail.iter_attachments()
    assert mail["To"] == "carol@example.org"
    assert f"{yesterday:%A} {yesterday.day}" in words
    assert all("No brief handed in" in one for one in (words, shown))
    assert paper.get_filename() == f"report-day-{yesterday:%Y-%m-%d}.pdf"
    assert paper.get_content().startswith(b"%PDF-")


async def test_heartbeat(stand_ins: Providers, database_url: str) -> None:
    """The heartbeat pings the dead-man's switch, and writes the row Status in the mirror; where the switch does not
    answer, the run fails and the admin is told.
    """
    pings: list[str] = []

    async def take(request: web.Request) -> web.Response:
        pings.append(request.path)
        return web.Response(status=200 if len(pings) == 1 else 503)

    app = web.Application()
    app.router.add_get("/ping", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/ping"
        async with house(stand_ins, database_url, heartbeat_url=address) as home:
            await home.carol.says("/job_heartbeat")
            card = await home.carol.sees("Job heartbeat")
            await home.carol.taps("Run now", card)
            assert "ping taken" in str((await ended(home, "heartbeat")).result)
            await home.carol.taps("Run now", card)
            told = await home.carol.sees("Job heartbeat · failed")
            assert "127.0.0.1 did not take the ping" in told.text
            assert "/ping" not in told.text  # who knows it can keep the monitor quiet
            (shown,) = await home.notion.wait_for("Status", lambda rows: len(rows) == 1 and rows[0]["Last heartbeat"])
            assert shown["What"] == "EchoPilot"
    finally:
        await runner.cleanup()
    assert pings == ["/ping", "/ping"]


@pytest.mark.both_databases
async def test_the_janitor_carries_on(stand_ins: Providers, database_url: str) -> None:
    """A brief whose task was lost stands still for five minutes at most: the janitor finds it."""
    async with house(stand_ins, database_url, frozenset({Part.CHAT, Part.WEB})) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        number = await home.brief()
        await home.alice.sees(f"Brief {number} · In the queue")
        database = home.running.app.services.database
        if not database.sqlite:
            pytest.skip("Procrastinate's own tables are not ours to damage")
        await database.write(lambda tx: lose_task(tx, number))
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/job_janitor")
        await home.carol.taps("Run now", await home.carol.sees("Job janitor"))
        assert "carried on 1 briefs" in str((await ended(home, "janitor")).result)
        await home.alice.sees("To pay")


async def lose_task(tx: Transaction, number: int) -> None:
    await tx.run(tasks.delete())
    brief = await briefs.load(tx.connection, number)
    assert brief.state is State.QUEUED
    await tx.run(briefs_table.update().values(updated_at=tx.now - timedelta(minutes=6)))


async def missed(database_url: str, hours: int) -> None:
    """Leave a database behind whose clock stopped so many hours ago."""
    database = Database(database_url, SystemClock())
    await migrate(database)
    before = datetime.now(UTC) - timedelta(hours=hours)

    async def work(tx: Transaction) -> None:
        for job in JOBS:
            await job_runs.add(tx, TENANT, job.name, before, "an earlier commit", "installed")

    await database.write(work)
    await database.close()


@pytest.mark.both_databases
async def test_missed_runs(stand_ins: Providers, database_url: str) -> None:
    """After a day's stop, the daily report is caught up once, and the janitor's missed runs are recorded as missed."""
    await missed(database_url, hours=50)
    async with house(stand_ins, database_url) as home:
        run = await ended(home, "daily_report")
        assert run.state == "done"
        async with home.running.app.services.database.reading() as connection:
            reports = await job_runs.history(connection, TENANT, "daily_report", 9)
            swept = await job_runs.history(connection, TENANT, "janitor", 30)
    assert [run.state for run in reports][:2] == ["done", "missed"]
    assert {run.state for run in swept} >= {"missed", "installed"}
    assert all(run.state != "done" or run.scheduled_at > datetime.now(UTC) - timedelta(minutes=6) for run in swept)
