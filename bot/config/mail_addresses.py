"""Mail addresses, as they stand in settings and in the mails that we send."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr

import idna

LONGEST_LOCAL = 64  # RFC 5321 4.5.3.1
LONGEST = 254
_ATOMS = re.compile(r"[^\s\"(),:;<>@\[\]\\.\x00-\x1f\x7f]+(?:\.[^\s\"(),:;<>@\[\]\\.\x00-\x1f\x7f]+)*")
_LABELS = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailAddress:
    """local@domain, perhaps with a name; the domain as the mail system writes it, in ASCII (RFC 5890)."""

    local: str
    domain: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "MailAddress":
        """Read `local@domain` or `Name <local@domain>`; raises ValueError with words that go on after the address."""
        name, plain = parseaddr(text)
        local, mark, domain = plain.rpartition("@")
        if not mark or plain not in text or ("<" not in text and plain != text.strip()):
            raise ValueError(f"“{text}” is no mail address; write it like studio@example.org")
        if len(local) > LONGEST_LOCAL or not _ATOMS.fullmatch(local):
            raise ValueError(f"“{text}” is no mail address: what stands before the @ cannot be a mailbox")
        return cls(local, _in_ascii(domain, text), name)

    @property
    def plain(self) -> str:
        """local@domain."""
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether every mail server on the way has to know SMTPUTF8 (RFC 6531)."""
        return not self.local.isascii()

    def header(self) -> Address:
        """As it stands in From or To."""
        return Address(self.name, self.local, self.domain)


def _in_ascii(domain: str, text: str) -> str:
    try:
        known = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        known = ""
    if not _LABELS.fullmatch(known) or len(known) > LONGEST - LONGEST_LOCAL:
        raise ValueError(f"“{text}” is no mail address: what stands behind the @ is no domain")
    return known
