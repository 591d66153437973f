"""Every policy, as data: what it asks for, the alert that a breach of it is, and how a breach is found.

A policy has a test that plants its breach and one in which nothing is wrong (`tests/data/policies.json`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.access.model import Role
from bot.governance.model import FEWEST, SPAN, Breach
from bot.governance.settings import GovernanceSettings
from bot.kernel.text.words import usd
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import Sentence, kept, sentence
from bot.models.budget import Ceiling
from bot.models.cards import SETTINGS
from storage.engine.connection import Connection
from storage.governance import looks
from storage.models import budget
from storage.people import people

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEEDS_OF = {"refund": N_("refund {number}"), "repair": N_("repair {number}")}
EARLY = 3  # days of a month that say too little of it
# What only admins may do, as the audit log calls it; the commands for admins alone are added to it.
DEEDS = frozenset(
    {
        *("person.role_changed", "person.removed", "invite.made", "invite.revoked", "room.bound", "room.ended"),
        *("prompt.added", "prompt.used", "prompt.rested", "line.adopted", "line.kept", "price.adopted"),
        *("flag.switched", "budget.opened", "budget.closed", "approval.signed", "approval.refused"),
        *("partner.made", "partner.key_made", "partner.keys_ended", "partner.switched_on", "partner.switched_off"),
        *("partner.tier_set", "partner.quota_set", "entry.corrected", "mismatch.repaired", "mismatch.left"),
        *("restore.sent", "restore.dropped", "key.turned", "key.ended", "mirror.resynced", "mirror.repaired"),
        *("proposal.adopted", "proposal.declined", "kpi.set", "growth.cost_set"),
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a policy is held against. deeds: what only admins may do; ceiling: of a month, in millionths of a dollar."""

    tenant: str
    now: datetime
    zone: ZoneInfo
    settings: GovernanceSettings
    deeds: frozenset[str]
    ceiling: int


Find = Callable[[Connection, Look], Awaitable[Sequence[Breach]]]


@dataclass(frozen=True, slots=True)
class Policy:
    """rule: the alert that a breach is. asks: what it asks for, to be translated; {limit} is the setting of that name,
    where there is one.
    """

    name: str
    rule: str
    asks: str
    find: Find
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A policy, and what breaks it now."""

    policy: Policy
    breaches: Sequence[Breach]


async def stale_approvals(connection: Connection, look: Look) -> Sequence[Breach]:
    """What has waited too long for people."""
    before = look.now - look.settings.approval_stale_hours * HOUR
    found = await looks.waiting(connection, look.tenant, before)
    return [
        Breach(str(number), {"approval": str(number), "hours": (look.now - since) // HOUR})
        for number, _subject, since in found
    ]


async def unused_rights(connection: Connection, look: Look) -> Sequence[Breach]:
    """Admins of long who did nothing that an operator could not have done."""
    days = look.settings.admin_unused_days
    since, found = look.now - days * DAY, []
    for admin in await people.with_roles(connection, look.tenant, Role.ADMIN):
        became = await looks.admin_since(connection, look.tenant, admin.id)
        if became is None or became > since:
            continue
        _all, needed = await looks.deeds(connection, look.tenant, admin.id, since, look.deeds)
        if not needed:
            found.append(Breach(str(admin.id), {"name": admin.name, "person": str(admin.id), "days": days}))
    return found


async def self_dealing(connection: Connection, look: Look) -> Sequence[Breach]:
    """Whoever approved what they asked for, refunded themselves, or passed their own brief."""
    since = look.now - SPAN
    approvals = await looks.own_approvals(connection, look.tenant, since)
    refunds = await looks.own_refunds(connection, look.tenant, since)
    drafts = await looks.own_drafts(connection, look.tenant, since)
    return [
        *(_dealt(f"approval:{subject}", name, N_("approved what they asked for, {what}"), _deed(subject))
          for subject, name in approvals),
        *(_dealt(f"refund:{number}", name, N_("asked for refund {what} to themselves"), str(number))
          for number, name in refunds),
        *(_dealt(f"brief:{number}", name, N_("approved their own brief {what}"), str(number))
          for number, name in drafts),
    ]  # fmt: skip


def _deed(subject: str) -> Sentence:
    kind, _colon, number = subject.partition(":")
    return sentence(DEEDS_OF[kind], number=number)


def _dealt(fingerprint: str, name: str, marked: str, what: str | Sentence) -> Breach:
    return Breach(fingerprint, {"name": name, "matter": kept(sentence(marked, what=what))})


async def budget_pace(connection: Connection, look: Look) -> Sequence[Breach]:
    """A month's budget that is used up faster than the month goes by."""
    local = look.now.astimezone(look.zone)
    scope = f"month:{local:%Y-%m}"
    used = (await budget.used(connection, look.tenant, [scope])).get(scope, 0)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    part = (local - first) / ((first + timedelta(days=32)).replace(day=1) - first)
    if not look.ceiling or local.day <= EARLY or used <= part * look.ceiling or used * 4 < look.ceiling:
        return []
    said = {"used": usd(used), "limit": usd(look.ceiling), "setting": SETTINGS[Ceiling.MONTH]}
    return [Breach(f"{local:%Y-%m}", {**said, "share": round(100 * part)})]


async def refunds_of_one(connection: Connection, look: Look) -> Sequence[Breach]:
    """Somebody who asked for most of the refunds although others could have."""
    by_person = await looks.refunds_by_person(connection, look.tenant, look.now - SPAN)
    everything = sum(len(one.times) for one in by_person)
    team = await people.with_roles(connection, look.tenant, Role.OPERATOR, Role.ADMIN)
    if everything < FEWEST or len(team) < 2:
        return []
    return [
        Breach(str(one.person_id), {"name": one.name, "share": share, "count": len(one.times), "all": everything})
        for one in by_person
        if (share := round(100 * len(one.times) / everything)) > look.settings.refunds_of_one_percent
    ]


POLICIES: tuple[Policy, ...] = (
    Policy("stale_approvals", "approval_stale", N_("Approvals are answered within {limit}"), stale_approvals,
           "approval_stale_hours"),
    Policy("unused_rights", "admin_unused", N_("Admins use their rights within {limit}"), unused_rights,
           "admin_unused_days"),
    Policy("self_dealing", "self_dealing", N_("Nobody decides in their own matter"), self_dealing),
    Policy("budget_pace", "budget_pace", N_("The month's model budget lasts for the month"), budget_pace),
    Policy("refunds_of_one", "refunds_of_one", N_("Nobody asks for more than {limit} of the refunds"), refunds_of_one,
           "refunds_of_one_percent"),
)  # fmt: skip
BY_NAME: Mapping[str, Policy] = {policy.name: policy for policy in POLICIES}
