"""`expand[]`: ids in an answer replaced by what they name (https://docs.stripe.com/api/expanding_objects)."""

from collections.abc import Callable
from typing import Any

from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.store import Store

DEEPEST = 4
# What an invoice payment is paid by: it has the one member that its `type` names.
ONE_OF = frozenset({"payment_intent", "charge", "payment_record"})
Compute = Callable[[Json], Json | None]


class Expansion:
    """Expands answers without changing what is stored.

    `computed` holds the members that are sent only when asked for, by (object, member): an invoice's `payments`, say.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.computed: dict[tuple[str, str], Compute] = {}

    def expanded(self, thing: Json, paths: list[str]) -> Json:
        """A copy with every path (`data.customer`, `payments.data.payment.payment_intent`) filled in.

        Raises StripeError for a member that cannot be expanded, or a path of more than four levels.
        """
        heads: dict[str, list[str]] = {}
        for path in paths:
            if path.count(".") >= DEEPEST + path.startswith("data."):
                raise StripeError(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}")
            head, _, rest = path.partition(".")
            heads.setdefault(head, []).extend([rest] if rest else [])
        result = dict(thing)
        for head, rests in heads.items():
            if head not in thing and head in ONE_OF and thing.get("type") in ONE_OF:
                continue
            result[head] = self._within(self._child(thing, head), rests)
        return result

    def _within(self, child: Any, rests: list[str]) -> Any:
        if isinstance(child, list):
            return [self._within(one, rests) for one in child]
        return self.expanded(child, rests) if isinstance(child, dict) and rests else child

    def _child(self, thing: Json, head: str) -> Any:
        compute = self.computed.get((str(thing.get("object")), head))
        if compute is not None:
            return compute(thing)
        value = thing.get(head)
        if isinstance(value, (dict, list)) or (value is None and head in thing):
            return value
        named = self._store.by_id(value) if isinstance(value, str) and head != "id" else None
        if named is None:
            raise StripeError(f"This property cannot be expanded ({head}).", param="expand")
        return named
