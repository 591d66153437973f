"""What a client leaves open in a brief is named in their own words."""

import pytest

from bot.checks.leftovers.open_facts import LONGEST, MOST, left_open
from tests.house import BRIEF, OPEN_BRIEF

OPEN = {
    OPEN_BRIEF: ("Delivery time: TBC",),
    "Write a page for the lamp. The price is xxx. Its weight is to be confirmed!": (
        "The price is xxx",
        "Its weight is to be confirmed",
    ),
    "Un texto para la lámpara. Precio: pendiente de confirmar.": ("Precio: pendiente de confirmar",),
    "Un folleto. La fecha todavía no se sabe.": ("La fecha todavía no se sabe",),
    "لیمپ کے لیے متن لکھیں۔ قیمت ابھی طے نہیں۔ وزن 140 گرام ہے۔": ("قیمت ابھی طے نہیں",),
}
WHOLE = (BRIEF, "Tell the story of a to-do list.", "Is it light? It is.", "The price follows the market.", "")


@pytest.mark.parametrize("words", OPEN)
def test_what_is_open(words: str) -> None:
    """The sentence is told, and no other."""
    assert left_open(words) == OPEN[words]


@pytest.mark.parametrize("words", WHOLE)
def test_nothing_is_open(words: str) -> None:
    """What only looks like it is not told."""
    assert left_open(words) == ()


def test_much_that_is_open() -> None:
    """Of many, and of long ones, no more is told than a quote can hold."""
    assert len(left_open("\n".join(f"Figure {number}: TBC" for number in range(50)))) == MOST
    [one] = left_open(f"{'word ' * 100}TBC{' word' * 100}")
    assert len(one) <= 2 * LONGEST
    assert "TBC" in one
