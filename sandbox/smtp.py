"""A mail server that keeps what it is given, on aiosmtpd in the caller's own event loop.

It is not below the sandbox's HTTP address. Replies follow RFC 5321 and RFC 3463; what a mail must have, what Gmail
refuses without (550 5.7.1).
"""

import asyncio
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.mail_rules import misaddressed, missing

# Self-made, for this machine's own addresses; its key is no secret, and trusted is it only by whoever names the file in
# SSL_CERT_FILE. It is a file because nothing that we depend on can make a certificate.
CERTIFICATE = Path(__file__).with_name("smtp_certificate.pem")
Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True)
class Received:
    """One accepted message: the envelope's addresses and the parsed message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


class _Hooks:
    """aiosmtpd calls these by name; the arguments are its own."""

    def __init__(self, stand_in: "SmtpStandIn") -> None:
        self._stand_in = stand_in

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._stand_in.needs_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if refusal := misaddressed(address, options):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := misaddressed(address, envelope.mail_options):
            return refusal
        if address.lower() in self._stand_in.refused:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        if address.lower() in self._stand_in.greylisted:
            return f"450 4.2.0 <{address}>: Recipient address rejected: Greylisted, see RFC 6647"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        return await self._stand_in.take(server, envelope)


class _Connection(SMTP):
    """One caller; it registers its transport so that `stop` can cut it."""

    def __init__(self, stand_in: "SmtpStandIn") -> None:
        self._stand_in = stand_in
        upgrades = stand_in.security == "starttls"
        super().__init__(
            _Hooks(stand_in),
            hostname="sandbox.invalid",
            ident="EchoPilot sandbox",
            enable_SMTPUTF8=stand_in.smtputf8,
            authenticator=stand_in.login,
            auth_require_tls=stand_in.security != "tls",  # aiosmtpd sees only the TLS that began with STARTTLS
            auth_exclude_mechanism=[] if stand_in.needs_login else ["LOGIN", "PLAIN"],
            tls_context=_context() if upgrades else None,
            require_starttls=upgrades,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._stand_in.connected.add(cast(asyncio.WriteTransport, transport))
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._stand_in.connected.discard(cast(asyncio.WriteTransport, self.transport))
        super().connection_lost(error)


class SmtpStandIn:
    """Listens on `host:port` (`port=0` takes a free one). Use as an async context manager, or `start` and `stop`.

    With `credentials` (user, password) every sender must log in first; without, nobody needs to. Signing in is offered
    once the connection is encrypted: by STARTTLS (port 587 in the world) or from the first byte (`tls`, port 465).
    smtputf8: whether addresses may have accents before the @.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        credentials: tuple[str, str] | None = None,
        security: Security = "none",
        smtputf8: bool = True,
    ) -> None:
        self.host, self.port, self.security, self.smtputf8 = host, port, security, smtputf8
        self.received_mail: list[Received] = []
        self.refused: set[str] = set()
        self.greylisted: set[str] = set()  # put off each time they are tried
        self._credentials = credentials
        self._deferred = 0
        self._dropped: list[bool] = []
        self._arrival = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self.connected: set[asyncio.WriteTransport] = set()

    @property
    def needs_login(self) -> bool:
        return self._credentials is not None

    @property
    def messages(self) -> list[EmailMessage]:
        """The accepted messages in the order of their arrival."""
        return [mail.message for mail in self.received_mail]

    def refuse(self, *addresses: str) -> None:
        """Answer these recipients with 550 for good."""
        self.refused.update(address.lower() for address in addresses)

    def defer(self, times: int = 1) -> None:
        """Answer the next `times` messages with 451, and keep nothing of them."""
        self._deferred += times

    def drop(self, times: int = 1, *, kept: bool = False) -> None:
        """Cut the connection at the end of the next `times` messages: `kept` or lost, the sender cannot know."""
        self._dropped.extend([kept] * times)

    async def received(self, count: int) -> list[EmailMessage]:
        """Wait until `count` messages have arrived since the start, and return all of them."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.received_mail) >= count)
        return self.messages

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        at_once = _context() if self.security == "tls" else None
        self._server = await loop.create_server(lambda: _Connection(self), self.host, self.port, ssl=at_once)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for transport in self.connected:
            transport.abort()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def take(self, server: SMTP, envelope: Envelope) -> str:
        """Take one message in, or show a planned fault; the return value is the server's reply."""
        if self._deferred:
            self._deferred -= 1
            return "451 4.3.0 Temporary failure, try again later"
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        if refusal := missing(message):
            return refusal
        kept = self._dropped.pop(0) if self._dropped else None
        if kept is not False:
            await self._keep(envelope, message)
        if kept is not None:
            cast(asyncio.WriteTransport, server.transport).abort()
        return "250 2.0.0 Ok: queued"

    async def _keep(self, envelope: Envelope, message: EmailMessage) -> None:
        async with self._arrival:
            self.received_mail.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
            self._arrival.notify_all()

    def login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        """aiosmtpd's authenticator: a wrong pair is answered with 535."""
        if not isinstance(given, LoginPassword) or self._credentials is None:
            return AuthResult(success=False, handled=False)
        user, password = self._credentials
        correct = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=correct, handled=False)


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context
