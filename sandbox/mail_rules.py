"""What a mail server refuses in addresses (RFC 5321 4.1.2, RFC 6531) and in a message's head (RFC 5322 3.6)."""

import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

_LONGEST_LOCAL = 64
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")


def misaddressed(address: str, options: Sequence[str]) -> str | None:
    """The reply to an envelope's address that cannot be one; None where it may."""
    local, _, domain = address.rpartition("@")
    if not local or not domain or len(local) > _LONGEST_LOCAL:
        return f"501 5.1.3 <{address}>: Bad address syntax"
    if not address.isascii():
        return None if "SMTPUTF8" in options else f"553 5.6.7 <{address}>: Address needs SMTPUTF8"
    if not _DOMAIN.fullmatch(domain):
        return f"553 5.1.3 <{address}>: The recipient address is not a valid RFC 5321 address"
    return None


def missing(message: EmailMessage) -> str | None:
    """The reply to a message without what every message has; None where it has all."""
    for name, well_formed in (("From", _one_author), ("Date", _a_date), ("Message-ID", _an_id)):
        found = message.get_all(name, [])
        if len(found) != 1 or not well_formed(message):
            return f"550 5.7.1 Messages missing a valid {name} header are not accepted"
    return None


def _one_author(message: EmailMessage) -> bool:
    addresses = message["From"].addresses
    return len(addresses) == 1 and bool(addresses[0].username) and bool(addresses[0].domain)


def _a_date(message: EmailMessage) -> bool:
    try:
        parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return False
    return True


def _an_id(message: EmailMessage) -> bool:
    return _MESSAGE_ID.fullmatch(str(message["Message-ID"]).strip()) is not None
