"""A person's own data, by the link that the chat gave them: a page with a button, and the file, once."""

from aiohttp import hdrs, web

from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.sessions.model import LINK_LIFETIME
from web.keys import SERVICES
from web.site import strangers
from web.site.rendering import render
from web.site.visits import FORM, form_cookie, form_of, form_token, keep, kept, stranger_reads

LONGEST_CODE = 64


async def page(request: web.Request) -> web.Response:
    """GET /my-data/CODE: a button. What only looks at the link, such as a chat's preview of it, uses nothing up."""
    await strangers.count(request)
    return await _shown(request)


async def file(request: web.Request) -> web.Response:
    """POST /my-data/CODE: the file."""
    await strangers.count(request)
    with reading_as(stranger_reads(request)):
        await form_of(request, kept(request, FORM))
        try:
            code = request.match_info["code"][:LONGEST_CODE]
            document = await request.app[SERVICES].privacy.by_link(code)
        except Refusal as refusal:
            return await _shown(request, refusal)
    headers = {
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{document.name}"',
        hdrs.CACHE_CONTROL: "no-store",
    }
    return web.Response(body=document.data, content_type="application/zip", headers=headers)


async def _shown(request: web.Request, refusal: Refusal | None = None) -> web.Response:
    secret = form_cookie(request)
    with reading_as(stranger_reads(request)):
        response = await render(
            request,
            "own_data.html",
            200 if refusal is None else 403,
            form=form_token(secret),
            refusal="" if refusal is None else str(refusal),
            title=_("Your data"),
        )
    keep(request, response, FORM, secret, round(LINK_LIFETIME.total_seconds()) * 6)
    return response
