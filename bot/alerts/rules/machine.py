"""What can be wrong with the machine, with load and with security, as data; see `bot.alerts.rules.catalog`."""

from datetime import timedelta

from bot.alerts.model import Severity
from bot.alerts.rules.rule import Rule
from bot.kernel.translation import gettext_noop as N_

DAY = timedelta(days=1)

RULES: tuple[Rule, ...] = (
    Rule(
        "job_paused",
        Severity.WARNING,
        N_("Job {job} is paused, and nothing else does its work"),
        N_("{name} paused it: {reason}. It runs again by itself when the pause ends; /job_{job} resumes it now."),
        "jobs",
    ),
    Rule(
        "cpu_busy",
        Severity.WARNING,
        N_("The processors are busy: {share}"),
        N_(
            "Above CPU_LIMIT_PERCENT for minutes, so everything is slower. Use a larger machine, or run fewer "
            "tasks at once."
        ),
        "machine",
    ),
    Rule(
        "memory_low",
        Severity.CRITICAL,
        N_("Memory is low: {share} is in use"),
        N_("Above MEMORY_LIMIT_PERCENT the system may stop the program. Find what uses the memory, or add more."),
        "machine",
    ),
    Rule(
        "disk_low",
        Severity.CRITICAL,
        N_("The disk has only {value} MB left"),
        N_("Below {limit} MB new messages may not be saved. Free space on the database's disk now."),
        "machine",
    ),
    Rule(
        "loop_late",
        Severity.WARNING,
        N_("The program is {value} ms late"),
        N_("The limit is {limit} ms. The machine is too busy, or something blocks the program."),
        "machine",
    ),
    Rule(
        "queue_long",
        Severity.WARNING,
        N_("{value} tasks wait for a worker"),
        N_(
            "The limit is {limit}. The job autoscale makes workers run more at once; /job_autoscale shows how "
            "far it is."
        ),
        "machine",
    ),
    Rule(
        "disk_full_soon",
        Severity.WARNING,
        N_("The disk will be too full in about {hours}"),
        N_(
            "It has {value} MB left and loses {lost} MB an hour. Free space before new messages can no longer be saved."
        ),
        "machine",
    ),
    Rule(
        "memory_full_soon",
        Severity.WARNING,
        N_("The program's memory doubles in about {hours}"),
        N_(
            "The program uses {value} MB, and {more} MB more each hour. A restart frees it; tell whoever "
            "maintains EchoPilot."
        ),
        "machine",
    ),
    Rule(
        "queue_grows",
        Severity.WARNING,
        N_("In about {hours} too many tasks will be waiting"),
        N_("{value} are waiting, and {more} more each hour. /job_autoscale says whether you need more workers."),
        "machine",
    ),
    Rule(
        "budget_short_soon",
        Severity.NOTICE,
        N_("Within a day models may cost more than a day's budget"),
        N_(
            "Up to {briefs} briefs are forecast, which cost about {needed}; the budget is {limit}. Once it is "
            "used up, briefs wait until midnight; CEILING_DAY_USD raises it."
        ),
        "money",
        lapses=DAY,
    ),
    Rule(
        "disk_full_later",
        Severity.NOTICE,
        N_("The disk will be too full in about {days}"),
        N_("It has {value} MB left; the database grew by {grown} MB in {over} days. Plan for a larger disk."),
        "machine",
    ),
    Rule(
        "failures_rise",
        Severity.NOTICE,
        N_("More work fails: {now} in the last week, {before} in the week before"),
        N_("/failed lists what stopped; /jobs lists the jobs that fail."),
        "work",
        lapses=DAY,
    ),
    Rule(
        "workers_short",
        Severity.NOTICE,
        N_("You will need about {needed} workers within a day; one runs at most {size} tasks at once"),
        N_("About {briefs} briefs will come in the busiest hour. Start another worker: echopilot run --only worker."),
        "machine",
        lapses=DAY,
    ),
    Rule(
        "worker_full",
        Severity.NOTICE,
        N_("Within a day more work comes than one worker may run: {needed} times {size} tasks at once"),
        N_(
            "In its busiest hour about {briefs} briefs come. WORKER_CONCURRENCY_MOST lets it run more at once; several "
            "workers need PostgreSQL."
        ),
        "machine",
        lapses=DAY,
    ),
    Rule(
        "unusual_updates",
        Severity.NOTICE,
        N_("Unusual traffic: {value} messages in an hour, usually {usual}"),
        N_("Compared with the same hour of the last four weeks. Nothing was done; check whether you know the reason."),
        "load",
        lapses=DAY,
    ),
    Rule(
        "unusual_briefs",
        Severity.NOTICE,
        N_("Unusually many briefs: {value} in an hour, usually {usual}"),
        N_("Compared with the same hour of the last four weeks. /briefs shows who sent them."),
        "load",
        lapses=DAY,
    ),
    Rule(
        "unusual_spend",
        Severity.WARNING,
        N_("Models cost {value} US cents in an hour, usually {usual}"),
        N_("Compared with the same hour of the last four weeks. If you do not know why, switch models off in /flags."),
        "load",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "unusual_failures",
        Severity.WARNING,
        N_("Unusually many failures: {value} in an hour, usually {usual}"),
        N_("Compared with the same hour of the last four weeks. /failed shows what stopped."),
        "load",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "unusual_refused",
        Severity.WARNING,
        N_("Unusually many refusals: {value} in an hour, usually {usual}"),
        N_("Too many forbidden attempts to be mistakes. Everything was refused."),
        "security",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "webhooks_refused",
        Severity.CRITICAL,
        N_("Security: {count} webhooks were refused within an hour"),
        N_(
            "Neither Stripe nor Telegram signed them, so nothing of them was taken. If Stripe's dashboard says that "
            "its own fail, correct STRIPE_WEBHOOK_SECRET; else somebody tries."
        ),
        "security",
        lapses=timedelta(hours=1),
    ),
    Rule(
        "file_open",
        Severity.WARNING,
        N_("Everybody on this machine can open {file}"),
        N_("Its mode is {mode}. Fix: chmod {fix} {file}, or keep others out of its folder."),
        "security",
    ),
    Rule(
        "secret_old",
        Severity.NOTICE,
        N_("{setting} has not changed for {days}"),
        N_("Fix: make a new one at its provider, put it into the settings, restart, then revoke the old one."),
        "security",
    ),
    Rule(
        "secret_short",
        Severity.WARNING,
        N_("{setting} is easy to guess"),
        N_("Fix: make a longer one with openssl rand -hex 32, put it into the settings, and restart."),
        "security",
    ),
    Rule(
        "one_admin",
        Severity.NOTICE,
        N_("There is only one admin"),
        N_("If they lose their phone, nobody can get in, and large refunds need two people. Fix: /people."),
        "security",
    ),
    Rule(
        "many_admins",
        Severity.NOTICE,
        N_("{admins} people are admins"),
        N_("More than {most}. Anyone who does not change roles, prices or switches can be an operator. Fix: /people."),
        "security",
    ),
    Rule(
        "strangers_try",
        Severity.WARNING,
        N_("Strangers were refused {count} times within a day"),
        N_("From {people} accounts; none got in. Fix: end open invitations in /people, and tell your team."),
        "security",
    ),
    Rule(
        "packages_changed",
        Severity.WARNING,
        N_("Packages changed since they were checked: {count}"),
        N_(
            "The first: {package} {version}; it should be {pinned}. Fix: pip install --require-hashes -r "
            "requirements.txt, and find out who changed it."
        ),
        "security",
    ),
    Rule(
        "package_vulnerable",
        Severity.CRITICAL,
        N_("{package} {version} has a known vulnerability"),
        N_(
            "{advisory}. It is fixed in {fixed}. Fix: update EchoPilot; if there is no new version, ask "
            "whoever maintains it."
        ),
        "security",
    ),
    Rule(
        "packages_unchecked",
        Severity.NOTICE,
        N_("Packages were not checked for {days}"),
        N_(
            "They may not be safe. {reason}. Fix: install pip-audit beside EchoPilot, and let it reach the "
            "package index."
        ),
        "security",
    ),
    Rule(
        "certificate_ends",
        Severity.CRITICAL,
        N_("The certificate of {host} ends in {days}"),
        N_("After that no webhook and no page works. Fix: renew it, and set up automatic renewal."),
        "security",
    ),
    Rule(
        "certificate_bad",
        Severity.CRITICAL,
        N_("{host} shows no valid certificate"),
        N_(
            "Stripe and Telegram deliver nothing there: {reason}. Fix: give the web server a certificate for this name."
        ),
        "security",
    ),
    Rule(
        "certificate_unseen",
        Severity.NOTICE,
        N_("The certificate of {host} could not be looked at"),
        N_("So whether it is valid is not known: {reason}. Fix: let this machine reach PUBLIC_URL, or look yourself."),
        "security",
        nags=False,
    ),
    Rule(
        "dirty_allowed",
        Severity.NOTICE,
        N_("Uncommitted code may be running"),
        N_(
            "ALLOW_DIRTY is on, so nobody can say which code ran. Fix: commit, and remove ALLOW_DIRTY from "
            "the settings."
        ),
        "security",
    ),
    Rule(
        "logs_verbose",
        Severity.NOTICE,
        N_("The log records too much"),
        N_("LOG_LEVEL is debug, so people's messages may be in the log. Fix: set it to info."),
        "security",
    ),
    Rule(
        "database_in_the_open",
        Severity.WARNING,
        N_("The connection to the database at {host} is not encrypted"),
        N_("Fix: add ?sslmode=verify-full to DATABASE_URL, or at least ?sslmode=require."),
        "security",
    ),
)
