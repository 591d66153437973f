"""What people type, and what keyboards, mail programs and copying put into it: marks nobody sees, other punctuation."""

import re
import unicodedata

from bot.config.mail_addresses import MailAddress
from bot.kernel.text.storable import unseen

BETWEEN = re.compile(r"[\n,;|，；、､،؛｜﹐﹔﹑\u2028\u2029]")  # parts of an answer: the commas of all scripts
_APART = re.compile(r"[\s,;|、،؛<>()\[\]{}\"“”„‟«»‹›「」『』]+")
_ENDS = re.compile(r"^['‘’‚`*]+|['‘’`*]+$")
_DOMAIN = re.compile(r"[\w.\-\u00b7\u30fb\u200c\u200d\u3002]+")


def addresses_in(words: str) -> list[str]:
    """What is written like an e-mail address, each once, as mail writes it; it may be one that mail cannot reach."""
    return list(dict.fromkeys(filter(None, map(_address, _tokens(words)))))


def others_beside(words: str) -> list[str]:
    """The words beside the addresses; a label such as “E-Mail:” is none."""
    return [one for one in _tokens(words) if "@" not in one and any(map(str.isalnum, one)) and not one.endswith(":")]


def _tokens(words: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", words)
    return _APART.split("".join(letter for letter in plain if not unseen(letter)))


def _address(token: str) -> str | None:
    local, at, rest = _ENDS.sub("", token).partition("@")
    local = _ENDS.sub("", local.rpartition(":")[2])
    if not at or not local:
        return None
    found = _DOMAIN.match(rest)
    domain = found[0] if found is not None else ""
    behind = rest[len(domain) :]
    if behind[:1] not in {"/", "?", "#", ":"} and any(letter.isalnum() or letter == "@" for letter in behind):
        return f"{local}@{rest}"
    return _as_mail_writes_it(local, domain.rstrip(".-\u3002"))


def _as_mail_writes_it(local: str, domain: str) -> str:
    """A domain of other letters has a form in ASCII, which all mail knows."""
    written = f"{local}@{domain}"
    if domain.isascii():
        return written
    try:
        return MailAddress.parse(written).plain
    except ValueError:
        return written
