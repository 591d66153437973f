"""What is kept in Google Drive, and how it is named there. Pure."""

import re
from dataclasses import dataclass

CHANNEL = "drive"  # of the outbox; the system of the bindings of what is there
RESERVED = "drive, to be made"  # in `bindings`: ids that Drive gave us for what may not be there yet
TENANT_FOLDER, REPORTS_FOLDER = "tenant", "reports"
# In rows of the outbox: what is to be kept or is to go.
BRIEF, REPORT, DELETE, HIDE = "brief", "report", "delete", "hide"
LONGEST_NAME = 80
_ODD = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Seen:
    """A file or folder that is there. trashed: it, or a folder around it, is in the trash."""

    trashed: bool


@dataclass(frozen=True, slots=True)
class New:
    """A file or folder to be made. id: one that Drive gave us; mark: by which it is found again; parent: a folder's id,
    "" for the Drive itself.
    """

    id: str
    name: str
    mark: str
    parent: str


@dataclass(frozen=True, slots=True)
class Account:
    """Whose Drive it is, and how much room it has in bytes. limit: None where nothing limits it."""

    mail: str
    limit: int | None
    used: int


def named(words: str, ending: str = "") -> str:
    """A name for a file or folder, which every system can keep: no odd signs, not too long."""
    plain = " ".join(_ODD.sub(" ", words).split())
    if len(plain) > LONGEST_NAME:
        plain = f"{plain[: LONGEST_NAME - 1].rstrip()}…"
    return f"{plain}.{ending}" if ending else plain


def link_of(file_id: str) -> str:
    """Where a file is read: https://developers.google.com/workspace/drive/api/guides/about-files"""
    return f"https://drive.google.com/file/d/{file_id}/view"
