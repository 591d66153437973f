"""Queries on work: briefs, how long they take, how good they are, how busy it is, and what went wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from bot.alerts.model import Severity
from bot.ask.model import MOST_ROWS, Cell, Choice, InPeriod, OfType, OfWork, Ref, Result, Span
from bot.ask.running.looking import Look
from bot.briefs.model import State
from bot.capacity.model import Series
from bot.kernel.task_type import TaskType
from bot.reports.model import Outcomes
from storage.ask import rows as stored
from storage.capacity import hours

LIMIT = MOST_ROWS + 1
HOUR = timedelta(hours=1)
MOST_FRESH = 100_000


async def briefs(look: Look, choice: Choice) -> Result:
    """The briefs that came in, and where they stand."""
    given = choice.given
    assert isinstance(given, OfWork)
    span, kind = look.days(given.period), None if given.type is None else given.type.value
    about = (look.connection, look.tenant, *look.times(span), kind, given.client)
    counts = await stored.counted(*about)
    found = await stored.handed_in(*about, LIMIT)
    names = await look.names({one.client_id for one in found})
    rows: list[Sequence[Cell]] = [
        (Ref("brief", one.id), one.title, names[one.client_id], TaskType(one.task_type), State(one.state),
         one.created_at) for one in found[:MOST_ROWS]
    ]  # fmt: skip
    states: Counter[State] = Counter()
    for (state, _kind), count in counts.items():
        states[state] += count
    said = {"outcomes": Outcomes.of(states), "type": given.type}
    columns = ("brief", "title", "client", "type", "state", "at")
    return _of(look, choice, span, said, columns, rows, more=len(found) > MOST_ROWS)


async def by_type(look: Look, choice: Choice) -> Result:
    """How many briefs of each type came in, and what became of them."""
    given = choice.given
    assert isinstance(given, InPeriod)
    span = look.days(given.period)
    counts = await stored.counted(look.connection, look.tenant, *look.times(span), None, None)
    types = {kind: Outcomes.of({state: n for (state, of), n in counts.items() if of is kind}) for kind in TaskType}
    seen = sorted(((kind, one) for kind, one in types.items() if one.total), key=lambda pair: -pair[1].total)
    rows: list[Sequence[Cell]] = [
        (kind, one.total, one.delivered, one.waiting, one.rejected + one.cancelled + one.failed) for kind, one in seen
    ]
    said = {"total": sum(one.total for _, one in seen), "first": [(kind, one.total) for kind, one in seen[:3]]}
    return _of(look, choice, span, said, ("type", "briefs", "delivered", "waiting", "ended"), rows)


async def turnaround(look: Look, choice: Choice) -> Result:
    """How long delivered briefs took from their client's yes."""
    given = choice.given
    assert isinstance(given, OfType)
    span, kind = look.days(given.period), None if given.type is None else given.type.value
    found = await stored.taken(look.connection, look.tenant, *look.times(span), kind, LIMIT)
    taken = sorted(one.took for one in found[:MOST_ROWS])
    rows: list[Sequence[Cell]] = [
        (Ref("brief", one.brief_id), one.task_type, one.delivered_at, one.took) for one in found[:MOST_ROWS]
    ]
    said: dict[str, Any] = {"count": len(taken), "type": given.type}
    if taken:
        said["median"] = timedelta(seconds=median(one.total_seconds() for one in taken))
        said["slow"] = taken[min(len(taken) - 1, len(taken) * 9 // 10)]
        said["slowest"] = taken[-1]
    return _of(look, choice, span, said, ("brief", "type", "delivered_at", "took"), rows, more=len(found) > MOST_ROWS)


async def quality(look: Look, choice: Choice) -> Result:
    """The mean score of approved drafts, by type, and who approved them."""
    given = choice.given
    assert isinstance(given, OfType)
    span = look.days(given.period)
    rows: list[Sequence[Cell]] = []
    total, weight, alone, people = Decimal(0), 0, 0, 0
    for kind in TaskType if given.type is None else (given.type,):
        about = (look.connection, look.tenant, *look.times(span), kind.value)
        by_gate, by_people, mean = await stored.approvals(*about)
        if not by_gate + by_people:
            continue
        alone, people = alone + by_gate, people + by_people
        score = None if mean is None else Decimal(str(round(mean, 1)))
        rows.append((kind, score, by_gate, by_people))
        if mean is not None:
            total, weight = total + Decimal(str(mean)) * (by_gate + by_people), weight + by_gate + by_people
    said = {"score": total / weight if weight else None, "alone": alone, "people": people, "type": given.type}
    return _of(look, choice, span, said, ("type", "score", "alone", "people"), rows)


async def ratings(look: Look, choice: Choice) -> Result:
    """The stars that clients gave."""
    given = choice.given
    assert isinstance(given, InPeriod)
    span = look.days(given.period)
    found = await stored.stars(look.connection, look.tenant, *look.times(span), LIMIT)
    shown = found[:MOST_ROWS]
    names = await look.names({one.client_id for one in shown})
    rows: list[Sequence[Cell]] = [
        (one.created_at, Ref("brief", one.brief_id), names[one.client_id], one.task_type, one.stars) for one in shown
    ]
    mean = Decimal(sum(one.stars for one in shown)) / len(shown) if shown else None
    said = {"mean": mean, "count": len(shown), "low": sum(one.stars <= 2 for one in shown)}
    columns = ("at", "brief", "client", "type", "stars")
    return _of(look, choice, span, said, columns, rows, more=len(found) > MOST_ROWS)


async def load(look: Look, choice: Choice) -> Result:
    """How many briefs came in hour by hour."""
    given = choice.given
    assert isinstance(given, InPeriod)
    span = look.days(given.period)
    since, until = look.times(span)
    counted = await hours.between(look.connection, look.tenant, Series.BRIEFS, since, until - timedelta(seconds=1))
    # The last hours are counted later, so that what came in since is read as it is.
    fresh = max(counted, default=since - HOUR) + HOUR
    for at in await stored.came_in(look.connection, look.tenant, fresh, until, MOST_FRESH):
        hour = at.replace(minute=0, second=0, microsecond=0)
        counted[hour] = counted.get(hour, 0) + 1
    busy = sorted(((hour, count) for hour, count in counted.items() if count), reverse=True)
    busiest = max(busy, key=lambda one: one[1], default=None)
    said = {"total": sum(count for _, count in busy), "busiest": busiest}
    return _of(look, choice, span, said, ("hour", "briefs"), busy[:MOST_ROWS], more=len(busy) > MOST_ROWS)


async def incidents(look: Look, choice: Choice) -> Result:
    """The incidents that were opened."""
    given = choice.given
    assert isinstance(given, InPeriod)
    span = look.days(given.period)
    found = await stored.opened(look.connection, look.tenant, *look.times(span), LIMIT)
    shown = found[:MOST_ROWS]
    rows: list[Sequence[Cell]] = [
        (Ref("incident", one.id), Severity(one.severity), one.title or None, one.opened_at, one.closed_at)
        for one in shown
    ]
    worst = sum(one.severity == Severity.CRITICAL for one in shown)
    said = {"count": len(shown), "open": sum(one.closed_at is None for one in shown), "critical": worst}
    columns = ("incident", "severity", "title", "opened", "closed")
    return _of(look, choice, span, said, columns, rows, more=len(found) > MOST_ROWS)


async def failed_jobs(look: Look, choice: Choice) -> Result:
    """The runs of scheduled jobs that failed or were missed."""
    given = choice.given
    assert isinstance(given, InPeriod)
    span = look.days(given.period)
    found = await stored.failed_runs(look.connection, look.tenant, *look.times(span), LIMIT)
    shown = found[:MOST_ROWS]
    rows: list[Sequence[Cell]] = [(one.job, one.scheduled_at, one.state, one.result) for one in shown]
    said = {
        "failed": sum(one.state == "failed" for one in shown),
        "missed": sum(one.state == "missed" for one in shown),
        "first": Counter(one.job for one in shown).most_common(3),
    }
    return _of(look, choice, span, said, ("job", "at", "run", "result"), rows, more=len(found) > MOST_ROWS)


def _of(
    look: Look,
    choice: Choice,
    span: Span,
    figures: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    more: bool = False,
) -> Result:
    return Result(choice, span, look.now, figures, columns, rows, more, look.goes_on(span))
