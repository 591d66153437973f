"""What a version of a prompt must keep, which one serves, and how a difference reads."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st

from bot.drafting import prompts as drafting
from bot.intake import prompt as intake_prompt
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType
from bot.prompts.model import ALL_TYPES, Template, Version, check_changelog, check_system, choose
from bot.quality import judge

TEMPLATES = (drafting.TEMPLATE, judge.TEMPLATE, intake_prompt.TEMPLATE)
WORDS = st.lists(st.text("abcXYZ<&.é", min_size=1, max_size=6), max_size=30).map(" ".join)


def version(purpose: str, task_type: str, number: int, *, active: bool) -> Version:
    return Version(number, "main", purpose, task_type, number, "text", "why", None, active, datetime.now(UTC))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.purpose)
def test_what_is_shipped_can_be_used(template: Template) -> None:
    """The texts in the code keep what the code relies on, and leave no placeholder empty."""
    assert check_system(template, ALL_TYPES, template.system) == template.system
    filled = template.shipped.filled(**dict.fromkeys(template.placeholders, "x"))
    assert re.findall(r"\{\w+\}", filled) == []


def test_every_problem_at_once() -> None:
    """A text that lacks a placeholder and the sentence, and has an unknown placeholder, is told all three."""
    with pytest.raises(Refusal) as refused:
        check_system(judge.TEMPLATE, ALL_TYPES, "Judge it for {client}.")
    words = str(refused.value)
    assert "{criteria} is missing" in words
    assert "{client} is no placeholder" in words
    assert judge.NOT_ORDERS in words


def test_a_single_type_need_not_name_itself() -> None:
    """A drafting prompt for one type may leave out what only says which type it is; one for all types may not."""
    text = f"Write.\n{drafting.NOT_ORDERS}"
    assert check_system(drafting.TEMPLATE, TaskType.RESEARCH, text) == text
    with pytest.raises(Refusal, match="guidance"):
        check_system(drafting.TEMPLATE, ALL_TYPES, text)


def test_the_sentence_may_be_broken_into_lines() -> None:
    """Line breaks within the sentence that has to stay do not matter."""
    text = "Write.\n" + drafting.NOT_ORDERS.replace(": ", ":\n")
    assert check_system(drafting.TEMPLATE, TaskType.OTHER, text) == text


def test_other_braces_stand() -> None:
    """Braces that are no placeholder, such as JSON's, reach the model as they are."""
    text = f'Answer {{"a": {{}}}} or {{0}}. {{criteria}} {judge.NOT_ORDERS}'
    kept = replace(version("judge", "", 2, active=True), system=check_system(judge.TEMPLATE, ALL_TYPES, text))
    assert kept.wording.filled(criteria="C").startswith('Answer {"a": {}} or {0}. C ')


def test_filled_in_text_is_not_filled_in_again() -> None:
    """A value that looks like a placeholder is only text."""
    wording = drafting.TEMPLATE.shipped
    assert wording.filled(task_type="{guidance}", guidance="G").count("{guidance}") == 1


@pytest.mark.parametrize(("text", "words"), [("  ", "Say in a line"), ("x" * 201, "take /stop")])
def test_changelog_is_a_line(text: str, words: str) -> None:
    """A changelog is a line: neither nothing, nor the rest of a prompt that Telegram cut in two."""
    with pytest.raises(Refusal, match=words):
        check_changelog(text)


def test_a_type_of_its_own_goes_first() -> None:
    """A type's own version in use serves it; other types have the one for all; what is not in use serves nobody."""
    for_all, own = version("draft", "", 1, active=True), version("draft", "Research", 2, active=True)
    old, judging = version("draft", "Other", 3, active=False), version("judge", "", 4, active=True)
    versions = [for_all, own, old, judging]
    assert choose(versions, "draft", "Research") == own
    assert choose(versions, "draft", "Other") == for_all
    assert choose(versions, "intake", "Research") is None


def test_names() -> None:
    """A version is named by purpose, type and number."""
    assert version("draft", "Research", 3, active=True).name == "draft/Research/3"
    assert version("judge", "", 2, active=True).name == "judge/2"
