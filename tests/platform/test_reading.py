"""Reading in the real program: how it ends, how it is killed, and what the reader is given."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from bot.adapters.documents import child as reading_child
from bot.adapters.processes.limits import NICE
from sandbox.telegram.people import Person
from tests.bombs import EXCEL
from tests.eventually import eventually, nothing
from tests.house import Providers, house
from tests.platform import program
from tests.watching import peak_of

SLOW = next(bomb for bomb in EXCEL if bomb.name == "far.xlsx")
DRAIN_SECONDS = 10
STARTED_SECONDS = 60.0  # the program starts, and then a reader, perhaps on a busy machine
MOST = 400_000_000  # bytes of the program and all that it starts
SECRETS = ("sk-sandbox", "sk_test_sandbox_key", "ntn_sandbox")


class Life:
    """One run of the program, until it ends or is killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.tree = psutil.Process(process.pid)

    async def readers(self, number: int) -> list[psutil.Process]:
        """The processes that read files, once there are so many that have begun."""

        def reading() -> list[psutil.Process]:
            return [one for one in self.tree.children(recursive=True) if _reads(one)]

        return await eventually(reading, lambda found: len(found) == number, within=STARTED_SECONDS)

    async def kill(self) -> None:
        self.process.kill()
        await self.process.communicate()


def _reads(process: psutil.Process) -> bool:
    """Whether it reads a file by now, which it does not before it has limited itself."""
    try:
        named = any(part.endswith(Path(reading_child.__file__).name) for part in process.cmdline())
        return named and process.nice() == min(19, psutil.Process().nice() + NICE)
    except psutil.NoSuchProcess:
        return False


async def _gone(processes: list[psutil.Process]) -> None:
    """Wait until none of them runs; whose parent is gone too may stay a zombie until somebody asks for its end."""
    await eventually(lambda: [one for one in processes if _runs(one)], nothing)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@asynccontextmanager
async def _life(stand_ins: Providers, url: str, folder: Path, **changes: Any) -> AsyncIterator[Life]:
    settings = {"allow_dirty": True, "reading_seconds": 60, "drain_seconds": DRAIN_SECONDS} | changes
    env = program.environment(stand_ins.environment(url) | settings)
    life = Life(await program.start("run", "--only", "chat", env=env, cwd=folder))
    try:
        yield life
    finally:
        if life.process.returncode is None:
            await life.kill()


async def _client(stand_ins: Providers) -> Person:
    """Carol opens the house and invites Alice."""
    people = stand_ins.people()
    await people["carol"].says("/start")
    await people["carol"].sees("Welcome", timeout=STARTED_SECONDS)
    await people["carol"].says("/invite client")
    code = (await people["carol"].sees("Invitation for")).text.partition("?start=")[2].split()[0]
    await people["alice"].says(f"/start {code}")
    await people["alice"].sees("Welcome")
    return people["alice"]


async def test_a_stop_while_a_file_is_read(stand_ins: Providers, sqlite_url: str, tmp_path: Path) -> None:
    """SIGTERM ends reader and program within DRAIN_SECONDS, and all of it stayed within 400 MB."""
    async with _life(stand_ins, sqlite_url, tmp_path) as life:
        with peak_of(life.tree, itself=True) as watched:
            alice = await _client(stand_ins)
            await alice.sends_file("stock.xlsx", SLOW.make(), caption="Write a page about it.")
            readers = await life.readers(1)
            life.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(DRAIN_SECONDS):
                printed, _ = await life.process.communicate()
    assert life.process.returncode == 0, printed.decode()
    assert watched.peak <= MOST
    await _gone(readers)


async def test_the_program_is_killed_while_a_file_is_read(
    stand_ins: Providers, sqlite_url: str, tmp_path: Path
) -> None:
    """A reader, which knows no secret, dies with its program; after two such deaths the file is not opened any more."""
    for number in range(2):
        async with _life(stand_ins, sqlite_url, tmp_path) as life:
            if not number:
                alice = await _client(stand_ins)
                await alice.sends_file("stock.xlsx", SLOW.make(), caption="Write a page about it.")
            readers = await life.readers(1)
            assert not [value for value in readers[0].environ().values() if any(one in value for one in SECRETS)]
            await life.kill()
            await _gone(readers)
    async with house(stand_ins, sqlite_url, reading_seconds=60) as home:
        await home.alice.sees("stock.xlsx could not be read: I tried 2 times")
        await home.carol.sees("reading it broke off 2 times")
