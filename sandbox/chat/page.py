"""The chat page: people of the Telegram stand-in talk with the bot in a browser, and no account is needed."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.faults import Faults

STATIC = Path(__file__).parent / "static"
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ChatPage:
    """Mounted by `Sandbox` beside the Telegram stand-in, whose people it shows.

    `/chat/` shows everybody, `/chat/?people=1,2` those two side by side, `/chat/?person=1` one phone.
    `captions` says by Telegram user id what a person is ("client", "operator"), to be shown behind the name; `language`
    is what the app of a person speaks who is added on the page.
    """

    name = "chat"

    def __init__(self, captions: Mapping[int, str] | None = None, language: str = "") -> None:
        self.captions = dict(captions or {})
        self.language = language
        self.faults = Faults()

    def application(self) -> web.Application:
        """Serves the page at `/`, its files at `/static/`, and at `/people` as JSON the captions and the language."""
        application = web.Application(middlewares=[_secure, self.faults.middleware])
        application.router.add_get("/", _index)
        application.router.add_get("/people", self._people)
        application.router.add_static("/static/", STATIC)
        return application

    async def close(self) -> None:
        """Nothing runs on its own here."""

    async def _people(self, _request: web.Request) -> web.Response:
        captions = {str(person): caption for person, caption in self.captions.items()}
        return web.json_response({"captions": captions, "language": self.language})


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


@web.middleware
async def _secure(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    response.headers.update(SECURITY_HEADERS)
    return response
