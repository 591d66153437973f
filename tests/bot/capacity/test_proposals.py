"""What the optimizer proposes, and with what figures."""

import pytest

from bot.capacity import cards
from bot.capacity.model import Drafted, Route
from bot.capacity.proposals import Figures, better_models
from bot.kernel.task_type import TaskType

PRESENT = {TaskType.RESEARCH: "large"}
COSTS = {"large": 20_000, "small": 4_000, "middle": 15_000}


def of(model: str, decided: int, approved: int) -> Drafted:
    return Drafted(TaskType.RESEARCH, model, decided, approved)


def found(*drafted: Drafted, costs: dict[str, int] = COSTS) -> list[Route]:
    return list(better_models(Figures(drafted, costs), PRESENT))


def test_a_cheaper_model_that_is_as_good() -> None:
    """It is proposed with both figures and what thirty days would have cost less."""
    (route,) = found(of("large", 200, 170), of("small", 200, 180), of("middle", 200, 190))
    assert (route.better.model, route.saved) == ("small", 200 * 16_000)
    text = cards.better_model(route).text
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
