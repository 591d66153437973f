"""Key figures against their targets: set by chat or by settings, told when they are far off, over when they are not."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.access.model import TENANT
from bot.governance.amounts import read
from bot.governance.model import BY_NAME, Held, Target
from bot.kernel.errors import Forbidden, Refusal
from tests.alerting import alert_of, open_alerts, runs
from tests.bot.governance.office import NOW, delivered
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    targets = {"delivered": Decimal(9), "stars": Decimal("4.5")}
    async with desk(stand_ins, database_url, clock, kpi_targets=targets) as made:
        yield made


def held(name: str, actual: float | None, target: int) -> Held:
    return Held(BY_NAME[name], actual, Target(target), "USD")


@pytest.mark.parametrize(
    ("name", "actual", "target", "off", "too_far"),
    [
        ("quality", 85.0, 85, 0, False),
        ("quality", 90.0, 85, 0, False),
        ("quality", 76.5, 85, 10, False),
        ("quality", 75.0, 85, 12, True),
        ("cost", 110.0, 100, 10, False),
        ("cost", 111.0, 100, 11, True),
        ("cost", 20.0, 100, 0, False),
        ("revenue", 0.0, 500_000, 100, True),
        ("revenue", -100.0, 500_000, 100, True),
        ("stars", None, 45, 0, False),
    ],
)
def test_how_far_off(name: str, actual: float | None, target: int, off: int, too_far: bool) -> None:
    """On the wrong side counts, whichever that is; more than ten in a hundred is told."""
    one = held(name, actual, target)
    assert (one.off, one.too_far) == (off, too_far)


@pytest.mark.parametrize(
    ("name", "words", "amount"),
    [("quality", "85", 85), ("margin", "60%", 60), ("stars", "4.5", 45), ("revenue", "5,000", 500_000),
     ("revenue", "1200.50 USD", 120_050), ("cost", "0.05", 50_000), ("cost", "0.05 USD", 50_000)],
)  # fmt: skip
def test_amounts(name: str, words: str, amount: int) -> None:
    """People write them as they think of them."""
    assert read(BY_NAME[name], words, "USD") == amount


@pytest.mark.parametrize(
    ("name", "words"),
    [("quality", "0"), ("quality", "-5"), ("quality", "101"), ("stars", "6"), ("margin", "much"), ("revenue", "nan"),
     ("revenue", "1e99"), ("quality", "inf")],
)  # fmt: skip
def test_no_amounts(name: str, words: str) -> None:
    """What is none is refused, with an example that works."""
    with pytest.raises(Refusal, match=f"/kpis {name}"):
        read(BY_NAME[name], words, "USD")


@pytest.mark.both_databases
async def test_off_target(here: Desk, clock: SimulatedClock) -> None:
    """Two of nine wanted briefs are an alert of the settings' target; once nine are there it is over."""
    await delivered(here, 2)
    clock.passes(minutes=1)
    assert await runs(here.app, "governance_loop") == "2 figures with a target; too far off: delivered"
    alert = await alert_of(here.app, "kpi_off", "delivered")
    assert alert is not None
    assert alert.facts == {"kpi": "Delivered briefs", "share": 78}
    (told,) = [card.text for card in await here.told(here.carol.id) if "off its target" in card.text]
    assert "Delivered briefs: 78" in told
    await delivered(here, 7, 6_000)
    clock.passes(minutes=1)
    assert await runs(here.app, "governance_loop") == "2 figures with a target; too far off: none"
    after = await alert_of(here.app, "kpi_off", "delivered")
    assert after is not None
    assert not after.open


async def test_on_target(here: Desk, clock: SimulatedClock) -> None:
    """Nobody hears of figures that are on target, or too few to be judged."""
    await delivered(here, 9)
    clock.passes(minutes=1)
    assert await runs(here.app, "governance_loop") == "2 figures with a target; too far off: none"
    assert await open_alerts(here.app) == []


@pytest.mark.both_databases
async def test_set_by_chat(here: Desk) -> None:
    """An admin's target counts in place of the settings', off takes it away, and both are audited."""
    carol, verbs = await here.person(here.carol), here.app.services.governance.verbs
    one = await verbs.set_target(carol, "delivered", "3")
    assert one.target == Target(3, "Carol")
    one = await verbs.set_target(carol, "Delivered", "off")
    assert one.target is None
    seen = (await here.says(here.carol, "/audit kpi:delivered")).text
    assert "<code>3</code> → <code>0</code>" in seen
    assert "<code>0</code> → <code>3</code>" in seen


async def test_who_may_set(here: Desk) -> None:
    """An operator reads the figures, and sets none."""
    bob, verbs = await here.person(here.bob), here.app.services.governance.verbs
    assert len(await verbs.kpis(bob)) == 7
    with pytest.raises(Forbidden):
        await verbs.set_target(bob, "quality", "85")
    with pytest.raises(Forbidden):
        await verbs.kpis(await here.person(here.alice))


async def test_an_unknown_figure(here: Desk) -> None:
    """A name that there is not is refused, with those that there are."""
    with pytest.raises(Refusal, match="revenue, margin, delivered"):
        await here.app.services.governance.verbs.set_target(await here.person(here.carol), "luck", "7")


async def test_another_tenant(here: Desk) -> None:
    """A target is its tenant's alone."""
    await here.app.services.governance.verbs.set_target(await here.person(here.carol), "quality", "85")
    found = await here.app.services.governance.verbs.held("other", NOW)
    assert {one.kpi.name for one in found if one.target is not None} == {"delivered", "stars"}
    found = await here.app.services.governance.verbs.held(TENANT, NOW)
    assert {one.kpi.name for one in found if one.target is not None} == {"delivered", "stars", "quality"}
