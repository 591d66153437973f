"""EchoPilot as the demo runs it: all its parts in a process of its own, as `python -m bot run` has them.

It reads its settings, and how long a minute of a fuse is, as a line of JSON, and says when it runs by another: where
its web part is, and its bot's name.
"""

import asyncio
import sys
from typing import Any

import orjson

from bot.kernel.errors import EchoPilotError
from bot.kernel.timing import Timing
from bot.ops.logs import logs
from bot.ops.stopping import until_stopped
from bot.parts import running
from bot.settings import Settings
from sandbox.demo.lifeline import end_with_the_parent


def main() -> None:
    """Run until it is told to end; what keeps it from running is said where the demo's own words are."""
    given = orjson.loads(sys.stdin.readline())
    end_with_the_parent()
    try:
        sys.exit(until_stopped(lambda stop: _run(given, stop)))
    except EchoPilotError as error:
        sys.exit(str(error))


async def _run(given: dict[str, Any], stop: asyncio.Event) -> int:
    settings = Settings.load(**given["settings"])
    logs.configure(settings.log_level, settings.secrets())
    async with running(settings, timing=Timing(minute=given["minute"])) as run:
        assert run.server is not None
        said = {"address": run.server.url, "bot_name": run.app.services.bot_name}
        print(orjson.dumps(said).decode(), flush=True)  # noqa: T201 - it is what the demo waits for
        await run.until(stop)
    return 0


if __name__ == "__main__":
    main()
