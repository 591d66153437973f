"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "brief.drafting": "Its first draft is begun.",
    "brief.heard": "Its recordings are written down.",
    "brief.drafted": "A draft is there.",
    "brief.unreadable": "A draft was not in the format that was asked for.",
    "brief.redrafting": "The gate wants another draft.",
    "brief.judged": "The judge gave a score to a text that a person wrote.",
    "brief.in_review": "People are to decide on a draft.",
    "brief.delivered": "Its client gets the work.",
    "brief.held": "It waits for room under a ceiling.",
}
