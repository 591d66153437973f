"""The providers and the people in a process of their own, so that their work does not count as EchoPilot's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from benchmarks.programs import Program, program


class Stage:
    """Orders to `benchmarks.stage_process`; see its `Acts`."""

    def __init__(self, running: Program) -> None:
        self._running = running

    async def act(self, name: str, **details: Any) -> Any:
        """Have it done, and wait for what it returns; raises RuntimeError with what people saw where it failed."""
        process = self._running.process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(orjson.dumps({"act": name, **details}) + b"\n")
        await process.stdin.drain()
        answer = orjson.loads(await process.stdout.readline() or b'{"error": "the stage ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    async def settings(self, database_url: str, **changes: Any) -> dict[str, Any]:
        """Settings for EchoPilot on this stage, at any pace, without the mirror (Notion takes 3 rows a second)."""
        found: dict[str, Any] = await self.act("environment", database_url=database_url)
        mail = ("smtp_host", "smtp_security", "mail_from", "report_recipients")
        for not_wanted in ("notion_token", "notion_parent_page_id", "web_port", *mail):
            found.pop(not_wanted)
        fast = {"telegram_messages_per_second": 100_000, "telegram_chat_messages_per_second": 100_000}
        fast["model_timeout_seconds"] = 90
        return {**found, **fast, **changes}


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    async with program(folder, "benchmarks.stage_process", pipes=True) as running:
        yield Stage(running)
