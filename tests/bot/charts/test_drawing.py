"""Charts as SVG."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.drawing import WIDTH, svg
from bot.charts.letters import drawable
from bot.charts.model import Bar, Bars, Chart, Column, Columns, Head, Tone, scale

HEAD = Head("November & <so on>", "1,071.88 USD", "86 %\x00")
SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text(max_size=30)
SIZES = st.integers(-(10**11), 10**11).map(lambda hundredths: hundredths / 100)


def bars(**changes: object) -> Bars:
    rows = (Bar("Revenue", "1,240.00", 1240.0, Tone.PLAIN), Bar("Fees", "36.00", 36.0, Tone.SPENT))
    return Bars(**{"head": HEAD, "bars": rows} | changes)  # type: ignore[arg-type]


def columns(**changes: object) -> Columns:
    months = [Column("Jan" if not n % 3 else "", 100.0 + n, 40.0 - 10 * n) for n in range(12)]
    ticks = [(size, f"{size:.0f}") for size in scale(-70, 111)]
    legend = ((Tone.KEPT, "margin"), (Tone.SPENT, "costs"))
    return Columns(**{"head": HEAD, "columns": months, "ticks": ticks, "legend": legend} | changes)  # type: ignore[arg-type]


def rectangles(chart: Chart) -> list[tuple[str, float, float, float, float]]:
    found = list(ElementTree.fromstring(svg(chart)).iter(f"{SVG}rect"))
    sides = [[float(one.get(side, "0")) for side in ("x", "y", "width", "height")] for one in found]
    return [(one.get("class", ""), x, y, wide, high) for one, (x, y, wide, high) in zip(found, sides, strict=True)]


@pytest.mark.parametrize("chart", [bars(), bars(bars=()), columns(), columns(right_to_left=True)])
def test_it_is_a_document(chart: Chart) -> None:
    """It is XML whatever the words hold, and nothing in it needs a page to allow styles of its own."""
    root = ElementTree.fromstring(svg(chart))
    assert "November & <so on>" in "".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "style" not in svg(chart)


@given(st.lists(st.builds(Bar, NAMES, NAMES, SIZES, st.sampled_from(Tone), st.none() | SIZES, NAMES), max_size=8))
def test_bars_stay_within(rows: list[Bar]) -> None:
    """No bar leaves the picture, whatever its size."""
    for _kind, x, _y, width, _height in rectangles(bars(bars=rows)):
        assert 0 <= x <= x + width <= WIDTH


@pytest.mark.parametrize(
    ("chart", "mirrored"), [(bars(), bars(right_to_left=True)), (columns(), columns(right_to_left=True))]
)
def test_right_to_left_is_the_mirror(chart: Chart, mirrored: Chart) -> None:
    """In a language that runs from the right every bar stands where it would in a mirror."""
    for here, there in zip(rectangles(chart), rectangles(mirrored), strict=True):
        kind, x, *rest = here
        assert (there[0], *there[2:]) == (kind, *rest)
        assert there[1] == pytest.approx(WIDTH - x - rest[1], abs=0.11)


def test_words_are_isolated() -> None:
    """Words that run from the right are set apart, since the drawer lays text out from the left."""
    rows = (Bar("آمدنی", "-3.00", 3.0), Bar("-3 ہزار", "12.00 USD", 12.0))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg(bars(bars=rows, right_to_left=True)))
    assert texts[3:] == [
        "\u2067آمدنی\u2069",
        "\u2066-3.00\u2069",
        "\u2067\u200e-3 ہزار\u2069",
        "\u206612.00 USD\u2069",
    ]
    assert not {"\u2066", "\u2067"} & set(svg(bars(bars=rows)))


def test_less_than_nothing() -> None:
    """What is lost stands below the line of nothing, and is told from what is kept."""
    last = [one for one in rectangles(columns()) if "last" in one[0]]
    (lost,) = [one for one in last if "bad" in one[0]]
    (spent,) = [one for one in last if "spent" in one[0]]
    assert lost[2] == pytest.approx(spent[2] + spent[4], abs=0.2)


@given(SIZES, SIZES)
def test_scale(one: float, other: float) -> None:
    """The sizes beside columns hold all of them, with nothing among them, and are few."""
    sizes = scale(min(one, other), max(one, other))
    assert sizes == sorted(sizes)
    assert sizes[0] <= min(one, other, 0.0) * (1 - 1e-9)
    assert sizes[-1] >= max(one, other, 0.0) * (1 - 1e-9)
    assert any(abs(size) < 1e-9 for size in sizes)
    assert 2 <= len(sizes) <= 6


def test_letters() -> None:
    """Latin with accents and Urdu can be drawn; what the font lacks is known."""
    assert all(map(drawable, ("Añoranza Ltd.", "کریم ٹریڈرز", "1,240.00 €")))
    assert not any(map(drawable, ("株式会社", "Solar 🚲", "Ника")))
