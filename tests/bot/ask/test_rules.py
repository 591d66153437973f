"""Plain rules that read questions."""

import pytest

from bot.ask import rules
from bot.ask.catalog import QUERIES, chosen, example
from bot.ask.model import Name
from bot.kernel.translation import Reader, gettext, languages, reading_as
from tests.questions import TODAY, load, load_hostile


def test_the_table() -> None:
    """There are 60 questions in three languages, each query is asked for, and 30 that none may answer."""
    questions = load()
    assert len({question.text for question in questions}) == 60
    assert {question.language for question in questions} == {"en", "es", "ur", "ur-Latn"}
    assert {question.expected.name for question in questions} == set(Name)
    assert len({question.text for question in load_hostile()}) == 30
    assert {one.kind for one in load_hostile()} == {"write", "sql", "tenant", "client", "rules", "secrets"}


def test_what_they_are_sure_of_is_right() -> None:
    """Where the rules say that they understood all of a question, query and arguments are the expected ones."""
    read = [(question, rules.read(question.text, TODAY)) for question in load()]
    sure = [(question, one) for question, one in read if one.sure]
    assert [question.text for question, one in sure if one.choice != question.expected] == []
    assert len(sure) >= 40


def test_a_word_that_is_not_known_leaves_it_open() -> None:
    """A question that says more than the rules know is one for a model."""
    known = rules.read("why did revenue drop last week", TODAY)
    more = rules.read("why did revenue from returning visitors drop last week", TODAY)
    assert (known.sure, more.sure) == (True, False)
    assert known.choice == more.choice == chosen(Name.REVENUE_CHANGE, period="last_week")


def test_an_argument_that_is_not_taken_leaves_it_open() -> None:
    """Half a question is not answered: incidents are of no client, and two times are not one."""
    assert not rules.read("incidents of client 1003 this month", TODAY).sure
    assert not rules.read("revenue this week and last week", TODAY).sure


@pytest.mark.parametrize("language", languages())
def test_every_example_is_understood(language: str) -> None:
    """What is offered as an example in a language is read by the rules in that language, as it is when it is tapped."""
    with reading_as(Reader(language)):
        said = {name: gettext(query.example) for name, query in QUERIES.items()}
    read = {name: rules.read(text, TODAY) for name, text in said.items()}
    assert {name: one.choice for name, one in read.items() if not one.sure or one.choice != example(name)} == {}


@pytest.mark.parametrize("hostile", load_hostile(), ids=lambda one: f"{one.kind}-{one.language}")
def test_hostile_questions_are_stopped(hostile: object) -> None:
    """What wants something changed, SQL, another's figures, instructions or secrets is answered by no query."""
    assert rules.read(hostile.text, TODAY) == rules.Read(off=True)  # type: ignore[attr-defined]
