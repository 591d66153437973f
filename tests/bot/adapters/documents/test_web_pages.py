"""Web pages and mails in HTML: what their reader sees is read, what nobody sees is not, and that is said."""

import pytest

from tests.reading import reading

HIDDEN = "hidden words were left out"
STYLES = (
    "<style>/* .kept {display:none} */ .off, p.off2 {display:none} #gone{visibility:hidden}"
    ".tab{display:none} .tab.now{display:block} .loud{display:none!important}"
    "@media print{.kept{display:none}} @media (max-width:9px){.kept{display:none}} .sr{position:absolute;"
    "clip:rect(0 0 0 0)} @media screen{.x{opacity:0}} .a .kept{display:none} @import url(x.css);.y{font-size:0}</style>"
    "<style media=print>.kept{display:none}</style>"
)


def page(body: str, name: str = "order.html") -> tuple[list[str], tuple[str, ...]]:
    """The words of a page with this body, and the notes on it."""
    read = reading(name, f"<html><head>{STYLES}</head><body><p>Lead</p>{body}</body></html>".encode())
    return read.text.split()[1:], read.notes


@pytest.mark.parametrize(
    "element",
    [
        "<p hidden>{}</p>",
        "<p style='display: none'>{}</p>",
        "<p style='DISPLAY:NONE !important'>{}</p>",
        "<span style='visibility:hidden'>{}</span>",
        "<span style='font-size:0px'>{}</span>",
        "<span style='opacity:0'>{}</span>",
        "<div style='display:none;mso-hide:all;max-height:0;overflow:hidden'>{}</div>",
        "<div style='max-height:0px;overflow:hidden'>{}</div>",
        "<p style='text-indent:-9999px'>{}</p>",
        "<div style='position:absolute;left:-5000px'>{}</div>",
        "<p class=off>{}</p>",
        "<p class='big off2'>{}</p>",
        "<p id=gone>{}</p>",
        "<div class=tab>{}</div>",
        "<div class=loud style='display:block'>{}</div>",
        "<span class=sr>{}</span>",
        "<span class=x>{}</span>",
        "<span class=y>{}</span>",
        "<table><tr class=off><td>{}</td></tr></table>",
        "<div class=off><p>{}</p></div>",
    ],
)
def test_what_nobody_sees(element: str) -> None:
    """Hidden words are no part of the page, and it is said that there are some."""
    assert page(element.format("secret")) == ([], (HIDDEN,))


@pytest.mark.parametrize(
    "element",
    [
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<datalist><option>{}</option></datalist>",
        "<dialog>{}</dialog>",
        "<video>{}</video>",
        "<progress>{}</progress>",
        "<!-- {} -->",
        "<script>{}</script>",
        "<input type=hidden value={}>",
        "<input type=submit value={}>",
    ],
)
def test_what_is_never_shown(element: str) -> None:
    """What stands in a page for programs, or for want of something better, is left out without a word."""
    assert page(element.format("secret")) == ([], ())


@pytest.mark.parametrize(
    "element",
    [
        "<p class=kept>{}</p>",
        "<p class=off2-not>{}</p>",
        "<b class=off2>{}</b>",
        "<div class='tab now'>{}</div>",
        "<p class=off style='display:block'>{}</p>",
        "<p style='font-size:0.9em;opacity:0.5'>{}</p>",
        "<p style='max-height:0'>{}</p>",
        "<details>{}</details>",
        "<dialog open>{}</dialog>",
        "<textarea>{}</textarea>",
        "<object>{}</object>",
        "<div style='font-size:0px;padding:20px 0'><div style='font-size:14px'>{}</div></div>",
        "<div style='visibility:hidden'><b style='visibility:visible'>{}</b></div>",
        "<div class=y><p style='font-size:1rem'>{}</p></div>",
    ],
)
def test_what_is_seen(element: str) -> None:
    """What only looks as if it were hidden is read."""
    assert page(element.format("seen")) == (["seen"], ())


@pytest.mark.parametrize(
    ("list_", "words", "left"),
    [
        ("<select><option>Red<option selected>Blue<option>Green</select>", "Blue", 2),
        ("<select><option>Red<option>Blue</select>", "Red", 1),
        ("<select multiple><option selected>Red<option>Blue<option selected>Green</select>", "Red, Green", 1),
        ("<select size=3><option>Red<option>Blue</select>", "Red, Blue", 0),
        ("<select><optgroup label=Sea><option label='By sea' selected>x</optgroup><option>y</select>", "By sea", 1),
        ("<select><option>Red<option hidden>Blue</select>", "Red", 0),
        ("<select></select>", "", 0),
    ],
)
def test_a_list_to_choose_from(list_: str, words: str, left: int) -> None:
    """Of a list what is chosen is read, as it is seen; it is said how many other choices there were."""
    found, notes = page(f"<p>By:{list_}.</p>")
    assert " ".join(found).removeprefix("By:").removesuffix(".").strip() == words
    assert [note.partition(" ")[0] for note in notes] == ([str(left)] if left else [])


def test_a_mail_with_a_line_for_lists_of_mails() -> None:
    """The line that mail programs show beside the subject, and hide in the mail, is left out, and told."""
    html = "<div style='display:none;max-height:0'>Open now</div><p>The lamp costs <s>40 <b>EUR</b></s> 30 EUR.</p>"
    mail = f"Subject: Sale\r\nContent-Type: text/html\r\n\r\n<html><body>{html}</body></html>".encode()
    read = reading("mail.eml", mail)
    assert read.text.splitlines()[-1].strip() == "The lamp costs ~~40 EUR~~ 30 EUR."
    assert read.notes == (HIDDEN,)


def test_parts_of_a_form_stand_apart() -> None:
    """Headings of groups and what stands in fields of several lines do not run into each other."""
    form = "<fieldset><legend>Size</legend>Large</fieldset><textarea>Two</textarea><summary>More</summary>"
    assert page(form)[0] == ["Size", "Large", "Two", "More"]


def test_signs_that_a_style_raises() -> None:
    """What a page's styles raise, lower or strike through keeps what that says, as in pages of Google Docs."""
    styles = (
        "<style>.c1{vertical-align:super;font-size:8pt}.c2{vertical-align:sub}.c3{text-decoration:line-through}</style>"
    )
    body = "<p>10<span class='c1'>6</span> CO<span class=c2>2</span> <span class=c3>40 EUR</span> 30 EUR</p>"
    read = reading("doc.html", f"<html><head>{styles}</head><body>{body}</body></html>".encode())
    assert read.text == "10⁶ CO₂ ~~40 EUR~~ 30 EUR"


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("<p>12<span>0</span> EUR</p>", "120 EUR"),
        ("<p><span>Preis</span><span>liste</span> <span>1</span><span>5</span></p>", "Preisliste 15"),
        ("<p><b><span>1</span></b><a><span>5</span></a></p>", "15"),
        ("<div>The price is 1<span>5</span> EUR</div>", "The price is 15 EUR"),
        ("<div><span>Lamp</span><span>40</span></div>", "Lamp 40"),
        ("<table><tr><td><span>1</span><span>5</span></td></tr></table>", "15"),
    ],
)
def test_words_in_pieces(body: str, read: str) -> None:
    """A word or number that a program wrote in pieces is one; what pages put side by side stays apart."""
    assert " ".join(page(body)[0]) == read


@pytest.mark.parametrize(
    ("tag", "marks"),
    [
        ("<ol>", ["1.", "2.", "3."]),
        ("<ol start=4>", ["4.", "5.", "6."]),
        ("<ol type=A start=2>", ["B.", "C.", "D."]),
        ("<ol type=i>", ["i.", "ii.", "iii."]),
        ("<ol reversed>", ["3.", "2.", "1."]),
        ("<ol start=x>", ["1.", "2.", "3."]),
    ],
)
def test_marks_of_lists(tag: str, marks: list[str]) -> None:
    """The items of a list have the numbers or letters that are shown."""
    assert page(f"{tag}<li>x<li><p>x</p><li>x</ol>")[0][::2] == marks


def test_a_cell_that_reaches_down() -> None:
    """What stands beside a cell of several rows stays in its column."""
    rows = "<tr><td rowspan=2>Lamp</td><td>red</td></tr><tr><td>blue</td></tr><tr><td colspan=2>Rope</td></tr>"
    text = reading("stock.html", f"<html><body><table>{rows}</table></body></html>".encode()).text
    red, blue = (line.index(word) for word, line in zip(("red", "blue"), text.splitlines(), strict=False))
    assert red == blue
    assert text.split() == ["Lamp", "red", "blue", "Rope"]
