"""The tables of backups: those that were made, what was found when they were tried, and when one was put back here."""

from sqlalchemy import Column, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool, Json

backups = table(
    "backups",
    text("name"),
    # what it says of itself, see bot.backups.model
    Column("manifest", Json, nullable=False),
    moment("made_at"),
    whole("took_ms"),
    # when it was restored elsewhere and looked through, and found sound
    moment("verified_at", nullable=True),
    # when its copy in the second place was read back
    moment("replicated_at", nullable=True),
    # when it was deleted after its time; its row stays
    moment("gone_at", nullable=True),
    UniqueConstraint("tenant", "name"),
)

backup_trials = table(
    "backup_trials",
    points_to("backup_id", "backups"),
    # verify, drill
    text("kind"),
    # folder, second place
    text("place"),
    moment("began_at"),
    whole("took_ms"),
    Column("passed", Bool, nullable=False),
    # [step, passed, words] for each
    Column("steps", Json, nullable=False),
)

restores = table(
    "restores",
    text("backup"),
    moment("backup_at"),
    moment("restored_at"),
    # the kinds of what waits in the outbox that go out only once an admin has decided
    Column("held", Json, nullable=False),
    # what came of asking the payment provider
    text("stripe", server_default=""),
    whole("version", server_default="1"),
)
