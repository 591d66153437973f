"""What becomes of alerts by time alone: they are told again, end by themselves, and go by mail where chat does not."""

from datetime import timedelta
from functools import partial

from bot.access.model import Person
from bot.alerts import alert_cards
from bot.alerts.model import STEADY, Alert, Severity
from bot.alerts.raising import first_to_tell, over, slot_of, tell
from bot.alerts.rules import BY_NAME
from bot.messages.service import TELEGRAM
from bot.messages.wishes import is_quiet
from bot.watch.mailing import Mailing
from storage.alerts import alerts
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people

WAITS = timedelta(minutes=2)  # so long may a message about something critical wait before it goes by mail


class Nagging:
    """Verbs that time calls for."""

    def __init__(self, database: Database, mailing: Mailing) -> None:
        self._database = database
        self._mailing = mailing

    async def look(self, tenant: str) -> str:
        """Tell again what is due to be, end what is over; returns a line for the job."""

        async def work(tx: Transaction) -> tuple[int, int, int]:
            ended = nagged = mailed = 0
            for alert in await alerts.all_open(tx.connection, tenant):
                if _is_over(alert, tx) and await over(tx, alert, None) is not None:
                    ended += 1
                    continue
                mailed += await self._mail(tx, alert)  # what is told anew just now had no time to arrive
                nagged += await _nag(tx, alert)
            return ended, nagged, mailed

        async with self._database.reading() as connection:
            if not await alerts.all_open(connection, tenant):
                return ""
        ended, nagged, mailed = await self._database.write(work)
        return f"{nagged} told again, {ended} over, {mailed} by mail"

    async def _mail(self, tx: Transaction, alert: Alert) -> int:
        """Where a message about something critical does not get through, send it by mail, once each time it opens."""
        if alert.severity is not Severity.CRITICAL or not self._mailing.on or alert.taken_by is not None:
            return 0
        told = await people.by_ids(tx.connection, alert.tenant, alert.told) if alert.told else {}
        silent = [one for one in told.values() if await _not_there(tx, alert, one)]
        if not silent:
            return 0
        show = partial(alert_cards.card, alert, tx.now)
        key = f"alert:{alert.id}:{alert.opened_at:%Y%m%d%H%M%S}"
        return await self._mailing.send(tx, alert.tenant, silent, partial(subject, alert), show, key)


def subject(alert: Alert) -> str:
    """What stands above a mail about it."""
    return f"EchoPilot: {alert_cards.named(alert)}"


async def _not_there(tx: Transaction, alert: Alert, person: Person) -> bool:
    """Whether what was told loudest has not reached the person although it had the time to."""
    if alert.nagged_at is None or tx.now - alert.nagged_at < WAITS:
        return False
    shown = await outbox.place_of(tx.connection, alert.tenant, TELEGRAM, slot_of(alert, person))
    return shown is None


def _is_over(alert: Alert, tx: Transaction) -> bool:
    """Whether it ends by itself now: it comes and goes no more, or nobody found it for long."""
    if alert.gone_since is not None and tx.now - alert.gone_since >= STEADY:
        return True
    rule = BY_NAME.get(alert.rule)
    return rule is not None and rule.lapses is not None and tx.now - alert.seen_at >= rule.lapses


async def _nag(tx: Transaction, alert: Alert) -> bool:
    """Tell it again to who was told first, while nobody has it; those who sleep are not woken by what can wait.

    Of what belongs to an incident, the incident's pager tells.
    """
    rule, due = BY_NAME.get(alert.rule), alert.nags_at()
    if rule is None or not rule.nags or due is None or tx.now < due or alert.incident_id is not None:
        return False
    to = await first_to_tell(tx, alert.tenant)
    if alert.severity is not Severity.CRITICAL:
        to = [one for one in to if not is_quiet(one, tx.now)]
    if not to:
        return False
    await tell(tx, alert, to)
    return True
