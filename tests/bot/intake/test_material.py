"""A brief's text: put together of words, answers and files, and taken apart again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.cards import quote
from bot.briefs.expected import Expected, Morning
from bot.briefs.material import (
    MOST_PICTURE_BYTES,
    Attachment,
    LeftOpen,
    about_quote,
    answer_lines,
    compose,
    forwarded,
    looked_at,
    split,
)
from bot.briefs.options import language_name, language_of, written_deadline, written_target
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType
from bot.tenants.office_hours import office_hours
from tests.briefs import made_up

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOURS = office_hours("Mon-Fri 09:00-17:00")
LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)


def attachment(number: int, text: str | None, kind: str = "document") -> Attachment:
    return Attachment(
        id=number,
        tenant="main",
        person_id=1,
        brief_id=None,
        source_key=f"telegram:1:{number}",
        kind=kind,  # type: ignore[arg-type]
        file_id="f",
        name=f"file-{number}.txt",
        mime_type="text/plain",
        size=1,
        seconds=None,
        text=text,
        extent="",
        created_at=NOW,
    )


@given(words=LINES, answers=st.lists(st.tuples(LINES, LINES), max_size=3), files=st.lists(LINES, max_size=3))
def test_taken_apart_as_put_together(words: str, answers: list[tuple[str, str]], files: list[str]) -> None:
    """Words and answers are found again in the text that was composed of them and any files."""
    attached = [attachment(number, text) for number, text in enumerate(files)]
    lines = answer_lines(answers)
    assert split(compose(words, lines, attached), attached) == (words, lines)


def test_files_without_words() -> None:
    """A file alone is the whole text; its words are none."""
    attached = [attachment(1, "Twelve hours per charge.")]
    text = compose("", "", attached)
    assert text == "## Attached: file-1.txt\nTwelve hours per charge."
    assert split(text, attached) == ("", "")


def test_pictures_and_recordings_are_no_text() -> None:
    """What a model has to see or hear adds nothing to the text; nor does a voice note, whose words are the text."""
    attached = [attachment(1, None, "image"), attachment(2, "spoken", "voice"), attachment(3, None, "audio")]
    assert compose("spoken", "", attached) == "spoken"


def test_forwarded() -> None:
    """A forwarded text says whose it is, below its words; another stays as it is."""
    assert forwarded("Write a page.", "Nora") == "Write a page.\n\n(Forwarded from Nora)"
    assert forwarded("Write a page.", "") == "Write a page."


def test_languages() -> None:
    """A language is named in English, in its own word, or by its code."""
    assert [language_of(words) for words in ("Spanish", " español", "ES", "اردو")] == ["es", "es", "es", "ur"]
    assert language_name("es") == "Spanish"
    with pytest.raises(Refusal, match="I know no language “Klingonish”"):
        language_of("Klingonish")


def test_deadlines() -> None:
    """A day is read as its working day's end; what is over or no date is refused with an example."""
    assert written_deadline("2026-12-24", NOW, HOURS) == datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert written_deadline("2026-11-23", NOW, HOURS) == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    for words in ("2026-11-22", "24.12.2026", "soon", "2026-13-01"):
        with pytest.raises(Refusal, match="like 2026-12-24"):
            written_deadline(words, NOW, HOURS)


def test_targets() -> None:
    """A target is a whole number from 0 to 100."""
    assert [written_target(words) for words in ("0", " 85", "100")] == [0, 85, 100]
    for words in ("101", "-1", "8.5", "", "eighty"):
        with pytest.raises(Refusal, match="from 0 to 100"):
            written_target(words)


@pytest.mark.parametrize(
    ("sizes", "seen"),
    [
        ([], 0),
        ([1] * 10, 10),
        ([1] * 12, 10),
        ([20_000_000], 1),
        ([10_000_000] * 4, 3),
        ([20_000_000, 20_000_000, 1], 1),
        ([0, 0], 1),
    ],
)
def test_pictures_that_are_looked_at(sizes: list[int], seen: int) -> None:
    """The first ten at most, and no more than a request has room for; where fewer are, the quote says how many."""
    attached = [replace(attachment(n, None, "image"), size=size) for n, size in enumerate(sizes)]
    found = looked_at([attachment(99, "words"), *attached])
    assert found == attached[:seen]
    assert sum(picture.size for picture in found) <= MOST_PICTURE_BYTES
    soon = Expected(None, NOW)
    brief = made_up("Describe these lamps.", TaskType.DRAFTING, title="Describe these lamps.", created_at=NOW)
    told = (
        f"Of the {len(sizes)} pictures the first {seen} are looked at"
        in quote(brief, attached, NOW, NOW, soon, LeftOpen(), Morning(NOW, soon, 0)).text
    )
    assert told == (seen < len(sizes))


@pytest.mark.parametrize(
    ("words", "quote", "sender", "read"),
    [
        ("Make this friendlier", "Our lamp is light.", "", "Make this friendlier\n\n(About: “Our lamp is light.”)"),
        ("Answer this", "Is it dry?", "Nordwind", "Answer this\n\n(About what Nordwind wrote: “Is it dry?”)"),
        ("Make it friendlier", " ", "Nordwind", "Make it friendlier"),
        ("", "Our lamp is light.", "", ""),
    ],
)
def test_what_is_pointed_at(words: str, quote: str, sender: str, read: str) -> None:
    """The passage that a message points at in another one stands behind its words, with whose it is."""
    assert about_quote(words, quote, sender) == read
