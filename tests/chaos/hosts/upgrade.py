"""A rolling upgrade under load: host by host, while old code and new code share one database, twice.

The newer code is this code with a migration more, which adds a column (expand), and the newest with one that takes it
away (contract). In between a process of the old code is killed, and has to come back on the schema that is ahead of it.
"""

import asyncio
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.ops.version import ROOT
from sandbox.telegram.people import Person
from sandbox.telegram.seen import NotSeen, Seen
from storage.migrations.migrate import newest
from tests.chaos.cast import LOOK_SECONDS, Plan
from tests.chaos.hosts.fleet import CHAT, WEBS, WORKERS
from tests.chaos.hosts.trial import Outcome, Scene, begin, scene, verdict
from tests.chaos.people import PATIENCE_SECONDS

TAP_SECONDS, BETWEEN_TAPS_SECONDS = 10.0, 0.5
MIGRATION = '''"""{words}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
OLDEST_CODE = "{before}"


def upgrade() -> None:
    {step}
'''
STEPS = {
    "expand": 'op.add_column("outbox", sa.Column("trial", sa.Text(), nullable=True))',
    "contract": 'op.drop_column("outbox", "trial")',
}


@dataclass
class Upgraded:
    """outcome: of all of it. taps, failed_taps, longest_tap: of somebody who taps all the while; seconds."""

    outcome: Outcome
    taps: int = 0
    failed_taps: int = 0
    longest_tap: float = 0.0
    steps: list[float] = field(default_factory=list)


class Tapper:
    """A client who taps a button all the while."""

    def __init__(self, person: Person) -> None:
        self.waits: list[float] = []
        self.failed = 0
        self._person = person

    async def work(self) -> None:
        """Tap until cancelled, and note how long each answer took."""
        card = await self._card()
        while True:
            began = time.monotonic()
            try:
                await self._person.taps("Refresh", card, timeout=TAP_SECONDS)
            except NotSeen:
                self.failed += 1
            self.waits.append(time.monotonic() - began)
            await asyncio.sleep(BETWEEN_TAPS_SECONDS)

    async def _card(self) -> Seen:
        """The message with the button, once the person was let in."""
        while True:
            mark = self._person.mark()
            await self._person.says("/status")
            with suppress(NotSeen):
                return await self._person.sees("As of", after=mark, timeout=PATIENCE_SECONDS)


def newer_code(folder: Path, step: str, code: Path, before: str) -> tuple[Path, str]:
    """A copy of the code with one migration more; returns where it is, and its schema."""
    target, revision = folder / step, f"{int(before) + 1:04}"
    shutil.copytree(code, target, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache"))
    said = MIGRATION.format(words=step, revision=revision, before=before, step=STEPS[step])
    (target / f"storage/migrations/versions/{revision}_{step}.py").write_text(said)
    return target, revision


async def rolling(plan: Plan, folder: Path, *, pooler: bool) -> Upgraded:
    """Both upgrades while clients are at work."""
    expanded, schema = newer_code(folder, "expand", ROOT, newest())
    contracted, _ = newer_code(folder, "contract", expanded, schema)
    began = time.monotonic()
    async with scene(plan, folder, pooler=pooler) as one:
        work, at_work = begin(one.cast)
        tapper = Tapper(one.cast.clients[0])
        at_work.append(asyncio.create_task(tapper.work()))
        steps = []
        try:
            for share, code in ((0.1, expanded), (0.5, contracted)):
                await _reached(one, share, work)
                steps.append(await _upgrade(one, code))
            await one.cast.finish(work)
        finally:
            for task in (*at_work, *work):
                task.cancel()
            results = await asyncio.gather(*at_work, *work, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
        outcome = await verdict(one, (), began)
    return Upgraded(outcome, len(tapper.waits), tapper.failed, max(tapper.waits, default=0.0), steps)


async def _reached(one: Scene, share: float, work: Sequence[asyncio.Task[None]]) -> None:
    while sum(story.come for story in one.cast.stories) < share * one.cast.plan.briefs:
        if all(task.done() for task in work):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _upgrade(one: Scene, code: Path) -> float:
    """Host by host; returns how many seconds it took."""
    began, commit = time.monotonic(), code.name
    await _restart(one, WORKERS[0], code)
    old = one.fleet.programs[WORKERS[1]][0]
    old.kill()  # it comes back by the old code, on the schema of the new
    await old.ready()
    for name in (WORKERS[1], *WEBS):
        await _restart(one, name, code)
    chat, clock = one.fleet.programs[CHAT]
    codes = [await one.fleet.take_turns(CHAT, chat, code, commit)]
    codes.append(await clock.end())
    clock.let_run(code, commit)
    await clock.ready()
    one.fleet.programs[CHAT].reverse()  # the chat's first, as before
    if set(codes) != {0}:
        raise RuntimeError(f"a process of the chat host ended with {codes}")
    return time.monotonic() - began


async def _restart(one: Scene, name: str, code: Path) -> None:
    for program in one.fleet.programs[name]:
        if await program.end():
            raise RuntimeError(f"a process of {name} did not end in order")
        program.let_run(code, code.name)
        await program.ready()
