"""`echopilot google-login`: the owner gives consent in a browser, wherever that is, and gets the line for `.env`."""

import asyncio
import threading
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.google.login import Login, NotGiven
from bot.google.model import SCOPES, ending
from bot.google.settings import GoogleSettings
from bot.kernel.errors import InvalidSettings
from bot.providers import google_consent_of
from bot.reports.settings import MailSettings
from bot.settings import Settings

Say = Callable[[str], None]
LOOPBACK = "127.0.0.1"
DONE = "You can close this page, and go back to the terminal."
LONGEST_HEAD = 16_384


class ConsentSettings(GoogleSettings, MailSettings):
    """What a consent needs; nothing else has to be set, not even what it is for."""

    @classmethod
    def _names(cls) -> list[str]:
        return Settings._names()


async def login(arguments: Namespace, say: Say, read: Callable[[], str]) -> int:
    """Print the link, wait for what comes of it, and print the refresh token. read: a line that was pasted.

    Raises InvalidSettings, NotGiven, ProviderError.
    """
    settings = ConsentSettings.load()
    if not settings.google_client_id or settings.google_client_secret is None:
        raise InvalidSettings(
            ["GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are not set: see docs/operations.md, “Google”."]
        )
    came: asyncio.Queue[str] = asyncio.Queue()
    async with _listening(came) as port:
        wanted = arguments.purposes or ["drive", *(["mail"] if settings.mail_by == "gmail" else [])]
        signed = Login(settings.google_client_id, [SCOPES[one] for one in wanted], f"http://{LOOPBACK}:{port}")
        say(f"Open this in any browser, signed in as the account whose Google is used ({' and '.join(wanted)}):\n")
        say(f"{signed.link(settings.google_consent_url)}\n")
        say(f"It ends at {signed.redirect}. Where that page does not load, paste its address here and press Enter:")
        _read_lines(read, came)
        code = await _code(signed, came, say)
    consent = await google_consent_of(settings, signed, code)
    say("Consent is given. Put this line into .env, and start EchoPilot anew:\n")
    say(f"GOOGLE_REFRESH_TOKEN={consent.refresh_token}\n")
    if words := ending(consent.seconds):
        say(f"Attention: {words}")
    return 0


async def _code(signed: Login, came: asyncio.Queue[str], say: Say) -> str:
    """The code of the first address that is of this sign-in; of another, why it is none."""
    while True:
        address = await came.get()
        try:
            return signed.code_in(address)
        except NotGiven as error:
            if "state=" in address and signed.state in address:
                raise
            say(str(error))


def _read_lines(read: Callable[[], str], came: asyncio.Queue[str]) -> None:
    """Lines as they are pasted, by a thread that nobody waits for: it may sit before a terminal until the end."""
    loop = asyncio.get_running_loop()

    def lines() -> None:
        while line := read():
            if line.strip():
                loop.call_soon_threadsafe(came.put_nowait, line)

    threading.Thread(target=lines, daemon=True).start()


@asynccontextmanager
async def _listening(came: asyncio.Queue[str]) -> AsyncIterator[int]:
    """Take what a browser on this machine brings; says at which port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode("ascii", "replace")
            body = DONE.encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n")
            writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            if "state=" in target:  # and not what a browser asks for by itself
                came.put_nowait(target)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError, ConnectionError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0, limit=LONGEST_HEAD)
    async with server:
        yield server.sockets[0].getsockname()[1]
