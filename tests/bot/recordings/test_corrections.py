"""Where a correction goes in a transcript."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kernel.errors import Refusal
from bot.recordings.corrections import corrected

SAID = "Please write a notice. The studio moves to Harbour Street on the first of June. Parking is free."


def test_a_line() -> None:
    """A line takes the place of the one that it is most like."""
    assert corrected(SAID, "The studio moves to Harbor Road on the fifth of June.") == (
        "Please write a notice. The studio moves to Harbor Road on the fifth of June. Parking is free."
    )


def test_the_whole() -> None:
    """A text of about the same length is the whole."""
    anew = "Please write a sign for our door. We are at Harbour Road from the first of July. Parking costs nothing."
    assert corrected(SAID, anew) == anew


def test_what_was_pointed_at() -> None:
    """A quoted part is replaced, however unlike the correction is, and nothing else."""
    assert corrected(SAID, "July", quote="June") == SAID.replace("June", "July")


def test_one_sentence() -> None:
    """Where there is one line only, it is the one that is meant."""
    assert corrected("Write a notes.", "Notice!") == "Notice!"


@pytest.mark.parametrize("correction", ["Bananas.", "no", "Call me"])
def test_not_clear(correction: str) -> None:
    """A correction that is like no line is asked about, and nothing is changed."""
    with pytest.raises(Refusal, match="I cannot tell which line that is for"):
        corrected(SAID, correction)


@pytest.mark.parametrize("correction", ["", " ", "…"])
def test_nothing_written(correction: str) -> None:
    """A correction without a word is refused with what to write."""
    with pytest.raises(Refusal, match="Write the text as it should be"):
        corrected(SAID, correction)


@given(st.text(min_size=1, max_size=200), st.text(max_size=120), st.text(max_size=20))
def test_the_correction_is_always_in_it(transcript: str, correction: str, quote: str) -> None:
    """Whatever was said and written: the result holds the correction, or it was asked about."""
    try:
        result = corrected(transcript, correction, quote)
    except Refusal:
        return
    assert correction.strip() in result
