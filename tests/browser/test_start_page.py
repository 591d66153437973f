"""The page that a demo opens on, in Chromium."""

import pytest

from sandbox.chat.page import ChatPage
from sandbox.server import Sandbox
from sandbox.start.page import StartPage
from sandbox.start.studio import Studio
from tests.browser.walking import AXE, DESK, NARROW, PHONE, TAGS, axe, browser
from tests.house import Providers
from tests.pages import window

pytestmark = [pytest.mark.wire, pytest.mark.timeout(120)]


@pytest.mark.parametrize("language", ["en", "ur"])
async def test_side_by_side(stand_ins: Providers, sqlite_url: str, chrome: str, language: str) -> None:
    """On a desk chats and dashboard stand beside each other, on a phone one at a time by a choice that the keyboard
    makes too; axe finds nothing, and nothing is too wide.
    """
    studio = Studio()
    start = StartPage(studio, language)
    async with (
        Sandbox(studio, start, ChatPage()) as sandbox,
        window(stand_ins, sqlite_url, public_url=f"{sandbox.url}/studio") as shown,
        browser(chrome) as made,
    ):
        studio.address = shown.url
        page = await made.new_page()
        await page.goto(f"{sandbox.url}/start/", wait_until="load")
        assert "/studio/" in page.frame(name="studio").url
        await page.evaluate(axe())
        chat, dashboard = page.locator("section.chat"), page.locator("section.studio")
        for size, light in ((PHONE, "light"), (NARROW, "dark"), (DESK, "light"), (DESK, "dark")):
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            await page.emulate_media(color_scheme=light)
            assert await page.evaluate(AXE, TAGS) == []
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await page.evaluate(wide) == 0
            assert await chat.is_visible()
            assert await dashboard.is_visible() == (size == DESK)
        boxes = [await one.bounding_box() for one in (chat, dashboard)]
        assert (boxes[0]["x"] < boxes[1]["x"]) == (language == "en")
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await page.focus("#show-chat")
        await page.keyboard.press("ArrowDown")
        assert (await chat.is_visible(), await dashboard.is_visible()) == (False, True)
