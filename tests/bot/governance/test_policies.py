"""Each policy against a breach that is planted, and against a studio that keeps it."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.access.model import TENANT
from bot.alerts.rules.catalog import BY_NAME as RULES
from bot.approvals.model import ApprovalState
from bot.areas import EVENTS
from bot.governance.policies import DEEDS, POLICIES
from tests.alerting import open_alerts, runs
from tests.bot.governance.office import (
    NOW,
    another_admin,
    approved,
    asked,
    became_admin,
    refunded,
    signed,
    spent,
)
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

ROOT = Path(__file__).parents[3]
SHOWN = json.loads((ROOT / "tests" / "data" / "policies.json").read_text())


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock) as made:
        yield made


async def broken(here: Desk) -> dict[str, list[str]]:
    """The headlines of what the job alerts of, by the policy's name."""
    await runs(here.app, "governance_check")
    rules = {policy.rule: policy.name for policy in POLICIES}
    found: dict[str, list[str]] = {}
    for alert in await open_alerts(here.app):
        found.setdefault(rules[alert.rule], []).append(str(alert.facts.get("name", alert.fingerprint)))
    return found


@pytest.mark.parametrize("kind", ["planted", "quiet"])
def test_each_policy_is_shown(kind: str) -> None:
    """Each policy has a test of that kind, which is there, and no other is named."""
    assert [one["policy"] for one in SHOWN] == [policy.name for policy in POLICIES]
    missing = []
    for one in SHOWN:
        file, _, name = one[kind].partition("::")
        if not re.search(rf"^async def {name}\(", (ROOT / file).read_text(), re.MULTILINE):
            missing.append(one["policy"])
    assert missing == []


def test_each_breach_is_an_alert() -> None:
    """Every policy names a rule of alerts, and what only admins may do are events that there are."""
    assert [policy.name for policy in POLICIES if policy.rule not in RULES] == []
    known = {name for events in EVENTS.values() for name in events}
    assert DEEDS - known == set()


@pytest.mark.both_databases
async def test_stale_approvals(here: Desk, clock: SimulatedClock) -> None:
    """What waits for more than a day is an alert, which ends once somebody answered."""
    approval = await asked(here, await here.person(here.bob))
    clock.passes(hours=25)
    assert await broken(here) == {"stale_approvals": [str(approval.id)]}
    carol = await here.person(here.carol)
    await signed(here, approval, carol.id, state=ApprovalState.GRANTED, ended_at=clock.now())
    assert await broken(here) == {}


async def test_an_approval_that_was_answered(here: Desk, clock: SimulatedClock) -> None:
    """What waits for less than a day, or was answered, breaks nothing."""
    approval, carol = await asked(here, await here.person(here.bob)), await here.person(here.carol)
    await signed(here, approval, carol.id, state=ApprovalState.REFUSED, ended_at=clock.now())
    clock.passes(hours=2)
    await asked(here, await here.person(here.bob), 1002)
    clock.passes(hours=23)
    assert await broken(here) == {}


@pytest.mark.both_databases
async def test_unused_rights(here: Desk, clock: SimulatedClock) -> None:
    """An admin of a month who only read is named; one that became an admin lately is not."""
    dora = await another_admin(here)
    clock.passes(days=25)
    await became_admin(here, dora)
    clock.passes(days=6)
    await here.says(here.carol, "/queue")
    assert await broken(here) == {"unused_rights": ["Carol"]}


async def test_rights_that_are_used(here: Desk, clock: SimulatedClock) -> None:
    """One admin deed within the month is use enough."""
    clock.passes(days=20)
    carol = await here.person(here.carol)
    await here.app.services.governance.verbs.set_target(carol, "quality", "off")
    clock.passes(days=11)
    assert await broken(here) == {}


@pytest.mark.both_databases
async def test_self_dealing(here: Desk) -> None:
    """Whoever approved their own deed, refunded themselves or passed their own brief is named for each."""
    bob, carol = await here.person(here.bob), await here.person(here.carol)
    await signed(here, await asked(here, carol), carol.id)
    brief = await here.delivered(here.bob)
    await approved(here, brief.id, bob.id)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    await refunded(here, (await here.invoice(brief)).id, bob, 1)
    assert sorted((await broken(here))["self_dealing"]) == ["Bob", "Bob", "Carol"]


async def test_two_people(here: Desk) -> None:
    """Approvals, refunds and drafts with another person behind each break nothing."""
    bob, carol = await here.person(here.bob), await here.person(here.carol)
    await signed(here, await asked(here, bob), carol.id)
    brief = await here.delivered(here.alice)
    await approved(here, brief.id, bob.id)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    await refunded(here, (await here.invoice(brief)).id, bob, 1)
    assert await broken(here) == {}


async def test_budget_pace(here: Desk) -> None:
    """Nine tenths of a budget by two thirds of the month will not last."""
    await spent(here, 900)
    assert await broken(here) == {"budget_pace": ["2026-11"]}


@pytest.mark.parametrize("dollars", [600, 0])
async def test_a_budget_that_lasts(here: Desk, dollars: int) -> None:
    """Less than the month's part of it breaks nothing."""
    await spent(here, dollars)
    assert await broken(here) == {}


@pytest.mark.both_databases
async def test_refunds_of_one(here: Desk) -> None:
    """Bob asked for five of six refunds, and is named; where he asked for three of six he is not."""
    bob, carol, brief = await here.person(here.bob), await here.person(here.carol), await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    number = (await here.invoice(brief)).id
    await refunded(here, number, bob, 5)
    await refunded(here, number, carol, 1)
    assert await broken(here) == {"refunds_of_one": ["Bob"]}
    await refunded(here, number, carol, 4)
    assert await broken(here) == {}


async def test_refunds_of_several(here: Desk) -> None:
    """Four refunds say nothing of anybody, however many of them are one person's."""
    bob, brief = await here.person(here.bob), await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    await refunded(here, (await here.invoice(brief)).id, bob, 4)
    assert await broken(here) == {}


async def test_a_quiet_system(here: Desk) -> None:
    """A studio in which nothing happened breaks no policy."""
    assert await runs(here.app, "governance_check", TENANT) == "5 policies looked at; broken: none"
    assert await open_alerts(here.app) == []
