"""What the security scan finds, each with its fix in the rule of its alert. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.alerts.model import Facts
from bot.kernel.translation import gettext_noop as N_

OTHERS = 0o007  # what everybody on the machine may do with a file
TRIES = 20  # by people whom nobody invited, within a day
ENDS_SOON = timedelta(days=14)
UNCHECKED = timedelta(days=7)
SHORTEST_SECRET = 24  # letters of what guards a door of ours; 96 bits and more
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*])?==([^\s;\\]+)", re.MULTILINE)
LOCAL = ("", "localhost", "127.0.0.1", "::1")
SEALED = ("require", "verify-ca", "verify-full")  # https://www.postgresql.org/docs/current/libpq-ssl.html


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is weak. rule: the alert that it is; fingerprint: of what."""

    rule: str
    fingerprint: str = ""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """A package that is installed has it. fixed: the first version without it, "" where there is none."""

    package: str
    version: str
    advisory: str
    fixed: str


NOWHERE = N_("no version yet")  # where a vulnerability is fixed
# Every rule that the scan may raise, so that what is mended is cleared.
RULES = (
    *("file_open", "secret_old", "secret_short", "one_admin", "many_admins", "strangers_try", "packages_changed"),
    *("package_vulnerable", "packages_unchecked", "certificate_ends", "certificate_bad", "certificate_unseen"),
    *("dirty_allowed", "logs_verbose", "database_in_the_open"),
)


def open_files(modes: Mapping[str, int]) -> Iterator[Finding]:
    """Files that everybody on the machine may read or write. modes: by path, of those that others can reach."""
    for path, mode in modes.items():
        if mode & OTHERS:
            facts = {"file": path, "mode": f"{mode & 0o777:04o}", "fix": f"{mode & 0o770:04o}"}
            yield Finding("file_open", path, facts)


def old_secrets(since: Mapping[str, datetime], now: datetime, days: int) -> Iterator[Finding]:
    """Secrets that have been the same for long. since: when each was first seen as it is."""
    for setting, first in since.items():
        if now - first >= timedelta(days=days):
            yield Finding("secret_old", setting, {"setting": setting.upper(), "days": (now - first).days})


def admins(number: int, most: int) -> Iterator[Finding]:
    """Too few to help each other, or too many."""
    if number == 1:
        yield Finding("one_admin")
    if number > most:
        yield Finding("many_admins", facts={"admins": number, "most": most})


def strangers(tries: int, people: int) -> Iterator[Finding]:
    """People whom nobody invited, who try again and again. people: how many they are."""
    if tries >= TRIES:
        yield Finding("strangers_try", facts={"count": tries, "people": people})


def weak_settings(settings: Any) -> Iterator[Finding]:
    """Settings that are allowed and weak. settings: `bot.settings.Settings`."""
    if settings.allow_dirty:
        yield Finding("dirty_allowed")
    if settings.log_level == "debug":
        yield Finding("logs_verbose")
    secret = settings.telegram_webhook_secret
    if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
        yield Finding("secret_short", "telegram_webhook_secret", {"setting": "TELEGRAM_WEBHOOK_SECRET"})


def open_database(host: str | None, sslmode: str) -> Iterator[Finding]:
    """A database on another machine, spoken with in the open. host: None where it is a file; a folder is a socket."""
    if host is not None and host not in LOCAL and not host.startswith("/") and sslmode not in SEALED:
        yield Finding("database_in_the_open", facts={"host": host})


def changed_packages(pins: str, installed: Mapping[str, str]) -> Iterator[Finding]:
    """Packages of another version than the requirements pin. installed: versions by their normal names."""
    pinned = {normal(name): version for name, version in PIN.findall(pins)}
    differ = sorted(name for name, version in pinned.items() if installed.get(name, version) != version)
    if differ:
        first = differ[0]
        facts = {"count": len(differ), "package": first, "version": installed[first], "pinned": pinned[first]}
        yield Finding("packages_changed", facts=facts)


def normal(name: str) -> str:
    """A package's name as indexes know it: https://packaging.python.org/en/latest/specifications/name-normalization."""
    return re.sub(r"[-_.]+", "-", name).lower()


def vulnerable(found: Iterable[Vulnerability]) -> Iterator[Finding]:
    """Packages with known vulnerabilities."""
    for one in found:
        facts = {
            "package": one.package,
            "version": one.version,
            "advisory": one.advisory,
            "fixed": one.fixed or NOWHERE,
        }
        yield Finding("package_vulnerable", f"{one.package}:{one.advisory}", facts)


def unchecked(since: datetime, now: datetime, reason: str) -> Iterator[Finding]:
    """Nobody looked packages up for long: that is not the same as that they are safe."""
    if now - since >= UNCHECKED:
        yield Finding("packages_unchecked", facts={"days": (now - since).days, "reason": reason})


def certificate(host: str, ends: datetime, now: datetime) -> Iterator[Finding]:
    """One that ends soon."""
    if ends - now <= ENDS_SOON:
        yield Finding("certificate_ends", host, {"host": host, "days": max(0, (ends - now).days)})


def bill_of_materials(installed: Mapping[str, str], version: str, at: datetime) -> dict[str, Any]:
    """What is installed, as CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/."""
    components: Sequence[Mapping[str, str]] = [
        {"type": "library", "name": name, "version": its, "purl": f"pkg:pypi/{name}@{its}"}
        for name, its in sorted(installed.items())
    ]
    product = {"type": "application", "name": "echopilot", "version": version}
    metadata = {"timestamp": at.isoformat(timespec="seconds"), "component": product}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": components,
    }
