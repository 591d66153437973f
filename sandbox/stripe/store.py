"""Everything the stand-in remembers: shelves of plain objects, each shaped as Stripe sends it."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from sandbox.memory import Memory, Remembering
from sandbox.stripe.errors import Json, missing_reference, missing_thing

Clock = Callable[[], float]


def new_id(prefix: str) -> str:
    """An id with this prefix that nothing else has."""
    return f"{prefix}_{uuid4().hex[:24]}"


class Shelf(Remembering):
    """All objects of one kind in the order of creation, found by id and by the values of `indexed` fields.

    Whoever changes an `indexed` field or the metadata of an object puts it again.
    """

    REMEMBERED = ("things", "born", "_order", "_place", "_index", "_filed")

    def __init__(self, kind: str, prefix: str, *indexed: str, clock: Clock) -> None:
        self.kind, self.prefix = kind, prefix
        self.things: dict[str, Json] = {}
        self.born: dict[str, float] = {}
        self._indexed = indexed
        self._order: list[str] = []
        self._place: dict[str, int] = {}
        self._index: dict[tuple[str, str], set[str]] = {}
        self._filed: dict[str, list[tuple[str, str]]] = {}
        self.clock = clock
        self.livemode = False
        self.twin: Shelf | None = None

    def put(self, thing: Json) -> Json:
        """Add an object, or index it again after a change of an indexed field or its metadata."""
        thing_id: str = thing["id"]
        if "livemode" in thing:
            thing["livemode"] = self.livemode
        if thing_id not in self._place:
            self._place[thing_id] = len(self._order)
            self._order.append(thing_id)
            self.born[thing_id] = self.clock()
        self.things[thing_id] = thing
        self._file(thing)
        return thing

    def drop(self, thing_id: str) -> None:
        """Forget the object; its place stays, so that lists can still start after it."""
        del self.things[thing_id]
        self._unfile(thing_id)

    def find(self, thing_id: str) -> Json:
        """The object that a path names; raises StripeError 404 `resource_missing`."""
        thing = self.things.get(thing_id)
        if thing is None:
            raise missing_thing(self.kind, thing_id, self._hint(thing_id))
        return thing

    def refer(self, thing_id: str, param: str) -> Json:
        """The object that a parameter names; raises StripeError 400 `resource_missing`."""
        thing = self.things.get(thing_id)
        if thing is None or thing.get("deleted"):
            raise missing_reference(self.kind, thing_id, param, self._hint(thing_id))
        return thing

    def where(self, field: str, value: str) -> list[Json]:
        """The objects whose indexed field (or `metadata.key`) has this value, oldest first."""
        ids = sorted(self._index.get((field, value), ()), key=self._place.__getitem__)
        return [self.things[one] for one in ids]

    def can_find_by(self, field: str) -> bool:
        return field in self._indexed or field.startswith("metadata.")

    def newest_first(self, below: str | None = None) -> Iterator[Json]:
        """All objects, newest first; only those older than the one with the id `below`."""
        start = len(self._order) if below is None else self._place[below]
        for place in range(start - 1, -1, -1):
            yield from self._present(place)

    def oldest_first(self, above: str) -> Iterator[Json]:
        """The objects newer than the one with the id `above`, oldest first."""
        for place in range(self._place[above] + 1, len(self._order)):
            yield from self._present(place)

    def place(self, thing_id: str, param: str) -> int:
        """Where in the order of creation; raises StripeError 400 for a cursor that never existed."""
        if thing_id not in self._place:
            raise missing_reference(self.kind, thing_id, param)
        return self._place[thing_id]

    def _hint(self, thing_id: str) -> str:
        """What Stripe adds where the other mode of the same account knows the id."""
        if self.twin is None or thing_id not in self.twin.things:
            return ""
        there, here = ("test", "live") if self.livemode else ("live", "test")
        return f"; a similar object exists in {there} mode, but a {here} mode key was used to make this request."

    def _present(self, place: int) -> Iterator[Json]:
        thing = self.things.get(self._order[place])
        if thing is not None and not thing.get("deleted"):
            yield thing

    def _file(self, thing: Json) -> None:
        thing_id: str = thing["id"]
        self._unfile(thing_id)
        fields = {field: thing.get(field) for field in self._indexed}
        fields |= {f"metadata.{key}": value for key, value in (thing.get("metadata") or {}).items()}
        filed = [(field, value) for field, value in fields.items() if isinstance(value, str)]
        for place in filed:
            self._index.setdefault(place, set()).add(thing_id)
        self._filed[thing_id] = filed

    def _unfile(self, thing_id: str) -> None:
        for place in self._filed.pop(thing_id, ()):
            self._index[place].discard(thing_id)


class Store:
    """The shelves of one account in one mode, and its clock (seconds since the epoch).

    An id of one mode does not exist in the other, so each mode has shelves of its own: `twin` holds the others.
    """

    def __init__(self, clock: Clock = time.time, twin: "Store | None" = None) -> None:
        self.clock = clock
        self.livemode = twin is not None
        self.account_id: str = new_id("acct") if twin is None else twin.account_id
        self.customers = Shelf("customer", "cus", "email", clock=clock)
        self.items = Shelf("invoiceitem", "ii", "customer", "invoice", clock=clock)
        self.invoices = Shelf("invoice", "in", "customer", "status", clock=clock)
        self.invoice_payments = Shelf("invoice_payment", "inpay", "invoice", clock=clock)
        self.intents = Shelf("payment_intent", "pi", "customer", clock=clock)
        self.charges = Shelf("charge", "ch", "customer", "payment_intent", clock=clock)
        self.refunds = Shelf("refund", "re", "charge", "payment_intent", clock=clock)
        self.transactions = Shelf("balance_transaction", "txn", "source", "status", clock=clock)
        self.tax_rates = Shelf("tax_rate", "txr", clock=clock)
        self.payouts = Shelf("payout", "po", clock=clock)
        self.disputes = Shelf("dispute", "du", "charge", "payment_intent", clock=clock)
        self.events = Shelf("event", "evt", "type", clock=clock)
        self.credit_notes = Shelf("credit_note", "cn", "invoice", "customer", clock=clock)
        self.balance_entries = Shelf("customer_balance_transaction", "cbtxn", "customer", clock=clock)
        self.refused: set[str] = set()  # texts about customers that Stripe says no to, beyond their shape
        for shelf in self.shelves:
            shelf.livemode = self.livemode
        if twin is not None:
            for mine, theirs in zip(self.shelves, twin.shelves, strict=True):
                mine.twin, theirs.twin = theirs, mine

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        return tuple(shelf for shelf in vars(self).values() if isinstance(shelf, Shelf))

    def memory(self) -> Memory:
        """All that it knows."""
        return {"account_id": self.account_id, "shelves": [shelf.memory() for shelf in self.shelves]}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew; shelves that an earlier one did not have stay empty."""
        self.account_id = memory["account_id"]
        for shelf, known in zip(self.shelves, memory["shelves"], strict=False):
            shelf.remember(known)

    def now(self) -> int:
        return int(self.clock())

    def by_id(self, thing_id: str) -> Json | None:
        """The object with this id on whichever shelf its prefix names."""
        prefix = thing_id.partition("_")[0]
        for shelf in self.shelves:
            if shelf.prefix == prefix:
                return shelf.things.get(thing_id)
        return None
