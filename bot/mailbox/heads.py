"""The head of a mail, read with care, since whoever sends a mail writes all of it.

Everything is cut before it is looked at, what does not read is left out, and nothing is taken for more than words.
"""

import re
from collections.abc import Mapping, Sequence
from email import policy
from email.header import decode_header
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from hashlib import sha256

from bot.config.mail_addresses import MailAddress
from bot.kernel.text.storable import storable
from bot.mailbox.bounces import bounces_in
from bot.mailbox.model import MOST_BYTES, Kind, RawMail, ReadMail
from bot.support.mails import MOST_IDS, IncomingMail

MOST_HEAD = 64 << 10
LONGEST_HEADER = 4_000
LONGEST_NAME = 80
LONGEST_SUBJECT = 200
_ID = re.compile(r"<[!-;=?-~]{1,250}>")  # ASCII that can be seen, without brackets inside
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+@-]|$)", re.IGNORECASE)
_LISTS = ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond")
_OF_ITS_FORM = ("content-", "mime-version")


def read(raw: RawMail, own: str) -> ReadMail:
    """Read the head of a mail. own: our address, whose mails are our own."""
    data = raw.data[:MOST_BYTES].replace(b"\r\n", b"\n")
    head, _gap, body = data.partition(b"\n\n")
    fields = _fields(head[:MOST_HEAD])
    name, address = _sender(fields.get("from", ""))
    mine = _ids(fields.get("message-id", ""))
    told_apart = "\n".join(fields.get(one, "") for one in ("message-id", "from", "date")).encode()
    mail = IncomingMail(
        digest=sha256(told_apart + b"\n" + body).hexdigest(),
        message_id=mine[0] if mine else "",
        before=_ids(f"{fields.get('references', '')} {fields.get('in-reply-to', '')}")[-MOST_IDS:],
        address=address,
        name=name,
        subject=shown(fields.get("subject", ""), LONGEST_SUBJECT),
    )
    kind = _kind(fields, address, own)
    bounces = bounces_in(data) if kind is Kind.AUTOMATIC else ()
    return ReadMail(
        Kind.BOUNCE if bounces else kind, mail, _form(fields) + b"\n" + body, raw.size > MOST_BYTES, bounces
    )


def _form(fields: Mapping[str, str]) -> bytes:
    of_form = {name: value for name, value in fields.items() if name.startswith(_OF_ITS_FORM)}
    return "".join(f"{name}: {value}\n" for name, value in ({"mime-version": "1.0"} | of_form).items()).encode()


def _fields(head: bytes) -> Mapping[str, str]:
    """The first header of each name, in small letters, on one line each."""
    found: dict[str, str] = {}
    for name, value in BytesHeaderParser(policy=policy.compat32).parsebytes(head).raw_items():
        text = str(value)[:LONGEST_HEADER].encode("ascii", "surrogateescape").decode("utf-8", "replace")
        found.setdefault(name.lower(), " ".join(storable(text).split()))
    return found


def _kind(fields: Mapping[str, str], address: str, own: str) -> Kind:
    """How programs say that they wrote: RFC 3834, and what was usual before."""
    by_program = (
        fields.get("auto-submitted", "no").lower().partition(";")[0].strip() != "no"
        or fields.get("precedence", "").lower() in {"bulk", "junk", "list", "auto_reply"}
        or any(name in fields for name in _LISTS)
        or fields.get("return-path", "") == "<>"
        or fields.get("content-type", "").lower().startswith("multipart/report")
        or _MACHINES.match(address) is not None
        or address == own.lower() != ""
    )
    if by_program:
        return Kind.AUTOMATIC
    return Kind.LETTER if address else Kind.NO_SENDER


def _sender(field: str) -> tuple[str, str]:
    """Name and address; no address where it is none that an answer could go to."""
    name, plain = parseaddr(field)
    try:
        address = MailAddress.parse(plain).plain.lower()
    except ValueError:
        address = ""
    return shown(name, LONGEST_NAME), address


def _ids(field: str) -> Sequence[str]:
    return list(dict.fromkeys(_ID.findall(field)))


def shown(field: str, longest: int) -> str:
    """A header's words in the letters that it says they are in (RFC 2047), where those are known."""
    try:
        parts = decode_header(field)
    except Exception:  # noqa: BLE001 - whatever it is, it is what somebody sent
        parts = [(field, None)]
    words = "".join(part if isinstance(part, str) else _letters(part, charset) for part, charset in parts) or field
    line = " ".join("".join(one if one.isprintable() else " " for one in storable(words)).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _letters(part: bytes, charset: str | None) -> str:
    try:
        return part.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return part.decode("latin-1")
