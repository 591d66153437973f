"""The named crash points of one brief's path, from the client's message to the receipt."""

from collections.abc import Sequence
from itertools import product
from random import Random

from bot.invoices.events import OCCASIONS

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


def every_point() -> list[str]:
    """All points, those that are passed first in the life of a client first."""
    sides = ("before", "after")
    verbs = [f"{name}:{side}:{n}" for name, times in VERBS.items() for n in range(1, times + 1) for side in sides]
    first = [point for point in verbs if point.startswith("stripe.customer")]
    commits = [f"commit:{side}:{n}" for n, side in product(range(1, COMMITS + 1), sides)]
    hooks = [f"webhook {kind}:after:1" for kind in WEBHOOKS]
    dealt = [f"event {kind}:after:1" for kind in WEBHOOKS if kind in OCCASIONS]
    return first + commits + [point for point in verbs if point not in first] + hooks + dealt


def reviewed_points() -> list[str]:
    """Points on the longer path by way of an operator."""
    return [f"commit:after:{n}" for n in range(1, REVIEWED_COMMITS + 1)]


def some_pairs(count: int, seed: int) -> Sequence[tuple[str, str]]:
    """Pairs of points: the second is counted from the start that follows the first."""
    random, points = Random(seed), every_point()
    return [(random.choice(points), random.choice(points)) for _ in range(count)]
