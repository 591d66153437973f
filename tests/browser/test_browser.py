"""The pages in Chromium: readable for everybody, within every phone, in both lights, in both directions of reading.

Without a browser these tests are left out, and the run's last lines say so; where CHROMIUM is set, they fail.
`python -m tests.browser` looks at every page in every combination.
"""

import asyncio
from typing import Any

import pytest

from tests.browser.walking import (
    BRIEFS,
    COMBINATIONS,
    DESK,
    FOR_STRANGERS,
    PHONE,
    STATES,
    Look,
    browser,
    dashboard,
    look,
    walk,
)
from tests.house import Providers
from tests.pages import window

pytestmark = [pytest.mark.wire, pytest.mark.timeout(300)]


@pytest.mark.parametrize("state", STATES)
async def test_every_page(stand_ins: Providers, sqlite_url: str, chrome: str, state: str) -> None:
    """With nothing, with years of business and with endless words, in both languages: nothing is too wide at 320 px,
    the console stays empty, also of what the policy would refuse, and axe finds nothing, page by page in another of
    the eight combinations of size, light and language.
    """
    async with browser(chrome) as made, window(stand_ins, sqlite_url, briefs=state != "empty" and BRIEFS) as shown:
        who, every = await dashboard(shown, state)
        of = await look(made, shown, who)
        await walk(of, shown, who, every, state)
        assert of.wrong == []
        assert len(of.examined) == len(every)
        assert set(of.examined) == set(COMBINATIONS)


async def test_pages_for_strangers(stand_ins: Providers, sqlite_url: str, chrome: str) -> None:
    """The same of the pages that anybody may open; and with scripts off somebody signs in by a link, reads the overview
    and goes on by its ways.
    """
    async with browser(chrome) as made, window(stand_ins, sqlite_url) as shown:
        of = await look(made, shown, None)
        await walk(of, shown, None, FOR_STRANGERS, "empty")
        assert of.wrong == []
        assert len(of.examined) == len(FOR_STRANGERS)
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


async def test_keyboard_alone(stand_ins: Providers, sqlite_url: str, chrome: str) -> None:
    """By the tab key alone everything that can be used is reached, each with a frame that is seen."""
    async with browser(chrome) as made, window(stand_ins, sqlite_url) as shown:
        of = await look(made, shown, await shown.home.person(shown.home.carol))
        for path, size in (("/briefs", PHONE), ("/overview", PHONE), ("/overview", DESK)):
            await tab_through(of, path, size)


FOCUSED = """
window.reached = [];
document.addEventListener("focusin", event => {
  const one = event.target, style = getComputedStyle(one);
  reached.push([one.outerHTML, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2]);
});
[...document.querySelectorAll("a, button, input, select, summary")].filter(
  one => one.checkVisibility() && one.type !== "hidden").length
"""


async def tab_through(of: Look, path: str, size: tuple[int, int]) -> None:
    """Reach everything on the page by the tab key."""
    await of.page.set_viewport_size({"width": size[0], "height": size[1]})
    await of.page.goto(of.url + path, wait_until="load")
    wanted = await of.page.evaluate(FOCUSED)
    for _tab in range(wanted + 3):
        await of.page.keyboard.press("Tab")
    reached = await of.page.evaluate("reached")
    assert [one for one, seen in reached if not seen] == [], path
    assert len({one for one, _ in reached}) >= wanted - 1, path


async def test_figures_come_along(
    stand_ins: Providers, sqlite_url: str, chrome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody looks, the page says that its figures are live; once the session is over it says so."""
    monkeypatch.setattr("web.pages.live.EVERY_SECONDS", 0.1)
    async with browser(chrome) as made, window(stand_ins, sqlite_url) as shown:
        carol = await shown.home.person(shown.home.carol)
        of = await look(made, shown, carol)
        await of.page.goto(f"{shown.url}/overview")
        await of.page.get_by_text("Live", exact=True).wait_for()
        await shown.home.app.services.sessions.end_all(carol)
        await of.page.get_by_text("No longer live").wait_for()
        assert of.said == []


async def test_a_page_on_its_way(stand_ins: Providers, sqlite_url: str, chrome: str) -> None:
    """What takes longer than a moment is told of, until the page is there."""
    async with browser(chrome) as made, window(stand_ins, sqlite_url) as shown:
        of = await look(made, shown, await shown.home.person(shown.home.carol))
        told, held = asyncio.Event(), asyncio.Event()

        async def hold(route: Any) -> None:
            await held.wait()
            await route.continue_()

        await of.page.expose_function("told", told.set)
        await of.page.goto(f"{shown.url}/briefs")
        await of.page.evaluate(
            "new MutationObserver(([change]) => change.target.hidden || told())"
            ".observe(document.querySelector('.waits'), {attributes: true})"
        )
        await of.page.route("**/money", hold)
        await of.page.click(".side >> text=Money", no_wait_after=True)
        async with asyncio.timeout(20):
            await told.wait()
        held.set()
        await of.page.wait_for_url("**/money")
        assert not await of.page.get_by_text("Loading …").is_visible()
