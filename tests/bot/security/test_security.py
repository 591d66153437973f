"""The security scan: each weakness is planted and found, with its fix; where there is none, nothing is said."""

import json
import stat
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.access.model import TENANT, Role
from bot.adapters.pip_audit import PipAudit
from bot.alerts.rules.catalog import BY_NAME
from bot.kernel.errors import Forbidden
from bot.ops.version import Version
from bot.security import model
from bot.security.model import RULES, Vulnerability
from bot.security.ports import BadCertificate, NotChecked
from bot.security.service import Security
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.tables.audit import audit
from storage.tables.watch.security import secret_marks
from tests.clock import SimulatedClock
from tests.house import Providers

THURSDAY = datetime(2026, 11, 26, 6, tzinfo=UTC)
DAY = timedelta(days=1)


class Lists:
    """Lists of vulnerabilities that say what a test says."""

    known: Sequence[Vulnerability] = ()
    silent = ""

    async def vulnerabilities(self) -> Sequence[Vulnerability]:
        if self.silent:
            raise NotChecked(self.silent)
        return self.known


class Server:
    """A server with a certificate that a test gives it."""

    until = THURSDAY + 60 * DAY
    wrong = ""
    silent = ""

    async def ends(self, address: str) -> datetime:
        if self.silent:
            raise NotChecked(self.silent)
        if self.wrong:
            raise BadCertificate(self.wrong)
        return self.until


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(THURSDAY)


@pytest.fixture
def lists() -> Lists:
    return Lists()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def owned_url(sqlite_url: str) -> str:
    """The address of a file that is its owner's alone."""
    Path(sqlite_url.removeprefix("sqlite:///")).chmod(0o600)
    return sqlite_url


@pytest.fixture
async def database(owned_url: str, clock: SimulatedClock) -> AsyncIterator[Database]:
    """With two admins."""
    made = Database(owned_url, clock)

    async def enroll(tx: Transaction) -> None:
        for number, name in enumerate(("Carol", "Dora"), 1003):
            await people.enroll(tx, TENANT, number, name, Role.ADMIN, "en")

    await made.write(enroll)
    yield made
    await made.close()


@pytest.fixture
async def scan(
    database: Database, stand_ins: Providers, sqlite_url: str, lists: Lists, server: Server, requirements: Path
) -> Security:
    """The scan of a sound installation."""
    settings = stand_ins.settings(sqlite_url, public_url="https://studio.echopilot.test")
    return Security(database, settings, Version("1", dirty=False), lists, server, requirements)


async def found(database: Database) -> dict[str, dict[str, str | int]]:
    """What is open, by rule."""
    async with database.reading() as connection:
        return {alert.rule: dict(alert.facts) for alert in await alerts.all_open(connection, TENANT)}


async def test_a_sound_installation(database: Database, scan: Security) -> None:
    """Nothing weak is found, and packages count as checked."""
    words = await scan.scan()
    assert words.startswith("0 findings: nothing weak; ")
    assert words.endswith("checked against advisories")
    assert await found(database) == {}


def test_each_rule_says_its_fix() -> None:
    """Every finding is an alert that says what to do."""
    assert [name for name in RULES if name not in BY_NAME] == []
    says = {name: BY_NAME[name].meaning for name in RULES}
    assert [name for name, words in says.items() if "Fix: " not in words] == []


async def test_an_open_file(database: Database, scan: Security, tmp_path: Path) -> None:
    """A database that everybody on the machine can read is found, unless its folder keeps them out; then it is over."""
    file = tmp_path / "echopilot.db"
    file.chmod(0o644)
    folders = [folder for folder in file.parents if not folder.stat().st_mode & stat.S_IXOTH]
    await scan.scan()
    assert await found(database) == {}
    before = {folder: folder.stat().st_mode for folder in folders}
    try:
        for folder in folders:
            folder.chmod(before[folder] | stat.S_IXOTH)
        await scan.scan()
        assert (await found(database))["file_open"] == {"file": str(file), "mode": "0644", "fix": "0640"}
    finally:
        for folder, mode in before.items():
            folder.chmod(mode)
    await scan.scan()
    assert await found(database) == {}


async def test_an_old_secret(database: Database, scan: Security, clock: SimulatedClock) -> None:
    """A secret that is the same for half a year is named, and nothing that is kept of it gives it away."""
    await scan.scan()
    clock.passes(days=180)
    await scan.scan()
    async with database.reading() as connection:
        named = {alert.fingerprint for alert in await alerts.all_open(connection, TENANT) if alert.rule == "secret_old"}
    assert "stripe_secret_key" in named
    async with database.reading() as connection:
        marks = list((await connection.execute(select(secret_marks.c.mark))).scalars())
    assert all(len(mark) == 24 and "sandbox" not in mark for mark in marks)


async def test_a_new_secret(
    database: Database,
    stand_ins: Providers,
    lists: Lists,
    server: Server,
    clock: SimulatedClock,
    requirements: Path,
) -> None:
    """One that was changed is as old as its change."""
    address = f"sqlite:///{database.url.database}"
    settings = stand_ins.settings(address)
    await Security(database, settings, Version("1", dirty=False), lists, server, requirements).scan()
    clock.passes(days=180)
    changed = stand_ins.settings(address, stripe_secret_key="sk_test_another_key")
    await Security(database, changed, Version("1", dirty=False), lists, server, requirements).scan()
    async with database.reading() as connection:
        named = {alert.fingerprint for alert in await alerts.all_open(connection, TENANT) if alert.rule == "secret_old"}
    assert "stripe_secret_key" not in named
    assert "openai_api_key" in named


@pytest.mark.parametrize(("number", "rules"), [(1, {"one_admin"}), (2, set()), (3, set()), (4, {"many_admins"})])
def test_admins(number: int, rules: set[str]) -> None:
    """One alone is too few, and more than three are many."""
    assert {one.rule for one in model.admins(number, 3)} == rules


async def test_strangers(database: Database, scan: Security) -> None:
    """Strangers who are refused twenty times in a day are counted, and their accounts; the day before is over."""
    row = {"tenant": TENANT, "action": "/people", "subject": "chat:9", "outcome": "forbidden"}
    rows = [row | {"stranger_id": 5000 + number % 3, "at": THURSDAY - timedelta(hours=1)} for number in range(20)]
    old = [row | {"stranger_id": 6000, "at": THURSDAY - 2 * DAY} for _ in range(50)]
    await database.write(lambda tx: tx.run(insert(audit), rows + old))
    await scan.scan()
    assert await found(database) == {"strangers_try": {"count": 20, "people": 3}}


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"allow_dirty": True}, "dirty_allowed"),
        ({"log_level": "debug"}, "logs_verbose"),
        (
            {
                "telegram_updates": "webhook",
                "telegram_webhook_secret": "short",
                "public_url": "https://studio.echopilot.test",
            },
            "secret_short",
        ),
    ],
)
async def test_weak_settings(stand_ins: Providers, given: dict[str, object], rule: str) -> None:
    """What is allowed and weak is named."""
    assert [one.rule for one in model.weak_settings(stand_ins.settings("sqlite:///x/y.db", **given))] == [rule]


@pytest.mark.parametrize(
    ("host", "sslmode", "open_to_all"),
    [
        ("db.echopilot.test", "", True),
        ("db.echopilot.test", "prefer", True),
        ("db.echopilot.test", "verify-full", False),
        ("127.0.0.1", "", False),
        ("/var/run/postgresql", "", False),
        (None, "", False),
    ],
)
def test_a_database_elsewhere(host: str | None, sslmode: str, open_to_all: bool) -> None:
    """One on another machine has to be spoken with encrypted."""
    assert bool(list(model.open_database(host, sslmode))) is open_to_all


@pytest.mark.parametrize(
    ("address", "rules"),
    [
        ("postgresql://us:pw@127.0.0.1/echopilot?host=db.echopilot.test", {"database_in_the_open"}),
        ("postgresql:///echopilot?host=/var/run/postgresql", set()),
        ("postgresql://us:pw@db.echopilot.test/echopilot?sslmode=verify-full", set()),
    ],
)
async def test_where_the_database_really_is(
    database: Database,
    stand_ins: Providers,
    lists: Lists,
    server: Server,
    requirements: Path,
    address: str,
    rules: set[str],
) -> None:
    """The host that counts is the one that is connected to, also where it stands behind the question mark."""
    settings = stand_ins.settings(address)
    await Security(database, settings, Version("1", dirty=False), lists, server, requirements).scan()
    assert set(await found(database)) == rules


async def test_open_copies(database: Database, scan: Security, tmp_path: Path, stand_ins: Providers) -> None:
    """Copies of the database from before a migration or a restore, and backups, are looked at as the database is."""
    copy, backup = tmp_path / "echopilot.db.before-0044", Path(stand_ins.backups) / "echopilot-x.tar.zst"
    for file in (copy, backup):
        file.write_text("everything")
        file.chmod(0o600)
    assert {copy, backup} <= set(scan._files())
    await scan.scan()
    assert await found(database) == {}


def test_changed_packages() -> None:
    """A package of another version than was pinned is named, whatever its name's spelling; what is not here is not."""
    pins = "aiohttp==3.14.5 \\\n    --hash=sha256:aa\nPy_Yaml[x]==6.0.1 ; python_version > '3'\nuvloop==1 ; windows\n"
    same = {"aiohttp": "3.14.5", "py-yaml": "6.0.1"}
    assert list(model.changed_packages(pins, same)) == []
    (one,) = model.changed_packages(pins, same | {"py-yaml": "6.0.2"})
    assert one.facts == {"count": 1, "package": "py-yaml", "version": "6.0.2", "pinned": "6.0.1"}


async def test_a_vulnerable_package(database: Database, scan: Security, lists: Lists) -> None:
    """A known vulnerability is critical, says where it is fixed, and is over once the package is a newer one."""
    lists.known = [Vulnerability("aiohttp", "3.14.5", "GHSA-1", "3.14.6")]
    await scan.scan()
    facts = {"package": "aiohttp", "version": "3.14.5", "advisory": "GHSA-1", "fixed": "3.14.6"}
    assert await found(database) == {"package_vulnerable": facts}
    lists.known = []
    await scan.scan()
    assert await found(database) == {}


async def test_what_is_not_known_is_not_over(
    database: Database, scan: Security, lists: Lists, server: Server, clock: SimulatedClock
) -> None:
    """A vulnerability and a certificate that ends are not over because nobody could look; that nobody could is said."""
    lists.known = [Vulnerability("aiohttp", "3.14.5", "GHSA-1", "3.14.6")]
    server.until = THURSDAY + 10 * DAY
    await scan.scan()
    lists.silent, server.silent = "no way to the index", "studio.echopilot.test does not answer"
    assert "the certificate was not seen" in await scan.scan()
    assert set(await found(database)) == {"package_vulnerable", "certificate_ends", "certificate_unseen"}
    lists.silent, server.silent, lists.known, server.until = "", "", [], THURSDAY + 60 * DAY
    await scan.scan()
    assert await found(database) == {}


async def test_nobody_checked(database: Database, scan: Security, lists: Lists, clock: SimulatedClock) -> None:
    """Packages that could not be looked up are never called safe: it is said since when they were not."""
    await scan.scan()
    lists.silent = "pip-audit is not installed"
    assert "not checked since 26 Nov 2026: pip-audit is not installed" in await scan.scan()
    assert await found(database) == {}
    clock.passes(days=7)
    await scan.scan()
    assert await found(database) == {"packages_unchecked": {"days": 7, "reason": "pip-audit is not installed"}}


async def test_the_certificate(database: Database, scan: Security, server: Server) -> None:
    """One that ends within two weeks is told, and so is one that is not valid."""
    server.until = THURSDAY + 10 * DAY
    await scan.scan()
    assert await found(database) == {"certificate_ends": {"host": "studio.echopilot.test", "days": 10}}
    server.wrong = "self-signed certificate"
    await scan.scan()
    assert await found(database) == {
        "certificate_bad": {"host": "studio.echopilot.test", "reason": "self-signed certificate"}
    }


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text(f"aiohttp=={version('aiohttp')}\n")
    return path


def auditor(folder: Path, said: str, code: int = 0, errors: str = "") -> list[str]:
    """A program that answers so, and refuses to be run without --strict."""
    program = folder / "auditor.py"
    program.write_text(
        "import os, sys\n"
        "assert '--strict' in sys.argv, sys.argv\n"
        "assert not [name for name in os.environ if 'STRIPE' in name]\n"
        f"sys.stdout.write({said!r})\nsys.stderr.write({errors!r})\nsys.exit({code})\n"
    )
    return [sys.executable, str(program)]


SOUND = {"dependencies": [{"name": "aiohttp", "version": "3.14.5", "vulns": []}]}
KNOWN = {"name": "aiohttp", "version": "3.14.5", "vulns": [{"id": "GHSA-1", "fix_versions": ["3.14.6"]}]}
NOTHING: dict[str, list[object]] = {"dependencies": []}
SKIPPED = {"dependencies": [{"name": "aiohttp", "skip_reason": "could not be audited"}]}


async def test_pip_audit_answers(requirements: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vulnerabilities are read of its answer, with the first version without them; it is not given our secrets."""
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_canary")
    assert await PipAudit(requirements, auditor(tmp_path, json.dumps(SOUND))).vulnerabilities() == []
    known = PipAudit(requirements, auditor(tmp_path, json.dumps({"dependencies": [KNOWN]}), 1))
    assert await known.vulnerabilities() == [Vulnerability("aiohttp", "3.14.5", "GHSA-1", "3.14.6")]


@pytest.mark.parametrize(
    ("said", "errors", "words"),
    [
        (json.dumps(SKIPPED), "", "could not look up 1 packages, first aiohttp"),
        ("", "No known vulnerabilities found\nERROR: aiohttp could not be audited", "aiohttp could not be audited"),
        ("", "", "no answer"),
        (json.dumps(NOTHING), "", "says nothing of 1 packages, first aiohttp"),
    ],
)
async def test_pip_audit_does_not_know(requirements: Path, tmp_path: Path, said: str, errors: str, words: str) -> None:
    """What was not looked up is not taken for sound."""
    with pytest.raises(NotChecked, match=words):
        await PipAudit(requirements, auditor(tmp_path, said, 1, errors)).vulnerabilities()


async def test_no_pip_audit(requirements: Path, tmp_path: Path) -> None:
    """Without the program, or without the list of what to look up, it says so."""
    with pytest.raises(NotChecked, match="does not start"):
        await PipAudit(requirements, [str(tmp_path / "nothing")]).vulnerabilities()
    with pytest.raises(NotChecked, match="there is no requirements"):
        await PipAudit(tmp_path / "none.txt", ["x"]).vulnerabilities()


async def test_the_list_of_packages(database: Database, scan: Security) -> None:
    """An admin gets everything that is installed as CycloneDX; a client gets nothing."""
    async with database.reading() as connection:
        carol = (await people.with_roles(connection, TENANT, Role.ADMIN))[0]
    bill = json.loads((await scan.materials(carol)).data)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {"aiohttp", "sqlalchemy"} <= {one["name"] for one in bill["components"]}
    alice = await database.write(lambda tx: people.enroll(tx, TENANT, 1001, "Alice", Role.CLIENT, "en"))
    with pytest.raises(Forbidden):
        await scan.materials(alice)
    with pytest.raises(Forbidden):
        await scan.seen(alice)
