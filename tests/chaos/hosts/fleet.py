"""EchoPilot on several hosts: its processes there, and what their logs tell of who has which role."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.chaos.hosts.network import Host
from tests.chaos.program import Program

WORKERS, WEBS, CHAT, DATABASE = ("worker-1", "worker-2"), ("web-1", "web-2"), "chat-1", "database"
NAMES = (*WORKERS, *WEBS, CHAT, DATABASE)
# What each host's processes run. The clock needs a session of its own, so that it is a process of its own.
LAYOUT: Mapping[str, Sequence[tuple[str, ...]]] = {
    **{name: [("worker",)] for name in WORKERS},
    **{name: [("web",)] for name in WEBS},
    CHAT: [("chat",), ("clock",)],
}
WEB_PORT = 8080
RESTART_SECONDS = 2.0
MOST_DEATHS = 200  # a start that finds no database ends by itself, and is repeated by the supervisor
WANTED = (b'"role taken"', b'"role lost"', b'"task taken over"')


@dataclass(frozen=True)
class Told:
    """A line of a log that matters. at: by our own clock, in seconds; role: "" for a task that was taken over."""

    at: float
    host: str
    event: str
    role: str


class Fleet:
    """Use as an async context manager. told: who took or lost what, in the order of its coming."""

    def __init__(self, hosts: Mapping[str, Host], folder: Path, settings: Mapping[str, Any]) -> None:
        self.told: list[Told] = []
        self.programs: dict[str, list[Program]] = {}
        self._holders: dict[str, str] = {}
        self._stack = AsyncExitStack()
        self._hosts, self._folder, self._settings = hosts, folder, settings
        for name, processes in LAYOUT.items():
            self.programs[name] = [self._program(name, "-".join(parts), parts) for parts in processes]

    def _program(self, host_name: str, name: str, parts: Sequence[str]) -> Program:
        host, place = self._hosts[host_name], self._folder / f"{host_name}-{name}"
        place.mkdir(exist_ok=True)
        ours = dict(self._settings) | {"web_host": host.address, "web_port": WEB_PORT}
        return Program(
            place,
            ours,
            within=host.within,
            only=parts,
            most_deaths=MOST_DEATHS,
            pause_seconds=RESTART_SECONDS,
            hear=self._hearing(host.name),
        )

    async def __aenter__(self) -> "Fleet":
        for programs in self.programs.values():
            for program in programs:
                await self._stack.enter_async_context(program)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def take_turns(self, host: str, old: Program, code: Path, commit: str) -> int:
        """Start a process of other code beside one of the chat's, then end that; returns its exit code."""
        new = self._program(host, f"chat-{commit}", ("chat",))
        new.let_run(code, commit)
        await self._stack.enter_async_context(new)
        self.programs[host].append(new)
        await new.ready()
        self.programs[host].remove(old)
        return await old.end()

    @property
    def all(self) -> list[Program]:
        return [program for programs in self.programs.values() for program in programs]

    async def ready(self) -> None:
        """Wait until every process runs."""
        await asyncio.gather(*(program.ready() for program in self.all))

    async def stop(self) -> list[int]:
        """Ask all of them to end, and return their exit codes."""
        return await asyncio.gather(*(program.stop() for program in self.all))

    def roles_of(self, host: str) -> list[str]:
        """The roles that the host has, as far as logs told."""
        return [role for role, holder in self._holders.items() if holder == host]

    def first(self, since: float, until: float, *, role: str, others_than: str = "") -> Told | None:
        """The first taking of that role within the time; role "": of any task."""
        event = "role taken" if role else "task taken over"
        return next(
            (
                one
                for one in self.told
                if since <= one.at <= until and (one.event, one.role) == (event, role) and one.host != others_than
            ),
            None,
        )

    def _hearing(self, host: str) -> Callable[[bytes], None]:
        def hear(line: bytes) -> None:
            if not any(words in line for words in WANTED):
                return
            said = orjson.loads(line)
            told = Told(time.monotonic(), host, said["event"], said.get("role", ""))
            self.told.append(told)
            if told.event == "role taken":
                self._holders[told.role] = host

        return hear
