"""Who opens a page: their session by its cookie, their words and times, and that their forms are their own."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from bot.access.model import Person
from bot.kernel.translation import Reader, best_language, home
from bot.kernel.translation import gettext as _
from bot.services import Services
from bot.sessions.model import LONGEST, Session, device_of
from bot.sessions.service import Caller, SignedIn
from web.bodies import body_of
from web.keys import CALLERS, SERVICES
from web.rates import Rate
from web.site.blocks import Page

SESSION, FORM = "echopilot", "echopilot-form"
LARGEST_FORM = 16_384
MOST_FIELDS = 20
PAGES_A_MINUTE = 240
CSV = "csv"
OURS = re.compile("[A-Za-z0-9_-]{1,64}")  # whatever we have a browser keep is written so
RATE: web.AppKey[Rate] = web.AppKey("pages", Rate)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that somebody who is signed in asks for. names: what the path says; query: what stands behind it.

    whole: it is for a file, so that lists give more rows.
    """

    services: Services
    who: Person
    session: Session
    names: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def whole(self) -> bool:
        return self.query.get("file") == CSV


MakePage = Callable[[Visit], Awaitable[Page]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def visitor(request: web.Request, *, used: bool = True) -> tuple[Person, Session] | None:
    """Who is signed in; None where nobody is. used: it counts as a use of their session."""
    token = kept(request, SESSION)
    return await request.app[SERVICES].sessions.of(token, used=used) if token else None


def stranger_reads(request: web.Request) -> Reader:
    """In which words to speak with somebody who is not known: as the address says, else as their browser does."""
    said = [part.partition(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    chosen = request.query.get("lang", "")
    return Reader(best_language(*filter(None, [chosen, *said[:10], home().language])), home().zone)


def caller(request: web.Request) -> Caller:
    """From where they come."""
    return Caller(request.app[CALLERS].address(request), device_of(request.headers.get("User-Agent", "")[:500]))


def cookie(request: web.Request, name: str) -> str:
    """How a cookie is called: browsers let nobody but this very host set one that begins so, and only by https.

    https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
    """
    return f"__Host-{name}" if _by_https(request) else name


def _by_https(request: web.Request) -> bool:
    return request.app[SERVICES].settings.pages_url.startswith("https:")


def kept(request: web.Request, name: str) -> str:
    """What the browser kept for us by that name; "" where that is nothing, or nothing of ours."""
    value = request.cookies.get(cookie(request, name), "")
    return value if OURS.fullmatch(value) else ""


def keep(request: web.Request, response: web.Response, name: str, value: str, seconds: int) -> None:
    """Have the browser keep a cookie that no script reads and no other site brings along."""
    safe = {"httponly": True, "samesite": "Strict", "path": "/", "secure": _by_https(request)}
    response.set_cookie(cookie(request, name), value, max_age=seconds, **safe)  # type: ignore[arg-type]


def signed_in(request: web.Request, done: SignedIn, response: web.Response) -> web.Response:
    """The answer to a sign-in, which brings the session's cookie; the form's is forgotten."""
    keep(request, response, SESSION, done.token, round(LONGEST.total_seconds()))
    response.del_cookie(cookie(request, FORM), path="/", secure=_by_https(request), httponly=True, samesite="Strict")
    return response


def form_cookie(request: web.Request) -> str:
    """What the browser of somebody who signs in is known by; a new one where it has none."""
    return kept(request, FORM) or secrets.token_urlsafe(16)


def form_token(secret: str) -> str:
    """What a form carries, so that it is known to be ours: only who sees the cookie could make it."""
    return hashlib.sha256(f"form:{secret}".encode()).hexdigest()


async def form_of(request: web.Request, secret: str) -> Mapping[str, str]:
    """The fields of a form of ours. Raises HTTPForbidden where it is another site's, or of a page that is too old."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > LARGEST_FORM:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_FORM, actual_size=request.content_length or 0)
    body = (await body_of(request))[: LARGEST_FORM + 1]
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise web.HTTPBadRequest(text="The form cannot be read.\n") from None
    given, wanted = fields.get("form", ""), form_token(secret)
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    if not (ours and secret and hmac.compare_digest(given.encode(errors="replace"), wanted.encode())):
        raise web.HTTPForbidden(text=_("This form was open too long. Go back, load the page anew and try again."))
    return fields
