"""What is suggested where a figure is off or a policy broken, with what the last 30 days would have been."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.access.model import TENANT
from bot.approvals.model import ApprovalState
from bot.decisions.model import Proposal, ProposalState
from bot.governance.advice import of_budget, of_kpi, of_refunds
from bot.governance.model import BY_NAME, Asked, Held, Target
from storage.core.pages import Page
from storage.engine.database import Transaction
from storage.tables.models import model_calls
from tests.alerting import runs
from tests.bot.governance.office import NOW, asked, delivered, refunded, signed, spent
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


def readings(name: str, target: int, *actual: float | None) -> list[Held]:
    return [Held(BY_NAME[name], one, Target(target), "USD") for one in actual]


def test_a_target_in_reach() -> None:
    """The new target is what all but one of the last readings met, and says how many met the present one."""
    found = of_kpi(readings("quality", 90, 70, 74, 76, 91))
    assert found is not None
    assert (found.facts["new_value"], found.facts["met"], found.facts["would"]) == ("count 74", 1, 3)
    cheaper = of_kpi(readings("cost", 50, 100, 90, 80, 40))
    assert cheaper is not None
    assert (cheaper.facts["new_value"], cheaper.facts["met"], cheaper.facts["would"]) == ("usd 90", 1, 3)


@pytest.mark.parametrize(
    "actual",
    [(90.0, 40.0, 40.0, 40.0), (70.0, None, 74.0, 76.0), (70.0, 95.0, 95.0, 95.0), (0.0, 0.0, 0.0, 0.0)],
)
def test_no_other_target(actual: tuple[float | None, ...]) -> None:
    """None where the figure is on target, its past is not known, it mostly met it, or nothing at all is left."""
    assert of_kpi(readings("quality", 90, *actual)) is None


def test_a_cap() -> None:
    """Of four refunds within a day a cap of two would have held two."""
    hours = tuple(datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (8, 9, 10, 11))
    found = of_refunds([Asked(1, "Bob", hours), Asked(2, "Carol", hours[:1])])
    assert found is not None
    assert (found.facts["busiest"], found.facts["cap"], found.facts["held"]) == (4, 2, 2)


def test_a_budget() -> None:
    """Thirty days at 40 dollars used a budget of 1,000 up on the 26th; the next tens above what was spent would not."""
    found = of_budget([40_000_000] * 30, 1_000_000_000)
    assert found is not None
    assert (found.facts["dry"], found.facts["new"]) == (5, 1_440)
    assert of_budget([10_000_000] * 30, 1_000_000_000) is None


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock) as made:
        yield made


async def proposed(here: Desk) -> list[Proposal]:
    """What was suggested, the newest first."""
    return list(await here.app.services.decisions.page(await here.person(here.carol), Page()))


async def shown(here: Desk, one: Proposal) -> str:
    return (await here.says(here.carol, f"/decision_{one.id}")).text


@pytest.mark.both_databases
async def test_a_target_out_of_reach(here: Desk, clock: SimulatedClock) -> None:
    """A target that was never met leads to one that was; adopting it sets it, and the alert ends."""
    carol, verbs = await here.person(here.carol), here.app.services.governance.verbs
    await verbs.set_target(carol, "delivered", "20")
    await delivered(here, 4)
    clock.passes(days=22)
    await runs(here.app, "governance_loop")
    assert await runs(here.app, "governance_advice") == "1 suggestions, 1 of them new, 0 lapsed"
    assert await runs(here.app, "governance_advice") == "1 suggestions, 0 of them new, 0 lapsed"
    (one,) = await proposed(here)
    text = await shown(here, one)
    assert "The target is 20; the last 30 days came to 4." in text
    assert "Of the last 4 weekly readings 0 met the target; 4 would have met 4." in text
    await here.app.services.decisions.decide(carol, one.id, one.version, "Twenty was a dream.", adopt=True)
    held = next(held for held in await verbs.kpis(carol) if held.kpi.name == "delivered")
    assert held.target == Target(4, "Carol")
    assert await runs(here.app, "governance_loop") == "1 figures with a target; too far off: none"


@pytest.mark.both_databases
async def test_out_of_the_rows(here: Desk, clock: SimulatedClock) -> None:
    """Late approvals, one person's refunds, a budget and unused rights: each is suggested, with figures of the rows."""
    bob, carol, brief = await here.person(here.bob), await here.person(here.carol), await here.delivered(here.alice)
    clock.passes(days=35)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    await refunded(here, (await here.invoice(brief)).id, bob, 6)
    late = await asked(here, bob, 1_001)
    clock.passes(hours=30)
    await signed(here, late, carol.id, state=ApprovalState.GRANTED, ended_at=clock.now())
    await asked(here, bob, 1_002)
    clock.passes(hours=27)
    await spent(here, 990, "month:2026-12")
    await here.app.services.database.write(_calls)
    assert (await runs(here.app, "governance_advice")).startswith("4 suggestions, 4 of them new")
    texts = [await shown(here, one) for one in await proposed(here)]
    wanted = (
        "2 approvals were asked for; 2 waited over 24 h, up to 30 h",
        "Bob asked for 6 of 6 refunds, up to 6 within a day",
        "With at most 3, 3 of these would have waited for somebody else.",
        "Carol as an operator",
        "Models cost 1,200.00 USD in 30 days; the limit of a month is 1,000.00 USD.",
    )
    assert [words for words in wanted if not any(words in text for text in texts)] == []


async def _calls(tx: Transaction) -> None:
    call: dict[str, Any] = {"tenant": TENANT, "purpose": "draft", "prompt_version": "1", "model": "m", "outcome": "ok"}
    call |= {"input_tokens": 1, "output_tokens": 1, "cost_micro_usd": 60_000_000, "latency_ms": 1}
    for day in range(20):
        await tx.run(insert(model_calls), call | {"created_at": tx.now - timedelta(days=day, hours=1)})


async def test_what_is_mended_lapses(here: Desk, clock: SimulatedClock) -> None:
    """A suggestion whose reason is gone waits for nobody any more."""
    verbs, carol = here.app.services.governance.verbs, await here.person(here.carol)
    await verbs.set_target(carol, "delivered", "20")
    await delivered(here, 1)
    clock.passes(days=22)
    await runs(here.app, "governance_advice")
    await verbs.set_target(carol, "delivered", "off")
    assert await runs(here.app, "governance_advice") == "0 suggestions, 0 of them new, 1 lapsed"
    assert [one.state for one in await proposed(here)] == [ProposalState.LAPSED]


async def test_nothing_to_suggest(here: Desk) -> None:
    """A studio in which nothing is wrong gets no suggestion."""
    assert await runs(here.app, "governance_advice") == "0 suggestions, 0 of them new, 0 lapsed"
    assert await proposed(here) == []
