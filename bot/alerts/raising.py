"""The one way to say that something is wrong, and that it is not any more: within the transaction that found out."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from bot.access.model import TENANT, Permission, Person
from bot.alerts import alert_cards
from bot.alerts.context import with_context
from bot.alerts.model import AGAIN, STORM, Alert, Facts, Severity
from bot.alerts.rules.catalog import BY_NAME, RULES
from bot.audit.service import record
from bot.messages.service import ADMINS, TELEGRAM, notify
from bot.messages.topics import Topic
from bot.messages.wishes import Hear, wish
from storage.alerts import alerts
from storage.core import outbox
from storage.engine.database import Transaction
from storage.incidents import duties
from storage.people import people

HOUR = timedelta(hours=1)
STORM_RULE = "alert_storm"
REACHED = "open"  # a chat that takes messages
ABOUT_ALERTS = [rule.name for rule in RULES if rule.about_alerts]


async def raise_(
    tx: Transaction, rule: str, fingerprint: str = "", /, *, tenant: str = TENANT, **facts: str | int
) -> Alert:
    """Say that what the rule is about is wrong with what the fingerprint names; returns the alert as it is now.

    The same rule and fingerprint again are the same alert: while it is open it is told once, and its facts are kept up
    to date in its card. facts: what the rule's words name. Raises KeyError for a rule that there is not.
    """
    return await raise_with(tx, rule, fingerprint, facts, tenant=tenant)


async def raise_with(
    tx: Transaction, rule: str, fingerprint: str, facts: Facts, *, tenant: str = TENANT, but: int | None = None
) -> Alert:
    """The same. but: the Telegram user who is not told, since it is they who cannot be reached."""
    severity = BY_NAME[rule].severity
    if await alerts.add(tx, tenant, rule, fingerprint, severity, facts):
        return await _opened(tx, await _of(tx, tenant, rule, fingerprint), but)
    alert = await _of(tx, tenant, rule, fingerprint)
    if alert.open:
        return await _seen(tx, alert, facts)
    before = await alerts.openings(tx.connection, alert, tx.now - AGAIN, tx.now)
    anew: dict[str, Any] = {"severity": severity, "facts": facts, "opened_at": tx.now, "seen_at": tx.now, "times": 1}
    anew |= {"openings": 1 + len(before), "openings_since": min([*before, tx.now]), "came_at": tx.now, "nags": 0}
    gone = ("gone_since", "taken_by", "taken_at", "snoozed_until", "nagged_at", "mailed_at", "resolved_at")
    anew |= dict.fromkeys((*gone, "resolved_by", "incident_id", "budget_used", "changed"))
    again = await alerts.change(tx, alert, **anew)
    return await _opened(tx, again or await _of(tx, tenant, rule, fingerprint), but)


async def clear(tx: Transaction, rule: str, fingerprint: str = "", *, tenant: str = TENANT) -> bool:
    """Say that it is not wrong any more: the alert is over, which whoever was told of it reads in its card.

    What comes and goes is only over once it is gone for a while (`settle`). Returns whether one was open.
    """
    alert = await alerts.of(tx.connection, tenant, rule, fingerprint, lock=True)
    if alert is None or not alert.open:
        return False
    if alert.flaps(tx.now):
        if alert.gone_since is None:
            await alerts.note(tx, alert, gone_since=tx.now)
        return True
    await over(tx, alert, None)
    return True


async def clear_others(
    tx: Transaction, rule: str, found: Iterable[str], *, tenant: str = TENANT, among: Collection[str] | None = None
) -> int:
    """Say that it is not wrong any more with all but these fingerprints; returns how many were open.

    among: those that were looked at; None: all that there are.
    """
    kept = set(found)
    ours = [one.fingerprint for one in await alerts.all_open(tx.connection, tenant) if one.rule == rule]
    gone = [name for name in ours if name not in kept and (among is None or name in among)]
    return sum([await clear(tx, rule, name, tenant=tenant) for name in gone])


async def over(tx: Transaction, alert: Alert, by: Person | None) -> Alert | None:
    """End an alert, by a person or (None) by itself, which its cards say; None where somebody was first."""
    after = await alerts.change(
        tx, alert, resolved_at=tx.now, resolved_by=by.id if by is not None else None, gone_since=None
    )
    if after is not None:
        await record(tx, alert.tenant, by, "alert.resolved", f"alert:{alert.id}", thing=after, rule=alert.rule)
        await show(tx, after)
    return after


async def show(tx: Transaction, alert: Alert) -> None:
    """Bring the card up to date of whoever was shown it and may still see it."""
    shown = await people.by_ids(tx.connection, alert.tenant, alert.told) if alert.told else {}
    for person in shown.values():
        if person.may(Permission.WATCH):
            await _put(tx, alert, person, shown=True)


async def tell(tx: Transaction, alert: Alert, to: Iterable[Person]) -> Alert:
    """Show these people the alert as a new message; how loudly, their wishes say. Who has it already sees it anew."""
    told = list(alert.told)
    for person in to:
        await outbox.show_anew(tx, alert.tenant, TELEGRAM, slot_of(alert, person))
        hears = await _put(tx, alert, person)
        told += [person.id] if hears and person.id not in told else []
    return await alerts.note(tx, alert, told=told, nagged_at=tx.now, nags=alert.nags + 1)


async def has_told(tx: Transaction, alert: Alert, person: Person) -> bool:
    """Whether the person has a message about it since it opened: that of an earlier time only changes, silently."""
    at = await outbox.placed_at(tx.connection, alert.tenant, TELEGRAM, slot_of(alert, person))
    return person.id in alert.told and at is not None and at >= alert.opened_at


async def first_to_tell(tx: Transaction, tenant: str, severity: Severity) -> list[Person]:
    """Who hears of an alert first: of those on duty the first whom messages reach and who wants to hear, else all
    admins.
    """
    on_duty = await duties.on_duty(tx.connection, tenant)
    hearing = [one for one in on_duty if one.reach == REACHED and _wants(one, severity)]
    return hearing[:1] or await people.with_roles(tx.connection, tenant, *ADMINS)


def _wants(person: Person, severity: Severity) -> bool:
    return severity is Severity.CRITICAL or wish(person.heard, Topic.ALERTS) is not Hear.OFF


def slot_of(alert: Alert, person: Person) -> str:
    """The message that shows the alert to the person."""
    return f"alert:{alert.id}:{person.telegram_id}:card"


async def _put(tx: Transaction, alert: Alert, person: Person, *, shown: bool = False) -> bool:
    show_it = partial(alert_cards.card, alert, tx.now)
    urgent = alert.open and alert.severity is Severity.CRITICAL
    return await notify(tx, person, Topic.ALERTS, show_it, slot=slot_of(alert, person), urgent=urgent, shown=shown)


async def _of(tx: Transaction, tenant: str, rule: str, fingerprint: str) -> Alert:
    alert = await alerts.of(tx.connection, tenant, rule, fingerprint, lock=True)
    assert alert is not None
    return alert


async def _seen(tx: Transaction, alert: Alert, facts: Facts) -> Alert:
    """It is still so: only what its card says may be new."""
    changed, back = dict(alert.facts) != facts, {"came_at": tx.now} if alert.gone_since is not None else {}
    after = await alerts.note(tx, alert, seen_at=tx.now, times=alert.times + 1, facts=facts, gone_since=None, **back)
    if changed:
        await show(tx, after)
    return after


async def _opened(tx: Transaction, alert: Alert, but: int | None) -> Alert:
    """It was not so before: it is told, unless it comes and goes, or there are too many."""
    data: dict[str, Any] = {"rule": alert.rule, "fingerprint": alert.fingerprint, "facts": dict(alert.facts)}
    await record(tx, alert.tenant, None, "alert.raised", f"alert:{alert.id}", thing=alert, **data)
    alert = await with_context(tx, alert)
    if alert.flaps(tx.now):
        await show(tx, alert)
        return alert
    if not BY_NAME[alert.rule].about_alerts and await _storm(tx, alert):
        return alert
    to = await first_to_tell(tx, alert.tenant, alert.severity)
    return await tell(tx, alert, [one for one in to if one.telegram_id != but])


async def _storm(tx: Transaction, alert: Alert) -> bool:
    """Whether so many opened within the hour that this one has no message of its own; the first time says so."""
    opened = await alerts.opened_since(tx.connection, alert.tenant, tx.now - HOUR, ABOUT_ALERTS)
    if opened <= STORM:
        return False
    await raise_(tx, STORM_RULE, tenant=alert.tenant, count=STORM)
    return True
