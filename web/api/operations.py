"""Every operation of the API, once: routes and document are made of this table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp.typedefs import Handler
from pydantic import BaseModel

from web.api import briefs, status, tokens
from web.api.schemas import AccessToken, Brief, BriefOrder, KeyToExchange, Result, Stats, Status

# What may come of any call, beside what it is made for.
COMMON = {
    400: "It cannot be read.",
    404: "There is no such thing.",
    405: "The path has no such method.",
    429: "Too many calls, or the month's briefs are all ordered; Retry-After says when to come again.",
    503: "It cannot be answered just now; Retry-After says when to come again.",
}
SIGNED_IN = {401: "The token does not count (any more).", 403: "The partner's client may not do that."}
WITH_BODY = {413: "The body is too large.", 415: "It is no application/json.", 422: "The body is not as it should be."}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. refusals: what else may come, by status, in words. signed_in: whether it takes a token.

    key: whether it takes an Idempotency-Key.
    """

    method: Literal["get", "post"]
    path: str
    name: str
    summary: str
    handler: Handler
    answer: type[BaseModel]
    says: str
    status: int = 200
    body: type[BaseModel] | None = None
    refusals: Mapping[int, str] = field(default_factory=dict)
    signed_in: bool = True
    key: bool = False

    def all_refusals(self) -> dict[int, str]:
        """Every status but the one that it is made for."""
        found = COMMON | (SIGNED_IN if self.signed_in else {}) | (WITH_BODY if self.body is not None else {})
        return dict(sorted({**found, **self.refusals}.items()))


OPERATIONS = (
    Operation(
        "post", "/tokens", "exchangeKey", "Exchange a partner's key for a token of 15 minutes.", tokens.exchange,
        AccessToken, "A token.", body=KeyToExchange, signed_in=False,
        refusals={401: "The key does not count."},
    ),
    Operation(
        "post", "/briefs", "orderBrief", "Order a brief. The same Idempotency-Key again has the same answer.",
        briefs.order, Brief, "The brief, which is under way.", status=201, body=BriefOrder, key=True,
        refusals={409: "An order with that key is being dealt with, or the price is another one."},
    ),
    Operation("get", "/briefs/{id}", "getBrief", "Where a brief stands.", briefs.show, Brief, "The brief."),
    Operation(
        "get", "/briefs/{id}/result", "getResult", "The finished work.", briefs.result, Result, "The work.",
        refusals={409: "There is no result (yet)."},
    ),
    Operation("get", "/stats", "getStats", "The month: quota, briefs, prices.", briefs.stats, Stats, "The month."),
    Operation(
        "get", "/status", "getStatus", "How well it runs, for everybody.", status.show, Status, "How well it runs.",
        signed_in=False, refusals={304: "As it was when its ETag was given."},
    ),
)  # fmt: skip
