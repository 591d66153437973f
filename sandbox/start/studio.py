"""The dashboard of the demo's EchoPilot below the sandbox's own address, so that the start page can frame it."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from bot.kernel.errors import EchoPilotError
from sandbox.faults import Faults

_FORM = re.compile(r'name="form" value="([0-9a-f]+)"')
# What is between two programs that speak with each other, and no business of a third. RFC 9110 7.6.1
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "host"}
# EchoPilot lets nobody frame its pages, in the demo either. The sandbox serves both the start page and what it frames,
# so it says of its own copy, and of no other, that its own address may.
_NOBODY, _OWN_ADDRESS = "frame-ancestors 'none'", "frame-ancestors 'self'"


class NotSignedIn(EchoPilotError):
    """A link to sign in by did not let anybody in."""


class Studio:
    """A proxy, mounted by `Sandbox` at `/studio/`: what EchoPilot serves below the path of its PUBLIC_URL.

    `address` is where EchoPilot itself listens; it is set once that is known.
    """

    name = "studio"

    def __init__(self) -> None:
        self.address = ""
        self.faults = Faults()
        self._session: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        """Hands on whatever is asked."""
        application = web.Application(middlewares=[self.faults.middleware])
        application.router.add_route("*", "/{path:.*}", self._hand_on)
        return application

    async def close(self) -> None:
        """Let go of the connections to EchoPilot."""
        if self._session is not None:
            await self._session.close()

    def path(self, path: str) -> str:
        """Where a page of the dashboard is at the sandbox."""
        return f"/{self.name}{path}"

    async def lets_in(self, cookies: Mapping[str, str]) -> bool:
        """Whether whoever has these cookies is signed in: they are led past the way in."""
        async with self._browser.get(self._there("/sign-in"), cookies=cookies, allow_redirects=False) as answer:
            return answer.status == 303

    async def sign_in(self, link: str, device: str) -> Sequence[str]:
        """Use a link of the chat up, as a browser does by its button; returns the cookies to set. Raises NotSignedIn.

        device: the browser's User-Agent, by which `/sessions` lists it.
        """
        address, headers = self.address + urlsplit(link).path, {"User-Agent": device}
        async with self._browser.get(address, headers=headers) as page:
            found, cookies = _FORM.search(await page.text()), {name: one.value for name, one in page.cookies.items()}
        form = {"form": found[1]} if found is not None else {}
        sent = self._browser.post(address, data=form, cookies=cookies, headers=headers, allow_redirects=False)
        async with sent as answer:
            if answer.status != 303:
                raise NotSignedIn(f"The link to sign in by was answered with {answer.status}.")
            return answer.headers.getall("Set-Cookie")

    async def read(self, path: str, cookies: Sequence[str]) -> str:
        """The HTML of a page, to whoever has these cookies set. Raises NotSignedIn where it is not shown."""
        sent = {"Cookie": "; ".join(one.partition(";")[0] for one in cookies)}
        async with self._browser.get(self._there(path), headers=sent, allow_redirects=False) as answer:
            if answer.status != 200:
                raise NotSignedIn(f"{path} was answered with {answer.status}.")
            return await answer.text()

    def _there(self, path: str) -> str:
        return self.address + self.path(path)

    @property
    def _browser(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def _hand_on(self, request: web.Request) -> web.StreamResponse:
        headers = _without(request.headers) | {"Accept-Encoding": "identity"}
        address, body = URL(f"{self.address}{request.rel_url.raw_path_qs}", encoded=True), await request.read()
        sent = self._browser.request(request.method, address, headers=headers, data=body, allow_redirects=False)
        async with sent as answer:
            response = web.StreamResponse(status=answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    response.headers.add(name, value.replace(_NOBODY, _OWN_ADDRESS))
            await response.prepare(request)
            async for piece in answer.content.iter_any():
                await response.write(piece)
            return response


def _without(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _HOP_BY_HOP}
