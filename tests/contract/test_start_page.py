"""The page that a demo opens on, and the way of the dashboard into its frame."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.kernel.translation import languages
from bot.locale import catalogs
from sandbox.server import Sandbox
from sandbox.start.page import StartPage
from sandbox.start.studio import NotSignedIn, Studio
from sandbox.start.words import LABELS
from tests.house import Providers
from tests.pages import Window, window

pytestmark = pytest.mark.wire


@asynccontextmanager
async def served(stand_ins: Providers, database_url: str) -> AsyncIterator[tuple[Sandbox, Studio, StartPage, Window]]:
    """The start page, and the pages of an EchoPilot whose address is the sandbox's."""
    studio = Studio()
    start = StartPage(studio)
    async with (
        Sandbox(studio, start) as sandbox,
        window(stand_ins, database_url, public_url=f"{sandbox.url}/studio") as shown,
    ):
        studio.address = shown.url
        yield sandbox, studio, start, shown


def test_words_of_every_language() -> None:
    """It is written in each language that there is a catalogue of, and says the same in all."""
    catalogs.install_all()
    assert set(LABELS) == set(languages())
    assert {frozenset(labels) for labels in LABELS.values()} == {frozenset(LABELS["en"])}
    assert all(all(labels.values()) for labels in LABELS.values())


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl")])
async def test_both_in_frames(language: str, direction: str) -> None:
    """It frames the chats and the dashboard, reads in its language's direction, and runs nothing."""
    start = StartPage(Studio(), language)
    async with Sandbox(start) as sandbox, aiohttp.request("GET", f"{sandbox.url}/start/") as answer:
        page = await answer.text()
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert '<iframe src="../chat/"' in page
        assert '<iframe src="dashboard" name="studio"' in page
        assert "$" not in page
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; ")


async def test_frame_opens_signed_in(stand_ins: Providers, database_url: str) -> None:
    """Whoever opens the frame is let in as the admin who asked for a link, and by the same session the next time; only
    the sandbox's copy of the pages may be framed.
    """
    asked = 0
    async with served(stand_ins, database_url) as (sandbox, _, start, shown):

        async def link() -> str:
            nonlocal asked
            asked += 1
            carol = await shown.home.person(shown.home.carol)
            return f"{sandbox.url}/studio/sign-in/{await shown.home.app.services.sessions.link(carol)}"

        start.link = link
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            for _look in range(2):
                async with browser.get(f"{sandbox.url}/start/dashboard") as answer:
                    assert answer.url.path == "/studio/overview"
                    assert "Briefs today" in await answer.text()
                    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
            async with browser.get(f"{shown.url}/studio/overview") as own:
                assert "frame-ancestors 'none'" in own.headers["Content-Security-Policy"]
        assert asked == 1


async def test_used_link_lets_nobody_in(stand_ins: Providers, database_url: str) -> None:
    """A link that was used, and a page that is asked for without a session, are told as such: no story goes on."""
    async with served(stand_ins, database_url) as (_, studio, _start, shown):
        carol = await shown.home.person(shown.home.carol)
        link = f"/studio/sign-in/{await shown.home.app.services.sessions.link(carol)}"
        cookies = await studio.sign_in(link, "test")
        assert "Briefs today" in await studio.read("/overview", cookies)
        with pytest.raises(NotSignedIn, match="403"):
            await studio.sign_in(link, "test")
        with pytest.raises(NotSignedIn, match="303"):
            await studio.read("/overview", [])
