"""Every kind of proposal, as data: its words, whose placeholders are the facts that it is made with.

Facts are texts and whole numbers, put into the reader's words by their names: `…share` is in hundredths, `…usd` in
millionths of a dollar, `…hours` a time, `…money` an amount in minor units with its currency ("12000 USD"), `type` a
type of brief, `what` a sentence of the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.kernel.translation import gettext_noop as N_

RESTART = N_("To do it: set {setting} and restart. EchoPilot does not change it by itself.")


@dataclass(frozen=True, slots=True)
class Kind:
    """headline: what is proposed. evidence: what it rests on, and what the last 30 days would have been. to_do: what
    adopting it asks of people, or does by itself.
    """

    name: str
    headline: str
    evidence: tuple[str, ...]
    to_do: str = RESTART


KINDS: tuple[Kind, ...] = (
    Kind(
        "better_model",
        N_("{model} for {type}"),
        (
            N_("Now, over 30 days: {present} approved {present_share}, {present_usd} a draft"),
            N_("Instead: {model} approved {model_share}, {model_usd} a draft"),
            N_("Your last 30 days would have cost {saved_usd} less, for {drafts} drafts."),
        ),
    ),
    Kind(
        "concurrency",
        N_("{n} tasks at once"),
        (
            N_("The setting says {present}; workers have run {n} for {held_hours}: {reason}"),
            N_("Tasks waited in {busy} of the {all} hours of the last 30 days."),
        ),
    ),
)
BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
