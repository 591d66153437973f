"""Mail by SMTP, through aiosmtplib."""

from email.message import EmailMessage

import aiosmtplib

from bot.kernel.errors import ProviderError


class SmtpMail:
    """One mail server; `username` empty: no sign-in."""

    def __init__(
        self, host: str, port: int, *, sender: str, starttls: bool, username: str = "", password: str | None = None
    ) -> None:
        self._server = {"hostname": host, "port": port, "start_tls": starttls, "timeout": 20}
        self._sign_in = {"username": username, "password": password} if username else {}
        self._sender = sender

    async def send(self, recipient: str, subject: str, text: str, message_id: str) -> None:
        """Send a plain-text mail. The same `message_id` again is the same mail to the reader's program.

        Raises ProviderError; permanent where the server refuses the recipient.
        """
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, recipient, subject
        mail["Message-ID"] = f"<{message_id}@echopilot>"
        mail.set_content(text)
        try:
            await aiosmtplib.send(mail, **self._server, **self._sign_in)  # type: ignore[arg-type]
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code if error.recipients else 0
            raise ProviderError("Mail", f"{recipient} is refused ({code})", permanent=code >= 500) from None
        except aiosmtplib.SMTPResponseException as error:
            raise ProviderError("Mail", f"{error.code} {error.message}", permanent=error.code >= 500) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ProviderError("Mail", f"no answer ({type(error).__name__})", unknown=True) from None

    async def probe(self) -> None:
        """Connect and sign in, to prove that mail can be sent."""
        try:
            async with aiosmtplib.SMTP(**self._server, **self._sign_in):  # type: ignore[arg-type]
                return
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ProviderError("Mail", f"no connection ({type(error).__name__})") from None
