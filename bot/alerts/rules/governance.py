"""What can be wrong with targets and policies, as data; see `bot.alerts.rules.catalog`."""

from bot.alerts.model import Severity
from bot.alerts.rules.rule import Rule
from bot.kernel.translation import gettext_noop as N_

RULES: tuple[Rule, ...] = (
    Rule(
        "kpi_off",
        Severity.WARNING,
        N_("{kpi}: {share} off its target"),
        N_("Over the last 30 days. /kpis shows target and actual; an admin changes the target there."),
        "governance",
        nags=False,
    ),
    Rule(
        "approval_stale",
        Severity.WARNING,
        N_("Approval {approval} has waited for {hours}"),
        N_("Nobody has decided on it; after two days it has to be asked for again. /approvals lists what waits."),
        "governance",
        nags=False,
    ),
    Rule(
        "admin_unused",
        Severity.NOTICE,
        N_("{name} has not used their admin rights for {days}"),
        N_("Rights that nobody needs can only do harm. /person_{person} makes them an operator."),
        "governance",
        nags=False,
    ),
    Rule(
        "self_dealing",
        Severity.CRITICAL,
        N_("{name} decided in their own matter: {matter}"),
        N_("Somebody else has to look at it. /audit shows who did what."),
        "governance",
    ),
    Rule(
        "budget_pace",
        Severity.WARNING,
        N_("The month's model budget will not last"),
        N_(
            "{used} of {limit} is used, and {share} of the month is over. Then briefs wait. /finance shows what costs "
            "most; {setting} is the limit."
        ),
        "governance",
        nags=False,
    ),
    Rule(
        "refunds_of_one",
        Severity.WARNING,
        N_("{name} asked for {share} of all refunds"),
        N_("{count} of {all} in the last 30 days. /find shows each; look whether the reasons hold."),
        "governance",
        nags=False,
    ),
)
