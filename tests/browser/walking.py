"""What looks at pages in Chromium: for what keeps people out, for what is too wide, and for what the console says.

Debian's own browser is driven (`apt-get install chromium`); CHROMIUM says where another one is.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.access.model import Person
from sandbox.history.studio import ADMIN
from tests.house import CAROL
from tests.journeys.web.test_pages import paths
from tests.pages import Window

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, NARROW, DESK = (390, 844), (320, 640), (1280, 900)
Combination = tuple[str, tuple[int, int], str]
COMBINATIONS: Sequence[Combination] = tuple(product(("en", "ur"), (PHONE, DESK), ("light", "dark")))
STATES = ("empty", "full", "long")
BRIEFS = 1_000
FOR_STRANGERS = ("/", "/about", "/sign-in", "/sign-in/a-code", "/telegram", "/nothing")
LONG = "Bundesstraßenverkehrsordnungsangelegenheiten" * 3
AXE = (
    "tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(found => found.violations.map(one => "
    "one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"
)


def axe() -> str:
    """The script that looks for what keeps people out. https://github.com/dequelabs/axe-core"""
    from axe_playwright_python.base import AXE_FILE_PATH

    return Path(AXE_FILE_PATH).read_text()


@dataclass
class Look:
    """A page of the browser, what it said in its console, and what is wrong with what it showed.

    examined: in which combinations axe looked at something, and how often in all.
    """

    page: Any
    url: str
    axe: str
    said: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    looks: int = 0
    now: tuple[tuple[int, int], str] | None = None
    examined: list[Combination] = field(default_factory=list)

    async def at(self, where: str, path: str, size: tuple[int, int], light: str = "light") -> None:
        """Look at what is open in this size and light for what is too wide, and at what the console said."""
        if (size, light) != self.now:
            await self.page.set_viewport_size({"width": size[0], "height": size[1]})
            await self.page.emulate_media(color_scheme=light)
            self.now = size, light
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        place = f"{where} {path} {size[0]} {light}"
        self.wrong += [f"{place}: {wide} px too wide"] if wide > 0 else []
        self.wrong += [f"{place}: {one}" for one in self.said if "404" not in one or path != "/nothing"]
        self.said.clear()
        self.looks += 1

    async def examine(self, where: str, path: str, how: Combination) -> None:
        """Look for all that keeps people out; the script comes past the page's policy."""
        language, size, light = how
        await self.at(where, path, size, light)
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(self.axe)
        found = await self.page.evaluate(AXE, TAGS)
        self.wrong += [f"{where} {language} {path} {size[0]} {light}: {one}" for one in found]
        self.examined.append(how)


@asynccontextmanager
async def browser(path: str) -> AsyncIterator[Any]:
    """Chromium, up for a while."""
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        made = await driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield made
        finally:
            await made.close()


async def look(made: Any, shown: Window, who: Person | None) -> Look:
    """A fresh page, of somebody who is signed in or of nobody."""
    context = await made.new_context(reduced_motion="reduce")
    if who is not None:
        token = (await shown.signed_in(who)).cookies["echopilot"]
        await context.add_cookies([{"name": "echopilot", "value": token, "url": shown.url}])
    of = Look(await context.new_page(), shown.url, axe())
    of.page.on("console", lambda message: of.said.append(message.text))
    of.page.on("pageerror", lambda error: of.said.append(str(error)))
    return of


async def dashboard(shown: Window, state: str) -> tuple[Person, Sequence[str]]:
    """Who looks at the dashboard in this state, and which pages it has then."""
    if state == "long":
        await lengthen(shown)
    if state == "empty":
        return await shown.person(CAROL), [path for path in paths() if not any(map(str.isdecimal, path))]
    return await shown.person(ADMIN), paths()


async def lengthen(shown: Window) -> None:
    """Let everything that people write be as long as it may, in one word."""
    words = {
        "UPDATE people SET name = :words || id": LONG,
        "UPDATE briefs SET title = :words, text = :words || text, reason = :words": LONG,
        "UPDATE drafts SET text = :words || text": LONG,
        "UPDATE refunds SET reason = :words": LONG,
        "UPDATE invoice_lines SET description = :words": LONG,
        "UPDATE job_runs SET result = :words": LONG * 3,
        "UPDATE incidents SET title = :words": LONG,
        "UPDATE invoices SET amount_minor = 123456789012": LONG,
    }
    for statement, given in words.items():
        bound = {"words": given} if ":words" in statement else {}
        await shown.home.app.services.database.write(lambda tx, one=statement, of=bound: tx.run(text(one), of))  # type: ignore[misc]


async def speaks(shown: Window, who: Person, language: str) -> None:
    """From now on the person reads this language."""
    statement = text("UPDATE people SET preferred_language = :language WHERE id = :id")
    given = {"language": language, "id": who.id}
    await shown.home.app.services.database.write(lambda tx: tx.run(statement, given))


def some(number: int, state: str) -> Collection[Combination]:
    """For the page of that number one of the eight, another one in each state; over eight pages all of them."""
    return [COMBINATIONS[(number + 3 * STATES.index(state)) % len(COMBINATIONS)]]


async def walk(
    of: Look, shown: Window, who: Person | None, every: Sequence[str], state: str, *, thoroughly: bool = False
) -> None:
    """Open each path in both languages: is it too wide at 320 px, and what does axe find in one combination, or all."""
    for language in ("en", "ur"):
        if who is not None:
            await speaks(shown, who, language)
        for number, path in enumerate(every):
            await of.page.goto(of.url + (path if who is not None else f"{path}?lang={language}"), wait_until="load")
            where = f"{state} {language}"
            await of.at(where, path, NARROW)
            due = [one for one in (COMBINATIONS if thoroughly else some(number, state)) if one[0] == language]
            for how in due:
                await of.examine(where, path, how)
