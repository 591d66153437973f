"""A mail server's IMAP4rev1 side (RFC 3501), with what real ones refuse: signing in without encryption, a wrong
password, too many connections, a folder that is not there, a command in the wrong state, and what it does not know.
"""

import asyncio
import re
import ssl
from types import TracebackType
from typing import Self

from sandbox.imap.folder import Bad, Folder
from sandbox.smtp import CERTIFICATE

_LINE = re.compile(r"(?P<tag>[A-Za-z0-9]+) (?P<command>[A-Za-z]+)(?: (?P<rest>.*))?")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^()]*\))|([^\s"()]+)')
MOST_LINE = 64 << 10


class ImapStandIn:
    """Listens on `host:port` (`port=0` takes a free one), encrypted from the first byte where `tls`.

    credentials: user and password of the one mailbox that it has. most: how many may be connected at a time.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        credentials: tuple[str, str] = ("studio@example.org", "app-password"),
        tls: bool = True,
        most: int = 15,
    ) -> None:
        self.host, self.port, self.tls = host, port, tls
        self.credentials = credentials
        self.folder = Folder()
        self.commands: list[str] = []
        self.refusals: list[str] = []
        self.cuts: list[str] = []
        self._most = most
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def refuse(self, words: str) -> None:
        """Answer the next sign-in with NO and these words."""
        self.refusals.append(words)

    def cut(self, command: str) -> None:
        """Cut the connection at the next command of this name."""
        self.cuts.append(command)

    async def __aenter__(self) -> Self:
        context = None
        if self.tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(CERTIFICATE)
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=context, limit=MOST_LINE)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await _Session(self, reader, writer).run(full=len(self._open) > self._most)
        except (ConnectionError, ssl.SSLError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            self._open.discard(writer)
            writer.transport.abort()


class _Session:
    """One connection, from its greeting to its end."""

    def __init__(self, server: ImapStandIn, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._signed_in = False
        self._selected = False
        self._read_only = False

    async def run(self, *, full: bool) -> None:
        if full:
            self._say("* BYE [LIMIT] Too many simultaneous connections. (Failure)")
            await self._writer.drain()
            return
        self._say(f"* OK [CAPABILITY {self._capabilities}] ready")
        while line := await self._reader.readline():
            found = _LINE.fullmatch(line.decode("utf-8", "replace").rstrip("\r\n"))
            if found is None:
                self._say("* BAD Invalid tag or command")
                continue
            tag, command, rest = found["tag"], found["command"].upper(), found["rest"] or ""
            self._server.commands.append(command if command == "LOGIN" else f"{command} {rest}".rstrip())
            if command in self._server.cuts or any(f"{command} {rest}".startswith(one) for one in self._server.cuts):
                self._server.cuts.pop()
                return
            try:
                self._say(f"{tag} {self._answer(command, _words(rest))}")
            except Bad as error:
                self._say(f"{tag} BAD {error}")
            await self._writer.drain()
            if command == "LOGOUT":
                return

    @property
    def _capabilities(self) -> str:
        return "IMAP4rev1 LITERAL- AUTH=PLAIN" if self._server.tls else "IMAP4rev1 LITERAL- LOGINDISABLED"

    def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())

    def _answer(self, command: str, words: list[str]) -> str:
        match command, words:
            case "CAPABILITY", []:
                self._say(f"* CAPABILITY {self._capabilities}")
                return "OK Completed"
            case "NOOP", []:
                return "OK Completed"
            case "LOGOUT", []:
                self._say("* BYE Logging out")
                return "OK Completed"
            case "LOGIN", [user, password]:
                return self._login(user, password)
            case (("SELECT" | "EXAMINE"), [name]):
                return self._open_folder(name, read_only=command == "EXAMINE")
            case "UID", [what, *rest]:
                return self._by_number(what.upper(), rest)
        raise Bad(f"Unknown command or wrong arguments: {command}")

    def _login(self, user: str, password: str) -> str:
        if not self._server.tls:
            return "NO [PRIVACYREQUIRED] Plaintext authentication disallowed without TLS"
        if self._server.refusals:
            return f"NO {self._server.refusals.pop(0)}"
        if (user, password) != self._server.credentials:
            return "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"
        self._signed_in = True
        return "OK Success"

    def _open_folder(self, name: str, *, read_only: bool) -> str:
        folder = self._server.folder
        if not self._signed_in:
            raise Bad("Command received in invalid state")
        if name.upper() != folder.name:
            self._selected = False
            return f"NO [NONEXISTENT] Unknown Mailbox: {name} (Failure)"
        self._selected, self._read_only = True, read_only
        self._say(r"* FLAGS (\Answered \Flagged \Draft \Deleted \Seen)")
        self._say(f"* {len(folder.mails)} EXISTS")
        self._say("* 0 RECENT")
        self._say(f"* OK [UIDVALIDITY {folder.validity}] UIDs valid")
        self._say(f"* OK [UIDNEXT {folder.next_number}] Predicted next UID")
        return f"OK [{'READ-ONLY' if read_only else 'READ-WRITE'}] {name} selected"

    def _by_number(self, what: str, words: list[str]) -> str:
        folder = self._server.folder
        if not self._selected:
            raise Bad("Command received in invalid state")
        match what, words:
            case "SEARCH", criteria:
                found = folder.search(criteria)
                self._say("* SEARCH" + "".join(f" {number}" for number in found))
                return "OK SEARCH completed"
            case "FETCH", [numbers, *items]:
                for mail in folder.named(numbers):
                    self._writer.write(folder.fetched(mail, " ".join(items), read_only=self._read_only))
                return "OK FETCH completed"
            case "STORE", _ if self._read_only:
                return "NO [READ-ONLY] Mailbox is read-only"
        raise Bad(f"Unknown command or wrong arguments: UID {what}")


def _words(rest: str) -> list[str]:
    """Arguments: words, strings between quotes, lists between brackets."""
    found = list(_WORD.finditer(rest))
    if "".join(one[0] for one in found).replace(" ", "") != rest.replace(" ", ""):
        raise Bad("Invalid arguments")
    return [re.sub(r"\\(.)", r"\1", one[1]) if one[1] is not None else one[0] for one in found]
