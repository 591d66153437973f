"""What is suggested where a figure is off or a policy broken, with what the last 30 days would have been. Pure but for
what it reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.decisions.model import Facts
from bot.governance.model import SPAN, Asked, Held, Waited
from bot.governance.policies import DAY, HOUR, Look
from storage.engine.connection import Connection
from storage.governance import looks
from storage.models import budget
from storage.people import people

KINDS = ("kpi_target", "more_approvers", "role_less", "refund_cap", "month_ceiling")
READINGS = 4  # of a figure: now, and a week, two and three weeks ago
WEEK = timedelta(days=7)
MICRO = 1_000_000  # of a dollar
ROOM = 1.2  # above what was needed


@dataclass(frozen=True, slots=True)
class Advice:
    """kind: which of `bot.decisions.kinds`. key: what makes it proposed once."""

    kind: str
    key: str
    facts: Facts


def of_kpi(readings: Sequence[Held]) -> Advice | None:
    """Another target for a figure that is off: the one that most of its last readings would have met.

    readings: the newest first; None where those of before cannot be told, or say that the target is in reach.
    """
    now = readings[0]
    actual = [one.actual for one in readings if one.actual is not None]
    if now.target is None or not now.too_far or len(actual) < len(readings):
        return None
    best = sorted(actual, reverse=now.kpi.more_is_better)
    new = round(best[-2])  # which all but one of them met
    if new <= 0:
        return None
    met, would = (
        sum(one >= amount if now.kpi.more_is_better else one <= amount for one in actual)
        for amount in (now.target.amount, new)
    )
    if would <= met:
        return None
    facts: dict[str, str | int] = {"kpi": now.kpi.name, "what": now.kpi.title, "amount": new}
    facts |= {"target_value": now.value(now.target.amount), "actual_value": now.value(actual[0])}
    facts |= {"new_value": now.value(new), "readings": len(actual), "met": met, "would": would}
    return Advice("kpi_target", now.kpi.name, facts)


def of_approvals(asked: Sequence[Waited], look: Look, approvers: int) -> Advice | None:
    """More people who approve, where deeds waited too long; with how much sooner they would have been done."""
    limit = look.settings.approval_stale_hours * HOUR
    late = [one.took(look.now) for one in asked if one.took(look.now) > limit]
    if not late:
        return None
    saved = sum((took - limit for took in late), timedelta()) / len(late)
    facts: Facts = {
        "all": len(asked),
        "late": len(late),
        "limit_hours": look.settings.approval_stale_hours,
        "longest_hours": max(late) // HOUR,
        "saved_hours": max(1, round(saved / HOUR)),
        "people": approvers,
    }
    return Advice("more_approvers", "", facts)


def of_refunds(by_person: Sequence[Asked]) -> Advice | None:
    """A cap of a day, where one person asked for most refunds; with how many would have waited for somebody else."""
    most = by_person[0]
    cap = max(1, most.busiest // 2)
    held = most.held_by(cap)
    if not held:
        return None
    facts: Facts = {
        "name": most.name,
        "n": len(most.times),
        "all": sum(len(one.times) for one in by_person),
        "busiest": most.busiest,
        "cap": cap,
        "held": held,
        "setting": "LIMIT_PERSON_DAY_COUNT",
    }
    return Advice("refund_cap", str(most.person_id), facts)


def of_budget(days: Sequence[int], ceiling: int) -> Advice | None:
    """A ceiling that the last 30 days would not have reached. days: what each cost, in millionths of a dollar."""
    spent, over = 0, 0
    for cost in days:
        spent += cost
        over += spent > ceiling
    if not over:
        return None
    new = -(-int(spent * ROOM) // (10 * MICRO)) * 10
    facts: Facts = {"spent_usd": spent, "present_usd": ceiling, "days": len(days), "dry": over, "new": new}
    return Advice("month_ceiling", "", {**facts, "new_usd": new * MICRO, "setting": "CEILING_MONTH_USD"})


async def of_rights(connection: Connection, look: Look, person_id: int, name: str) -> Advice:
    """An admin who could be an operator: what they did, and how much of it an operator may not."""
    since = look.now - look.settings.admin_unused_days * DAY
    done, needed = await looks.deeds(connection, look.tenant, person_id, since, look.deeds)
    facts: Facts = {"name": name, "person": str(person_id), "days": look.settings.admin_unused_days}
    return Advice("role_less", str(person_id), {**facts, "deeds": done, "refused": needed})


async def of_policies(connection: Connection, look: Look, broken: Mapping[str, Sequence[str]]) -> list[Advice]:
    """What is suggested for the policies that are broken. broken: by a policy's name, the fingerprints."""
    found: list[Advice | None] = []
    since = look.now - SPAN
    if "stale_approvals" in broken:
        team = await people.with_roles(connection, look.tenant, *looks.APPROVERS)
        found.append(of_approvals(await looks.asked(connection, look.tenant, since), look, len(team)))
    for fingerprint in broken.get("unused_rights", ()):
        admin = await people.find(connection, look.tenant, int(fingerprint))
        if admin is not None:
            found.append(await of_rights(connection, look, admin.id, admin.name))
    if "refunds_of_one" in broken:
        found.append(of_refunds(await looks.refunds_by_person(connection, look.tenant, since)))
    if "budget_pace" in broken:
        days = [look.now - SPAN + number * DAY for number in range(SPAN // DAY)]
        costs = [await budget.cost(connection, look.tenant, day, day + DAY) for day in days]
        found.append(of_budget(costs, look.ceiling))
    return [one for one in found if one is not None]
