"""Settings of backups."""

from pathlib import Path

from pydantic import Field, SecretStr

from bot.config import keys, types
from bot.config.reading import ReadSettings
from bot.config.types import Address


class BackupSettings(ReadSettings):
    """Backups"""

    backup_public_key: keys.AgePublicKey = Field(
        default="",
        description="Public key (age1…) that backups are encrypted to; `echopilot backups --new-key` makes a pair. "
        "Empty: they are not encrypted.",
    )
    backup_folder: types.Folder = Field(
        default="",
        description="Folder of the backups; empty: backups beside the SQLite file, with PostgreSQL data/backups.",
    )
    backup_second_place: types.SecondPlace = Field(
        default="",
        description="Where each backup is copied to: s3://bucket/folder, or the whole path of a folder on another "
        "disk. Empty: nowhere. Needs BACKUP_PUBLIC_KEY.",
    )
    files_place: types.SecondPlace = Field(
        default="",
        description="Where files that people sent are kept for every host: s3://bucket/folder, reached by "
        "BACKUP_BUCKET_…, or the whole path of a folder that all hosts share. Empty: Telegram alone has them, for "
        "any host.",
    )
    backup_bucket_url: Address | None = Field(
        default=None, description="Address of the S3-compatible store; empty: Amazon's, by BACKUP_BUCKET_REGION."
    )
    backup_bucket_region: types.Region = Field(default="us-east-1", description="Region of the bucket.")
    backup_bucket_key_id: types.UserName = Field(
        default="", description="Access key of the bucket; empty: the machine's own role."
    )
    backup_bucket_secret: SecretStr | None = Field(default=None, description="Secret key of the bucket.")


def folder_of(settings: BackupSettings, database_url: str) -> Path:
    """Where backups are made."""
    if settings.backup_folder:
        return Path(settings.backup_folder).absolute()
    head, _, path = database_url.partition(":///")
    beside = Path(path).parent if head.startswith("sqlite") else Path("data")
    return (beside / "backups").absolute()


def beside_the_database(settings: BackupSettings, database_url: str) -> Path:
    """The folder of what belongs to the database and is not in it: a SQLite file's own, else that of the backups."""
    head, _, path = database_url.partition(":///")
    return Path(path).absolute().parent if head.startswith("sqlite") else folder_of(settings, database_url).parent
