"""Prompts and their duels, in the reader's language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.access.model import Person, Role
from bot.drafting.prompts import TEMPLATE
from bot.experiments import cards as duels
from bot.experiments.model import STOPPED, Duel, Standing, Tally, Verdict
from bot.intake import prompt as intake
from bot.kernel.card import Card
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.prompts import cards as prompts
from bot.prompts.model import Details, Record, Version
from bot.prompts.service import CAME_WITH
from bot.quality import judge
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
CAROL = Person(3, "main", 1003, "Carol", Role.ADMIN, LANGUAGE)
OLD = Version(1001, "main", "draft", "", 1, "You write.", CAME_WITH, None, active=True, created_at=AT)
NEW = Version(1002, "main", "draft", TaskType.RESEARCH, 3, "You.", "Carol", 3, active=False, created_at=AT)
STATES = (*Verdict, STOPPED)
DATA = [
    "Carol",
    "UTC",
    "Nov",
    "You write.",
    "You",
    *TEMPLATE.keeps,
    *TEMPLATE.placeholders,
    "md",
    "draft Research",
    "draft",
]


def shown() -> Iterator[Card]:
    """Every card."""
    for state in STATES:
        duel = Duel(1001, "main", TaskType.RESEARCH, OLD.id, NEW.id, state, AT, None)
        for tally in (Tally(1, 0, 0), Tally(12, 1, 3)):
            standing = Standing(duel, OLD, NEW, tally)
            yield duels.listing([standing])
            yield duels.details(standing, CAROL, AT)
            yield duels.confirm_stop(standing)
            for in_use in (None, OLD, NEW):
                yield duels.ended(standing, in_use, [OLD])
    yield duels.listing([])
    yield duels.confirm_start(TaskType.RESEARCH, NEW, OLD)
    yield prompts.listing([OLD, NEW])
    for record in (Record(3, 80.5, 2, 1), Record(0, None, 0, 0)):
        yield prompts.details(Details(NEW, "Carol", [OLD], OLD, record, 0, 30), CAROL)
    for calls in (0, 1):
        yield prompts.details(Details(OLD, "", [OLD], None, None, calls, 30), CAROL)
    yield prompts.details(Details(replace(NEW, active=True), "", [OLD], None, None, 0, 30), CAROL)
    yield prompts.versions("draft", "", [OLD, NEW], (), CAROL)
    yield prompts.difference(OLD, NEW)
    yield prompts.difference(OLD, OLD)
    yield prompts.ask_text(TEMPLATE, "", OLD)
    yield prompts.ask_changelog("draft", TaskType.RESEARCH)
    yield prompts.confirm(OLD, 0)
    yield prompts.confirm(NEW, 2)
    yield prompts.confirm_retire(NEW)
    yield prompts.whole_text(NEW)


def test_nothing_escapes() -> None:
    """No card says anything in another language than the reader's, the changelog of what came with the program too."""
    with installed(), reading_as(Reader(LANGUAGE)):
        assert {card.text: found for card in shown() if (found := escaped_in(card, DATA))} == {}


def test_every_purpose_has_words() -> None:
    """Whatever the program has a prompt for is named in words that are translated."""
    assert {template.purpose for template in (TEMPLATE, intake.TEMPLATE, judge.TEMPLATE)} == set(prompts.PURPOSES)
