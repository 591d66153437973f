"""What can be wrong, as data: every rule once, with how bad it is, its words, and what can be done about it.

Whoever finds something wrong calls `bot.alerts.raising.raise_` with a rule's name; the words' placeholders are the facts
that it gives. Facts are texts and whole numbers, so that every reader gets them in their own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.alerts.model import Severity
from bot.kernel.translation import gettext_noop as N_

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that can be wrong.

    headline, meaning: sentences for people, with the facts as placeholders: what it is, and what that means for them.
    group: what has one cause has one group, such as a provider. nags: whether it is told again until somebody has it.
    runbook: the name of what can safely be done about it, "" for nothing. lapses: where nothing says that it is over,
    it is over once it was not found again for so long. about_alerts: whether it tells of alerts themselves, and so
    never leads to another.
    """

    name: str
    severity: Severity
    headline: str
    meaning: str
    group: str
    nags: bool = True
    runbook: str = ""
    lapses: timedelta | None = None
    about_alerts: bool = False


RULES: tuple[Rule, ...] = (
    Rule(
        "provider_down",
        Severity.CRITICAL,
        N_("{provider} does not answer"),
        N_(
            "Work that needs it waits and continues automatically; nothing is lost. It is tried again every few "
            "minutes. Last error: {reason}"
        ),
        "providers",
    ),
    Rule(
        "key_refused",
        Severity.CRITICAL,
        N_("{provider} refuses our key"),
        N_(
            "Work that needs it waits; nothing is lost or given up. Put a valid key into the settings and restart. "
            "Last error: {reason}"
        ),
        "providers",
    ),
    Rule(
        "account_refused",
        Severity.CRITICAL,
        N_("{provider} refuses; only you can fix this"),
        N_(
            "Trying again does not help, so briefs that need it stop: /failed lists them. Check the account, its "
            "billing and the settings of the models. Last error: {reason}"
        ),
        "providers",
        lapses=DAY,
    ),
    Rule(
        "job_failed",
        Severity.WARNING,
        N_("Job {job} failed"),
        N_("It runs again at its next time. /job_{job} runs it now. It said: {reason}"),
        "jobs",
        runbook="pause_job",
    ),
    Rule(
        "job_silent",
        Severity.WARNING,
        N_("Job {job} did not run"),
        N_("It was due and nothing happened, so what it looks after is not looked after. /job_{job} runs it now."),
        "jobs",
    ),
    Rule(
        "webhook_failures",
        Severity.CRITICAL,
        N_("Stripe webhooks are failing: {bad} in 5 minutes"),
        N_("Payments may be booked late. Every hour Stripe is asked what came in; the runbook asks it now."),
        "payments",
        runbook="ask_stripe",
    ),
    Rule(
        "payment_errors",
        Severity.CRITICAL,
        N_("Payments fail: {bad} of {all} within an hour"),
        N_("Clients who pay now may not succeed. Look at status.stripe.com; the runbook asks Stripe how each stands."),
        "payments",
        runbook="ask_stripe",
    ),
    Rule(
        "revenue_dip",
        Severity.WARNING,
        N_("Revenue is down by {percent} % in {currency}"),
        N_("It compares {day} with the day before. /report day shows what was different."),
        "money",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "security_violations",
        Severity.CRITICAL,
        N_("Security: {count} attempts were refused within an hour"),
        N_("Somebody tried what they may not do, with forged buttons or without a role. Everything was refused."),
        "security",
        lapses=timedelta(hours=1),
    ),
    Rule(
        "work_stopped",
        Severity.WARNING,
        N_("{count} pieces of work were stopped by faults within an hour"),
        N_("They wait and nothing is lost. /failed lists them; the runbook tries them all again."),
        "work",
        runbook="retry_failed",
    ),
    Rule(
        "alert_storm",
        Severity.CRITICAL,
        N_("More than {count} alerts within an hour"),
        N_("Further alerts come without a message of their own. /alerts lists all that are open."),
        "alerts",
        lapses=timedelta(hours=1),
        about_alerts=True,
    ),
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
