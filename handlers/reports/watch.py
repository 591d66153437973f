"""The part of /status for what watches over everything: what is down, what burns, when what was last proven.

An area that has more to say adds a function to LINES, or a row to PROOFS.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot.access.model import TENANT, Permission, Person
from bot.alerts import alert_cards
from bot.alerts.model import Severity
from bot.audit import cards as audit_cards
from bot.hosts.model import Process
from bot.kernel.card import escape
from bot.kernel.text.words import duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number
from bot.reports.standing import Watched
from bot.services import Services
from jobs.catalog import BY_NAME
from jobs.schedule import operating

MOST_RUNNING, MOST_SILENT = 12, 3
Says = Callable[[Person, Services], Awaitable[Sequence[str]]]
# What is only known to work because it was tried: the job that tries it.
PROOFS: Mapping[str, str] = {
    "backup_verify": N_("backup restored"),
    "dr_drill": N_("recovery drill"),
    "self_check": N_("test brief"),
    "payment_reconciliation": N_("books closed"),
    "security_scan": N_("security scan"),
    "audit_anchor": N_("audit log checked"),
}


async def watched(who: Person, services: Services) -> Watched:
    """What all of them say to this person."""
    amiss = [line for says in LINES for line in await says(who, services)]
    found = await services.alerts.stopped.burning(who.tenant)
    critical = [alert for alert in found if alert.severity is Severity.CRITICAL]
    worst = alert_cards.headline(critical[0]) if critical else ""
    beside = (*await _running(who, services), *await _proven(who, services))
    return Watched(worst, (*amiss, *beside), troubled=bool(amiss))


async def _down(who: Person, services: Services) -> Sequence[str]:  # noqa: ARG001 - the shape of them all
    """Providers that do not answer."""
    names = await services.alerts.stopped.silent()
    return [_("Down: {names}", names=in_a_row(escape(_(name)) for name in names))] if names else []


async def _unsealed(who: Person, services: Services) -> Sequence[str]:
    """Entries of the audit log that nobody seals."""
    standing, now = await services.chain.standing(who.tenant), services.database.clock.now()
    return [audit_cards.behind(standing, now)] if standing.is_behind(now) else []


async def _burns(who: Person, services: Services) -> Sequence[str]:
    """Alerts that are open."""
    found = await services.alerts.stopped.burning(who.tenant)
    if not found:
        return []
    counts = [(level, sum(alert.severity is level for alert in found)) for level in Severity]
    said = in_a_row(f"{level.words} {number(count)}" for level, count in counts if count)
    return [_("Alerts: {counts}; see /alerts", counts=said)]


async def _jobs(who: Person, services: Services) -> Sequence[str]:
    """Jobs that failed, are late or were missed."""
    troubled = [one for one in await operating.standing(services, who.tenant) if one.trouble is not None]
    if not troubled:
        return []
    names = in_a_row(f"/job_{one.job.name}" for one in troubled[:3])
    return [_("Jobs to look at: {n} ({jobs}); see /jobs", n=number(len(troubled)), jobs=names)]


async def _processes(who: Person, services: Services) -> Sequence[str]:
    """Parts that nobody runs, and processes that fell silent."""
    if who.tenant != TENANT:
        return []
    fleet, now = await services.hosts.processes.seen(), services.database.clock.now()
    missing = [_("Nobody runs: {parts}", parts=in_a_row(fleet.missing))] if fleet.missing else []
    return [*missing, *(_silent(one, now) for one in fleet.silent[:MOST_SILENT])]


def _silent(one: Process, now: datetime) -> str:
    said = {"host": escape(one.host), "parts": in_a_row(one.parts), "time": duration(now - one.beat_at)}
    # Translators: {host} is a machine's name, {parts} what its process runs, such as "worker".
    return _("Silent for {time}: {host}, {parts}", **said)


async def _running(who: Person, services: Services) -> Sequence[str]:
    """Where there are several processes, each with its roles, and since when it has them."""
    if who.tenant != TENANT or not who.may(Permission.RUN_JOBS):
        return []
    alive, now = (await services.hosts.processes.seen()).alive, services.database.clock.now()
    return [_line(one, now) for one in alive[:MOST_RUNNING]] if len(alive) > 1 else []


def _line(one: Process, now: datetime) -> str:
    roles = in_a_row(f"{role} {duration(now - since)}" for role, since in sorted(one.roles.items()))
    said = {"host": escape(one.host), "parts": in_a_row(one.parts), "time": duration(now - one.started_at)}
    if not roles:
        # Translators: {host} is a machine's name, {parts} what its process runs, such as "worker", {time} for how long.
        return _("{host}: {parts}, {time}", **said)
    # Translators: as above; {roles} is what this process alone does, each with how long it has, such as "inbox 3 h".
    return _("{host}: {parts}, {time}; alone {roles}", **said, roles=roles)


async def _proven(who: Person, services: Services) -> Sequence[str]:
    """When each was last tried with success; of none that was never tried anything is said but that."""
    if who.tenant != TENANT:
        return []
    done = await operating.last_done(services, [name for name in PROOFS if name in BY_NAME])
    now = services.database.clock.now()
    said = [
        _("{what} {time} ago", what=_(what), time=duration(now - done[name]))
        if name in done
        else _("{what} never", what=_(what))
        for name, what in PROOFS.items()
        if name in BY_NAME
    ]
    return [_("Last checked: {list}", list=in_a_row(said))]


LINES: Sequence[Says] = (_down, _burns, _unsealed, _jobs, _processes)
