"""Signing in and out: by a link of the chat, by the dashboard key, or inside Telegram."""

import math

from aiohttp import web

from bot.kernel.errors import Refusal
from bot.kernel.text.storable import read_json
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.sessions.init_data import LONGEST as LONGEST_INIT_DATA
from bot.sessions.model import LINK_LIFETIME, TooOften
from web.bodies import body_of
from web.keys import SERVICES
from web.security import IN_TELEGRAM
from web.site import strangers
from web.site.rendering import base_of, render
from web.site.visits import (
    FORM,
    SESSION,
    caller,
    form_cookie,
    form_of,
    form_token,
    keep,
    kept,
    signed_in,
    stranger_reads,
    visitor,
)

LONGEST_CODE = 64


async def sign_in(request: web.Request) -> web.Response:
    """GET /sign-in: how to come in; whoever is in already goes on."""
    await strangers.count(request)
    if await visitor(request) is not None:
        return _to_pages(request)
    return await _asked(request, "sign_in.html")


async def by_key(request: web.Request) -> web.Response:
    """POST /sign-in: by the dashboard key."""
    with reading_as(stranger_reads(request)):
        fields = await form_of(request, kept(request, FORM))
        try:
            done = await request.app[SERVICES].sessions.by_key(fields.get("key", "")[:200], caller(request))
        except Refusal as refusal:
            return await _asked(request, "sign_in.html", refusal)
    return signed_in(request, done, _to_pages(request))


async def link(request: web.Request) -> web.Response:
    """GET /sign-in/CODE: a button. What only looks at the link, such as a chat's preview of it, uses nothing up."""
    await strangers.count(request)
    return await _asked(request, "link.html")


async def by_link(request: web.Request) -> web.Response:
    """POST /sign-in/CODE: by the link."""
    with reading_as(stranger_reads(request)):
        await form_of(request, kept(request, FORM))
        try:
            code = request.match_info["code"][:LONGEST_CODE]
            done = await request.app[SERVICES].sessions.by_link(code, caller(request))
        except Refusal as refusal:
            return await _asked(request, "sign_in.html", refusal)
    return signed_in(request, done, _to_pages(request))


async def telegram(request: web.Request) -> web.Response:
    """GET /telegram: what Telegram opens. Its script hands on what Telegram says of who opened it."""
    await strangers.count(request)
    with reading_as(stranger_reads(request)):
        response = await render(request, "telegram.html")
    response.headers["Content-Security-Policy"] = IN_TELEGRAM
    return response


async def by_telegram(request: web.Request) -> web.Response:
    """POST /telegram: by `initData`, exchanged for a session at once. Only a script of ours sends JSON here."""
    if request.content_type != "application/json" or request.headers.get("Sec-Fetch-Site", "") == "cross-site":
        raise web.HTTPUnsupportedMediaType
    try:
        given = read_json((await body_of(request))[: 2 * LONGEST_INIT_DATA])
    except ValueError:
        given = None
    init_data = given.get("init_data") if isinstance(given, dict) else None
    with reading_as(stranger_reads(request)):
        try:
            done = await request.app[SERVICES].sessions.by_telegram(
                init_data if isinstance(init_data, str) else "", caller(request)
            )
        except Refusal as refusal:
            return web.Response(status=_status(refusal), text=f"{refusal}\n", headers=_when(refusal))
    return signed_in(request, done, web.Response(status=204))


async def sign_out(request: web.Request) -> web.Response:
    """POST /sign-out: end this session. Another site's form brings no cookie along, and has the browser lose none."""
    response = web.Response(status=303, headers={"Location": f"{base_of(request)}/"})
    found = await visitor(request)
    if found is None:
        return response
    who, session = found
    with reading_as(who.reader):
        await form_of(request, kept(request, SESSION))
    await request.app[SERVICES].sessions.end(who, session.id)
    keep(request, response, SESSION, "", 0)
    return response


async def _asked(request: web.Request, template: str, refusal: Refusal | None = None) -> web.Response:
    """The page with its form, and the browser's cookie that the form belongs to."""
    secret = form_cookie(request)
    with reading_as(stranger_reads(request)):
        response = await render(
            request,
            template,
            200 if refusal is None else _status(refusal),
            form=form_token(secret),
            refusal="" if refusal is None else str(refusal),
            title=_("Sign in"),
        )
    keep(request, response, FORM, secret, round(LINK_LIFETIME.total_seconds()) * 6)
    response.headers.update(_when(refusal))
    return response


def _status(refusal: Refusal) -> int:
    return 429 if isinstance(refusal, TooOften) else 403


def _when(refusal: Refusal | None) -> dict[str, str]:
    """After how many seconds to come again."""
    if not isinstance(refusal, TooOften):
        return {}
    return {"Retry-After": str(max(1, math.ceil(refusal.after.total_seconds())))}


def _to_pages(request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{base_of(request)}/overview"})
