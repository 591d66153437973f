"""A mailbox by IMAP (RFC 3501) over TLS, through imaplib in a thread.

Mails are fetched one by one, their beginning alone, so that nobody fills our memory; the folder is opened to be read
only, and nothing in it is marked as seen.
"""

import asyncio
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.kernel.errors import ProviderError
from bot.mailbox.model import MOST_BYTES, Batch, Mark, RawMail

T = TypeVar("T")
SECONDS = 20.0
FIRST_DAYS, ANEW_DAYS = 2, 14  # looked back at first, and where the folder's numbers changed
PASSING = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG")  # RFC 5530
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapMailbox:
    """See `bot.mailbox.ports.Mailbox`."""

    def __init__(self, host: str, port: int, username: str, password: str, folder: str) -> None:
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._folder = folder

    async def after(self, mark: Mark | None, limit: int) -> Batch:
        return await asyncio.to_thread(self._told, lambda box: _after(box, mark, limit))

    async def probe(self) -> int:
        """Sign in, and open the folder; says how many mails are in it. Raises ProviderError."""
        return await asyncio.to_thread(self._told, lambda box: _number(box, "EXISTS"))

    def _told(self, work: Callable[[imaplib.IMAP4], T]) -> T:
        """Do it with the folder open; what goes wrong carries the decision."""
        try:
            with self._open() as box:
                return work(box)
        except imaplib.IMAP4.abort as error:
            raise ProviderError("Mailbox", f"the connection ended ({_words(error)})", unknown=True) from None
        except imaplib.IMAP4.error as error:
            words = _words(error)
            lasting = not any(f"[{code}]" in words.upper() for code in PASSING)
            raise ProviderError("Mailbox", words, permanent=lasting) from None
        except ssl.SSLError as error:
            words = f"no encrypted connection ({error.reason or error}); check IMAP_HOST and IMAP_PORT"
            raise ProviderError("Mailbox", words, permanent=True) from None
        except UnicodeError:
            words = "a user, password or folder with letters beyond ASCII is nothing that this sign-in takes"
            raise ProviderError("Mailbox", words, permanent=True) from None
        except OSError as error:
            raise ProviderError("Mailbox", f"no answer ({type(error).__name__})", unknown=True) from None

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        box = imaplib.IMAP4_SSL(self._host, self._port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
        try:
            box.login(_quoted(self._username), self._password)  # which quotes the password alone
            _checked(box.select(_quoted(self._folder), readonly=True))
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()
            with suppress(OSError):
                box.shutdown()  # which `logout` leaves out where nobody answers it


def _after(box: imaplib.IMAP4, mark: Mark | None, limit: int) -> Batch:
    validity = _number(box, "UIDVALIDITY")
    if mark is not None and mark.validity == validity:
        # "n:*" always has the last mail too (RFC 3501 6.4.8)
        found = [one for one in _search(box, "UID", f"{mark.number + 1}:*") if one > mark.number]
    else:
        days = FIRST_DAYS if mark is None else ANEW_DAYS
        found = _search(box, "SINCE", _day(datetime.now(UTC) - timedelta(days=days)), "UNANSWERED")
        mark = Mark(validity, _number(box, "UIDNEXT") - 1)
    numbers, rest = found[:limit], found[limit:]
    mails = [mail for one in numbers if (mail := _fetch(box, one)) is not None]
    last = numbers[-1] if rest else max([mark.number, *numbers])
    return Batch(mails, Mark(validity, last), bool(rest))


def _fetch(box: imaplib.IMAP4, number: int) -> RawMail | None:
    """The beginning of a mail; None where it was deleted meanwhile."""
    parts = f"(RFC822.SIZE BODY.PEEK[]<0.{MOST_BYTES}>)"
    for found in _checked(box.uid("FETCH", str(number), parts)):
        if isinstance(found, tuple):
            size = _SIZE.search(found[0])
            return RawMail(number, int(size[1]) if size else len(found[1]), found[1][:MOST_BYTES])
    return None


def _search(box: imaplib.IMAP4, *criteria: str) -> list[int]:
    lines = _checked(box.uid("SEARCH", *criteria))
    return sorted(int(number) for line in lines if isinstance(line, bytes) for number in line.split())


def _number(box: imaplib.IMAP4, name: str) -> int:
    """A number that the server said when the folder was opened."""
    values = box.untagged_responses.get(name, [])
    found = next((value for value in values if isinstance(value, bytes) and value.isdigit()), None)
    if found is None:
        raise imaplib.IMAP4.error(f"the server says no {name}")
    return int(found)


def _checked(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    if answer[0] != "OK":
        said = b" ".join(one for one in answer[1] if isinstance(one, bytes))
        raise imaplib.IMAP4.error(said.decode("utf-8", "replace"))
    return answer[1]


def _day(at: datetime) -> str:
    return f"{at.day}-{_MONTHS[at.month - 1]}-{at.year}"


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
