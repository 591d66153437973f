"""What a button carries: action, subject, version and perhaps a choice, signed for one chat.

A private chat is one person's. In a group anybody may tap, and what the tap does is decided by their role then, as if
they had written it; so a card means the same whether it answered somebody or came by itself.

At most 64 bytes fit (https://core.telegram.org/bots/api#inlinekeyboardbutton). The signature is the first 96 bits of an
HMAC-SHA256, so a button cannot be made up, changed, or carried into another chat.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.access.issued_keys import HeldKeys

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAC_BYTES = 12
NAME = re.compile(r"[a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Tap:
    """What a genuine button said."""

    action: str
    subject: int
    version: int
    choice: str = ""


class ButtonSigner:
    """Makes and reads button data. keys: they turn while it is used (`bot.rotation`)."""

    def __init__(self, keys: HeldKeys) -> None:
        self._keys = keys

    def pack(self, tap: Tap, *, chat_id: int) -> str:
        """The data of a button that may be tapped in this chat; raises ValueError where it is too long, or no name."""
        if not NAME.fullmatch(tap.choice):
            raise ValueError(f"the choice {tap.choice!r} of a button is no name of small letters, digits, - and _")
        choice = f".{tap.choice}" if tap.choice else ""
        said = f"{tap.action}.{_base36(tap.subject)}.{_base36(tap.version)}{choice}"
        data = f"{said}.{_mac(self._keys.newest[1], said, chat_id).decode()}"
        if len(data) > 64:
            raise ValueError(f"button data of {len(data)} bytes: shorten {tap.action!r} or {tap.choice!r}")
        return data

    def knows(self, data: Iterable[str], *, chat_id: int) -> bool:
        """Whether every one that says something is genuine."""
        return all(self.unpack(one, chat_id=chat_id) is not None for one in data if one)

    def unpack(self, data: str, *, chat_id: int) -> Tap | None:
        """What the button said, or None unless it was made by `pack` for this chat, by a key that still counts."""
        if not data:  # most messages answer no button
            return None
        said, _, mac = data.rpartition(".")
        genuine = [hmac.compare_digest(mac.encode(), _mac(key, said, chat_id)) for key in self._keys.by_id.values()]
        if not any(genuine):
            return None
        action, subject, version, *choice = said.split(".")
        return Tap(action, int(subject, 36), int(version, 36), *choice)


def _mac(key: bytes, said: str, chat_id: int) -> bytes:
    bound = f"{said}|{chat_id}|{chat_id}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, bound, hashlib.sha256)[:MAC_BYTES])


def _base36(number: int) -> str:
    digits, left = "", abs(number)  # a quote's id is below zero
    while left or not digits:
        left, rest = divmod(left, 36)
        digits = DIGITS[rest] + digits
    return f"-{digits}" if number < 0 else digits
