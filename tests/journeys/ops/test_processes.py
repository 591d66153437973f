"""Several processes on one PostgreSQL, real ones, and what happens when one of them ends."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import psycopg
import pytest
from sqlalchemy import select

from bot.access.model import TENANT
from bot.kernel.clock import SystemClock
from bot.parts import Part
from sandbox.openai.server import Call
from storage.core import job_runs
from storage.engine.database import Database
from storage.tables.core import job_runs as runs
from tests.eventually import eventually
from tests.house import BRIEF, EVE, WEBHOOK_SECRET, House, Providers, house

ENDED = runs.c.finished_at.is_not(None)
PATIENCE_SECONDS = 40.0
pytestmark = [pytest.mark.timeout(120), pytest.mark.both_databases]


class Process:
    """`python -m bot run` in a process of its own; `lines` are its log so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def logged(self, event: str, **fields: Any) -> dict[str, Any]:
        """Wait for a line of the log; raises AssertionError with the whole log where it does not come."""

        def found() -> dict[str, Any] | None:
            wanted = {"event": event, **fields}
            return next((line for line in self.lines if wanted.items() <= line.items()), None)

        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._news:
                await self._news.wait_for(lambda: found() or self._reader.done())
        except TimeoutError:
            pass
        line = found()
        assert line is not None, f"{event!r} {fields} was not logged:\n" + "\n".join(map(str, self.lines))
        return line

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    def kill(self) -> None:
        self._process.kill()

    async def ended(self) -> int:
        """Wait until it has ended; returns its exit code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._reader
            return await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def close(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            async with self._news:
                self.lines.append(orjson.loads(line) if line.startswith(b"{") else {"event": line.decode().strip()})
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()


Start = Callable[..., Any]


@pytest.fixture
async def start(stand_ins: Providers, tmp_path: Path) -> AsyncIterator[Start]:
    """`await start(url, *parts, **settings)` starts a process and waits until it runs."""
    async with AsyncExitStack() as stack:

        async def begin(url: str, *parts: Part, ready: bool = True, **changes: Any) -> Process:
            settings = stand_ins.environment(url) | {"allow_dirty": True, "model_timeout_seconds": 90} | changes
            only = ["--only", *parts] if parts else []
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", *only),
                cwd=tmp_path,
                env={"PATH": os.environ["PATH"], **{name.upper(): str(value) for name, value in settings.items()}},
                stdin=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            started = Process(process)
            stack.push_async_callback(started.close)
            if ready:
                await started.logged("running")
            return started

        yield begin


@asynccontextmanager
async def reception(stand_ins: Providers, url: str, *parts: Part) -> AsyncIterator[House]:
    """The chat and the web part, in the test's own process, with everybody invited."""
    async with house(stand_ins, url, frozenset({Part.CHAT, Part.WEB, *parts})) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        yield home


def model_calls(stand_ins: Providers, count: int) -> asyncio.Event:
    """An event that is set when the models have been called so often from now on."""
    reached, calls = asyncio.Event(), []

    def hear(call: Call) -> None:
        calls.append(call)
        if len(calls) == count:
            reached.set()

    stand_ins.openai.on_call.append(hear)
    return reached


async def delivered(home: House, number: int) -> None:
    await home.alice.sees(f"Brief {number} · Delivered", timeout=PATIENCE_SECONDS)
    await home.alice.sees(f"brief-{number}.md", timeout=PATIENCE_SECONDS)


async def invoiced(home: House, count: int) -> None:
    """Each brief has its invoice, the first of which is 1001, and there are no more."""
    for number in range(1001, 1001 + count):
        shown = re.compile(rf"To pay.*for brief {number}\b", re.DOTALL)
        await home.alice.sees(shown, timeout=PATIENCE_SECONDS)
    assert len(home.stripe.invoices) == count


async def test_killed_worker(
    stand_ins: Providers, postgres_url: str, start: Start, measured: Callable[[str], None]
) -> None:
    """A worker killed in the middle of briefs is replaced by the other within seconds; every brief ends once."""
    stand_ins.openai.latency = 1.0
    async with reception(stand_ins, postgres_url) as home:
        first, second, *_ = await asyncio.gather(
            start(postgres_url, Part.WORKER, worker_concurrency=2),
            start(postgres_url, Part.WORKER, worker_concurrency=2),
            start(postgres_url, Part.CLOCK),
            start(postgres_url, Part.CLOCK),
        )
        under_way = model_calls(stand_ins, 4)
        numbers = [await home.brief(f"{number}: {BRIEF}") for number in range(4)]
        await asyncio.wait_for(under_way.wait(), PATIENCE_SECONDS)
        first.kill()
        killed = time.monotonic()
        await second.logged("task taken over")
        seconds = time.monotonic() - killed
        for number in numbers:
            await delivered(home, number)
        await invoiced(home, 4)
    measured(f"a killed worker's briefs were taken over {seconds:.1f} s after the kill")


async def test_live_worker_keeps_its_brief(stand_ins: Providers, postgres_url: str, start: Start) -> None:
    """A brief that takes longer than a worker may be silent stays with the worker that has it."""
    stand_ins.openai.latency = 2.5
    async with reception(stand_ins, postgres_url) as home:
        workers = await asyncio.gather(start(postgres_url, Part.WORKER), start(postgres_url, Part.WORKER))
        await delivered(home, await home.brief())
        assert stand_ins.openai.calls.total() == 3
    assert not [line for worker in workers for line in worker.lines if line["event"] == "task taken over"]


async def test_every_part_alone(stand_ins: Providers, postgres_url: str, start: Start) -> None:
    """Chat, web, worker and clock, each in a process of its own, carry a brief from the message to the receipt."""
    parts = await asyncio.gather(*(start(postgres_url, part) for part in Part))
    addresses = [(await part.logged("running"))["address"] for part in parts]
    stand_ins.stripe.webhook(f"{next(filter(None, addresses))}/webhooks/stripe", WEBHOOK_SECRET)
    nowhere: Any = None  # nothing of it runs in this process
    home = House(stand_ins, stand_ins.settings(postgres_url), nowhere, **stand_ins.people())
    await home.carol.says("/start")
    await home.carol.sees("Welcome")
    await home.invite(home.alice, "client")
    await home.invite(home.bob, "operator")
    number = await home.brief()
    await delivered(home, number)
    await invoiced(home, 1)
    await home.pay(number)
    await home.alice.sees("Received", timeout=PATIENCE_SECONDS)
    assert [part.alive for part in parts] == [True] * len(Part)
    await _told_of(home, next(filter(None, addresses)))


async def _told_of(home: House, address: str) -> None:
    """An admin reads in /status which processes there are and what each alone does; a Prometheus by the web part."""
    mark = home.carol.mark()
    await home.carol.says("/status")
    card = await home.carol.sees("As of", after=mark)
    assert [part for part in Part if f": {part}, " not in card.text] == []
    assert re.search(r": chat, \d+ s; alone inbox \d+ s, messages \d+ s, updates \d+ s", card.text)
    async with aiohttp.ClientSession() as http, http.get(f"{address}/metrics") as answer:
        page = await answer.text()
    assert len(re.findall(r"^echopilot_process_up\{.*\} 1\.0$", page, re.MULTILINE)) == len(Part)
    assert re.search(r'^echopilot_role_since_seconds\{.*role="mirror"\} \d', page, re.MULTILINE)


async def test_two_clocks(stand_ins: Providers, postgres_url: str, start: Start) -> None:
    """Two clocks that start at the same time fire what is due once, and it is done once."""
    database = Database(postgres_url, SystemClock())
    now = datetime.now(UTC)
    before = now - timedelta(days=3)
    due = now - timedelta(hours=3)
    times = "; ".join(f"{job}={due.minute} {due.hour} * * *" for job in ("daily_report", "retention"))
    try:
        for job in ("daily_report", "retention"):
            await database.write(lambda tx, job=job: job_runs.add(tx, TENANT, job, before, "before", "done"))  # type: ignore[misc]
        async with reception(stand_ins, postgres_url, Part.WORKER) as home:
            await asyncio.gather(*(start(postgres_url, Part.CLOCK, job_times=times) for _ in range(2)))
            await home.carol.sees("No brief handed in", timeout=PATIENCE_SECONDS)
        mine = runs.c.job.in_(["daily_report", "retention"]) & (runs.c.commit != "before")
        async with database.reading() as connection:
            rows = (await connection.execute(select(runs).where(mine))).all()
    finally:
        await database.close()
    assert len({(row.job, row.scheduled_at) for row in rows}) == len(rows)
    assert sorted((row.job, row.state) for row in rows) == [
        (job, state) for job in ("daily_report", "retention") for state in ("done", "missed", "missed")
    ]
    reports = [seen for seen in home.carol.messages() if "No brief handed in" in seen.text]
    assert len(reports) == 1


async def test_two_clocks_tick(stand_ins: Providers, postgres_url: str, start: Start) -> None:
    """Two clocks that see the same minute come, while both run, fire a job of that minute once."""
    database = Database(postgres_url, SystemClock())
    try:
        async with reception(stand_ins, postgres_url, Part.WORKER):
            every_minute = "heartbeat=* * * * *"
            clocks = await asyncio.gather(*(start(postgres_url, Part.CLOCK, job_times=every_minute) for _ in range(2)))
            began = datetime.now(UTC)
            minute = began.replace(second=0, microsecond=0) + timedelta(minutes=1)
            mine = (runs.c.job == "heartbeat") & (runs.c.scheduled_at == minute)

            async def ended() -> list[str]:
                async with database.reading() as connection:
                    return list((await connection.execute(select(runs.c.state).where(mine, ENDED))).scalars())

            found = await eventually(ended, within=90)  # up to a minute until that minute comes
            assert [clock.alive for clock in clocks] == [True, True]
    finally:
        await database.close()
    assert found == ["done"]


async def test_one_process_polls(
    stand_ins: Providers, postgres_url: str, start: Start, measured: Callable[[str], None]
) -> None:
    """Of two chat processes one answers; when it is killed the other takes over, and nothing that was said is lost."""
    eve = stand_ins.telegram.person("Eve", id=EVE)
    first = await start(postgres_url, Part.CHAT)
    for role in ("updates", "inbox", "messages"):
        await first.logged("role taken", role=role)
    second = await start(postgres_url, Part.CHAT)
    await eve.says("/start")
    await eve.sees("invitation")
    assert not [line for line in second.lines if line["event"] == "role taken"]
    first.kill()
    killed = time.monotonic()
    await first.ended()
    mark = eve.mark()
    await eve.says("/start")
    await eve.sees("invitation", after=mark, timeout=PATIENCE_SECONDS)
    seconds = time.monotonic() - killed
    measured(f"another chat process answered {seconds:.1f} s after the kill")
    assert len([seen for seen in eve.messages() if "invitation" in seen.text]) == 2


async def test_stop_finishes_the_step(stand_ins: Providers, database_url: str, start: Start) -> None:
    """SIGTERM lets the step under way finish, and ends with 0; the next start goes on after it and does none twice."""
    async with reception(stand_ins, database_url) as home:
        pass
    stand_ins.openai.latency = 2.2
    under_way = model_calls(stand_ins, 1)
    program = await start(database_url)
    number = await home.brief()
    await asyncio.wait_for(under_way.wait(), PATIENCE_SECONDS)
    assert await program.stop() == 0
    assert [line for line in program.lines if line.get("level") in {"warning", "error"}] == []
    assert stand_ins.openai.calls.total() == 1
    await start(database_url)
    await delivered(home, number)
    await invoiced(home, 1)
    assert stand_ins.openai.calls.total() == 3


async def test_stop_does_not_wait_for_ever(stand_ins: Providers, database_url: str, start: Start) -> None:
    """Where the work takes longer than DRAIN_SECONDS the program ends all the same, and the next start does it."""
    async with reception(stand_ins, database_url) as home:
        pass
    stand_ins.openai.latency = 60
    under_way = model_calls(stand_ins, 1)
    program = await start(database_url, drain_seconds=0.5)
    number = await home.brief()
    await asyncio.wait_for(under_way.wait(), PATIENCE_SECONDS)
    asked = time.monotonic()
    assert await program.stop() == 0
    assert time.monotonic() - asked < 50  # the model would have taken 60
    stand_ins.openai.latency = 0
    await start(database_url)
    await delivered(home, number)
    await invoiced(home, 1)


async def test_sqlite_takes_one_process(stand_ins: Providers, sqlite_url: str, start: Start) -> None:
    """A second process on the same SQLite file ends at once with a sentence that says why and what to do."""
    async with reception(stand_ins, sqlite_url):
        second = await start(sqlite_url, Part.WORKER, ready=False)
        assert await second.ended() == 1
    words = second.lines[-1]["event"]
    assert words.startswith("Another EchoPilot already runs on ")
    assert "use PostgreSQL" in words


async def test_connections_break(stand_ins: Providers, postgres_url: str) -> None:
    """When PostgreSQL breaks every connection off in the middle of a brief, the brief goes on by itself."""
    stand_ins.openai.latency = 0.5
    async with reception(stand_ins, postgres_url, Part.WORKER) as home:
        under_way = model_calls(stand_ins, 1)
        number = await home.brief()
        await asyncio.wait_for(under_way.wait(), PATIENCE_SECONDS)
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            await connection.execute(f"{others} AND pid <> pg_backend_pid()")
        await delivered(home, number)
        await invoiced(home, 1)
