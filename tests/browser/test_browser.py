"""The pages in Chromium: readable for everybody, within every phone, in both lights, in both directions of reading.

Debian's own browser is driven (`apt-get install chromium`); CHROMIUM says where another one is. Without one these
tests are left out, and say so; where CHROMIUM is set, they fail.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.access.model import Person
from sandbox.history.studio import ADMIN
from tests import chromium
from tests.house import CAROL, Providers
from tests.journeys.web.test_pages import paths
from tests.pages import Window, window

pytestmark = [pytest.mark.wire, pytest.mark.timeout(300)]
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
FOR_STRANGERS = ["/", "/about", "/sign-in", "/sign-in/a-code", "/telegram", "/nothing"]
LONG = "Bundesstraßenverkehrsordnungsangelegenheiten" * 3
AXE = (
    "tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(found => found.violations.map(one => "
    "one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"
)


def where_it_is() -> str:
    """Where the browser is; leaves the test out, or fails it, where there is none."""
    found = chromium.path()
    if found is None and chromium.wanted():
        pytest.fail(chromium.MISSING)
    return found or pytest.skip(chromium.MISSING)


def axe() -> str:
    """The script that looks for what keeps people out. https://github.com/dequelabs/axe-core"""
    from axe_playwright_python.base import AXE_FILE_PATH

    return Path(AXE_FILE_PATH).read_text()


@dataclass
class Look:
    """A page of the browser, what it said in its console, and what is wrong with what it showed."""

    page: Any
    url: str
    axe: str
    said: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    looks: int = 0

    async def opens(self, path: str) -> None:
        """Open a path; the script that looks for what keeps people out is put beside it, past its policy."""
        await self.page.goto(self.url + path, wait_until="load")
        await self.page.evaluate(self.axe)

    async def examine(self, where: str, size: tuple[int, int], light: str, *, axe: bool) -> None:
        """Look at what is open in this size and light."""
        await self.page.set_viewport_size({"width": size[0], "height": size[1]})
        await self.page.emulate_media(color_scheme=light)
        found = await self.page.evaluate(AXE, TAGS) if axe else []
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        place = f"{where} {size[0]} {light}"
        self.wrong += [f"{place}: {one}" for one in found]
        self.wrong += [f"{place}: {wide} px too wide"] if wide > 0 else []
        self.wrong += [f"{place}: {one}" for one in self.said if "404" not in one or "/nothing" not in where]
        self.said.clear()
        self.looks += 1


@asynccontextmanager
async def browser() -> AsyncIterator[Any]:
    """Chromium, up for one test."""
    path = where_it_is()
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


async def lengthen(shown: Window) -> None:
    """Let everything that people write be as long as it may, in one word."""
    words = {
        "UPDATE people SET name = :words || id": LONG,
        "UPDATE briefs SET title = :words, text = :words || text, reason = :words": LONG,
        "UPDATE drafts SET text = :words || text": LONG,
        "UPDATE refunds SET reason = :words": LONG,
        "UPDATE invoice_lines SET description = :words": LONG,
        "UPDATE job_runs SET result = :words": LONG * 3,
        "UPDATE invoices SET amount_minor = 123456789012": LONG,
    }
    for statement, given in words.items():
        bound = {"words": given} if ":words" in statement else {}
        await shown.home.app.services.database.write(lambda tx, one=statement, of=bound: tx.run(text(one), of))  # type: ignore[misc]


async def speaks(shown: Window, who: Person, language: str) -> None:
    statement = text("UPDATE people SET preferred_language = :language WHERE id = :id")
    given = {"language": language, "id": who.id}
    await shown.home.app.services.database.write(lambda tx: tx.run(statement, given))


async def walk(of: Look, shown: Window, who: Person | None, every: Sequence[str], state: str) -> None:
    """Open each path in both languages, and look at it in all sizes and both lights: at every one for what is too wide,
    and, as axe takes its time, in one of them, or where there is most to see in two of four, for everything.
    """
    for language, light, other in (("en", "light", "dark"), ("ur", "dark", "light")):
        if who is not None:
            await speaks(shown, who, language)
        for path in every:
            await of.opens(path if who is not None else f"{path}?lang={language}")
            where = f"{state} {language} {path}"
            thorough = state in {"full", "strangers"}
            await of.examine(where, PHONE, light, axe=thorough or language == "en")
            await of.examine(where, DESK, other, axe=thorough or language == "ur")
            await of.examine(where, NARROW, other, axe=False)


@pytest.mark.parametrize("state", ["empty", "full", "long"])
async def test_every_page(stand_ins: Providers, sqlite_url: str, state: str) -> None:
    """With nothing, with years of business and with endless words: axe finds nothing, nothing is too wide, and the
    console stays empty, also of what the policy would refuse.
    """
    briefs = 0 if state == "empty" else 1_000
    async with browser() as made, window(stand_ins, sqlite_url, briefs=briefs) as shown:
        who, every = await shown.person(ADMIN if briefs else CAROL), paths()
        if not briefs:
            every = [path for path in every if not any(map(str.isdecimal, path))]
        if state == "long":
            await lengthen(shown)
        of = await look(made, shown, who)
        await walk(of, shown, who, every, state)
        assert of.wrong == []
        assert of.looks == 6 * len(every)


async def test_pages_for_strangers(stand_ins: Providers, sqlite_url: str) -> None:
    """The same of the pages that anybody may open."""
    async with browser() as made, window(stand_ins, sqlite_url) as shown:
        of = await look(made, shown, None)
        await walk(of, shown, None, FOR_STRANGERS, "strangers")
        assert of.wrong == []


async def test_without_script(stand_ins: Providers, sqlite_url: str) -> None:
    """With scripts off somebody signs in by a link, reads the overview and goes on by its ways."""
    async with browser() as made, window(stand_ins, sqlite_url) as shown:
        carol = await shown.home.person(shown.home.carol)
        code = await shown.home.app.services.sessions.link(carol)
        context = await made.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
        page = await context.new_page()
        await page.goto(f"{shown.url}/sign-in/{code}")
        await page.click("main button")
        assert page.url == f"{shown.url}/overview"
        assert "To decide" in await page.inner_text("main")
        await page.click(".bar summary")
        await page.click(".sheet >> text=Audit")
        assert page.url == f"{shown.url}/audit"
        await page.click(".bar summary")
        await page.click(".sheet button")
        assert page.url == f"{shown.url}/"


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_keyboard_alone(stand_ins: Providers, sqlite_url: str, size: tuple[int, int]) -> None:
    """By the tab key alone everything that can be used is reached, each with a frame that is seen."""
    async with browser() as made, window(stand_ins, sqlite_url) as shown:
        of = await look(made, shown, await shown.home.person(shown.home.carol))
        for path in ("/briefs", "/overview"):
            await of.opens(path)
            await of.page.set_viewport_size({"width": size[0], "height": size[1]})
            wanted = await of.page.evaluate(
                "[...document.querySelectorAll('a, button, input, select, summary')].filter(one => "
                "one.checkVisibility() && one.type !== 'hidden').length"
            )
            reached = set()
            for _tab in range(wanted + 3):
                await of.page.keyboard.press("Tab")
                now = await of.page.evaluate(
                    "(() => {const one = document.activeElement; if (one === document.body) return null; "
                    "const style = getComputedStyle(one); return [one.outerHTML, one.getBoundingClientRect().y, "
                    "style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]})()"
                )
                if now is not None:
                    assert now[2], now[0]
                    reached.add((now[0], now[1]))
            assert len({html for html, _ in reached}) >= wanted - 1, path
