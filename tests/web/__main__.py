"""python -m tests.web [--requests 10000] [--examples 200]: hostile requests and Schemathesis at full size."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.ops.logs import logs
from tests.house import providers
from tests.web import fuzz, hostile
from tests.web.program import OFTEN, program


async def run(requests: int, examples: int) -> int:
    """Both, one after another; returns how many things were wrong."""
    with tempfile.TemporaryDirectory(prefix="echopilot-web-") as folder:
        url = f"sqlite:///{Path(folder) / 'echopilot.db'}"
        async with providers() as stand_ins, program(stand_ins, url, **OFTEN) as it:
            began = time.perf_counter()
            seen = await hostile.send_all(it.url, requests, it.token)
            took = time.perf_counter() - began
            _say(f"{requests} hostile requests in {took:.0f} s: {dict(sorted(seen.statuses.items()))}")
            _say("\n".join([f"answers of 500 and more, or with a trace: {len(seen.wrong)}", *seen.wrong[:10]]))
            await it.sign_in()
            found = await fuzz.schemathesis(f"{it.url}/openapi.json", it.token, examples)
            _say(found.said if found.failures else found.summary)
            return len(seen.wrong) + found.failures


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.web", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--examples", type=int, default=200)
    given = parser.parse_args()
    logs.configure("error", [])  # what is refused would fill the screen
    raise SystemExit(min(1, asyncio.run(run(given.requests, given.examples))))


if __name__ == "__main__":
    main()
