"""`google-login`: consent by any browser, and what doctor says of it afterwards."""

import asyncio
import os
import queue
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.commands.google_login import login
from bot.doctor import report
from bot.google.login import NotGiven
from bot.kernel.errors import InvalidSettings
from sandbox.google.drive import SCOPE, DriveStandIn
from tests import drive as google
from tests.house import Providers

pytestmark = pytest.mark.wire
DRIVE = Namespace(purposes=["drive"])
Browser = Callable[[str], str]


@pytest.fixture
async def drive() -> AsyncIterator[DriveStandIn]:
    """An empty Drive."""
    async with google.served() as stand_in:
        yield stand_in


@pytest.fixture(autouse=True)
def environment(drive: DriveStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is set before there is a consent."""
    monkeypatch.chdir(tmp_path)
    for name in ("google_client_id", "google_client_secret", "google_token_url", "google_consent_url"):
        monkeypatch.setenv(name.upper(), str(google.changes(drive)[name]))
    monkeypatch.setenv("GOOGLE_DRIVE", "true")


async def led_to(link: str) -> str:
    """Where Google leads the browser once the owner said yes."""
    async with aiohttp.ClientSession() as session, session.get(link, allow_redirects=False) as answer:
        return answer.headers["Location"]


class Terminal:
    """Somebody before a terminal: reads the link, and pastes what `paste` makes of where it leads to."""

    def __init__(self, paste: Callable[[str], str]) -> None:
        self.lines: list[str] = []
        self._paste = paste
        self._pasted: queue.Queue[str] = queue.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    def say(self, line: str) -> None:
        self.lines.append(line)
        if "code_challenge" in line:
            self._tasks.append(asyncio.create_task(self._open(line.strip())))

    async def _open(self, link: str) -> None:
        self._pasted.put(self._paste(await led_to(link)))
        self._pasted.put("")  # they type no more

    def read(self) -> str:
        return self._pasted.get()

    @property
    def token(self) -> str:
        (line,) = (one for one in self.lines if one.startswith("GOOGLE_REFRESH_TOKEN="))
        return line.strip().partition("=")[2]


async def test_by_the_command(drive: DriveStandIn, tmp_path: Path) -> None:
    """The program prints a link; the address that the browser is led to, pasted, brings the refresh token."""
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "google-login",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    link = ""
    while "code_challenge" not in link:
        link = (await process.stdout.readline()).decode().strip()
    process.stdin.write(f"{await led_to(link)}\n".encode())
    await process.stdin.drain()
    rest = (await process.stdout.read()).decode()
    assert await process.wait() == 0
    assert f"GOOGLE_REFRESH_TOKEN={drive.refresh_token}\n" in rest
    assert drive.scope == SCOPE


async def test_a_browser_on_this_machine() -> None:
    """Where the browser is on the same machine nothing is pasted: it comes by itself."""
    terminal = Terminal(lambda address: address)
    opened: list[asyncio.Task[Any]] = []

    async def follow(link: str) -> str:
        async with aiohttp.ClientSession() as session, session.get(link) as answer:
            return await answer.text()

    def say(line: str) -> None:
        terminal.lines.append(line)
        if "code_challenge" in line:
            opened.append(asyncio.create_task(follow(line.strip())))

    assert await login(DRIVE, say, lambda: "") == 0
    assert terminal.token.startswith("1//")
    assert "You can close this page" in await opened[0]


async def test_what_was_pasted_wrongly() -> None:
    """What is no address of this sign-in is said to be none, and the right one still counts."""
    terminal = Terminal(lambda address: f"what?\n{address}")
    lines: list[str] = []

    def read() -> str:
        if not lines:
            lines.extend(terminal.read().split("\n"))
        return lines.pop(0)

    assert await login(DRIVE, terminal.say, read) == 0
    assert any("not of this sign-in" in line for line in terminal.lines)
    assert terminal.token.startswith("1//")


@pytest.mark.parametrize(
    ("paste", "words"),
    [
        (lambda address: address.replace("code=", "error=access_denied&no="), "Consent was refused"),
        (lambda address: address.replace("code=4", "code=5"), "Google refused (invalid_grant"),
    ],
    ids=["denied", "another code"],
)
async def test_no_consent(paste: Callable[[str], str], words: str) -> None:
    """A consent that was refused, or a code that is none, ends it with words and no token."""
    terminal = Terminal(paste)
    with pytest.raises(NotGiven) as refused:
        await login(DRIVE, terminal.say, terminal.read)
    assert words in str(refused.value)
    assert not [line for line in terminal.lines if "GOOGLE_REFRESH_TOKEN=" in line]


async def test_a_box_that_was_not_ticked(drive: DriveStandIn) -> None:
    """A consent that covers less than was asked for is none."""

    def less(address: str) -> str:
        for code, asked in drive.codes.items():
            drive.codes[code] = {**asked, "scope": "openid"}
        return address

    terminal = Terminal(less)
    with pytest.raises(NotGiven, match="does not cover https"):
        await login(DRIVE, terminal.say, terminal.read)


async def test_mail_too(drive: DriveStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where mail goes by Gmail, one consent is for both."""
    monkeypatch.setenv("MAIL_BY", "gmail")
    terminal = Terminal(lambda address: address)
    await login(Namespace(purposes=[]), terminal.say, terminal.read)
    assert {scope.rpartition("/")[2] for scope in drive.scope.split()} == {"drive.file", "gmail.send"}


async def test_in_testing(drive: DriveStandIn) -> None:
    """A consent that ends after 7 days is told as that at once."""
    drive.refresh_seconds = 604_799
    terminal = Terminal(lambda address: address)
    await login(DRIVE, terminal.say, terminal.read)
    assert "“Testing”, so this consent ends in 7 days" in terminal.lines[-1]


async def test_without_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a client it says what to set."""
    monkeypatch.delenv("GOOGLE_CLIENT_SECRET")
    with pytest.raises(InvalidSettings, match="GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are not set"):
        await login(DRIVE, print, str)


@pytest.mark.parametrize(
    ("spoil", "line", "words"),
    [
        (lambda drive: None, "google", "Google takes our consent"),
        (lambda drive: None, "drive", "the Drive of studio@example.org has 15.0 GB of 15.0 GB free"),
        (
            lambda drive: setattr(drive, "refresh_seconds", 600_000),
            "google",
            "“Testing”, so this consent ends in 7 days",
        ),
        (lambda drive: setattr(drive, "refresh_seconds", 9_000_000), "google", "this consent ends in 104 days"),
        (lambda drive: drive.revoke(), "google", "Google no longer accepts our consent (invalid_grant)"),
        (lambda drive: setattr(drive, "limit", 0), "drive", "as service accounts have none"),
        (lambda drive: drive.fill(), "drive", "once it is full, files wait"),
        (lambda drive: setattr(drive, "scope", "openid"), "drive", "insufficient authentication scopes"),
    ],
    ids=["consent", "room", "testing", "for a time", "revoked", "service account", "full", "scope"],
)
async def test_doctor(
    stand_ins: Providers,
    sqlite_url: str,
    drive: DriveStandIn,
    spoil: Callable[[DriveStandIn], None],
    line: str,
    words: str,
) -> None:
    """Doctor says how long the consent holds, whose Drive it is, and what is in the way."""
    settings = stand_ins.settings(sqlite_url, **google.changes(drive))
    spoil(drive)
    lines: list[str] = []
    await report(settings, lines.append)
    (found,) = (one for one in lines if one.startswith(f"{line} "))
    assert words in found
    assert not [call for call in drive.calls if not call.startswith("GET")]
