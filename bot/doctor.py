"""`python -m bot doctor`: probes what EchoPilot stands on, and says in words what is fine and what to do where not.

It changes nothing, and may run beside a running EchoPilot.
"""

import asyncio
import errno
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import text
from yarl import URL

from bot.access.buttons import ButtonSigner
from bot.app import database_of
from bot.areas import TABLES
from bot.briefs.pricing import price_of
from bot.invoices.charges import smallest_charge
from bot.invoices.ports import AccessRefused, KeyRefused
from bot.kernel.clock import Clock, SystemClock
from bot.kernel.errors import EchoPilotError, ProviderError
from bot.kernel.money import Money
from bot.kernel.scrubber import Scrubber
from bot.kernel.task_type import TaskType
from bot.kernel.words import count
from bot.mirror_probe import tables_of
from bot.model_check import check
from bot.ops import version
from bot.providers import mail_of, models_of, notion_of, payments_of, telegram_of
from bot.settings import Settings
from jobs.catalog import check_times
from storage.engine.database import Database, Transaction
from storage.engine.migrate import OLDEST_POSTGRESQL, newest, ours
from storage.engine.sqlite import SAFE_SQLITE
from storage.engine.unusable import check_pages, look_at_file, told
from web.server import why_not

PROBE_SECONDS = 25.0
CLOCK_OFF_SECONDS = 60  # webhooks are refused from 300 s on, so there is time to mend it
LEAST_FREE_BYTES = 1_000_000_000
FREE_NOTION = ". A Free workspace with more than one member stops at 1,000 blocks for ever, and each row is one"
SYNCHRONOUS_FULL = 2  # https://sqlite.org/pragma.html#pragma_synchronous


class ProblemFound(EchoPilotError):
    """A provider's error, with what to do about it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found: `words` for a person; where there is a problem they say what to do."""

    verdict: Literal["fine", "problem", "off"]
    words: str


Probe = Callable[[], Awaitable[Finding]]


async def report(settings: Settings, say: Callable[[str], None], clock: Clock | None = None) -> int:
    """Run every probe and say one line for each; returns 1 where there is a problem, else 0."""
    scrub = Scrubber(settings.secrets())
    probes = _probes(settings, clock or SystemClock())
    found = await asyncio.gather(*map(_find, probes.values()))
    for name, finding in zip(probes, found, strict=True):
        words = " ".join(finding.words.split())  # a provider's words may have lines
        say(scrub(f"{name:<14} {finding.verdict:<8} {words}"))
    return 1 if any(finding.verdict == "problem" for finding in found) else 0


def _probes(settings: Settings, clock: Clock) -> dict[str, Probe]:
    return {
        "configuration": lambda: _configuration(settings),
        "code": lambda: _code(settings),
        "database": lambda: _database(settings),
        "disk": lambda: _disk(settings),
        "web": lambda: _web(settings),
        "clock": lambda: _clock(settings, clock),
        "telegram": lambda: _telegram(settings),
        "models": lambda: _models(settings, clock),
        "stripe": lambda: _stripe(settings),
        "notion": lambda: _notion(settings),
        "mail": lambda: _mail(settings),
    }


async def _find(probe: Probe) -> Finding:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            return await probe()
    except TimeoutError:
        return Finding("problem", f"no answer within {PROBE_SECONDS:.0f} s; is the network slow, or the address wrong?")
    except EchoPilotError as error:
        return Finding("problem", str(error))
    except Exception as error:  # noqa: BLE001 - a probe that breaks is a finding, and the others go on
        return Finding("problem", f"the probe itself broke ({type(error).__name__}: {error}); please report this")


@asynccontextmanager
async def _advice(key: str, address: str) -> AsyncIterator[None]:
    """Add to a provider's error what to look at: the setting where it refused, the way to it where it was silent."""
    try:
        yield
    except KeyRefused:
        raise
    except ProviderError as error:
        words = str(error).rstrip(".")
        advice = (
            f"Check {key}."
            if error.permanent or isinstance(error, AccessRefused)
            else f"Can {address} be reached from here, and is it up?"
        )
        raise ProblemFound(f"{words}. {advice}") from None


async def _configuration(settings: Settings) -> Finding:
    check_times(settings)
    return Finding(
        "fine", f"complete, {count(len(settings.admin_telegram_ids), 'admin')}, currency {settings.currency}"
    )


async def _code(settings: Settings) -> Finding:
    code = await asyncio.to_thread(version.current)
    if not code.dirty:
        return Finding("fine", f"version {code}")
    if settings.allow_dirty:
        return Finding("fine", f"version {code}; uncommitted changes, and ALLOW_DIRTY lets them run")
    return Finding("problem", f"uncommitted changes on {code.commit}; commit or stash them, or set ALLOW_DIRTY=true")


async def _database(settings: Settings) -> Finding:
    path = _file(settings)
    if path is not None and sqlite3.sqlite_version_info < SAFE_SQLITE:
        least = ".".join(map(str, SAFE_SQLITE))
        words = f"SQLite {sqlite3.sqlite_version} can lose commits; install a pysqlite3 with {least} or newer"
        return Finding("problem", words)
    if path is not None and not path.exists():
        return Finding("fine", f"SQLite {sqlite3.sqlite_version}; {path} is not there yet, the first run makes it")
    if path is not None:
        look_at_file(path)
    database = database_of(settings)
    try:
        with told(database.url):
            await ours(database)
            engine = await (_sqlite(database) if database.sqlite else _postgresql(database))
            return await _schema(database, engine) if engine.verdict == "fine" else engine
    finally:
        await database.close()


async def _sqlite(database: Database) -> Finding:
    async def pragmas(tx: Transaction) -> tuple[str, int]:
        mode = (await tx.run(text("PRAGMA journal_mode"))).scalar_one()
        return str(mode), int((await tx.run(text("PRAGMA synchronous"))).scalar_one())

    mode, level = await database.write(pragmas)
    await asyncio.to_thread(_look_through, Path(str(database.url.database)))
    if (mode, level) != ("wal", SYNCHRONOUS_FULL):
        words = f"SQLite runs with journal_mode {mode} and synchronous {level}; a power cut could lose commits"
        return Finding("problem", f"{words}. Is it on a network drive? Move it to a local one.")
    return Finding("fine", f"SQLite {sqlite3.sqlite_version}, WAL, synchronous FULL")


def _look_through(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        check_pages(connection)


async def _postgresql(database: Database) -> Finding:
    async with database.reading() as connection:
        number = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        name = str((await connection.execute(text("SHOW server_version"))).scalar_one()).partition(" ")[0]
        unsafe = [
            setting
            for setting in ("fsync", "synchronous_commit")
            if (await connection.execute(text(f"SHOW {setting}"))).scalar_one() == "off"
        ]
    if number < OLDEST_POSTGRESQL[0] * 10_000:
        return Finding("problem", f"PostgreSQL {name} is too old; 13 or newer is needed")
    if unsafe:
        return Finding("problem", f"PostgreSQL {name} has {' and '.join(unsafe)} off and can lose commits; turn it on")
    return Finding("fine", f"PostgreSQL {name}")


async def _schema(database: Database, engine: Finding) -> Finding:
    at = await ours(database)
    if at == newest():
        return Finding("fine", f"{engine.words}, schema {at}")
    words = f"{engine.words}, schema {at or 'none'}, newest is {newest()}"
    return Finding("problem", f"{words}; run `python -m bot migrate`, or start EchoPilot, which does the same")


async def _web(settings: Settings) -> Finding:
    host, port = settings.web_host, settings.web_port
    where = f"{host} port {port}" if port else f"{host}, any port"
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE and await _alive(settings):
            return Finding("fine", f"a running EchoPilot answers at {where}")
        return Finding("problem", why_not(host, port, error))
    server.close()
    return Finding("fine", f"{where} is free")


async def _alive(settings: Settings) -> bool:
    """Whether it is an EchoPilot that has the port."""
    url = URL.build(scheme="http", host=settings.web_host, port=settings.web_port, path="/healthz")
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session, session.get(url) as answer:
            return await answer.text() == "alive\n"
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        return False


async def _disk(settings: Settings) -> Finding:
    path = _file(settings)
    if path is None:
        return Finding("off", "the database is on PostgreSQL's disk; look there")
    folder = next(folder for folder in path.absolute().parents if folder.is_dir())
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("problem", f"{folder} cannot be looked at ({error.strerror}); name another in DATABASE_URL")
    size = path.stat().st_size if path.exists() else 0
    wanted = max(LEAST_FREE_BYTES, 2 * size)
    words = f"{free / 1e9:.1f} GB free at {folder}"
    if free < wanted:
        return Finding("problem", f"{words}; make room for {wanted / 1e9:.1f} GB (a migration copies the database)")
    return Finding("fine", words)


async def _clock(settings: Settings, clock: Clock) -> Finding:
    for address in (settings.stripe_api_url, settings.telegram_api_url, settings.openai_base_url):
        told = await _time_at(address)
        if told is None:
            continue
        host, ahead = urlsplit(address).hostname, (clock.now() - told).total_seconds()
        words = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {host}"
        if abs(ahead) > CLOCK_OFF_SECONDS:
            return Finding("problem", f"{words}; Stripe's webhooks are refused from 300 s on. Set the time by NTP.")
        return Finding("fine", words)
    return Finding("problem", "no provider told the time; is there a network?")


async def _time_at(address: str) -> datetime | None:
    timeout = aiohttp.ClientTimeout(total=5)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.head(address) as answer:
            return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None


async def _telegram(settings: Settings) -> Finding:
    signer = ButtonSigner(settings.telegram_bot_token.get_secret_value())
    async with _advice("TELEGRAM_BOT_TOKEN", settings.telegram_api_url), telegram_of(settings, signer) as telegram:
        url, error = await telegram.webhook()
    name, host = f"@{telegram.username}", urlsplit(url).hostname
    if settings.telegram_updates == "polling":
        if url:
            words = f"{name} has a webhook at {host}, but TELEGRAM_UPDATES is polling. Another program may use this bot"
            return Finding("problem", f"{words}; if not, the next start removes the webhook.")
        return Finding("fine", f"{name}, by polling")
    if url != f"{settings.public_url}/webhooks/telegram":
        return Finding(
            "problem", f"{name} sends its updates to {host or 'nowhere'}; start EchoPilot's chat part to mend it"
        )
    if error:
        return Finding("problem", f"{name} cannot reach {host}: {error}. Is PUBLIC_URL open to the world?")
    return Finding("fine", f"{name}, by webhook at {host}")


async def _models(settings: Settings, clock: Clock | None = None) -> Finding:
    models = models_of(settings)
    try:
        async with _advice("OPENAI_API_KEY", settings.openai_base_url):
            verdict, words = await check(models, settings, (clock or SystemClock()).now().date())
    finally:
        await models.close()
    return Finding(verdict, words)


async def _stripe(settings: Settings) -> Finding:
    payments = payments_of(settings)
    try:
        async with _advice("STRIPE_SECRET_KEY", settings.stripe_api_url):
            account = (await payments.place()).account
            lacking = await payments.lacking()
            settled_in = await payments.settlement_currencies()
    except KeyRefused as error:
        words = str(error).removeprefix("Stripe: ").rstrip(".")
        return Finding("problem", f"Stripe refuses the key: {words}. Check STRIPE_SECRET_KEY.")
    finally:
        await payments.close()
    if lacking:
        words = f"the key may not {', '.join(lacking)}: {next(iter(lacking.values())).rstrip('.')}"
        return Finding("problem", f"{words}. Check STRIPE_SECRET_KEY, and what it may do in Stripe's dashboard.")
    kind = "test" if "_test_" in settings.stripe_secret_key.get_secret_value() else "live"
    money = "no real money moves" if kind == "test" else "real money moves"
    whose = f"account {account}" if account else "an account that this key may not name"
    return Finding("fine", f"{whose}, {kind} key: {money}{_conversion(settings, settled_in)}")


def _conversion(settings: Settings, settled_in: frozenset[str]) -> str:
    """A warning where Stripe converts what clients pay: the smallest charge is then that of the other currency."""
    ours = settings.currency
    if not settled_in:
        return "; in which currency it keeps its money this key may not read, so that is not checked (Balance: read)"
    if ours in settled_in:
        return ""
    theirs = sorted(settled_in)
    words = f". Warning: prices are in {ours}, but the account keeps its money in {' and '.join(theirs)}"
    words += ", so Stripe converts each payment, for a fee"
    lowest = _lowest_price(settings)
    if lowest is None:
        return words
    least = " or ".join(str(smallest_charge(currency)) for currency in theirs)
    return f"{words}, and charges nothing that is worth less than {least}. Is your lowest price, {lowest}, above that?"


def _lowest_price(settings: Settings) -> Money | None:
    """Of what is not free, the cheapest."""
    fixed = [settings.price_of(task_type) for task_type in TaskType]
    recording = price_of(TaskType.TRANSCRIPTION, settings.prices(), 60)
    return min((price for price in (*fixed, recording) if price.minor), key=lambda price: price.minor, default=None)


async def _notion(settings: Settings) -> Finding:
    notion = notion_of(settings)
    if notion is None:
        return Finding("off", "NOTION_TOKEN is not set, so nothing is mirrored")
    try:
        async with _advice("NOTION_TOKEN", settings.notion_api_url):
            user = await notion.user()
        async with _advice("NOTION_PARENT_PAGE_ID, and share that page with the integration", settings.notion_api_url):
            await notion.parent()
        async with _advice("what NOTION_TOKEN may see", settings.notion_api_url):
            there, gone = await tables_of(settings, notion) if _may_read(settings) else ([], [])
    finally:
        await notion.close()
    words = f"integration {user.name}, page seen"
    if gone:
        later = "the next row has it made anew, and the admins told"
        return Finding("problem", f"{words}; {', '.join(gone)} deleted or not shared any more: {later}")
    missing = [name for name in TABLES if name not in there]
    later = f"; {', '.join(missing)} not made yet; the first row makes it, or `python -m bot notion-setup`"
    words += later if missing else f", {len(TABLES)} databases there"
    return Finding("fine", f"{words}{FREE_NOTION if user.free else ''}")


async def _mail(settings: Settings) -> Finding:
    mail = mail_of(settings)
    if mail is None:
        return Finding("off", "SMTP_HOST is not set, so no mail is sent")
    async with _advice("SMTP_USERNAME and SMTP_PASSWORD", f"{settings.smtp_host}:{settings.smtp_port}"):
        await mail.probe()
    return Finding("fine", f"{settings.smtp_host}:{settings.smtp_port} takes our sign-in")


def _may_read(settings: Settings) -> bool:
    """Whether there is a database: to look into an SQLite file that is not there would make it."""
    path = _file(settings)
    return path is None or path.exists()


def _file(settings: Settings) -> Path | None:
    """The SQLite file; None where the database is PostgreSQL."""
    head, _, path = settings.database_url.partition(":///")
    return Path(path) if head.startswith("sqlite") else None
