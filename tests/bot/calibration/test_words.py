"""The gate's figures and its lines, in the reader's language."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.calibration import cards, target_cards
from bot.calibration.agreement import Confusion
from bot.calibration.figures import Adopted, Decision, Opinions, Overview, Settled, Standing, Table, TypeTarget, Version
from bot.calibration.learning import Count, Proposal, Shadow
from bot.kernel.card import Card
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
DATA = ["Bob", "UTC", "gpt", "Nov", "Solar lamp"]
NONE, FEW, SOME = Confusion(0, 0, 0, 0), Confusion(8, 1, 2, 4), Confusion(28, 1, 12, 24)
PAST = Shadow(40, 20, 3, 2, 1, 3, 2, 1)
TYPE = TaskType.RESEARCH


def a_target(target: int, *, bad: int = 0, proven: bool = False, audits: int = 59) -> TypeTarget:
    proposal = Proposal(80, target, proven, too_bad=False, audits=Count(bad, audits), band=Count(0, 60))
    return TypeTarget(TYPE, proposal, Adopted(1, 80, "Bob", AT), PAST)


LINES = [a_target(80), a_target(78, proven=True), a_target(84, bad=3), a_target(80, audits=3)]
STANDINGS = [
    Standing(0, 0, NONE, NONE, None, Count(0, 0), (0, 0), {}),
    Standing(40, 20, FEW, FEW, FEW, Count(1, 9), (1, 2), {5: 3}),
    Standing(80, 40, SOME, FEW, SOME, Count(1, 29), (1, 2), {5: 3}),
    Standing(80, 40, SOME, SOME, SOME, Count(1, 29), (1, 2), {5: 3}),
    Standing(80, 40, SOME, NONE, Confusion(1, 0, 1, 0), Count(1, 29), (1, 2), {5: 3}),
    Standing(60, 60, Confusion(30, 0, 0, 0), NONE, Confusion(0, 1, 0, 1), Count(0, 30), (1, 2), {5: 3}),
    Standing(40, 20, FEW, FEW, NONE, Count(1, 9), (1, 2), {5: 3}),
]
OPINIONS = Opinions(
    1042, 1, "Solar lamp", "Bob", 80, 90, passed=True, reasons=[("tone", 90, "Bob")], human="edited", person="Bob",
    why="Bob", at=AT,
)  # fmt: skip


def test_rows_have_the_readers_times() -> None:
    """Decisions as rows have the times of whoever asked for them, and say so."""
    one = Decision(1, 1042, TYPE, 9000, 80, True, None, blind=False, prompt=None, judge_model="gpt", created_at=AT)
    with reading_as(Reader(zone="Asia/Karachi")):
        card = cards.table(Table(TYPE, [one], AT))
    assert card.text == "1 decision, one a row; times of Asia/Karachi"
    assert card.document is not None
    assert card.document.content.splitlines()[1].startswith("2026-11-26 19:03:00,1042,")


def shown() -> Iterator[Card]:
    """Every card."""
    for standing in STANDINGS:
        yield cards.overview(Overview(None, standing, LINES, 90, AT))
        yield cards.overview(Overview(TYPE, standing, LINES[:1], 90, AT))
    for human in cards.DISAGREED:
        for passed in (True, False):
            one = Decision(
                1, 1042, TYPE, 9000, 80, passed, human, blind=False, prompt=None, judge_model="gpt", created_at=AT
            )
            yield cards.disagreements(None, [one])
            yield cards.table(Table(TYPE, [one], AT))
    yield cards.disagreements(TYPE, [])
    yield cards.drift(None, [Version(None, "gpt", 3, None, 1, Count(0, 0)), Version(2, "gpt", 1, 80.0, 1, Count(1, 2))])
    yield cards.drift(None, [])
    yield cards.both(OPINIONS)
    yield target_cards.all_targets(LINES)
    for present in LINES:
        yield target_cards.target(present, may_adopt=True)
        yield target_cards.target(present, may_adopt=False)
        yield target_cards.confirm(present)
    yield target_cards.adopted(Settled(TYPE, 78, 80, "Bob", AT))
    yield target_cards.kept(Settled(TYPE, 80, 80, "Bob", AT))


def test_nothing_escapes() -> None:
    """No card says anything in another language than the reader's."""
    with installed(), reading_as(Reader(LANGUAGE)):
        assert {card.text: found for card in shown() if (found := escaped_in(card, DATA))} == {}
