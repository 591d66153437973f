"""The chat page over HTTP: whole, self-contained, and locked down by its content security policy."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from urllib.parse import urljoin

import aiohttp
import pytest

from sandbox.chat.page import ChatPage
from sandbox.faults import Fault
from sandbox.server import Sandbox

_IMPORT = re.compile(r'^import .* from "(?P<path>[^"]+)";$', re.MULTILINE)
_STYLE_URL = re.compile(r"(?:url\(|@import)\s*[\"']?(?P<path>[^\"')]+)")
_ADDRESS = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+[^\s\"')]*")
_NAMESPACE = "http://www.w3.org/2000/svg"


class _Page(HTMLParser):
    """Collects what a page refers to, the ids it defines, and what a strict policy would block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.assets: set[str] = set()
        self.symbols: set[str] = set()
        self.uses: set[str] = set()
        self.inline: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        blocked = [name for name in given if name == "style" or name.startswith("on")]
        if blocked or tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(self.get_starttag_text() or tag)
        if tag == "symbol":
            self.symbols.add(given["id"])
        elif tag == "use":
            self.uses.add(given["href"].removeprefix("#"))
        elif tag in {"script", "link", "img"} and (asset := given.get("src") or given.get("href")):
            self.assets.add(asset)


@pytest.fixture
def page() -> ChatPage:
    return ChatPage(captions={1: "client", 2: "operator"}, language="es")


@pytest.fixture
async def sandbox(page: ChatPage) -> AsyncIterator[Sandbox]:
    async with Sandbox(page) as running:
        yield running


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        yield session


async def _text(browser: aiohttp.ClientSession, url: str) -> str:
    async with browser.get(url) as reply:
        return await reply.text()


async def _assets(browser: aiohttp.ClientSession, url: str) -> dict[str, str]:
    """Every file of its own that the page at `url` loads, by address, found by following references to the end."""
    waiting = {urljoin(url, path) for path in _Page(await _text(browser, url)).assets}
    found: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        found[address] = await _text(browser, address)
        pattern = _IMPORT if address.endswith(".js") else _STYLE_URL
        named = {urljoin(address, match["path"]) for match in pattern.finditer(found[address])}
        waiting |= {name for name in named if name.startswith(url)} - found.keys()
    return found


async def test_page_is_served_as_html(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """The page is there with any choice of people, and is never taken from a cache without asking."""
    for query in ("", "?person=1", "?people=1,2"):
        async with browser.get(f"{sandbox.url}/chat/{query}") as reply:
            assert reply.content_type == "text/html"
            assert reply.headers["Cache-Control"] == "no-cache"


async def test_policy_lets_only_own_files_run(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """Nothing is allowed by default, scripts and styles come from the page's own server, and no other server
    frames it."""
    for path in ("", "static/chat.js", "people"):
        async with browser.get(f"{sandbox.url}/chat/{path}") as reply:
            rules = dict(rule.split(" ", 1) for rule in reply.headers["Content-Security-Policy"].split("; "))
            assert rules["default-src"] == "'none'"
            assert rules["script-src"] == "'self'"
            assert rules["style-src"] == "'self'"
            assert rules["frame-ancestors"] == "'self'"
            assert "unsafe" not in reply.headers["Content-Security-Policy"]
            assert reply.headers["X-Content-Type-Options"] == "nosniff"


async def test_page_has_nothing_that_the_policy_blocks(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """The page has no inline script, style or event handler."""
    assert _Page(await _text(browser, f"{sandbox.url}/chat/")).inline == []


async def test_every_file_of_the_page_exists(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """Every script, style and icon that the page, or one of its scripts, names is served."""
    names = {address.rsplit("/", 1)[1] for address in await _assets(browser, f"{sandbox.url}/chat/")}
    assert names >= {"chat.css", "layout.css", "chat.js", "column.js", "composer.js", "message.js", "icon.svg"}


async def test_every_drawn_symbol_exists(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """Each icon that a button uses is among the page's symbols, and none is left over."""
    page = _Page(await _text(browser, f"{sandbox.url}/chat/"))
    assert page.uses == page.symbols


async def test_page_names_no_other_server(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """No file of the page holds an address of another server: it works without the internet."""
    url = f"{sandbox.url}/chat/"
    for address, text in {url: await _text(browser, url), **await _assets(browser, url)}.items():
        found = [match for match in _ADDRESS.findall(text) if match != _NAMESPACE]
        assert found == [], address


async def test_captions_say_who_is_who(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """The page learns by user id what each person is, and which language the app of a newcomer speaks."""
    async with browser.get(f"{sandbox.url}/chat/people") as reply:
        assert await reply.json() == {"captions": {"1": "client", "2": "operator"}, "language": "es"}


async def test_files_outside_of_the_page_stay_hidden(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    """A path that climbs out of the page's folder, and the folder itself, are refused."""
    for path in ("..%2fpage.py", "%2e%2e/page.py", ""):
        async with browser.get(f"{sandbox.url}/chat/static/{path}", raise_for_status=False) as reply:
            assert reply.status in {403, 404}


async def test_faults_reach_the_page(sandbox: Sandbox, page: ChatPage, browser: aiohttp.ClientSession) -> None:
    """The page can be told to fail once, as every stand-in can."""
    page.faults.add(Fault(where="GET /chat/people", kind="status", status=503))
    async with browser.get(f"{sandbox.url}/chat/people", raise_for_status=False) as reply:
        assert reply.status == 503
    async with browser.get(f"{sandbox.url}/chat/people") as reply:
        assert reply.status == 200
