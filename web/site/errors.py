"""What people read where a page cannot be shown; programs read the plain words that they always did."""

import structlog
from aiohttp import web

from bot.access.model import Person
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import reading_as
from web.site.rendering import base_of, render
from web.site.visits import stranger_reads, visitor

log = structlog.get_logger(__name__)
FOR_PROGRAMS = ("/api/", "/webhooks/", "/healthz", "/readyz", "/metrics", "/static/", "/live")
OTHERWISE = N_("Something went wrong on our side. It is written down; please try again in a moment.")
WORDS = {
    403: N_("You may not see this page."),
    404: N_("There is nothing here. Perhaps the address is mistyped, or what it led to is not yours to see."),
    405: N_("This page is only to be looked at."),
    408: N_("Your request took too long to arrive. Please try again."),
    413: N_("That is more than this page takes."),
    415: N_("This page does not read what was sent."),
    429: N_("That was too often in one minute. Please wait a moment."),
    503: N_("Nothing can be kept just now. Please come again in a minute."),
}


async def page_of(request: web.Request, error: Exception) -> web.Response | None:
    """The refusal or error as a page, for whoever reads with a browser; None for a program, which gets plain words."""
    if isinstance(error, Refusal):
        if _for_a_program(request):
            return None
        return await _told(request, 403 if isinstance(error, Forbidden) else 404, str(error), {})
    if not _by_a_browser(request):
        return None
    if not isinstance(error, web.HTTPException):
        log.error("a page cannot be shown", route=str(request.match_info.route.resource), exc_info=error)
        return await _told(request, 500, "", {})
    if error.status < 400:
        return None
    kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
    own = error.text if error.status == 403 and error.text and "403:" not in error.text else ""
    return await _told(request, error.status, own or "", kept)


def _by_a_browser(request: web.Request) -> bool:
    return "text/html" in request.headers.get("Accept", "") and not _for_a_program(request)


def _for_a_program(request: web.Request) -> bool:
    return request.path.removeprefix(base_of(request)).startswith(FOR_PROGRAMS)


async def _told(request: web.Request, status: int, words: str, headers: dict[str, str]) -> web.Response:
    found = None if status in {500, 503} else await _who(request)  # the database is perhaps what is wrong
    with reading_as(found.reader if found is not None else stranger_reads(request)):
        said = words or _(WORDS.get(status, OTHERWISE))
        response = await render(request, "message.html", status, code=status, words=said, who=found)
    response.headers.update(headers)
    return response


async def _who(request: web.Request) -> Person | None:
    found = await visitor(request)
    return None if found is None else found[0]
