"""What can be wrong, as data: every rule once, with how bad it is, its words, and what can be done about it.

Whoever finds something wrong calls `bot.alerts.raising.raise_` with a rule's name; the words' placeholders are the
facts that it gives. Facts are texts and whole numbers, so that every reader gets them in their own language: `share` is
in hundredths, `hours` and `days` are a time, `day` is one of ISO 8601, and `slo`, `state`, `fixed` and `kpi` are
sentences of the code.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.alerts.model import Severity
from bot.alerts.rules import backups as backup_rules
from bot.alerts.rules import deliveries as delivery_rules
from bot.alerts.rules import governance as governance_rules
from bot.alerts.rules import machine as machine_rules
from bot.alerts.rules import unusual as unusual_rules
from bot.alerts.rules.rule import EACH
from bot.alerts.rules.rule import Rule as Rule
from bot.kernel.translation import gettext_noop as N_

DAY = timedelta(days=1)


RULES: tuple[Rule, ...] = (
    Rule(
        "provider_down",
        Severity.CRITICAL,
        N_("{provider} · Not answering"),
        N_(
            "Work that needs it waits and continues automatically; nothing is lost. It is tried again every few "
            "minutes. To test: python -m bot doctor. Last error: {reason}"
        ),
        "providers",
        recovered=N_("{provider} · Answers again"),
    ),
    Rule(
        "key_refused",
        Severity.CRITICAL,
        N_("{provider} · Refuses our key"),
        N_(
            "Work that needs it waits; nothing is lost or given up. Put a valid key into the settings and restart. "
            "To see what the key may not do: python -m bot doctor. Last error: {reason}"
        ),
        "providers",
        lapses=DAY,
        recovered=N_("{provider} · Answers again"),
    ),
    Rule(
        "account_refused",
        Severity.CRITICAL,
        N_("{provider} · Refused; only you can fix this"),
        N_(
            "Trying again does not help, so briefs that need it stop: /failed lists them. Check the account, its "
            "billing and the settings of the models. Last error: {reason}"
        ),
        "providers",
        lapses=DAY,
        recovered=N_("{provider} · Answers again"),
    ),
    Rule(
        "job_failed",
        Severity.WARNING,
        N_("Job {job} · failed"),
        N_("It runs again at its next time. /job_{job} runs it now. It said: {reason}"),
        "jobs",
        runbook="pause_job",
        recovered=N_("Job {job} · runs again"),
    ),
    Rule(
        "job_failed_for",
        Severity.WARNING,
        N_("Job {job} · failed for {whose}"),
        N_("Only that tenant is told why. /job_{job} shows how its runs ended for each."),
        "jobs",
        recovered=N_("Job {job} · runs again for {whose}"),
    ),
    Rule(
        "jobs_silent",
        Severity.WARNING,
        N_("{count} jobs did not run"),
        N_(
            "They were due but did not start. Does a worker run, and has it room? /jobs lists them; on the machine: "
            "python -m bot doctor."
        ),
        "jobs",
        recovered=N_("Jobs run again"),
    ),
    Rule(
        "job_silent",
        Severity.WARNING,
        N_("Job {job} · did not run"),
        N_("It was due but did not start. /job_{job} runs it now."),
        "jobs",
        recovered=N_("Job {job} · runs again"),
    ),
    Rule(
        "webhook_failures",
        Severity.CRITICAL,
        N_("Stripe webhooks are failing: {bad} in 5 minutes"),
        N_("Payments may be recorded late. Stripe is asked every hour what came in; the runbook asks now."),
        "payments",
        runbook="ask_stripe",
        level="webhooks",
    ),
    Rule(
        "payment_errors",
        Severity.CRITICAL,
        N_("Payments fail: {bad} of {all} within an hour"),
        N_("Clients' payments may fail now. Look at status.stripe.com; the runbook asks Stripe about each invoice."),
        "payments",
        runbook="ask_stripe",
    ),
    Rule(
        "revenue_dip",
        Severity.WARNING,
        N_("Revenue is down by {share} in {currency}"),
        N_("It compares {day} with the day before. /report day shows what was different."),
        "money",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "security_violations",
        Severity.CRITICAL,
        N_("Security: {count} attempts were refused within an hour"),
        N_("Somebody keeps trying what their role does not allow. Everything was refused."),
        "security",
        lapses=timedelta(hours=1),
    ),
    Rule(
        "work_stopped",
        Severity.WARNING,
        N_("{count} tasks stopped because of faults within an hour"),
        N_("They wait, and nothing is lost. /failed lists them; the runbook retries them all."),
        "work",
        runbook="retry_failed",
        level="turnaround",
    ),
    Rule(
        "fallback_serves",
        Severity.WARNING,
        N_("Models · {fallback} writes in place of {model}"),
        N_(
            "Briefs are still drafted, but you pay for both calls. Set DRAFT_MODEL to a model that works, or have the "
            "runbook leave this one out for a day. Reason: {reason}"
        ),
        "models",
        nags=False,
        runbook="use_fallback",
        lapses=DAY,
    ),
    Rule(
        "model_ends",
        Severity.NOTICE,
        N_("Models · {model} is shut down on {day}"),
        N_(
            "{settings} uses it, and then every call to it fails. Time left: {days}. Set another model and restart. "
            "python -m bot doctor tries it; make judge tries one as a judge."
        ),
        "models",
    ),
    Rule(
        "model_ended",
        Severity.WARNING,
        N_("Models · {model} was shut down on {day}"),
        N_(
            "{settings} still uses it, and every call to it fails. Set another model and restart. python -m bot doctor "
            "tries it; make judge tries one as a judge."
        ),
        "models",
    ),
    Rule(
        "model_missing",
        Severity.WARNING,
        N_("Models · {model} is not in the provider's list"),
        N_("{settings} uses it. It may be gone, or this key may not use it. To test: python -m bot doctor"),
        "models",
        nags=False,
    ),
    Rule(
        "budget_day",
        Severity.WARNING,
        N_("Model budget of today · {share} used"),
        N_("{used} of {limit}. When it is used up, briefs wait and nothing fails. {setting} raises it."),
        "costs",
        nags=False,
        runbook="close_budget",
    ),
    Rule(
        "budget_month",
        Severity.WARNING,
        N_("Model budget of this month · {share} used"),
        N_("{used} of {limit}. When it is used up, briefs wait and nothing fails. {setting} raises it."),
        "costs",
        nags=False,
        runbook="close_budget",
    ),
    Rule(
        "slo_fast",
        Severity.CRITICAL,
        N_("Service level “{slo}” fails: its budget burns {burn} times too fast"),
        N_("{bad} of {all} failed recently. /slo shows since when, and what counts as good."),
        "levels",
        level=EACH,
    ),
    Rule(
        "slo_slow",
        Severity.WARNING,
        N_("Service level “{slo}” suffers: its budget burns {burn} times too fast"),
        N_("{bad} of {all} failed recently. It can wait until morning; /slo shows when it happens."),
        "levels",
        nags=False,
        level=EACH,
    ),
    Rule(
        "slo_half",
        Severity.NOTICE,
        N_("Half of the budget of service level “{slo}” is used up"),
        N_("{bad} of {all} failed within 30 days. /slo shows when; be careful with changes."),
        "levels",
        nags=False,
        level=EACH,
    ),
    Rule(
        "slo_missed",
        Severity.WARNING,
        N_("Service level “{slo}” is missed"),
        N_("{bad} of {all} failed within 30 days, more than allowed. /slo shows when."),
        "levels",
        nags=False,
        level=EACH,
    ),
    Rule(
        "unreachable",
        Severity.WARNING,
        N_("{name} could not be reached {times} times in a row"),
        N_("EchoPilot keeps trying; this alert closes by itself. To see more, run on the machine: echopilot doctor"),
        "providers",
    ),
    Rule(
        "canary_failed",
        Severity.CRITICAL,
        N_("The hourly test brief failed"),
        N_("Test brief {brief} stopped at “{state}”, so clients' briefs may stop there too. /failed lists those."),
        "work",
        lapses=DAY,
        level="canary",
    ),
    Rule(
        "ladder_empty",
        Severity.WARNING,
        N_("Nobody can be paged for {whose}"),
        N_("An incident there goes on, and nobody of that tenant can be reached. Make somebody there an admin."),
        "alerts",
        about_alerts=True,
        lapses=timedelta(hours=1),
    ),
    Rule(
        "alert_storm",
        Severity.CRITICAL,
        N_("More than {count} alerts within an hour"),
        N_("New alerts now come without a message. /alerts lists all open ones."),
        "alerts",
        lapses=timedelta(hours=1),
        about_alerts=True,
    ),
    *unusual_rules.RULES,
    *machine_rules.RULES,
    *delivery_rules.RULES,
    *backup_rules.RULES,
    *governance_rules.RULES,
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
