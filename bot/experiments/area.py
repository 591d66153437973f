"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "duel.started": "Two prompts are compared on live briefs.",
    "duel.stopped": "Somebody ended it.",
    "duel.won_a": "The first prompt won.",
    "duel.won_b": "The second prompt won.",
    "duel.undecided": "It ended without a winner.",
}
