"""What is asked of the containers of a compose file, one thing after the other."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import yaml

from bot.ops.version import ROOT
from sandbox.server import Sandbox
from tests.eventually import eventually
from tests.house import WEBHOOK_SECRET, House, Providers
from tests.image.engine import Composed, Failed

FILES = ("compose.yaml", "compose.postgresql.yaml")
HOST = "host.docker.internal"
PASSWORD = "onlyhere"
START_SECONDS = 120.0
WORDS = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8080/readyz').read().decode())"
MAIL = ("smtp_", "mail_", "report_")


@asynccontextmanager
async def served() -> AsyncIterator[Providers]:
    """The stand-ins, where containers can reach them."""
    stand_ins = Providers()
    sandbox = Sandbox(stand_ins.telegram, stand_ins.stripe, stand_ins.openai, stand_ins.notion, host="0.0.0.0")
    async with sandbox:
        stand_ins.url = sandbox.url.replace("0.0.0.0", HOST)
        yield stand_ins


def prepared(file: str, folder: Path, image: str, stand_ins: Providers) -> int:
    """Put the compose file there with a .env and what the check needs beside it; returns the port that it is given."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    text = (ROOT / file).read_text()
    for old, new in (("image: echopilot", f"image: {image}:${{TAG}}"), ("127.0.0.1:8080:", f"127.0.0.1:{port}:")):
        assert old in text, f"{file} has no {old}"
        text = text.replace(old, new)
    (folder / "compose.yaml").write_text(text)
    names = yaml.safe_load(text)["services"]
    to_host = {"services": {name: {"extra_hosts": [f"{HOST}:host-gateway"]} for name in names}}
    (folder / "check.yaml").write_text(yaml.safe_dump(to_host))
    ours = {"database_url", "web_port", "backup_folder"}  # which are for the compose files to say
    settings = {
        name.upper(): value
        for name, value in stand_ins.environment("").items()
        if name not in ours and not name.startswith(MAIL)
    }
    lines = [f"{name}={value}\n" for name, value in (settings | {"POSTGRES_PASSWORD": PASSWORD}).items()]
    (folder / ".env").write_text("".join(lines))
    stand_ins.stripe.webhook(f"http://127.0.0.1:{port}/webhooks/stripe", WEBHOOK_SECRET)
    return port


class Trial:
    """The life of the containers, from the version before to the way back to it."""

    def __init__(self, composed: Composed, stand_ins: Providers, port: int, say: Callable[[str], None]) -> None:
        self._composed = composed
        self._port = port
        self._say = say
        self._home = House(stand_ins, cast("Any", None), cast("Any", None), **stand_ins.people())

    async def run(self) -> None:
        """Every step. Raises Failed or AssertionError at the first that does not go as it should."""
        await self._upgraded()
        await self._worked()
        await self._backed_up()
        await self._stopped_and_started()
        await self._rolled_back()

    async def _upgraded(self) -> None:
        await self._up("before")
        before = await self._ready()
        await self._home.carol.says("/start")
        await self._home.carol.sees("Welcome", timeout=START_SECONDS)
        if await self._has_server():
            self._dump = await self._composed.run(
                "exec", "-T", "database", "pg_dump", "--username=echopilot", "--format=custom", "echopilot"
            )
        await self._up("now")
        after = await eventually(self._answer, lambda seen: seen[0] == 200 and seen[1] != before, within=START_SECONDS)
        assert "database migrated" in await self._logs()
        self._now = after[1]
        self._say(f"{before} upgraded to {self._now}")

    async def _worked(self) -> None:
        await self._home.invite(self._home.alice, "client")
        self._brief = await self._home.brief()
        await self._home.alice.sees(f"Brief {self._brief} · Delivered", timeout=START_SECONDS)
        await self._home.alice.sees("To pay", timeout=START_SECONDS)
        await self._home.pay(self._brief)
        await self._home.alice.sees(f"Brief {self._brief} · Paid", timeout=START_SECONDS)
        self._say("a brief went from the message to the paid invoice")
        await eventually(self._health, lambda found: set(found.values()) == {"healthy"}, within=START_SECONDS)
        self._say(f"healthy: {', '.join(sorted(await self._health()))}")

    async def _backed_up(self) -> None:
        """Beside the processes that run, by the programs of PostgreSQL's that the image has."""
        once = ("run", "--rm", "-T", "worker" if await self._has_server() else "echopilot")
        made = (await self._composed.run(*once, "backup")).decode()
        assert " rows of " in made, made
        tried = (await self._composed.run(*once, "drill")).decode()
        assert "recovered in" in tried, tried
        self._say(f"backed up, and tried: {tried.strip().splitlines()[-1]}")

    async def _stopped_and_started(self) -> None:
        begun = asyncio.get_running_loop().time()
        await self._composed.run("stop")
        seconds = asyncio.get_running_loop().time() - begun
        codes = {name: state["ExitCode"] for name, state in (await self._composed.states()).items()}
        assert set(codes.values()) == {0}, f"ended by SIGTERM with {codes}"
        await self._composed.run("start")
        await self._ready()
        mark = self._home.alice.mark()
        await self._home.alice.says(f"/brief_{self._brief}")
        await self._home.alice.sees(f"Brief {self._brief}", after=mark, timeout=START_SECONDS)
        self._say(f"SIGTERM ended all of it in {seconds:.0f} s with code 0; started again, it knows the brief")

    async def _rolled_back(self) -> None:
        """The older version refuses the newer schema in words, and runs on what was kept before the upgrade."""
        await self._composed.run("stop", *await self._programs())
        await self._up("before")
        await eventually(self._logs, lambda logs: "was made by a newer EchoPilot" in logs, within=START_SECONDS)
        await self._composed.run("stop", *await self._programs())
        if await self._has_server():
            inside, user = ("exec", "-T", "database"), "--username=echopilot"
            await self._composed.run(*inside, "dropdb", user, "--force", "--maintenance-db=postgres", "echopilot")
            await self._composed.run(*inside, "createdb", user, "--maintenance-db=postgres", "echopilot")
            await self._composed.run(*inside, "pg_restore", user, "--dbname=echopilot", given=self._dump)
        else:
            script = (
                "set -e; cd /data; copy=$(ls echopilot.db.before-*); rm -f echopilot.db-wal echopilot.db-shm; "
                "mv $copy echopilot.db"
            )
            await self._composed.run("run", "--rm", "--entrypoint", "sh", "echopilot", "-c", script)
        await self._up("before")
        self._say(f"rolled back to {await self._ready()} on the copy from before the upgrade")
        await self._up("now")
        await eventually(self._answer, lambda seen: seen == (200, self._now), within=START_SECONDS)

    async def _up(self, tag: str) -> None:
        await self._composed.run("up", "--detach", "--no-build", tag=tag)

    async def _ready(self) -> str:
        _, words = await eventually(self._answer, lambda seen: seen[0] == 200, within=START_SECONDS)
        return words

    async def _answer(self) -> tuple[int, str]:
        """What /readyz says: its status at the port that is published, its words within the container, which is where
        they are told; 0 where nobody listens.
        """
        timeout = aiohttp.ClientTimeout(total=5)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.get(f"http://127.0.0.1:{self._port}/readyz") as answer,
            ):
                status = answer.status
            web = "web" if await self._has_server() else "echopilot"
            words = await self._composed.run("exec", "-T", web, "python", "-c", WORDS) if status == 200 else b""
        except (aiohttp.ClientError, TimeoutError, Failed):
            return 0, ""
        return status, words.decode().strip().removeprefix("ready, ")

    async def _logs(self) -> str:
        return (await self._composed.run("logs", "--no-color")).decode(errors="replace")

    async def _health(self) -> Mapping[str, str]:
        """Docker's word on each container; "none" where it has no check."""
        states = await self._composed.states()
        return {name: cast("Any", state.get("Health") or {}).get("Status", "none") for name, state in states.items()}

    async def _has_server(self) -> bool:
        return "database" in await self._services()

    async def _programs(self) -> list[str]:
        return [name for name in await self._services() if name != "database"]

    async def _services(self) -> list[str]:
        return (await self._composed.run("config", "--services")).decode().split()
