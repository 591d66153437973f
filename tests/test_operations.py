"""docs/operations.md says what the code does, and what it shows can be run."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.access.model import TENANT, Role
from bot.adapters.backups import packing
from bot.invoices.events import OCCASIONS
from bot.kernel.clock import SystemClock
from bot.kernel.timing import IN_PRODUCTION
from bot.ops.version import ROOT
from bot.settings import Settings
from sandbox.stripe.door import RESOURCES
from storage.engine.database import Database
from storage.people import people
from tests.bot.backups.making import made
from tests.house import BRIEF, Providers, house
from tests.platform.program import environment, run, running, start
from web.server import KEEPALIVE_SECONDS, LARGEST_BODY

PAGE = (ROOT / "docs" / "operations.md").read_text()
COMPOSE = ("compose.yaml", "compose.postgresql.yaml")
REQUIRED = [name.upper() for name, field in Settings.model_fields.items() if field.is_required()]
DRAIN_SECONDS = float(Settings.model_fields["drain_seconds"].default)
BEATS_MISSED = 6
# What the dashboard calls Stripe's permissions.
CALLED = {
    "Charges and refunds": "charge",
    "Balance transaction sources": "balance_transaction_source",
    "Credit notes": "credit_note",
}


def blocks(language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [block for each, block in found if each == language]


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def read(unit: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit)
    return parser


UNIT = blocks("ini")[0]
SERVICE = read(UNIT)["Service"]


def seconds(words: str) -> float:
    """A span of time as systemd and compose write it."""
    number, unit = re.fullmatch(r"(\d+)(s|min|)", words).groups()  # type: ignore[union-attr]
    return float(number) * (60 if unit == "min" else 1)


def test_events_to_choose() -> None:
    """The page has each event that is the occasion for something, and no other."""
    [listed] = [block for block in blocks("") if block.startswith("invoice.paid\n")]
    assert listed.split() == list(OCCASIONS)


async def test_permissions_of_a_restricted_key(stand_ins: Providers, new_sqlite_url: str) -> None:
    """A key with the permissions of the page, and none beside, makes an invoice and sees it paid."""
    rows = re.findall(r"^\| ([A-Z][a-z ]+) \| (read|write) \|$", section("Stripe"), re.MULTILINE)
    given = {f"{CALLED.get(name, name.lower().removesuffix('s'))}_{access}" for name, access in rows}
    given |= {name.replace("_write", "_read") for name in given}
    every = {f"{resource}_{access}" for resource in RESOURCES.values() for access in ("read", "write")}
    assert given < every
    stand_ins.stripe.withhold(*every - given, "accounts_kyc_basic_read")
    async with house(stand_ins, new_sqlite_url, stripe_secret_key="rk_test_sandbox_key") as home:
        await home.staff()
        number = await home.brief(BRIEF)
        await home.stripe_has("open")
        await home.pay(number)
        await home.alice.sees(f"Brief {number} · Paid")


def test_unit_is_sound(tmp_path: Path) -> None:
    """systemd has nothing to say of the unit, nor of the one for parts that is made of it."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    [command] = re.findall(r"^sed ('.+?') /etc/systemd/system/echopilot.service", PAGE, re.MULTILINE)
    whole = tmp_path / "echopilot.service"
    whole.write_text(UNIT.replace("/opt/echopilot/.venv/bin/python", sys.executable))
    parts = subprocess.run(["sed", command.strip("'"), whole], capture_output=True, text=True, check=True).stdout
    assert " -m bot run --only %i\n" in parts
    (tmp_path / "echopilot@.service").write_text(parts)
    for name in ("echopilot.service", "echopilot@.service"):
        told = subprocess.run([analyze, "verify", tmp_path / name], capture_output=True, text=True, check=False)
        assert [line for line in told.stderr.splitlines() if "echopilot" in line] == []


def test_unit_starts_in_an_empty_folder(tmp_path: Path) -> None:
    """Its command, where nothing was set yet, names what has to be set, and ends as nothing that is tried again."""
    program, *arguments = SERVICE["ExecStart"].split()
    name, _, value = SERVICE["Environment"].partition("=")
    assert program == "/opt/echopilot/.venv/bin/python"
    environment = {"PATH": os.environ["PATH"], name: value.replace("/opt/echopilot", str(ROOT))}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert str(done.returncode) == SERVICE["RestartPreventExitStatus"]
    assert re.findall(r"^  - ([A-Z_]+): is not set", done.stderr, re.MULTILINE) == REQUIRED


def test_times_of_the_unit() -> None:
    """A stop may take as long as it waits for work, and silence is as many beats as the compose files allow."""
    assert seconds(SERVICE["TimeoutStopSec"]) > DRAIN_SECONDS
    assert seconds(SERVICE["WatchdogSec"]) == BEATS_MISSED * IN_PRODUCTION.beat


@pytest.mark.parametrize("name", COMPOSE)
def test_limits_of_the_compose_files(name: str) -> None:
    """Each container has a health check and limits on memory and log, and each of ours those of the unit."""
    services: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())["services"]
    for service in services.values():
        options = service["logging"]["options"]
        assert options["max-size"] == "10m"
        assert options["max-file"] == "5"
        assert service["mem_limit"].upper() == SERVICE["MemoryMax"]
        if service["image"] == "echopilot":
            assert service["pids_limit"] == int(SERVICE["TasksMax"])
            assert seconds(service["stop_grace_period"]) > DRAIN_SECONDS
        if "healthcheck" in service or service["image"] != "echopilot":  # else the image's counts
            assert service["healthcheck"]["test"]


@pytest.mark.parametrize("language", ["caddy", "nginx"])
def test_proxies(language: str) -> None:
    """All but /metrics goes through, nothing that EchoPilot would take is too large, and no closed connection is used
    again.
    """
    [block] = blocks(language)
    assert re.search(r"(?:handle|location =) /metrics \{\s+(?:respond|return) 404", block)
    assert block.count("404") == 1
    port = Settings.model_fields["web_port"].default
    assert re.findall(r"127\.0\.0\.1:(\d+)", block) == [str(port)]
    assert re.search(r"max_(body_)?size 1(MB|m)\b", block)
    assert LARGEST_BODY <= 1_000_000
    if language == "caddy":
        [kept] = re.findall(r"keepalive (\d+)s", block)
        assert float(kept) < KEEPALIVE_SECONDS


def test_image_check_where_there_is_no_engine(tmp_path: Path) -> None:
    """Without Docker the check of the image says that it checked nothing, with a code of its own."""
    command = [sys.executable, "-m", "tests.image"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition(":")[0]) == (77, "NOT CHECKED")
    assert "code 77" in PAGE


async def test_restore_onto_an_empty_machine(stand_ins: Providers, sqlite_url: str, tmp_path: Path) -> None:
    """The recipe's commands, in an empty folder with nothing but the settings and the key, bring yesterday back."""
    commands = re.findall(r"^   python -m bot (.+?)(?: +#.*)?$", section("Backups"), re.MULTILINE)
    assert commands == ["backups", "restore newest --key -"]
    carol, key = stand_ins.people()["carol"], packing.new_key()
    yesterday = Database(sqlite_url, SystemClock())
    await yesterday.write(lambda tx: people.enroll(tx, TENANT, carol.id, "Carol", Role.ADMIN, "en"))
    await yesterday.close()
    bot = stand_ins.telegram.token.partition(":")[0]
    await asyncio.to_thread(made, tmp_path / "second", sqlite_url, key.public, bot=bot)
    settings = stand_ins.environment("sqlite:///data/echopilot.db") | {"backup_folder": "", "allow_dirty": "true"}
    settings |= {"backup_public_key": key.public, "backup_second_place": tmp_path / "second"}
    env, empty = environment(settings), tmp_path / "empty"
    await asyncio.to_thread(empty.mkdir)
    code, listed = await run(commands[0], env=env, cwd=empty)
    assert (code, listed.count("  echopilot-")) == (0, 1)
    process = await start(*commands[1].split(), env=env, cwd=empty, stdin=asyncio.subprocess.PIPE)
    said, _ = await process.communicate(f"{key.secret}\n".encode())
    assert process.returncode == 0, said
    assert "sends nothing before they decided" in said.decode()
    await carol.says("/start")
    async with running(env, empty):
        await carol.sees("Restored from")
