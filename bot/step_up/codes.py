"""Codes of an authenticator (TOTP, RFC 6238: six digits, 30 seconds, SHA-1) and recovery codes. Pure.

https://www.rfc-editor.org/rfc/rfc6238
"""

import hashlib
import hmac
import io
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

import pyotp
import segno

ISSUER = "EchoPilot"
AROUND = 1  # steps before and after the one of now: clocks differ, and typing takes its time
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS, IN_A_GROUP = 4, 4  # 79 bits: nobody finds one by its checksum
_DIGITS = r"\d(?:[ -]?\d){3,7}"
_RECOVERY = rf"[a-z0-9]{{{IN_A_GROUP}}}(?:[-–][a-z0-9]{{{IN_A_GROUP}}}){{{GROUPS - 1}}}"
_TYPED = re.compile(rf"\s*(?:/\w+(?:@\w+)?\s+)?(?:{_DIGITS}|{_RECOVERY})\s*", re.IGNORECASE)


def is_typed(text: str) -> bool:
    """Whether a message looks like a code, perhaps a mistyped one: it is nothing to be kept as it is."""
    return len(text) < 80 and _TYPED.fullmatch(text) is not None


def digits_of(text: str) -> str:
    """The digits of a code as people type it, in whichever script; "" where there is anything else among them."""
    said = [one for one in text if one not in " -\u00a0\n"]
    found = [unicodedata.decimal(one, -1) for one in said]
    return "".join(map(str, found)) if found and -1 not in found else ""


def new_secret() -> str:
    """160 random bits, in base32 as authenticators read them."""
    return pyotp.random_base32(32)


def step_of(secret: str, typed: str, now: datetime, after: int) -> int | None:
    """The time step of the code; None where it is of none around now, or of one that was used. after: the last used."""
    totp, digits, found = pyotp.TOTP(secret), digits_of(typed), None
    around = totp.timecode(now)
    for step in range(around - AROUND, around + AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits) and step > after:
            found = step
    return found


def address_of(secret: str, name: str) -> str:
    """What the picture says: https://github.com/google/google-authenticator/wiki/Key-Uri-Format"""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture_of(address: str) -> bytes:
    """The QR picture of it, as PNG."""
    made = io.BytesIO()
    segno.make(address, error="m").save(made, kind="png", scale=8, border=4)
    return made.getvalue()


def new_recovery_codes() -> Sequence[str]:
    """Codes for when the authenticator is lost: each counts once."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def recovery_hash(typed: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return hashlib.sha256("".join(_plain(typed)).encode()).hexdigest()


def in_groups(secret: str) -> str:
    """A key as people type it off."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _recovery_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(GROUPS * IN_A_GROUP))
    return "-".join(letters[start : start + IN_A_GROUP] for start in range(0, len(letters), IN_A_GROUP))


def _plain(typed: str) -> Iterable[str]:
    return (one for one in typed.casefold() if one in LETTERS)
