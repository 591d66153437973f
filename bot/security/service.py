"""The security scan: what can honestly be known without telling anybody, each finding an alert with its fix."""

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from pydantic import SecretStr

from bot.access.model import TENANT, Permission, Person, Role
from bot.alerts.model import Alert
from bot.alerts.raising import clear_others, raise_
from bot.audit.service import record
from bot.backups.settings import folder_of
from bot.kernel.card import Document
from bot.ops.probes import database_file
from bot.ops.version import Version
from bot.security import model
from bot.security.abuse import Limit
from bot.security.model import RULES, Finding
from bot.security.ports import Advisories, BadCertificate, Certificates, NotChecked
from storage.alerts import alerts
from storage.core import events
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.security import marks

DAY = timedelta(days=1)
CHECKED = "security:packages"  # the subject of the events that say when packages were looked up


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last scans found. checked: when packages were last looked up; None: never."""

    found: Sequence[Alert]
    checked: datetime | None


@dataclass(frozen=True, slots=True)
class Outside:
    """What was found by asking others. unknown: the rules of which nothing could be found out, so that nothing ends."""

    findings: Sequence[Finding]
    notes: Sequence[str]
    unknown: frozenset[str] = frozenset()

    def with_more(self, other: "Outside") -> "Outside":
        """Both."""
        return Outside([*self.findings, *other.findings], [*self.notes, *other.notes], self.unknown | other.unknown)


class Security:
    """Verbs of the scan. settings: all of them, since each may be weak. requirements: the file of pinned packages."""

    def __init__(
        self,
        database: Database,
        settings: Any,
        version: Version,
        advisories: Advisories,
        certificates: Certificates,
        requirements: Path,
    ) -> None:
        self._database, self._settings, self._version = database, settings, version
        self._advisories, self._certificates, self._requirements = advisories, certificates, requirements

    async def scan(self) -> str:
        """Look at everything; what is weak is an alert, and what is mended since is over."""
        now = self._database.clock.now()
        secrets = await self._marks()
        since = await self._database.write(lambda tx: marks.since(tx, secrets))
        outside = await self._outside(now)
        findings = [*outside.findings, *await asyncio.to_thread(lambda: list(self._here()))]
        findings += model.old_secrets(since, now, self._settings.secret_days)
        findings += await self._people(now)

        async def work(tx: Transaction) -> None:
            for one in findings:
                await raise_(tx, one.rule, one.fingerprint, tenant=TENANT, **one.facts)
            for rule in sorted(set(RULES) - outside.unknown):
                await clear_others(tx, rule, [one.fingerprint for one in findings if one.rule == rule])

        await self._database.write(work)
        packages = len(await asyncio.to_thread(installed))
        named = ", ".join(dict.fromkeys(one.rule for one in findings)) or "nothing weak"
        return "; ".join([f"{len(findings)} findings: {named}", f"{packages} packages", *outside.notes])

    async def seen(self, who: Person) -> Seen:
        """What is still weak. Raises Forbidden."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            found = [one for one in await alerts.all_open(connection, TENANT) if one.rule in RULES]
            checked = await events.last_event(connection, TENANT, CHECKED)
        return Seen(found, checked.at if checked is not None and checked.name == "checked" else None)

    async def unusual(self, who: Person, limit: Limit) -> None:
        """Tell admins that somebody reached a limit that they should hear of."""
        facts: dict[str, str | int] = {"name": who.name, "count": limit.most, "account": str(who.telegram_id)}

        async def work(tx: Transaction) -> None:
            await raise_(tx, limit.alert, str(who.telegram_id), tenant=who.tenant or TENANT, **facts)

        await self._database.write(work)

    async def materials(self, who: Person) -> Document:
        """What is installed, as a file. Raises Forbidden."""
        who.require(Permission.MANAGE_PEOPLE)
        packages, at = await asyncio.to_thread(installed), self._database.clock.now()
        bill = model.bill_of_materials(packages, str(self._version), at)
        return Document.of(f"echopilot-{self._version}.cdx.json", orjson.dumps(bill, option=orjson.OPT_INDENT_2))

    def _here(self) -> Iterator[Finding]:
        """What is weak on this machine."""
        yield from model.open_files({str(path): path.stat().st_mode for path in self._files() if _is_reached(path)})
        yield from model.weak_settings(self._settings)
        address = urlsplit(self._settings.database_url)
        asked = dict(parse_qsl(address.query))  # https://www.postgresql.org/docs/current/libpq-connect.html
        host = None if database_file(self._settings) is not None else asked.get("host") or address.hostname or ""
        yield from model.open_database(host, asked.get("sslmode", ""))
        if self._requirements.is_file():
            yield from model.changed_packages(self._requirements.read_text(), installed())

    def _files(self) -> Iterator[Path]:
        """The database with what belongs to it, its copies and backups, the settings, and the files of secrets."""
        database = database_file(self._settings)
        beside: list[Path] = []
        if database is not None:
            beside = [database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm")]
            beside += database.parent.glob(f"{database.name}.before-*")
        beside += folder_of(self._settings, self._settings.database_url).glob("echopilot-*")
        names = [name for name in type(self._settings).model_fields if f"{name.upper()}_FILE" in os.environ]
        secrets = [Path(os.environ[f"{name.upper()}_FILE"]) for name in names]
        yield from (path.absolute() for path in (*beside, Path(".env"), *secrets) if path.is_file())

    async def _marks(self) -> dict[str, str]:
        """A mark of each secret, which says whether it changed and, being slow to make, nothing else."""
        code = await installation_code(self._database, TENANT)
        values = {name: getattr(self._settings, name) for name in type(self._settings).model_fields}
        secrets = {name: value.get_secret_value() for name, value in values.items() if isinstance(value, SecretStr)}
        return await asyncio.to_thread(
            lambda: {name: _mark(code, name, said) for name, said in secrets.items() if said}
        )

    async def _outside(self, now: datetime) -> Outside:
        """What others say: of packages, and of our certificate; and what could not be found out."""
        packages = await self._packages(now)
        address = self._settings.public_url
        if address is None:
            return packages
        host = urlsplit(address).hostname or ""
        try:
            found = list(model.certificate(host, await self._certificates.ends(address), now))
        except BadCertificate as error:
            found = [Finding("certificate_bad", host, {"host": host, "reason": str(error)})]
        except NotChecked as error:
            unseen = Finding("certificate_unseen", host, {"host": host, "reason": str(error)})
            notes, unknown = f"the certificate was not seen: {error}", {"certificate_ends", "certificate_bad"}
            return packages.with_more(Outside([unseen], [notes], frozenset(unknown)))
        return packages.with_more(Outside(found, []))

    async def _packages(self, now: datetime) -> Outside:
        try:
            known = await self._advisories.vulnerabilities()
        except NotChecked as error:
            async with self._database.reading() as connection:
                last = await events.last_event(connection, TENANT, CHECKED)
            if last is None:
                last = await self._note("unchecked")
            found, notes = (
                [*model.unchecked(last.at, now, str(error))],
                f"not checked since {last.at:%d %b %Y}: {error}",
            )
            return Outside(found, [notes], frozenset({"package_vulnerable"}))
        await self._note("checked")
        return Outside([*model.vulnerable(known)], ["checked against advisories"])

    async def _note(self, name: str) -> events.Event:
        async def work(tx: Transaction) -> events.Event:
            await record(tx, TENANT, None, f"packages.{name}", CHECKED)
            last = await events.last_event(tx.connection, TENANT, CHECKED)
            assert last is not None
            return last

        return await self._database.write(work)

    async def _people(self, now: datetime) -> list[Finding]:
        async with self._database.reading() as connection:
            number = len(await people.with_roles(connection, TENANT, Role.ADMIN))
            tries, strangers = await marks.refused_strangers(connection, TENANT, now - DAY)
        return [*model.admins(number, self._settings.admins_most), *model.strangers(tries, strangers)]


def installed() -> Mapping[str, str]:
    """The version of each package that is installed here, by its normal name."""
    return {model.normal(one.name): one.version for one in distributions() if one.name}


def _mark(code: str, name: str, secret: str) -> str:
    return hashlib.scrypt(secret.encode(), salt=f"{code}:{name}".encode(), n=2**13, r=8, p=1, dklen=12).hex()


def _is_reached(path: Path) -> bool:
    """Whether others can come to the file at all: each folder above lets them through."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
