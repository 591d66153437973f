"""Every verb of storage, called once with made-up values: what it asks the database for matters, not what comes."""

import collections.abc
import contextlib
import dataclasses
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Select, Table, select

import storage
from bot.access.model import TENANT
from bot.audit.chain import Entry as AuditEntry
from bot.audit.chain import ring, seal
from bot.briefs.model import State
from bot.kernel.errors import EchoPilotError
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.ledger.model import Account, Entry, Line, Posting
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.tables.briefs import briefs, drafts
from tests.briefs import made_up

# The queue has an engine of its own, and what it asks is walked with the jobs.
NO_VERBS = ("engine", "migrations", "queue", "tables")
NUMBER = 1_500  # of a brief, a draft and whatever hangs on it, as `sandbox.history` makes them
NAMED: dict[str, Any] = {
    "tenant": TENANT, "currency": "USD", "limit": 10, "task_type": "research", "purpose": "draft", "zone": "UTC",
    "values": {"updated_at": datetime(2026, 11, 26, tzinfo=UTC)}, "row": {}, "table": briefs,
    "draft_ids": select(drafts.c.id).where(drafts.c.brief_id == NUMBER),
}  # fmt: skip
PLAIN: dict[Any, Any] = {
    int: NUMBER, str: "name", bool: True, float: 1.0, bytes: b"x", type(None): None, Decimal: Decimal(1), Any: "x",
    datetime: datetime(2026, 11, 26, 12, tzinfo=UTC), date: date(2026, 11, 26), timedelta: timedelta(days=1),
}  # fmt: skip
QUOTED = made_up("x", TaskType.OTHER, tenant=TENANT, id=NUMBER, version=1, state=State.QUOTED)
# Of verbs whose values have to fit together: what they are given by the names of their parameters.
GIVEN: dict[str, dict[str, Any]] = {
    "ledger.postings.post": {"posting": Posting("key", "kind", "brief:1500", (
        Line(Account.REVENUE, Money(1, "USD")), Line(Account.RECEIVABLE, Money(-1, "USD")),
    ))},
    "ledger.at_stripe.with_corrected": {"entries": [
        Entry(1, TENANT, "key", "correction", "entry:1500", datetime(2026, 11, 26, tzinfo=UTC), (), "why"),
    ]},
    "finance.counting.owners": {"references": ["invoice:1500", "refund:re_500", "dispute:dp_1", "entry:1500"]},
    "audit.seals.add": {"sealed": list(seal(ring([b"k" * 32]), TENANT, None, [
        AuditEntry(NUMBER, 1, None, None, "/status", "chat", "done"),
    ]))},
    "briefs.briefs.add": {"values": {"tenant": TENANT, "state": State.QUOTED}},
    "briefs.briefs.move": {"brief": QUOTED, "target": State.QUEUED, "values": {}},
    "alerts.alerts.change": {"values": {"nags": 1}},
    "alerts.alerts.note": {"values": {"nags": 1}},
    "search.search.find": {"kind": 1},
    "automation.queue_rows.put": {"values": {"brief_number": 1, "fingerprint": "x", "note": "x", "clears": True}},
    "automation.queue_rows.change": {"values": {"note": "x"}},
    "mirror.placements.put": {"pages": {"Job Log:brief:1500": "page"}},
    "incidents.incidents.change": {"values": {"rung": 1}},
    "incidents.incidents.note": {"values": {"rung": 1}},
    "partners.partners.change": {"values": {"enabled": True}},
    "growth.nps.change": {"values": {"score": 9}},
    "referrals.referrals.change": {"values": {"clawed_minor": 1}},
    "shares.shares.change": {"values": {"clawed_minor": 1}},
    "support.threads.change": {"values": {"waits": False}},
}  # fmt: skip
CHANGED = {"state": "failed"}  # by verbs that change whichever columns they are given
Verb = Callable[..., Awaitable[Any]]


def verbs() -> Iterator[tuple[str, Verb]]:
    """Each function that is given a connection or a transaction, by its module and name."""
    for one in pkgutil.walk_packages(storage.__path__, "storage."):
        if one.ispkg or one.name.split(".")[1] in NO_VERBS:
            continue
        for name, verb in vars(importlib.import_module(one.name)).items():
            ours = inspect.iscoroutinefunction(verb) and verb.__module__ == one.name and not name.startswith("_")
            given = list(inspect.signature(verb).parameters) if ours else []
            # what is handed its statement is walked with the verb that has it
            if given and given[0] in {"connection", "tx"} and "statement" not in given:
                yield f"{one.name.removeprefix('storage.')}.{name}", verb


async def call(database: Database, name: str, verb: Verb) -> None:
    """Call the verb of that name in a transaction that is undone, whatever comes of it but a wrong call."""

    class Undone(EchoPilotError):
        """What ends the transaction."""

    async def work(tx: Transaction) -> None:
        try:
            by_place, by_name = _values(verb, tx, GIVEN.get(name, {}))
            await verb(*by_place, **by_name)
        except (TypeError, AttributeError, NameError, RecursionError):
            raise
        except Exception as error:  # noqa: BLE001 - nothing of what it looks for is there
            raise Undone(str(error)) from None
        raise Undone("done")

    with contextlib.suppress(Undone):
        await database.write(work)


def _values(verb: Verb, tx: Transaction, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    hints = typing.get_type_hints(verb)
    by_place: list[Any] = []
    by_name: dict[str, Any] = {}
    for parameter in inspect.signature(verb).parameters.values():
        of = hints[parameter.name]
        if of in {Transaction, Connection}:
            by_place.append(tx if of is Transaction else tx.connection)
        elif parameter.kind is parameter.VAR_KEYWORD:
            by_name |= given.get(parameter.name, CHANGED)
        elif parameter.name in given:
            by_place.append(given[parameter.name])
        elif parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.default is parameter.empty:
                by_name[parameter.name] = made_of(of, parameter.name)
        elif parameter.default is parameter.empty:
            by_place.append(made_of(of, parameter.name))
    return by_place, by_name


def made_of(of: Any, name: str) -> Any:
    """Some value of the type, by its name where it has a usual one."""
    if name in NAMED and (of is Any or _fits(NAMED[name], of)):
        return NAMED[name]
    if of in PLAIN:
        return PLAIN[of]
    origin, within = typing.get_origin(of), typing.get_args(of)
    if origin in {typing.Union, types.UnionType}:
        return made_of(within[0], name)
    if origin is typing.Literal:
        return within[0]
    if origin is tuple:
        return tuple(made_of(one, "") for one in within if one is not Ellipsis)
    if origin in {collections.abc.Mapping, dict}:
        return {made_of(within[0], ""): made_of(within[1], "")}
    if origin is not None and issubclass(origin, collections.abc.Iterable):
        return [made_of(within[0], "")]
    if isinstance(of, type) and issubclass(of, Enum):
        return next(iter(of))
    if dataclasses.is_dataclass(of) and isinstance(of, type):
        return _record(of)
    raise NotImplementedError(f"nothing to give for {name}: {of}")


def _fits(value: Any, of: Any) -> bool:
    return of in {str, int, Table, Select} and isinstance(value, of)


def _record(of: type) -> Any:
    hints = typing.get_type_hints(of)
    needed = [f for f in dataclasses.fields(of) if f.init and f.default is f.default_factory is dataclasses.MISSING]
    return of(**{field.name: made_of(hints[field.name], field.name) for field in needed})
