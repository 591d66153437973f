"""Settings of the audit log."""

from pathlib import Path

from pydantic import Field

from bot.audit.keys import FILE, Keys
from bot.config import keys, types
from bot.config.reading import ReadSettings


class AuditSettings(ReadSettings):
    """Audit log"""

    audit_key: keys.AuditKey = Field(
        default=None,
        description="Key of the audit log's chain, 32 or more characters: `openssl rand -hex 32` makes one. Of several "
        "with commas between them the first makes new links, the others check older ones. Empty: one is made and kept "
        "as audit.key beside the SQLite file, with PostgreSQL beside the folder of backups; with several hosts set it. "
        "Keep a copy elsewhere: without it the chain can be neither checked nor continued.",
    )
    audit_anchor_mail: types.Recipients = Field(
        default=(),
        description="Mail addresses that are told every hour how far the audit log's chain goes, separated by commas: "
        "what was cut off later is seen by it.",
    )


def keys_of(settings: AuditSettings, beside: Path) -> Keys:
    """The keys as set, or those of the file in that folder."""
    given = settings.audit_key.get_secret_value() if settings.audit_key is not None else ""
    return Keys(given, beside / FILE)
