"""Mail by SMTP, through aiosmtplib."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import aiosmtplib

from bot.adapters.mail.message import addressed, built
from bot.config.mail_addresses import MailAddress
from bot.kernel.errors import ProviderError
from bot.messages.mails import MailMessage

Security = Literal["starttls", "tls", "none"]
SECONDS = 20
NO_CONNECTION = (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)


class SmtpMail:
    """One mail server; `username` empty: no sign-in.

    security: `starttls` encrypts after the greeting (port 587), `tls` from the first byte (port 465), `none` never.
    """

    def __init__(
        self, host: str, port: int, *, sender: str, security: Security, username: str = "", password: str | None = None
    ) -> None:
        encrypted = {"start_tls": security == "starttls", "use_tls": security == "tls"}
        self._server: dict[str, Any] = {"hostname": host, "port": port, "timeout": SECONDS, **encrypted}
        self._sign_in: dict[str, Any] = {"username": username, "password": password} if username else {}
        self._sender = MailAddress.parse(sender)

    async def send(self, recipient: str, mail: MailMessage, message_id: str) -> None:
        """Send a mail. The same `message_id` again is the same mail to the reader's program.

        Raises ProviderError; permanent where the server refuses it, or can never take it as it is set up.
        """
        to = addressed(recipient)
        made = built(self._sender, to, mail, message_id)
        envelope: dict[str, Any] = {"sender": self._sender.plain, "recipients": [to.plain]}
        async with _decided():
            await aiosmtplib.send(made, **envelope, **self._server, **self._sign_in)

    async def probe(self) -> None:
        """Connect, sign in, and see that our own address can be sent from, to prove that mail can be sent."""
        async with _decided(), aiosmtplib.SMTP(**self._server, **self._sign_in) as server:
            if self._sender.needs_utf8 and not server.supports_extension("smtputf8"):
                raise aiosmtplib.SMTPNotSupported(f"{self._sender.plain} needs SMTPUTF8, which the server lacks")


@asynccontextmanager
async def _decided() -> AsyncIterator[None]:
    """Turn what goes wrong into errors that carry the decision."""
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [f"{refused.code} {refused.message}" for refused in error.recipients]
        lasting = all(refused.code >= 500 for refused in error.recipients)
        raise ProviderError("Mail", f"the recipient is refused ({'; '.join(codes)})", permanent=lasting) from None
    except aiosmtplib.SMTPResponseException as error:
        raise ProviderError("Mail", f"{error.code} {error.message}", permanent=error.code >= 500) from None
    except NO_CONNECTION as error:
        if isinstance(refused := _tls_fault(error), ssl.SSLError):
            words = f"no encrypted connection ({refused.reason or refused}); check SMTP_SECURITY and SMTP_PORT"
            raise ProviderError("Mail", words, permanent=True) from None
        raise ProviderError("Mail", f"no answer ({type(error).__name__})", unknown=True) from None
    except aiosmtplib.SMTPException as error:  # the server lacks what we need of it: STARTTLS, AUTH, SMTPUTF8
        raise ProviderError("Mail", f"the server cannot take it: {error.message}", permanent=True) from None


def _tls_fault(error: BaseException) -> BaseException | None:
    return error if isinstance(error, ssl.SSLError) else error.__cause__
