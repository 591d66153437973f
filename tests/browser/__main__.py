"""python -m tests.browser: every page in every state and combination of size, light and language, by axe.

python -m tests.browser --serve: the pages of a played studio, for other programs that look, such as Lighthouse.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.kernel.clock import SystemClock
from sandbox.history.studio import ADMIN
from tests import chromium
from tests.browser.walking import BRIEFS, FOR_STRANGERS, STATES, Look, browser, dashboard, look, walk
from tests.house import providers
from tests.pages import window
from tests.postgres import migrated


async def run(path: str) -> int:
    """Returns how many things are wrong."""
    wrong = 0
    async with browser(path) as made:
        for state in (*STATES, "strangers"):
            began = time.perf_counter()
            of = await _look_at(made, state)
            took = time.perf_counter() - began
            _say(f"{state}: {of.looks} looks, {len(of.examined)} by axe, {len(of.wrong)} things wrong, {took:.0f} s")
            _say("\n".join(of.wrong[:20])) if of.wrong else None
            wrong += len(of.wrong)
    return wrong


async def _look_at(made: object, state: str) -> Look:
    with tempfile.TemporaryDirectory(prefix="echopilot-browser-") as folder:
        url = f"sqlite:///{Path(folder) / 'echopilot.db'}"
        await migrated(url)
        briefs = BRIEFS if state in {"full", "long"} else 0
        async with providers() as stand_ins, window(stand_ins, url, briefs=briefs) as shown:
            who, every = (None, FOR_STRANGERS) if state == "strangers" else await dashboard(shown, state)
            of = await look(made, shown, who)
            await walk(of, shown, who, every, state, thoroughly=True)
            return of


async def serve() -> None:
    """Until it is stopped; says where, and by which cookie somebody is signed in."""
    with tempfile.TemporaryDirectory(prefix="echopilot-browser-") as folder:
        url = f"sqlite:///{Path(folder) / 'echopilot.db'}"
        await migrated(url)
        async with providers() as stand_ins, window(stand_ins, url, SystemClock(), briefs=BRIEFS) as shown:
            token = (await shown.signed_in(await shown.person(ADMIN))).cookies["echopilot"]
            _say(f'{shown.url}\n{{"Cookie": "echopilot={token}"}}')
            await asyncio.Event().wait()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Returns 1 where something is wrong, or where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("--serve", action="store_true")
    if parser.parse_args().serve:
        asyncio.run(serve())
    path = chromium.path()
    if path is None:
        _say(chromium.MISSING)
        return 1
    return min(1, asyncio.run(run(path)))


if __name__ == "__main__":
    sys.exit(main())
