"""The verdict on a review card, the sentence that it is about, and what there is a reason to send back for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quality.model import CRITERIA, Criterion, Evaluation, Floors, Result, weighted
from bot.quality.verdict_words import in_its_place, passage, verdict, wanting

DRAFT = """# Nordwind

Nordwind carries parcels by bicycle. It delivers within 24 hours, all over
Hamburg. Every parcel is insured.

Pickup is free. Call us (040) 123."""


def look(*scores: int) -> Evaluation:
    """What the judge said, in the order of the criteria: clarity, accuracy, completeness, tone."""
    results = tuple(Result(one, score, "because") for one, score in zip(CRITERIA, scores, strict=True))
    return Evaluation(1, 1, results, weighted(results), passed=False, model="gpt")


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((90, 59, 90, 90), "<b>Held</b>: accuracy 59, floor 70"),
        ((70, 75, 70, 70), "<b>Held</b>: score 71, target 80"),
        ((50, 40, 70, 70), "<b>Held</b>: accuracy 40, floor 70; clarity 50, floor 60; score 55, target 80"),
        ((90, 90, 90, 90), "<b>Good</b>: score 90, target 80"),
    ],
)
def test_the_verdict(scores: tuple[int, ...], words: str) -> None:
    """It says what held the draft, the lowest first, or that nothing did."""
    assert verdict(look(*scores), 80, Floors()) == words


@pytest.mark.parametrize(
    ("scores", "reasons"),
    [
        ((90, 90, 90, 90), []),
        ((90, 75, 90, 90), ["accuracy"]),
        ((65, 68, 90, 79), ["accuracy", "clarity", "tone"]),
    ],
)
def test_reasons_to_send_back(scores: tuple[int, ...], reasons: list[str]) -> None:
    """Only what is under its floor or under the target is one, what is under its floor first."""
    assert [result.criterion for result in wanting(look(*scores), 80, Floors())] == reasons


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        (
            "delivers within 24 hours",
            (
                "Nordwind carries parcels by bicycle. ",
                "It delivers within 24 hours, all over Hamburg.",
                " Every parcel is insured.",
            ),
        ),
        ("24 hours, all over Hamburg", ("Nordwind carries parcels by bicycle. ", None, " Every parcel is insured.")),
        ("Pickup is free.", ("", "Pickup is free.", " Call us (040) 123.")),
        ("(040) 123", ("Pickup is free. ", "Call us (040) 123.", "")),
        ("Nordwind", ("", "Nordwind", "")),
    ],
)
def test_the_sentence_in_its_paragraph(quote: str, found: tuple[str, str | None, str]) -> None:
    """A quote is found across a line break, and widened to its sentence; the paragraph stands around it."""
    before, sentence, after = passage(DRAFT, quote) or ("", "", "")
    assert (before, after) == (found[0], found[2])
    assert sentence == found[1] or (found[1] is None and sentence.endswith("all over Hamburg."))


def test_a_quote_that_is_not_there() -> None:
    """Nothing is pointed at that the draft does not say."""
    assert passage(DRAFT, "within an hour") is None
    assert in_its_place(Result(Criterion.ACCURACY, 10, "invented", ""), DRAFT) is None


def test_the_sentence_is_marked() -> None:
    """The judge's words come first; what stands in the draft is escaped."""
    shown = in_its_place(Result(Criterion.ACCURACY, 10, "says 24 hours", "a <b"), "Look: a <b & c. End.")
    assert shown == "Accuracy: says 24 hours\n<blockquote><u>Look: a &lt;b &amp; c.</u> End.</blockquote>"


def test_the_sentence_in_urdu() -> None:
    """A sentence ends at Urdu's full stop, and at its question mark."""
    draft = "پہلا جملہ۔ دوسرا جملہ ہے؟ تیسرا جملہ۔"
    assert passage(draft, "دوسرا") == ("پہلا جملہ۔ ", "دوسرا جملہ ہے؟", " تیسرا جملہ۔")


@given(
    draft=st.text(alphabet="ab .\n#)!", max_size=200), start=st.integers(0, 200), length=st.integers(1, 40),
)  # fmt: skip
def test_every_quote_of_a_draft(draft: str, start: int, length: int) -> None:
    """Whatever is quoted of a draft stands in the sentence that is marked."""
    quote = draft[start : start + length]
    found = passage(draft, quote)
    if quote.split():
        assert found is not None
        words = "".join(quote.split()).lstrip("#")
        assert words in "".join("".join(found).split()) or "…" in "".join(found)
