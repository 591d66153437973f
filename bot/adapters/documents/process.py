"""Files are read by a process of their own, one each: whatever a file does to its reader, the program goes on.

The process (`bot.adapters.documents.child`) is given the file and none of our secrets, sockets and rows. It limits
itself, is killed from here when its time is over or the program stops, and dies with it. What it says is checked like
anything else from outside.
"""

import asyncio
import json
import os
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.adapters.documents import child as reading_child
from bot.adapters.documents import words as file_words
from bot.adapters.processes import running
from bot.adapters.processes.limits import NO_MEMORY
from bot.briefs.model import LONGEST_TEXT
from bot.intake.ports import BrokenOff, Reading
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.text.storable import storable
from bot.kernel.translation import SOURCE_LANGUAGE, reader
from bot.kernel.translation import gettext as _

log = structlog.get_logger(__name__)
AT_ONCE = 3  # so that two files that never end do not keep a third waiting
MOST_BYTES = 75_000_000  # of address space beside the file: 35 for the libraries, and the longest brief takes 25
CATALOG_BYTES = 20_000_000  # and so much for the sentences of a language
SPARE_SECONDS = 0.5  # for the reader to say by itself that its time is over
LONGEST_ANSWER = 12 * LONGEST_TEXT + 100_000  # bytes of JSON, with each character as two escapes
_CHILD = str(Path(reading_child.__file__).resolve())


class _Answer(BaseModel):
    """What the process says at its end: exactly one of these."""

    model_config = ConfigDict(strict=True, extra="forbid")

    reading: Reading | None = None
    refused: str | None = Field(default=None, max_length=2_000)
    why: str = Field(default="", max_length=500)


class ReadingProcesses:
    """Reads files, AT_ONCE at a time; `seconds` is what one may take. draining: set once the program is to stop."""

    def __init__(self, seconds: float, draining: asyncio.Event | None = None) -> None:
        self._seconds = seconds
        self._draining = draining
        self._turns: tuple[asyncio.AbstractEventLoop, asyncio.Semaphore] | None = None

    async def read(self, name: str, data: bytes, mime_type: str = "") -> Reading:
        """The text of the file.

        Raises Refusal; BrokenOff where the reader did not come to an end; ProviderError where the program stops before.
        """
        if self._draining is None:
            return await self._in_turn(name, data, mime_type)
        stops = ProviderError("Reading files", "the program stops; the file is read at its next start")
        if self._draining.is_set():
            raise stops
        reading = asyncio.ensure_future(self._in_turn(name, data, mime_type))
        stopping = asyncio.ensure_future(self._draining.wait())
        try:
            await asyncio.wait([reading, stopping], return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise stops
            return reading.result()
        finally:
            reading.cancel()
            stopping.cancel()
            await asyncio.gather(reading, stopping, return_exceptions=True)

    async def _in_turn(self, name: str, data: bytes, mime_type: str) -> Reading:
        async with self._turn():
            said, code = await self._run(name, data, mime_type)
        return _reading(name, said, code)

    def _turn(self) -> asyncio.Semaphore:
        """The places of the running loop; one reader may serve one loop after another, as in tests."""
        loop = asyncio.get_running_loop()
        if self._turns is None or self._turns[0] is not loop:
            self._turns = loop, asyncio.Semaphore(AT_ONCE)
        return self._turns[1]

    async def _run(self, name: str, data: bytes, mime_type: str) -> tuple[bytes, int]:
        """What the process said, and the code that it ended with."""
        process = await running.start(_CHILD)
        try:
            return await self._talk(process, name, data, mime_type)
        finally:
            await running.end(process)

    async def _talk(
        self, process: asyncio.subprocess.Process, name: str, data: bytes, mime_type: str
    ) -> tuple[bytes, int]:
        assert process.stdin is not None
        assert process.stdout is not None
        order = {
            "name": name,
            "mime_type": mime_type,
            "size": len(data),
            "parent": os.getpid(),
            "seconds": self._seconds,
            "language": reader().language,
        }
        room = MOST_BYTES if reader().language == SOURCE_LANGUAGE else MOST_BYTES + CATALOG_BYTES
        order["bytes"] = room + len(data)
        process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(running.START_SECONDS):
            if not await process.stdout.readline():
                raise RuntimeError(f"the reader of files does not start (it ended with {await process.wait()})")
        try:
            async with asyncio.timeout(self._seconds + SPARE_SECONDS):
                await running.give(process.stdin, data)
                said = await running.all_of(process.stdout, LONGEST_ANSWER)
                if said is None:
                    raise _died(name, "it said more than an answer may hold")
                return said, await process.wait()
        except TimeoutError:
            raise _too_slow(name, "its time was over") from None


def _reading(name: str, said: bytes, code: int) -> Reading:
    """What the answer means. Raises Refusal and BrokenOff."""
    if running.over_time(code):
        raise _too_slow(name, "its time was over")
    if code == NO_MEMORY:
        raise _too_large(name)
    try:
        answer = _Answer.model_validate_json(said)
    except ValidationError as error:
        raise _died(name, f"it ended with {code} and no answer ({error.error_count()} faults)") from None
    if answer.refused:
        if answer.why:
            log.info("a file cannot be read", error=storable(answer.why))
        raise Refusal(storable(answer.refused))
    if answer.reading is None or len(answer.reading.text) > LONGEST_TEXT:
        raise _died(name, f"it ended with {code} and an answer of another shape")
    return answer.reading


def _too_slow(name: str, why: str) -> BrokenOff:
    return BrokenOff(str(file_words.refusal(file_words.too_slow(name))), why)


def _too_large(name: str) -> BrokenOff:
    return BrokenOff(str(file_words.refusal(file_words.too_large(name))), "it took too much memory")


def _died(name: str, why: str) -> BrokenOff:
    said = _(
        "{file} could not be read: reading it broke off. Open it, save it again, and send the copy; or paste the text "
        "here.",
        file=name,
    )
    return BrokenOff(str(file_words.refusal(said)), why)
