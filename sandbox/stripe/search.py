"""Stripe's search: `metadata['brief']:'7' AND status:'open'` (https://docs.stripe.com/search).

The real index is not read-after-write consistent: a new object is found after up to a minute. `Search.lag` plays that.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.lists import page_limit
from sandbox.stripe.store import Shelf

FIELDS = {
    "customer": frozenset({"created", "email", "name", "phone"}),
    "invoice": frozenset({"created", "currency", "customer", "number", "receipt_number", "status", "total"}),
    "charge": frozenset({"amount", "created", "currency", "customer", "status"}),
    "payment_intent": frozenset({"amount", "created", "currency", "customer", "status"}),
}
QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
CLAUSE = re.compile(
    rf"(?P<negated>-?)(?P<field>[a-z_]+)(?:\[(?P<key>{QUOTED})\])?\s*(?P<how>:|~|>=|<=|>|<)\s*"
    rf"(?P<value>{QUOTED}|null|-?\d+)"
)
JOIN = re.compile(r"\s+(?:(?P<word>AND|OR)\s+)?", re.IGNORECASE)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ":": lambda value, wanted: bool(value == wanted),
    "~": lambda value, wanted: wanted in value,
    ">": lambda value, wanted: bool(value > wanted),
    "<": lambda value, wanted: bool(value < wanted),
    ">=": lambda value, wanted: bool(value >= wanted),
    "<=": lambda value, wanted: bool(value <= wanted),
}


@dataclass(frozen=True)
class Clause:
    """One comparison; `wanted` None asks for a field without a value."""

    field: str
    key: str | None
    how: str
    wanted: str | int | None
    negated: bool

    def fits(self, thing: Json) -> bool:
        return self._compares(thing) is not self.negated

    def _compares(self, thing: Json) -> bool:
        value = thing.get(self.field) if self.key is None else (thing.get("metadata") or {}).get(self.key)
        if value is None or self.wanted is None:
            return value is self.wanted and self.how == ":"
        if isinstance(value, str):
            return COMPARISONS[self.how](value.casefold(), str(self.wanted).casefold())
        return str(self.wanted).lstrip("-").isdecimal() and COMPARISONS[self.how](value, int(self.wanted))


class Search:
    """Answers search queries; `lag` is the time in seconds after which a new object is found."""

    def __init__(self) -> None:
        self.lag = 0.0

    def page(self, shelf: Shelf, params: Json, url: str) -> Json:
        """One page of a `search_result`, newest first; raises StripeError for a query that Stripe would not take."""
        limit = page_limit(params)
        clauses, together = parsed(params["query"], shelf.kind)
        latest = shelf.clock() - self.lag

        def matches(thing: Json) -> bool:
            return shelf.born[thing["id"]] <= latest and together(clause.fits(thing) for clause in clauses)

        found = list(islice(filter(matches, _candidates(shelf, clauses, together, params.get("page"))), limit + 1))
        more = len(found) > limit
        return {
            "object": "search_result",
            "data": found[:limit],
            "has_more": more,
            "next_page": found[limit - 1]["id"] if more else None,
            "url": url,
        }


def parsed(query: str, kind: str) -> tuple[list[Clause], Callable[[Iterable[bool]], bool]]:
    """The clauses of a query and how they go together (`all` or `any`: Stripe does not mix AND and OR)."""
    clauses: list[Clause] = []
    joins: set[str] = set()
    at = 0
    query = query.strip()
    while True:
        match = CLAUSE.match(query, at)
        if match is None:
            raise StripeError(f"We were unable to parse your search query, at position {at}: {query!r}", param="query")
        clauses.append(_clause(match, kind))
        at = match.end()
        if at == len(query):
            break
        join = JOIN.match(query, at)
        if join is None:
            raise StripeError(f"We were unable to parse your search query, at position {at}: {query!r}", param="query")
        joins.add((join["word"] or "AND").upper())
        at = join.end()
    if len(joins) > 1:
        raise StripeError("Queries cannot mix AND and OR.", param="query")
    return clauses, any if joins == {"OR"} else all


def _clause(match: re.Match[str], kind: str) -> Clause:
    field, key = match["field"], match["key"]
    if (field == "metadata") is (key is None) or (key is None and field not in FIELDS[kind]):
        raise StripeError(f"Field `{field}` is an unsupported search field for resource `{kind}s`.", param="query")
    value = match["value"]
    wanted = None if value == "null" else _unquoted(value) if value[0] in "'\"" else int(value)
    return Clause(field, None if key is None else _unquoted(key), match["how"], wanted, bool(match["negated"]))


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _candidates(
    shelf: Shelf, clauses: list[Clause], together: Callable[[Iterable[bool]], bool], after: str | None
) -> Iterable[Json]:
    place = None if after is None else shelf.place(after, "page")
    if together is all:
        for clause in clauses:
            field = clause.field if clause.key is None else f"metadata.{clause.key}"
            exact = clause.how == ":" and not clause.negated and isinstance(clause.wanted, str)
            if exact and clause.key is not None:
                things = reversed(shelf.where(field, str(clause.wanted)))
                return [one for one in things if place is None or shelf.place(one["id"], "page") < place]
    return shelf.newest_first(below=after)
