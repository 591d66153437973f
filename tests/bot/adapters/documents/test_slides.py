"""Slides: what is hidden or lies beside them is not read, numbers that PowerPoint draws by itself are."""

import io
import zipfile

import pytest

from tests.office import presentation, said
from tests.reading import reading

HIDDEN = "hidden words were left out"
OFF = '<p:nvSpPr><p:cNvPr id="1" name="x" hidden="{}"/></p:nvSpPr>'.format
PLACE = '<p:spPr><a:xfrm><a:off x="{}" y="0"/><a:ext cx="100" cy="9"/></a:xfrm></p:spPr>'.format


def on_a_slide(*shapes: str) -> bytes:
    """A presentation with slides of 1,000 EMU, and one slide with these shapes."""
    data = presentation(f"<p:sld><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:sld>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w") as written:
        for member in read.infolist():
            part = read.read(member).decode()
            written.writestr(member.filename, part.replace("<p:sldIdLst>", '<p:sldSz cx="1000" cy="9"/><p:sldIdLst>'))
    return out.getvalue()


def within(shape: str, inner: str) -> str:
    """A shape with something more at its beginning."""
    return shape.replace("<p:sp>", f"<p:sp>{inner}", 1)


@pytest.mark.parametrize(
    ("shape", "seen"),
    [
        (within(said("note"), OFF("1")), False),
        (within(said("note"), OFF("true")), False),
        (within(said("note"), OFF("0")), True),
        (f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="2" hidden="1"/></p:nvGrpSpPr>{said("note")}</p:grpSp>', False),
        (within(said("note"), PLACE(-500)), False),
        (within(said("note"), PLACE(1000)), False),
        (within(said("note"), PLACE(-50)), True),
        (within(said("note"), PLACE(900)), True),
    ],
)
def test_what_nobody_sees(shape: str, seen: bool) -> None:
    """A shape that is hidden or lies beside the slide is left out and told; one that reaches in is read."""
    read = reading("talk.pptx", on_a_slide(said("Lead"), shape))
    assert read.text == ("### Slide 1\nLead\nnote" if seen else "### Slide 1\nLead")
    assert read.notes == (() if seen else (HIDDEN,))


def test_numbered_points() -> None:
    """The points of numbered lists have the numbers and letters that are shown."""
    point = '<a:p><a:pPr lvl="{}">{}</a:pPr><a:r><a:t>x</a:t></a:r></a:p>'.format
    number = '<a:buAutoNum type="{}"/>'.format
    points = [
        point(0, number("arabicPeriod")), point(0, number("arabicPeriod")), point(1, number("alphaLcParenR")),
        point(1, number("alphaLcParenR")), point(0, number("arabicPeriod")), point(1, number("alphaLcParenR")),
        point(0, '<a:buChar char="-"/>'), point(0, '<a:buAutoNum type="romanUcParenBoth" startAt="4"/>'),
    ]  # fmt: skip
    read = reading("talk.pptx", on_a_slide(f"<p:sp><p:txBody>{''.join(points)}</p:txBody></p:sp>"))
    assert read.text.splitlines()[1:] == ["1. x", "2. x", "a) x", "b) x", "3. x", "a) x", "x", "(IV) x"]
