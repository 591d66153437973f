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
    Kind(
        "minimum_score",
        N_("Minimum score of {type}: {new}"),
        (
            N_("It was {present}, and {audits} audits spoke for another one, {bad} of them bad."),
            N_("In your last 30 days, {more} more drafts would have passed alone, and {fewer} fewer."),
        ),
        N_("It counts for new briefs."),
    ),
    Kind(
        "price",
        N_("Price of {type}: {new_money}"),
        (N_("It was {present_money}; last month left {margin_share} of the revenue, at the new price {would_share}."),),
        N_("It counts for new quotes."),
    ),
    Kind(
        "kpi_target",
        N_("{what}: target {new_value}"),
        (
            N_("The target is {target_value}; the last 30 days came to {actual_value}."),
            N_("Of the last {readings} weekly readings {met} met the target; {would} would have met {new_value}."),
        ),
        N_("Adopting it changes the target at once; /kpis shows it."),
    ),
    Kind(
        "more_approvers",
        N_("One more person who approves"),
        (
            N_("In 30 days {all} approvals were asked for; {late} waited over {limit_hours}, up to {longest_hours}."),
            N_("Answered within {limit_hours}, these would have been done {saved_hours} sooner on average."),
            N_("People who may approve: {people}."),
        ),
        N_("To do it: /people invites another admin."),
    ),
    Kind(
        "role_less",
        N_("{name} as an operator"),
        (
            N_("In {days} days {name} did {deeds} things here."),
            N_("As an operator, {refused} of them would have been refused."),
        ),
        N_("To do it: /person_{person}. EchoPilot does not change it by itself."),
    ),
    Kind(
        "refund_cap",
        N_("At most {cap} refunds a day by one person"),
        (
            N_("In 30 days {name} asked for {n} of {all} refunds, up to {busiest} within a day."),
            N_("With at most {cap}, {held} of these would have waited for somebody else."),
        ),
    ),
    Kind(
        "month_ceiling",
        N_("{new_usd} a month for models"),
        (
            N_("Models cost {spent_usd} in {days} days; the limit of a month is {present_usd}."),
            N_("With that limit, the last {dry} of these days would have had no budget; with {new_usd} none."),
        ),
    ),
)
BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
