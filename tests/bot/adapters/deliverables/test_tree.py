"""Markdown as a tree: what is kept of it, and what hostile text becomes."""

from typing import Any

import pytest

from bot.adapters.deliverables import directions
from bot.adapters.deliverables.tree import MOST_COLUMNS, said, tree_of, words_of


def only(markdown: str) -> dict[str, Any]:
    """The one block of it."""
    (block,) = tree_of(markdown)
    return block


def test_styles_and_links() -> None:
    """Words keep their styles, and lead where a link may lead."""
    runs = only("**a *b*** ~~c~~ `d` [e](https://example.org)")["c"]
    kept = [{key: value for key, value in run.items() if run["s"].strip()} for run in runs]
    assert [one for one in kept if one] == [
        {"t": "text", "s": "a ", "strong": True},
        {"t": "text", "s": "b", "strong": True, "em": True},
        {"t": "text", "s": "c", "struck": True},
        {"t": "code", "s": "d"},
        {"t": "text", "s": "e", "href": "https://example.org"},
    ]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/local"])
def test_other_addresses_are_words(address: str) -> None:
    """What leads anywhere but to a page or a mail stands there in words."""
    block = only(f"[read]({address})")
    assert not any(run.get("href") for run in block["c"])
    assert address in said(block["c"])


def test_a_picture_is_a_link() -> None:
    """Nothing is fetched: a picture is its description, which leads to it."""
    assert only("![a lamp](https://example.org/l.png)")["c"] == [
        {"t": "text", "s": "a lamp", "href": "https://example.org/l.png"}
    ]


def test_html_is_words() -> None:
    """Tags are shown as they were written, but for a line's break, which tables need."""
    block = only("<script>a</script> b<br>c")
    assert [run["t"] for run in block["c"]] == ["text", "br", "text"]
    assert "<script>a</script> b" in said(block["c"])


def test_footnotes() -> None:
    """A note stands where it is first referred to, then its number does; one that nobody refers to is left out."""
    block = only("a[^x] b[^y] c[^x] d[^z]\n\n[^y]: second\n[^x]: first **one**\n    goes on\n[^w]: never")
    found = [(run["t"], run.get("n", run["s"])) for run in block["c"] if run["t"] in {"note", "sup"}]
    assert found == [("note", 1), ("note", 2), ("sup", "1")]
    assert said(next(run["note"] for run in block["c"] if run["t"] == "note")) == "first one goes on"
    assert "d[^z]" in said(block["c"])


def test_notes_in_code_are_code() -> None:
    """A line of code is no footnote."""
    assert only("```\n[^1]: x\n```")["s"] == "[^1]: x"


def test_nested_lists() -> None:
    """A list within a list stands within its item, with the number that it begins with."""
    block = only("3. a\n   - b\n\n     c\n4. [x] d")
    assert (block["ordered"], block["start"]) == (True, 3)
    first, second = block["items"]
    assert [one["t"] for one in first] == ["p", "list"]
    assert [one["t"] for one in first[1]["items"][0]] == ["p", "p"]
    assert said(second[0]["c"]) == "☑ d"


def test_directions() -> None:
    """Each block runs as its letters do: a name in Latin letters does not turn a sentence, English within Urdu does."""
    urdu, english, code = tree_of("Acme Ltd کا لیمپ ایک چارج میں چلتا ہے۔\n\nAll in English.\n\n```\nx = 1\n```")
    assert (urdu["rtl"], english["rtl"], code["rtl"]) == (True, False, False)


def test_pieces_of_one_direction() -> None:
    """A text falls into pieces of one direction, and nothing of it is lost."""
    text = "Acme کا لیمپ L2 (2026) ہے"
    pieces = directions.split(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert [right for _, right in pieces] == [False, True, False, True]


def test_a_table_too_wide() -> None:
    """The cells of a table that fits no page stand behind each other, and none is left out."""
    count = MOST_COLUMNS + 1
    head = "|" + "|".join(f"h{n}" for n in range(count)) + "|"
    blocks = tree_of(f"{head}\n|{'-|' * count}\n|{'c|' * count}")
    assert [block["t"] for block in blocks] == ["p", "p"]
    assert said(blocks[0]["c"]).count("|") == count - 1


@pytest.mark.parametrize(
    "text", [">" * 300 + " x", "\n".join("  " * n + "- x" for n in range(200)), "*a " * 3_000 + "x" + " a*" * 3_000]
)
def test_deep_nesting(text: str) -> None:
    """What is nested without end keeps its words, in bounded depth."""
    assert "x" in "".join([*words_of(blocks := tree_of(text)), *(block.get("s", "") for block in blocks)])


def test_signs_that_no_file_holds() -> None:
    """What XML has no place for is left out."""
    assert said(only("a\x00b\x0bc\ud800\ufffe")["c"]) == "abc"
