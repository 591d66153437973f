"""What models write in Markdown, as a chat shows it."""

from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.kernel.text.fitting import plain
from bot.kernel.text.markdown import LONGEST, to_html
from sandbox.telegram.entities import parse_html
from tests.costs import dearer

SHOWN = {
    "# Prices ##": "<b>Prices</b>",
    "# The **big** `x` one": "<b>The big </b><code>x</code><b> one</b>",
    "**bold** *it* _it_ ~~gone~~": "<b>bold</b> <i>it</i> <i>it</i> <s>gone</s>",
    "**b *both* `c` b**": "<b>b <i>both</i> </b><code>c</code><b> b</b>",
    "first\nsecond\n\nthird": "first\nsecond\n\nthird",
    "- a\n- b\n\n* c": "• a\n• b\n\n• c",
    "3. a\n4. b\n   - sub\n     more\n5. c": "3. a\n4. b\n   • sub\n     more\n5. c",
    "> wise\n> > wiser\n\nme": "<blockquote>wise\nwiser</blockquote>\n\nme",
    "```py\nif a < b:\n\n    x = **y**\n```": "<pre>if a &lt; b:\n\n    x = **y**</pre>",
    "`a < b`": "<code>a &lt; b</code>",
    "[us](https://example.org/?a=1&b=2)": '<a href="https://example.org/?a=1&amp;b=2">us</a>',
    "[`us`](https://example.org)": '<a href="https://example.org">us</a>',
    "![plan](https://example.org/a.png)": '<a href="https://example.org/a.png">plan</a>',
    '[us](https://example.org/"onclick="x)': '<a href="https://example.org/%22onclick=%22x">us</a>',
    "[us](javascript:alert(1))": "[us](javascript:alert(1))",
    "[us](tg://user?id=1) [us](/prices)": "us (tg://user?id=1) us (/prices)",
    "[mail](mailto:a@example.org) <a@example.org>": "mail (a@example.org) a@example.org",
    "[us](https://localhost)": "us (https://localhost)",
    "<b>& <script>": "&lt;b&gt;&amp; &lt;script&gt;",
    "snake_case_name 5 * 3 * 2": "snake_case_name 5 * 3 * 2",
    "---": "———",
    "| a | left |\n|--:|---|\n| 1 | **x<y** |\n| 100 | |": (
        "<pre>  a  left\n───  ────\n  1  x&lt;y\n100</pre>"
    ),
}  # fmt: skip
HOSTILE = (
    "a", "\n", "- ", "> ", "1. ", "> - ", "**a", "*a_", "_a__", "`", "``a`", "[", "[a](", "![", "[a][", "](<", "[a](<b",
    "<a", "<!--", "&#", "|a", "|-|\n", "|a|b|\n", "a\n=\n", "[a]: b\n", "~~~", "~~a", "x\n\n", "a\\\n", "*",
)  # fmt: skip
ORDINARY = (
    "# Opening hours\n\nWe are **open** from nine to five:\n\n- on weekdays\n- on [holidays](https://example.org)\n\n"
)
MOST_TIMES = 25
WIDE = "|a" * 400 + "|\n" + "|-" * 400 + "|\n"


@pytest.mark.parametrize(("markdown", "html"), SHOWN.items())
def test_shown(markdown: str, html: str) -> None:
    """Emphasis, headings, lists, quotes, code, tables and links look as they are meant; all else is words."""
    assert to_html(markdown) == html


PIECES = st.sampled_from([*HOSTILE, " ", "\n", "a", "<b>", "&lt;", "(https://example.org)", "[x]", "\t", "|", '"', "é"])


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
@example("> " * 30 + "deep")
@example("- " * 30 + "deep")
@example("**" * 40 + "deep" + "**" * 40)
def test_always_well_formed(markdown: str) -> None:
    """Whatever is written, a chat takes its HTML, and nothing in it is a tag of the writer's."""
    html = to_html(markdown)
    words, entities = parse_html(html)
    assert words == plain(html)
    assert all(entity["url"].startswith("http") for entity in entities if entity["type"] == "text_link")
    assert all(entity["type"] not in {"custom_emoji", "text_mention", "spoiler"} for entity in entities)


@given(st.lists(st.sampled_from(["word", "**", "_", "- ", "> ", "# ", "1. ", "\n", " ", "`", "| "]), max_size=80))
def test_no_word_is_lost(pieces: list[str]) -> None:
    """However the marks stand, every word is still there but the name of a language above code."""
    markdown = "".join(pieces)
    named = sum(token.info.count("word") for token in MarkdownIt("commonmark").parse(markdown) if token.content.strip())
    assert plain(to_html(markdown)).count("word") == markdown.count("word") - named


@pytest.mark.parametrize("before", ["", WIDE], ids=["alone", "below a wide table"])
def test_takes_no_time(before: str) -> None:
    """No text that is repeated up to the limit takes much longer than an ordinary one, or grows out of measure."""
    ordinary = (ORDINARY * LONGEST)[:LONGEST]
    slow = {}
    for unit in HOSTILE:
        text = (before + unit * LONGEST)[:LONGEST]
        times = dearer(partial(to_html, text), partial(to_html, ordinary), MOST_TIMES)
        if times or len(to_html(text)) > 8 * LONGEST:
            slow[unit] = times
    assert slow == {}
