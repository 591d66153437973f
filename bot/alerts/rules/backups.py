"""What can be wrong with backups, as data; see `bot.alerts.rules.catalog`."""

from bot.alerts.model import Severity
from bot.alerts.rules.rule import Rule
from bot.kernel.translation import gettext_noop as N_

RULES: tuple[Rule, ...] = (
    Rule(
        "backup_late",
        Severity.WARNING,
        N_("No backup for {hours}"),
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
    Rule(
        "backup_copies_lost",
        Severity.WARNING,
        N_("Copies of backups are lost in the second place"),
        N_(
            "{count} of them are gone there, cut, or say nothing that can be read; the newest is {newest}. "
            "/job_replica_sync copies them anew, three at a time. What lies there under such a name is never written "
            "over: take it away first (echopilot backups lists it)."
        ),
        "backups",
        recovered=N_("The copies of backups are there"),
    ),
)
