"""Mails of ours that came back: by our own id in them, which nobody else can guess (RFC 3464, and what is like it)."""

import re
from collections.abc import Sequence

from bot.mailbox.model import Bounce

LONGEST_REASON = 200
MOST = 20
_OURS = re.compile(rb"<mail-(\d{1,18})\.([0-9a-f]{20})@")
_FAILED = re.compile(rb"^action:[ \t]*failed\b", re.IGNORECASE | re.MULTILINE)
_GOES_ON = re.compile(rb"^action:[ \t]*(?:delayed|relayed|delivered|expanded)\b", re.IGNORECASE | re.MULTILINE)
_WHY = re.compile(rb"^diagnostic-code:([^\n]{0,300}(?:\n[ \t][^\n]{0,300}){0,3})", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^status:[ \t]*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_FAILURE = re.compile(rb"^subject:.{0,80}(?:undeliver|deliver[^\n]{0,20}fail|returned|fail[^\n]{0,20}deliver)",
                      re.IGNORECASE | re.MULTILINE)  # fmt: skip


def bounces_in(data: bytes) -> Sequence[Bounce]:
    """Which of our mails a program's mail says did not arrive; none of those that it goes on trying to deliver.

    A program that gives no report is believed where its subject says so: a holiday's answer quotes our id as well.
    """
    found = list(dict.fromkeys(_OURS.findall(data)))[:MOST]
    failed = _FAILED.search(data) or (not _GOES_ON.search(data) and _FAILURE.search(data))
    if not found or not failed:
        return ()
    why, status = _WHY.search(data), _STATUS.search(data)
    said = why[1] if why else status[1] if status else b""
    _kind, mark, words = said.decode("utf-8", "replace").rpartition("; ") if why else ("", "", said.decode())
    line = " ".join((words if mark else said.decode("utf-8", "replace")).split())[:LONGEST_REASON]
    return [Bounce(int(row), token.decode(), line) for row, token in found]
