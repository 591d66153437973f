"""Briefs by the API: ordered once, followed, fetched."""

import hashlib
import re

from aiohttp import web

from bot.briefs import model
from bot.kernel.task_type import TaskType
from bot.partners.model import Caller, shown
from web.api.problems import problem
from web.api.requests import limits, read, said, signed_in, text
from web.api.schemas import Brief, BriefOrder, PriceOfType, Result, Stats
from web.keys import SERVICES

KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEY_HEADER = "Idempotency-Key"


@signed_in("orders")
async def order(request: web.Request, caller: Caller) -> web.Response:
    """POST /api/v1/briefs."""
    key = request.headers.get(KEY_HEADER, "")
    if not KEY.fullmatch(key):
        detail = "Send a header Idempotency-Key, 1 to 255 letters without spaces, such as a UUID, one for each order."
        return problem(400, "no-key", "The Idempotency-Key is missing, or is none", detail)
    body = await read(request, BriefOrder)
    if isinstance(body, web.Response):
        return body
    ordering = request.app[SERVICES].partners.ordering
    answered = await ordering.order(caller, key, body.order(), as_json)
    headers = {"Location": f"{request.path}/{answered.brief_id}", **limits("month", await ordering.month(caller))}
    headers |= {"Idempotency-Replayed": "true"} if answered.replayed else {}
    return text(answered.answer, 201, **headers)


def as_json(brief: model.Brief) -> str:
    """A brief, as it is answered."""
    return Brief.model_validate(shown(brief)).model_dump_json()


@signed_in("calls")
async def show(request: web.Request, caller: Caller) -> web.Response:
    """GET /api/v1/briefs/{id}."""
    return text(as_json(await request.app[SERVICES].partners.ordering.brief(caller, _number(request))))


@signed_in("calls")
async def result(request: web.Request, caller: Caller) -> web.Response:
    """GET /api/v1/briefs/{id}/result."""
    brief, work = await request.app[SERVICES].partners.ordering.result(caller, _number(request))
    digest = hashlib.sha256(work.encode()).hexdigest()
    return said(Result(id=brief.id, state=brief.state.value, text=work, sha256=digest))  # type: ignore[arg-type]


@signed_in("calls")
async def stats(request: web.Request, caller: Caller) -> web.Response:
    """GET /api/v1/stats."""
    month = await request.app[SERVICES].partners.ordering.stats(caller)
    prices = [
        PriceOfType(type=_named(kind), amount_minor=price.minor, currency=price.currency)  # type: ignore[arg-type]
        for kind, price in month.prices.items()
    ]
    return said(
        Stats(
            month_began=month.began,
            resets_at=month.resets,
            quota=month.quota,
            used=month.used,
            left=max(0, month.quota - month.used),
            briefs={state.value: count for state, count in month.by_state.items()},  # type: ignore[misc]
            prices=prices,
        )
    )


def _named(kind: TaskType) -> str:
    return kind.choice


def _number(request: web.Request) -> int:
    return int(request.match_info["id"])
