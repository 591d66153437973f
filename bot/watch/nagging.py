"""What becomes of alerts by time alone: they are told again, end by themselves, and go by mail where chat does not."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

from bot.access.model import Permission, Person
from bot.alerts import alert_cards
from bot.alerts.model import SNOOZES, STEADY, Alert, Severity
from bot.alerts.raising import STORM_RULE, first_to_tell, over, slot_of, tell
from bot.alerts.rules.catalog import BY_NAME
from bot.messages.service import TELEGRAM
from bot.messages.wishes import is_quiet
from bot.watch.mailing import Mailing
from storage.alerts import alerts
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.incidents.paged import paged as paged_of
from storage.people import people

WAITS = timedelta(minutes=2)  # so long may a message about something critical wait before it goes by mail


class Nagging:
    """Verbs that time calls for."""

    def __init__(self, database: Database, mailing: Mailing) -> None:
        self._database = database
        self._mailing = mailing

    async def look(self, tenant: str) -> str:
        """Tell again what is due to be, end what is over; returns a line for the job."""

        async with self._database.reading() as connection:
            going_on = await alerts.all_open(connection, tenant)
            mailed = await alerts.over_by_mail(connection, tenant)
        if not going_on and not mailed:
            return ""
        return await self._database.write(partial(self._look, tenant=tenant))

    async def _look(self, tx: Transaction, tenant: str) -> str:
        ended = nagged = mailed = 0
        await alerts.bring_back(tx, tenant, tx.now + max(SNOOZES.values()))
        paged = await paged_of(tx.connection, tenant)
        going_on = await alerts.all_open(tx.connection, tenant)
        for alert in going_on:
            if _is_over(alert, going_on, tx) and await over(tx, alert, None) is not None:
                ended += 1
                continue
            mailed += await self._mail(tx, alert)  # what is told anew just now had no time to arrive
            nagged += await _nag(tx, alert, paged)
        for alert in await alerts.over_by_mail(tx.connection, tenant):
            mailed += await self._mail_end(tx, alert)
        return f"{nagged} told again, {ended} over, {mailed} by mail"

    async def remind(self, tenant: str, rule: str, fingerprint: str) -> None:
        """Tell one alert again where that is due: for what keeps `look` itself from being run."""

        async def work(tx: Transaction) -> None:
            alert = await alerts.of(tx.connection, tenant, rule, fingerprint)
            if alert is not None and alert.open:
                await _nag(tx, alert, await paged_of(tx.connection, tenant))

        await self._database.write(work)

    async def _mail(self, tx: Transaction, alert: Alert) -> int:
        """Where a message about something critical does not get through, send it by mail, once each time it opens."""
        calm = alert.taken_by is not None or alert.sleeps(tx.now) or alert.mailed_at is not None
        if alert.severity is not Severity.CRITICAL or not self._mailing.on or calm:
            return 0
        silent = [one for one in await _told(tx, alert) if await _not_there(tx, alert, one)]
        if not silent:
            return 0
        await alerts.note(tx, alert, mailed_at=tx.now)
        return await self._send(tx, alert, silent, "")

    async def _mail_end(self, tx: Transaction, alert: Alert) -> int:
        """Who read in a mail that it is wrong reads there that it is over."""
        await alerts.note(tx, alert, mailed_at=None)
        return await self._send(tx, alert, await _told(tx, alert), ":over")

    async def _send(self, tx: Transaction, alert: Alert, to: Collection[Person], what: str) -> int:
        show = partial(alert_cards.card, alert, tx.now)
        key = f"alert:{alert.id}:{alert.opened_at:%Y%m%d%H%M%S}{what}"
        return await self._mailing.send(tx, alert.tenant, to, partial(subject, alert), show, key)


async def _told(tx: Transaction, alert: Alert) -> list[Person]:
    """Who was shown it and may still see it."""
    told = await people.by_ids(tx.connection, alert.tenant, alert.told) if alert.told else {}
    return [one for one in told.values() if one.may(Permission.WATCH)]


def subject(alert: Alert) -> str:
    """What stands above a mail about it."""
    return f"EchoPilot: {alert_cards.named(alert)}"


async def _not_there(tx: Transaction, alert: Alert, person: Person) -> bool:
    """Whether what was told loudest has not reached the person although it had the time to."""
    if alert.nagged_at is None or tx.now - alert.nagged_at < WAITS:
        return False
    shown = await outbox.place_of(tx.connection, alert.tenant, TELEGRAM, slot_of(alert, person))
    return shown is None


def _is_over(alert: Alert, going_on: Sequence[Alert], tx: Transaction) -> bool:
    """Whether it ends by itself now: it comes and goes no more, or nobody found it for long.

    That there are too many is not over while any of them had no message of its own and nobody has it.
    """
    if alert.gone_since is not None and tx.now - alert.gone_since >= STEADY:
        return True
    rule = BY_NAME.get(alert.rule)
    if rule is None or rule.lapses is None or tx.now - alert.seen_at < rule.lapses:
        return False
    return alert.rule != STORM_RULE or not any(one.unsaid for one in going_on)


async def _nag(tx: Transaction, seen: Alert, paged: Collection[int]) -> bool:
    """Tell it again to who was told first, while nobody has it; those who sleep are not woken by what can wait.

    paged: incidents that nobody has and people are paged of: then the pager tells.
    """
    rule = BY_NAME.get(seen.rule)
    if rule is None or seen.incident_id in paged or not _is_due(seen, tx, nags=rule.nags):
        return False
    alert = await alerts.held(tx, seen)
    # Somebody may have taken it, or another process told it, at this moment.
    if alert is None or not _is_due(alert, tx, nags=rule.nags):
        return False
    to = await first_to_tell(tx, alert.tenant, alert.severity)
    if alert.severity is not Severity.CRITICAL:
        to = [one for one in to if not is_quiet(one, tx.now)]
    if not to:
        return False
    await tell(tx, alert, to)
    return True


def _is_due(alert: Alert, tx: Transaction, *, nags: bool) -> bool:
    due = alert.nags_at(tx.now, nags=nags)
    return due is not None and tx.now >= due
