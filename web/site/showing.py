"""What somebody who is signed in asks for, shown as a page or given as a file."""

from aiohttp import hdrs, web

from bot.access.model import Person
from bot.kernel.translation import reading_as
from bot.sessions.model import Session
from web.keys import SERVICES
from web.site.blocks import Page
from web.site.files import streamed
from web.site.rendering import base_of, render
from web.site.sections import IN_THE_BAR, seen_by
from web.site.strangers import too_many
from web.site.visits import RATE, SESSION, Handler, MakePage, Visit, form_token, kept, visitor

OF_A_PAGE = {"before", "after"}


def page(make: MakePage) -> Handler:
    """A handler that shows the page to whoever is signed in, and others the way in."""

    async def handler(request: web.Request) -> web.StreamResponse:
        found = await visitor(request)
        if found is None:
            raise web.HTTPSeeOther(f"{base_of(request)}/sign-in")
        who, session = found
        if (seconds := request.app[RATE].wait(str(session.id))) > 0:
            raise too_many(seconds)
        with reading_as(who.reader):
            visit = _visit(request, who, session)
            made = await make(visit)
            if visit.whole and made.file is not None:
                return await streamed(request, make, visit, made.file)
            return await _shown(request, who, made)

    return handler


def _visit(request: web.Request, who: Person, session: Session) -> Visit:
    """A file is of the whole list, on whichever of its pages its reader is; and nobody is given one by HEAD."""
    asks = dict(request.query)
    if request.method != hdrs.METH_GET:
        asks.pop("file", None)
    visit = Visit(request.app[SERVICES], who, session, request.match_info, asks)
    if visit.whole:
        for name in OF_A_PAGE & asks.keys():
            del asks[name]
    return visit


async def _shown(request: web.Request, who: Person, made: Page) -> web.Response:
    """The page within the dashboard."""
    sections = seen_by(who)
    return await render(
        request,
        "page.html",
        page=made,
        who=who,
        sections=sections,
        bar=sections[:IN_THE_BAR] if len(sections) > IN_THE_BAR + 1 else sections,
        query=dict(request.query),
        form=form_token(kept(request, SESSION)),
    )
