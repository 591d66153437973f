"""The page that a demo opens on: the chats beside the dashboard, each in a frame."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from string import Template

from aiohttp import web

from sandbox.faults import Faults
from sandbox.start.studio import Studio
from sandbox.start.words import LABELS

STATIC = Path(__file__).parent / "static"
RIGHT_TO_LEFT = {"ur"}
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
AskForLink = Callable[[], Awaitable[str]]


class StartPage:
    """Mounted by `Sandbox` beside the chat page and the studio, at `/start/`.

    `language` is what it is written in; of the chats those of `people` are shown, by default all. `link` has the
    played admin ask the bot for a link to sign in by, and gives it back; until somebody sets it, the dashboard's own
    way in is shown.
    """

    name = "start"

    def __init__(self, studio: Studio, language: str = "en", people: Sequence[int] = ()) -> None:
        self.language = language
        self.link: AskForLink | None = None
        self.faults = Faults()
        self._studio = studio
        self._chats = f"?people={','.join(map(str, people))}" if people else ""

    def application(self) -> web.Application:
        """Serves the page at `/`, its files at `/static/`, and at `/dashboard` the way into the dashboard's frame."""
        application = web.Application(middlewares=[self.faults.middleware])
        application.router.add_get("/", self._index)
        application.router.add_get("/dashboard", self._dashboard)
        application.router.add_static("/static/", STATIC)
        return application

    async def close(self) -> None:
        """Nothing runs on its own here."""

    async def _index(self, _request: web.Request) -> web.Response:
        direction = "rtl" if self.language in RIGHT_TO_LEFT else "ltr"
        page = Template((STATIC / "index.html").read_text())
        text = page.substitute(LABELS[self.language], language=self.language, direction=direction, chats=self._chats)
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=SECURITY_HEADERS)

    async def _dashboard(self, request: web.Request) -> web.Response:
        """To the overview, as the played admin where nobody is signed in."""
        response = web.Response(status=303, headers={"Location": self._studio.path("/overview")})
        if self.link is not None and not await self._studio.lets_in(request.cookies):
            signed_in = await self._studio.sign_in(await self.link(), request.headers.get("User-Agent", ""))
            for morsel in signed_in:
                response.headers.add("Set-Cookie", morsel)
        return response
