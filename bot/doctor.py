"""`python -m bot doctor`: runs the probes of what EchoPilot stands on, each in words that say what to do.

It changes nothing, and may run beside a running EchoPilot.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy.exc import SQLAlchemyError

from bot.access.buttons import ButtonSigner
from bot.access.issued_keys import HeldKeys
from bot.access.model import TENANT
from bot.access.sealing import Sealer
from bot.areas import TABLES
from bot.audit import probe as audit
from bot.audit.sealing import Chain
from bot.backups import probe as backups
from bot.billing import probe as billing
from bot.charts import probe as charts
from bot.databases import database_of
from bot.drafting import probe as drafting
from bot.drive import probe as drive
from bot.google import probe as google
from bot.kernel.clock import Clock, SystemClock
from bot.kernel.errors import EchoPilotError
from bot.kernel.probe import Finding
from bot.kernel.text.scrubber import Scrubber
from bot.kernel.text.words import count
from bot.mailbox import probe as mailbox
from bot.messages import probe as messages
from bot.mirror import probe as mirror
from bot.mirror.places import kept_sources
from bot.ops import database_probe, probes, system
from bot.pdf import probe as pdf
from bot.providers import (
    audit_keys_of,
    deliverables_of,
    drive_of,
    google_of,
    kept_files_of,
    mail_of,
    mailbox_of,
    models_of,
    notion_of,
    painter_of,
    payments_of,
    telegram_of,
    typesetter_of,
    vault_of,
)
from bot.reports import probe as reports
from bot.settings import Settings
from bot.step_up import probe as step_up_probe
from bot.step_up.service import StepUp
from jobs.catalog import check_times
from web import probe as web

PROBE_SECONDS = 25.0
Probe = Callable[[], Awaitable[Finding]]


async def report(settings: Settings, say: Callable[[str], None], clock: Clock | None = None) -> int:
    """Run every probe and say one line for each; returns 1 where there is a problem, else 0."""
    scrub = Scrubber(settings.secrets())
    found_by = _probes(settings, clock or SystemClock())
    found = await asyncio.gather(*map(_find, found_by.values()))
    for name, finding in zip(found_by, found, strict=True):
        words = " ".join(finding.words.split())  # a provider's words may have lines
        say(scrub(f"{name:<14} {finding.verdict:<8} {words}"))
    return 1 if any(finding.verdict == "problem" for finding in found) else 0


def _probes(settings: Settings, clock: Clock) -> dict[str, Probe]:
    timekeepers = (settings.stripe_api_url, settings.telegram_api_url, settings.openai_base_url)
    signer = ButtonSigner(HeldKeys())  # nothing is sent
    return {
        "configuration": lambda: _configuration(settings),
        "code": lambda: probes.code(settings),
        "database": lambda: database_probe.probe(settings, lambda: database_of(settings)),
        **_pooler(settings),
        "disk": lambda: probes.disk(settings),
        "web": lambda: web.probe(settings),
        "clock": lambda: probes.time(timekeepers, clock),
        "telegram": lambda: messages.probe(settings, settings.public_url, telegram_of(settings, signer)),
        "models": lambda: _models(settings, clock),
        "stripe": lambda: _stripe(settings),
        "notion": lambda: _notion(settings),
        "mail": lambda: _mail(settings),
        **_google(settings),
        "mailbox": lambda: mailbox.probe(settings, mailbox_of(settings)),
        "charts": lambda: charts.probe(painter_of()),
        "pdf": lambda: pdf.probe(typesetter_of()),
        "deliverables": lambda: drafting.files(deliverables_of()),
        **_files(settings, signer),
        "backups": lambda: backups.probe(vault_of(settings)),
        "audit": lambda: _audit(settings, clock),
        "step-up": lambda: _step_up(settings),
        **({"system": system.probe} if system.missing() else {}),
    }


def _pooler(settings: Settings) -> dict[str, Probe]:
    if (pooler := settings.database_pooler_url) is None:
        return {}
    return {"pooler": lambda: database_probe.pooler(settings.database_url, pooler)}


def _google(settings: Settings) -> dict[str, Probe]:
    if settings.google_refresh_token is None or settings.google_client_secret is None:
        return {}
    consent: dict[str, Probe] = {"google": lambda: google.probe(google_of(settings, "Google"))}
    files = drive_of(settings)
    return consent if files is None else {**consent, "drive": partial(drive.probe, files)}


def _files(settings: Settings, signer: ButtonSigner) -> dict[str, Probe]:
    kept = kept_files_of(settings, telegram_of(settings, signer)) if settings.files_place else None
    return {"files": kept.probe} if kept is not None else {}


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


async def _configuration(settings: Settings) -> Finding:
    check_times(settings)
    return Finding(
        "fine", f"complete, {count(len(settings.admin_telegram_ids), 'admin')}, currency {settings.currency}"
    )


async def _models(settings: Settings, clock: Clock) -> Finding:
    models = models_of(settings)
    try:
        return await drafting.probe(settings, models, clock.now().date())
    finally:
        await models.close()


async def _stripe(settings: Settings) -> Finding:
    payments = payments_of(settings)
    try:
        return await billing.probe(settings, settings, payments)
    finally:
        await payments.close()


async def _notion(settings: Settings) -> Finding:
    notion = notion_of(settings)
    if notion is None:
        return Finding("off", "NOTION_TOKEN is not set, so nothing is mirrored")
    try:
        return await mirror.probe(settings, notion, await _kept(settings))
    finally:
        await notion.close()


async def _kept(settings: Settings) -> dict[str, str | None]:
    """The data source that each table of the mirror is kept with, as far as the database can be read."""
    path = probes.database_file(settings)
    nothing = dict.fromkeys(TABLES)
    if path is not None and not path.exists():  # to look into a SQLite file that is not there would make it
        return nothing
    database = database_of(settings)
    try:
        async with database.reading() as connection:
            return await kept_sources(connection, TENANT, TABLES)
    except (SQLAlchemyError, sqlite3.Error):  # the probe of the database says why
        return nothing
    finally:
        await database.close()


async def _step_up(settings: Settings) -> Finding:
    path = probes.database_file(settings)
    if path is not None and not path.exists():
        return step_up_probe.probe(0, 0)
    database = database_of(settings)
    try:
        return step_up_probe.probe(*await StepUp(database, Sealer({}, "")).ready(TENANT))
    except (SQLAlchemyError, sqlite3.Error):  # the probe of the database says why
        return step_up_probe.probe(0, 0)
    finally:
        await database.close()


async def _audit(settings: Settings, clock: Clock) -> Finding:
    keys, shared = audit_keys_of(settings), not settings.database_url.startswith("sqlite")
    path = probes.database_file(settings)
    if path is not None and not path.exists():
        return audit.probe(keys, None, "", clock.now(), shared=shared)
    database = database_of(settings)
    try:
        chain = Chain(database, keys)
        standing, key = await chain.standing(TENANT), await chain.key(TENANT)
    except (SQLAlchemyError, sqlite3.Error):  # the probe of the database says why
        return audit.probe(keys, None, "", clock.now(), shared=shared)
    finally:
        await database.close()
    return audit.probe(keys, standing, key, clock.now(), shared=shared)


async def _mail(settings: Settings) -> Finding:
    mail = mail_of(settings)
    if mail is None:
        return Finding("off", "SMTP_HOST is not set, so no mail is sent")
    return await reports.probe(settings, mail)
