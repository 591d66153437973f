"""What the optimizer proposes, and with what figures."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.access.model import TENANT
from bot.capacity.model import Drafted, Route, Size
from bot.capacity.proposals import Figures, better_models
from bot.decisions.cards import card
from bot.decisions.model import Proposal, ProposalState
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Pool
from storage.capacity import sizes
from storage.engine.database import Transaction
from storage.tables.briefs import briefs, decisions, drafts
from storage.tables.models import model_calls
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

PRESENT = {TaskType.RESEARCH: "large"}
COSTS = {"large": 20_000, "small": 4_000, "middle": 17_000}


def of(model: str, decided: int, approved: int) -> Drafted:
    return Drafted(TaskType.RESEARCH, model, decided, approved)


def found(*drafted: Drafted, costs: dict[str, int] = COSTS) -> list[Route]:
    return list(better_models(Figures(drafted, costs), PRESENT))


def test_a_cheaper_model_that_is_as_good() -> None:
    """It is proposed with both figures and what thirty days would have cost less."""
    (route,) = found(of("large", 200, 170), of("small", 200, 180), of("middle", 200, 190))
    assert (route.better.model, route.saved) == ("small", 200 * 16_000)
    now = datetime(2026, 11, 26, tzinfo=UTC)
    text = card(Proposal(1001, TENANT, "better_model", "key", route.facts, ProposalState.OPEN, 1, now), may=True).text
    assert "small for Research" in text
    assert "large approved 85" in text
    assert "cost 3.20 USD less, for 200 drafts" in text
    assert "DRAFT_MODEL_RESEARCH" in text


@pytest.mark.parametrize(
    "drafted",
    [
        (of("large", 200, 170), of("small", 29, 29)),  # too few to say anything
        (of("large", 29, 20), of("small", 200, 199)),
        (of("large", 200, 190), of("small", 200, 170)),  # worse
        (of("large", 200, 190), of("small", 40, 38)),  # perhaps as good
        (of("large", 200, 170), of("middle", 200, 190)),  # not much cheaper
        (of("large", 200, 170),),
        (),
    ],
)
def test_nothing_to_propose(drafted: tuple[Drafted, ...]) -> None:
    """Few figures, a worse model or one that costs about the same are no proposal."""
    assert found(*drafted) == []


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(datetime(2026, 11, 26, 10, tzinfo=UTC))


@pytest.fixture
async def home(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock, draft_model_research="large", draft_model="middle") as made:
        yield made


async def test_a_quiet_system(home: Desk) -> None:
    """Without figures nothing is proposed, and nobody is told."""
    told = len(await home.told(home.carol.id))
    propose = home.app.services.capacity.optimizer.propose
    assert await propose(TENANT) == "0 models by type compared; 0 proposals"
    assert len(await home.told(home.carol.id)) == told


async def test_out_of_the_rows(home: Desk) -> None:
    """Decisions on drafts of two models become a proposal, which admins see once a month."""
    alice = await home.person(home.alice)

    async def work(tx: Transaction) -> None:
        for number in range(200):
            model = "small" if number % 2 else "large"
            base = {"tenant": TENANT, "created_at": tx.now}
            brief = base | {"client_id": alice.id, "chat_id": 1, "source_key": str(number), "title": "", "text": ""}
            brief |= {"task_type": "Research", "state": "delivered", "qa_target": 80, "language": "en"}
            brief |= {"price_minor": 0, "currency": "USD", "updated_at": tx.now}
            of = base | {"brief_id": (await tx.run(insert(briefs).returning(briefs.c.id), brief)).scalar_one()}
            draft = of | {"attempt": 1, "text": "", "content_hash": "", "model": model}
            draft_id = (await tx.run(insert(drafts).returning(drafts.c.id), draft)).scalar_one()
            verdict = "sent_back" if number % 10 == 0 else "approved"
            await tx.run(insert(decisions), of | {"draft_id": draft_id, "content_hash": "", "verdict": verdict})
            call = of | {"purpose": "draft", "prompt_version": "1", "model": model, "outcome": "ok", "input_tokens": 1}
            call |= {"output_tokens": 1, "cost_micro_usd": COSTS[model], "latency_ms": 1}
            await tx.run(insert(model_calls), call)

    await home.app.services.database.write(work)
    propose = home.app.services.capacity.optimizer.propose
    assert await propose(TENANT) == "2 models by type compared; 1 proposals"
    assert "small for Research" in (await home.told(home.carol.id))[-1].text
    told = len(await home.told(home.carol.id))
    await propose(TENANT)
    assert len(await home.told(home.carol.id)) == told


async def test_a_number_that_held(home: Desk, clock: SimulatedClock) -> None:
    """Another number of tasks at once is proposed for the setting once it has held for three days."""
    size = Size(40, "12 of 12 calls of models failed")
    await home.app.services.database.write(lambda tx: sizes.put(tx, Pool.MODELS, size))
    propose = home.app.services.capacity.optimizer.propose
    clock.passes(days=2)
    assert "0 proposals" in await propose(TENANT)
    clock.passes(days=1)
    assert "1 proposals" in await propose(TENANT)
    assert "Proposal 1001 · 40 tasks at once" in (await home.told(home.carol.id))[-1].text
