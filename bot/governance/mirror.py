"""Governance in the mirror: the head of the audit log's chain, which whoever rewrites the log here has to rewrite there
too; policies, targets, and what was decided by whom.
"""

from collections.abc import Sequence
from typing import Any

from bot.decisions.cards import evidence, headline
from bot.decisions.values import shown
from bot.governance.model import BY_NAME as KPIS
from bot.governance.model import Held
from bot.governance.policies import BY_NAME as BY_POLICY
from bot.governance.policies import POLICIES
from bot.kernel.text.fitting import plain
from bot.kernel.translation import gettext as _
from bot.mirror.model import HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso, once
from storage.alerts import alerts
from storage.audit import seals
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.governance import proposals, targets

HEAD, PROPOSAL, POLICY, TARGET = "head", "proposal", "policy", "target"
ANCHORS = 30  # of the newest
NEWEST = 100  # proposals
EMPTY: dict[str, Any] = {"Kind": "", "State": "", "By": "", "Why": "", "Evidence": "", "Entries": None, "Link": ""}
EMPTY |= {"Key": "", "Not sealed yet": None}


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What a row holds: the newest entry or an anchor of the log, a proposal, a policy, or a target."""
    kind, _dash, rest = one.name.partition("-")
    match kind:
        case "proposal":
            return await _proposal(connection, one.tenant, int(rest))
        case "policy":
            return await _policy(connection, one.tenant, rest)
        case "target":
            return await _of_target(connection, one.tenant, rest)
    return await _log(connection, one)


async def _log(connection: Connection, one: RowId) -> dict[str, Any] | None:
    if one.name == HEAD:
        head = await seals.head(connection, one.tenant)
        waiting, since = await seals.waiting(connection, one.tenant)
        if head is None:
            return None
        anchor, key = head
        newest = _entry("Newest entry", anchor.place, anchor.link.hex())
        return newest | {"Key": key, "Not sealed yet": waiting, "Seen": iso(since)}
    anchors = await seals.anchors(connection, one.tenant, ANCHORS)
    found = next((anchor for anchor in anchors if anchor.place == one.number), None)
    if found is None:
        return None
    return _entry(f"Anchor {found.place}", found.place, found.link.hex()) | {"Seen": iso(found.at)}


def _entry(what: str, place: int, link: str) -> dict[str, Any]:
    return EMPTY | {"What": what, "Kind": "Audit log", "Entries": place, "Link": link}


async def _proposal(connection: Connection, tenant: str, number: int) -> dict[str, Any] | None:
    found = await proposals.find(connection, tenant, number)
    if found is None:
        return None
    said = {"What": f"{found.id} {headline(found)}", "Kind": "Proposal", "State": found.state.value}
    said |= {"By": found.decider, "Why": found.reason, "Evidence": " ".join(map(plain, evidence(found)))}
    return EMPTY | said | {"Seen": iso(found.decided_at or found.made_at)}


async def _policy(connection: Connection, tenant: str, name: str) -> dict[str, Any] | None:
    policy = BY_POLICY.get(name)
    if policy is None:
        return None
    ours = [one for one in await alerts.all_open(connection, tenant) if one.rule == policy.rule]
    since = min((one.opened_at for one in ours), default=None)
    what, state = policy.name.replace("_", " ").capitalize(), "broken" if ours else "kept"
    said = ", ".join(f"alert {one.id}" for one in ours)
    return EMPTY | {"What": what, "Kind": "Policy", "State": state, "Evidence": said, "Seen": iso(since)}


async def _of_target(connection: Connection, tenant: str, name: str) -> dict[str, Any] | None:
    given = (await targets.all_of(connection, tenant)).get(name)
    if given is None or name not in KPIS:
        return None
    (target, currency), kpi = given, KPIS[name]
    amount = shown(Held(kpi, None, target, currency).value(target.amount)) if target.amount else "no target"
    off = await alerts.of(connection, tenant, "kpi_off", name)
    state = f"{off.facts['share']} % off" if off is not None and off.open else "on target"
    said = {"What": f"{_(kpi.title)}: {amount}", "Kind": "Target", "State": state, "By": target.by}
    return EMPTY | said | {"Seen": iso(off.opened_at if off is not None and off.open else None)}


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """The newest entry and anchors of the log, the newest proposals, and every policy and target."""
    anchors = await seals.anchors(connection, batch.tenant, ANCHORS)
    newest = await proposals.page(connection, batch.tenant, Page(limit=NEWEST))
    given = await targets.all_of(connection, batch.tenant)
    log = [HEAD, *(str(anchor.place) for anchor in anchors)]
    ours = [f"{PROPOSAL}-{one.id}" for one in newest] + [f"{POLICY}-{one.name}" for one in POLICIES]
    return once([*log, *ours, *(f"{TARGET}-{name}" for name in sorted(given))], batch)


GOVERNANCE = MirrorTable(
    "Governance",
    "audit",
    {
        "What": Column.TITLE,
        "Kind": Column.SELECT,
        "State": Column.TEXT,
        "By": Column.TEXT,
        "Why": Column.TEXT,
        "Evidence": Column.TEXT,
        "Entries": Column.NUMBER,
        "Link": Column.TEXT,
        "Key": Column.TEXT,
        "Not sealed yet": Column.NUMBER,
        "Seen": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    every=HOURLY,
)
