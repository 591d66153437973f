"""What can be wrong with the machine, with load, security and backups, as data; see `bot.alerts.rules`."""

from datetime import timedelta

from bot.alerts.model import Severity
from bot.alerts.rule import Rule
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
            "Above CPU_LIMIT_PERCENT for minutes, so everything takes longer. A larger machine or fewer tasks at once "
            "help."
        ),
        "machine",
    ),
    Rule(
        "memory_low",
        Severity.CRITICAL,
        N_("Memory is short: {share} is taken"),
        N_("Above MEMORY_LIMIT_PERCENT the system may end the program. Find what takes it, or give the machine more."),
        "machine",
    ),
    Rule(
        "disk_low",
        Severity.CRITICAL,
        N_("The disk has only {value} MB left"),
        N_("Below {limit} MB there may be no room for what comes in. Make room on the disk of the database now."),
        "machine",
    ),
    Rule(
        "loop_late",
        Severity.WARNING,
        N_("The program answers {value} ms late"),
        N_("More than {limit} ms although it only waits: the machine is too busy, or something holds the program up."),
        "machine",
    ),
    Rule(
        "queue_long",
        Severity.WARNING,
        N_("{value} tasks wait for a worker"),
        N_("More than {limit}. The job autoscale gives workers more to do at once; /job_autoscale says how far it is."),
        "machine",
    ),
    Rule(
        "disk_full_soon",
        Severity.WARNING,
        N_("The disk is too full in about {hours} h"),
        N_("It has {value} MB left and loses {lost} MB an hour. Make room before it stops what comes in."),
        "machine",
    ),
    Rule(
        "memory_full_soon",
        Severity.WARNING,
        N_("The program takes more and more memory"),
        N_(
            "It holds {value} MB and takes {more} MB more an hour; in about {hours} h it is twice what it was. A "
            "restart gives them back; tell who maintains it."
        ),
        "machine",
    ),
    Rule(
        "queue_grows",
        Severity.WARNING,
        N_("In about {hours} h more tasks wait than should"),
        N_("{value} wait, and {more} more each hour. /job_autoscale says whether more workers are needed."),
        "machine",
    ),
    Rule(
        "disk_full_later",
        Severity.NOTICE,
        N_("The disk is too full in about {days} days"),
        N_("It has {value} MB left; the database grew by {grown} MB in {over} days. Plan for a larger disk."),
        "machine",
    ),
    Rule(
        "failures_rise",
        Severity.NOTICE,
        N_("More work fails: {now} in the last week, {before} in the week before"),
        N_("/failed lists what stopped, and /jobs which jobs fail."),
        "work",
        lapses=DAY,
    ),
    Rule(
        "workers_short",
        Severity.NOTICE,
        N_("About {needed} workers are needed within a day, and {size} tasks at once are all that one may run"),
        N_("In its busiest hour about {briefs} briefs come. Start another worker: echopilot run --only worker."),
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
        N_(
            "Compared with the same hour of the four weeks before. Nothing was done about it; look whether you "
            "know why."
        ),
        "load",
        lapses=DAY,
    ),
    Rule(
        "unusual_briefs",
        Severity.NOTICE,
        N_("Unusually many briefs: {value} in an hour, usually {usual}"),
        N_("Compared with the same hour of the four weeks before. /briefs shows who handed them in."),
        "load",
        lapses=DAY,
    ),
    Rule(
        "unusual_spend",
        Severity.WARNING,
        N_("Models cost {value} US cents in an hour, usually {usual}"),
        N_(
            "Compared with the same hour of the four weeks before. If you do not know why, /flags can switch "
            "models off."
        ),
        "load",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "unusual_failures",
        Severity.WARNING,
        N_("Unusually much fails: {value} in an hour, usually {usual}"),
        N_("Compared with the same hour of the four weeks before. /failed shows what stopped."),
        "load",
        nags=False,
        lapses=DAY,
    ),
    Rule(
        "unusual_refused",
        Severity.WARNING,
        N_("Unusually many refusals: {value} in an hour, usually {usual}"),
        N_("Somebody tried what they may not do more often than ever happens by mistake. Everything was refused."),
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
        N_("Everybody on the machine can get at {file}"),
        N_("Its mode is {mode}. Fix: chmod {fix} {file}, or keep others out of its folder."),
        "security",
    ),
    Rule(
        "secret_old",
        Severity.NOTICE,
        N_("{setting} is the same for {days} days"),
        N_("Make a new one where it comes from, put it into the settings, restart, and then end the old one there."),
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
        N_("Who loses their phone then locks everybody out, and large refunds need two people. Fix: /people."),
        "security",
    ),
    Rule(
        "many_admins",
        Severity.NOTICE,
        N_("{admins} people are admins"),
        N_("More than {most}. Who does not need to change roles, prices or switches can be an operator. Fix: /people."),
        "security",
    ),
    Rule(
        "strangers_try",
        Severity.WARNING,
        N_("Strangers were refused {count} times within a day"),
        N_(
            "They were {people} accounts. Nothing was let through. Fix: end open invitations in /people, and "
            "tell your team."
        ),
        "security",
    ),
    Rule(
        "packages_changed",
        Severity.WARNING,
        N_("{count} packages are not the ones that were checked"),
        N_(
            "First {package} {version}, where {pinned} is pinned. Fix: pip install --require-hashes -r "
            "requirements.txt, "
            "and find out who changed it."
        ),
        "security",
    ),
    Rule(
        "package_vulnerable",
        Severity.CRITICAL,
        N_("{package} {version} has a known vulnerability"),
        N_(
            "{advisory}. It is fixed in {fixed}. Fix: update EchoPilot; where there is no newer one, ask who "
            "maintains it."
        ),
        "security",
    ),
    Rule(
        "packages_unchecked",
        Severity.NOTICE,
        N_("Packages were not checked for {days} days"),
        N_(
            "That does not mean that they are safe. {reason}. Fix: install pip-audit beside EchoPilot, and let "
            "it reach "
            "the package index."
        ),
        "security",
    ),
    Rule(
        "certificate_ends",
        Severity.CRITICAL,
        N_("The certificate of {host} ends in {days} days"),
        N_("Then no webhook and no page works. Fix: renew it, and have that done automatically."),
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
        N_("Code that nobody committed may run"),
        N_(
            "ALLOW_DIRTY is on, so no one can say which code ran. Fix: commit, and take ALLOW_DIRTY out of the "
            "settings."
        ),
        "security",
    ),
    Rule(
        "logs_verbose",
        Severity.NOTICE,
        N_("The log says everything"),
        N_("LOG_LEVEL is debug, so what people write may stand in the log. Fix: set it to info."),
        "security",
    ),
    Rule(
        "database_in_the_open",
        Severity.WARNING,
        N_("The database at {host} is spoken with unencrypted"),
        N_("Fix: add ?sslmode=verify-full to DATABASE_URL, or require at least."),
        "security",
    ),
    Rule(
        "backup_late",
        Severity.WARNING,
        N_("No backup for {hours} h"),
        N_(
            "If the disk fails now, all that came since is lost. /job_backup makes one, and says why the last one "
            "failed."
        ),
        "backups",
        recovered=N_("Backed up again"),
    ),
    Rule(
        "backup_not_encrypted",
        Severity.WARNING,
        N_("Backups are not encrypted"),
        N_(
            "Whoever gets hold of one can read everything, so none is copied to a second place. Run echopilot backups "
            "--new-key, keep the secret key away from this machine, and put the public one into BACKUP_PUBLIC_KEY."
        ),
        "backups",
        recovered=N_("Backups are encrypted"),
    ),
)
