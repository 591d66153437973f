"""The named crash points: of one brief's path, from the client's message to the receipt; of a refund; of a repair."""

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random

from bot.invoices.events import OCCASIONS

SIDES = ("before", "after")
# How often each place is passed at most on the path of a brief that needs no person.
COMMITS = 45
VERBS = {
    "telegram.send": 5,
    "telegram.edit": 7,
    "telegram.answer": 1,
    "openai.ask": 3,
    "stripe.customer": 1,
    "stripe.invoice": 1,
    "stripe.read_invoice": 3,
    "stripe.call": 9,
    "notion.find_row": 2,
    "notion.make_row": 2,
    "notion.change_row": 3,
}
WEBHOOKS = (
    *("invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"),
    *("invoice_payment.paid", "charge.updated"),
)
# With a person's decision: three drafts are judged, a card goes to the operators, and the tap comes.
REVIEWED_COMMITS = 60
# A refund that one other person approves, from /refund until the client was told; a second key and its fuse add some.
REFUND_COMMITS, TWO_KEYS_COMMITS = 44, 50
REFUND_VERBS = {"telegram.send": 8, "telegram.edit": 4, "stripe.charges": 5, "stripe.refund": 1, "stripe.call": 12}
REFUND_WEBHOOKS = ("refund.created", "charge.refunded")
# From [Compare now] until the ledger is repaired.
REPAIR_COMMITS = 22
REPAIR_VERBS = {"stripe.moves": 1, "stripe.read_invoice": 1, "stripe.call": 6}


def every_point() -> list[str]:
    """All points, those that are passed first in the life of a client first."""
    verbs = _of_verbs(VERBS)
    first = [point for point in verbs if point.startswith("stripe.customer")]
    rest = [point for point in verbs if point not in first]
    return first + _commits(COMMITS) + rest + _of_webhooks(WEBHOOKS)


def reviewed_points() -> list[str]:
    """Points on the longer path by way of an operator."""
    return [f"commit:after:{n}" for n in range(1, REVIEWED_COMMITS + 1)]


def refund_points() -> list[str]:
    """Points on the path of a refund that one other person approves."""
    return _commits(REFUND_COMMITS) + _of_verbs(REFUND_VERBS) + _of_webhooks(REFUND_WEBHOOKS)


def two_keys_points() -> list[str]:
    """Points on the longer path of one that two approve, and that can be stopped for a while."""
    return [f"commit:after:{n}" for n in range(1, TWO_KEYS_COMMITS + 1)]


def repair_points() -> list[str]:
    """Points on the path of a mismatch that is found and repaired."""
    return _commits(REPAIR_COMMITS) + _of_verbs(REPAIR_VERBS)


def _commits(count: int) -> list[str]:
    return [f"commit:{side}:{n}" for n, side in product(range(1, count + 1), SIDES)]


def _of_verbs(verbs: Mapping[str, int]) -> list[str]:
    return [f"{name}:{side}:{n}" for name, times in verbs.items() for n in range(1, times + 1) for side in SIDES]


def _of_webhooks(kinds: Sequence[str]) -> list[str]:
    """Before it is kept, and once it was dealt with, if it is."""
    dealt = [f"event {kind}:after:1" for kind in kinds if kind in OCCASIONS]
    return [f"webhook {kind}:after:1" for kind in kinds] + dealt


def some_pairs(count: int, seed: int) -> Sequence[tuple[str, str]]:
    """Pairs of points: the second is counted from the start that follows the first."""
    random, points = Random(seed), every_point()
    return [(random.choice(points), random.choice(points)) for _ in range(count)]
