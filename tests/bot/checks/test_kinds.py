"""The tables of what is looked for: each row's signs, and the order in which findings are told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checks.leftovers import (
    aside_kinds,
    leftover_kinds,
    placeholder_kinds,
    spanish_kinds,
    spoken_kinds,
    urdu_kinds,
)
from bot.checks.leftovers.kinds import Kind, each, first, folded

KINDS = [
    kind
    for table in (aside_kinds, leftover_kinds, placeholder_kinds, spoken_kinds, spanish_kinds, urdu_kinds)
    for name, rows in vars(table).items()
    if name.isupper() and isinstance(rows, tuple)
    for kind in rows
]
RED, BLUE = Kind("red", "red", r"\bred\b"), Kind("a word of colour", "red|blue", r"\b(?:red|blue) \w+")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.finds)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_looked_for_has_a_sign(kind: Kind, data: st.DataObject) -> None:
    """No text that a pattern matches is passed over for want of a sign by which it is tried at all."""
    text = data.draw(st.from_regex(kind.pattern.compiled))
    found = kind.pattern.search(text)
    assert found is None or kind.may_be_in(found[0], folded(found[0]))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.finds)
def test_signs_are_written_as_they_are_looked_for(kind: Kind) -> None:
    """A sign in letters that a folded text never has would never be found."""
    assert [sign for sign in kind.any_of if not sign or (not kind.exact and sign != folded(sign))] == []


@pytest.mark.parametrize("text", ["PRİCE HERE", "prıce here", "KELVIN", "ſoon", "STRASSE", "straße"])
def test_letters_that_regular_expressions_take_for_one(text: str) -> None:
    """What a pattern matches whatever its case, a sign finds too."""
    plain = {"PRİCE HERE": "price here", "prıce here": "price here", "KELVIN": "kelvin", "ſoon": "soon"}
    assert folded(text) == plain.get(text, "strasse")


def test_what_stands_first_is_told_first() -> None:
    """Findings are told in the order of the text; of those at one place, that of the row that stands first."""
    text = "A blue door and a Red gate."
    assert [found[0] for found in each((RED, BLUE), text, folded(text))] == ["blue door", "Red", "Red gate"]
    assert first((RED, BLUE), text, folded(text)) == "Red"
