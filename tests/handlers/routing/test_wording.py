"""A message's words: what stands behind its letters is read with them."""

from typing import Any

import pytest

from handlers.routing.wording import words_of

LINK = "https://example.org/tide-tables"


def entity(kind: str, text: str, words: str, **more: Any) -> dict[str, Any]:
    """An entity over these words of the text, as Telegram counts them."""
    offset = len(text[: text.index(words)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(words.encode("utf-16-le")) // 2, **more}


# The text, the words that something is about, what it is, its address, and how it is read.
CASES = [
    ("Sum up this article now", "this article", "text_link", LINK, f"Sum up this article ({LINK}) now"),
    ("😀 Sum up this article", "this article", "text_link", LINK, f"😀 Sum up this article ({LINK})"),
    ("Sum up 😀😀 now", "😀😀", "text_link", LINK, f"Sum up 😀😀 ({LINK}) now"),
    ("Sum up this\nnow", "this\n", "text_link", LINK, f"Sum up this ({LINK})\nnow"),
    ("https://example.org/tide-tables", "https://example.org/tide-tables", "text_link", LINK, LINK),
    ("example.org/tide-tables/ it is", "example.org/tide-tables/", "text_link", LINK, "example.org/tide-tables/ it is"),
    ("Write to us", "us", "text_link", "mailto:mo@example.org", "Write to us (mailto:mo@example.org)"),
    ("Ask Mo", "Mo", "text_link", "tg://user?id=1", "Ask Mo"),
    ("The tides here", "tide", "text_link", LINK, f"The tides ({LINK}) here"),
    ("A bold word", "bold", "bold", "", "A bold word"),
    ("12 or 14 lamps", "12 or ", "strikethrough", "", "~~12 or~~ 14 lamps"),
    ("Not 😀 this", "😀 this", "strikethrough", "", "Not ~~😀 this~~"),
]


@pytest.mark.parametrize("caption", [False, True])
@pytest.mark.parametrize(("text", "words", "kind", "url", "read"), CASES)
def test_what_stands_behind_words(text: str, words: str, kind: str, url: str, read: str, caption: bool) -> None:
    """An address stands behind its words, and struck out words are marked, in texts and in captions."""
    fields = ("caption", "caption_entities") if caption else ("text", "entities")
    found = [entity(kind, text, words, **({"url": url} if url else {}))]
    assert words_of({fields[0]: text, fields[1]: found}) == read


def test_several() -> None:
    """Links one after the other, and one in what is struck out, each stand at their own words."""
    text = "Take this, not that."
    entities = [
        entity("text_link", text, "this", url="https://example.org/1"),
        entity("strikethrough", text, "not that"),
        entity("text_link", text, "that", url="https://example.org/2"),
    ]
    assert words_of({"text": text, "entities": entities}) == (
        "Take this (https://example.org/1), ~~not that (https://example.org/2)~~."
    )


HERE = {"type": "url", "text": "here", "url": LINK}
PARAGRAPH = {"type": "paragraph", "text": ["Look ", HERE, ", not ", {"type": "strikethrough", "text": "there "}, "now"]}
ITEM = {"label": "1.", "blocks": [{"type": "paragraph", "text": "Lamps"}]}
TICKED = {"label": "", "blocks": [{"type": "paragraph", "text": "Ropes"}], "has_checkbox": True, "is_checked": True}
POWER = ["10", {"type": "superscript", "text": "6"}]
BLOCKS: list[tuple[Any, str]] = [
    (PARAGRAPH, f"Look here ({LINK}), not ~~there~~ now"),
    ({"type": "heading", "text": {"type": "bold", "text": "Lamps"}, "size": 1}, "# Lamps"),
    ({"type": "list", "items": [ITEM, TICKED]}, "1. Lamps\n[x] - Ropes"),
    ({"type": "table", "cells": [[{"text": "Lamp"}, {"text": POWER}, {}]], "caption": "Stock"}, "Lamp | 10⁶ | \nStock"),
    ({"type": "details", "summary": "More", "blocks": [PARAGRAPH]}, f"More\nLook here ({LINK}), not ~~there~~ now"),
    ({"type": "photo", "photo": [], "caption": {"text": "A lamp", "credit": "Mo"}}, "A lamp\nMo"),
    ({"type": "mathematical_expression", "expression": "x^2"}, "x^2"),
    ({"type": "paragraph", "text": {"type": "custom_emoji", "custom_emoji_id": "1", "alternative_text": "🙂"}}, "🙂"),
    ({"type": "thinking", "text": "The client haggles"}, ""),
    ({"type": "divider"}, ""),
]


@pytest.mark.parametrize(("block", "words"), BLOCKS, ids=[block["type"] for block, _ in BLOCKS])
def test_a_rich_message(block: Any, words: str) -> None:
    """A message that is made of blocks, as other bots write them and people forward them, is read block by block."""
    assert words_of({"rich_message": {"blocks": [block]}}) == words


def test_a_rich_message_within_itself() -> None:
    """However deep its parts stand in each other, reading it ends."""
    block: Any = PARAGRAPH
    for _ in range(400):
        block = {"type": "details", "summary": {"type": "bold", "text": "x"}, "blocks": [block]}
    assert words_of({"rich_message": {"blocks": [block]}}).count("x") == 30


def test_a_checklist() -> None:
    """A checklist is read with its title, and with what is done."""
    tasks = [{"id": 1, "text": "Lamps", "completion_date": 5}, {"id": 2, "text": "Ropes"}]
    assert words_of({"checklist": {"title": "Write a page about", "tasks": tasks}}) == (
        "Write a page about\n[x] Lamps\n[ ] Ropes"
    )


def test_no_words() -> None:
    """A message of a file alone has none."""
    assert words_of({"document": {}}) == ""


@pytest.mark.parametrize(
    ("message", "read"),
    [
        (
            {"poll": {"question": "Which slogan?", "options": [{"text": "Light"}, {"text": "Bright"}]}},
            "Which slogan?\n- Light\n- Bright",
        ),
        (
            {"poll": {"question": "Which?", "description": "For the lamp", "explanation": "A", "options": []}},
            "Which?\nFor the lamp\nA",
        ),
        (
            {"venue": {"title": "Anarkali", "address": "Mall Road", "location": {}}, "location": {}},
            "Anarkali\nMall Road",
        ),
        ({"contact": {"phone_number": "+49 30 1", "first_name": "Mo", "vcard": "BEGIN"}}, "Mo\n+49 30 1"),
        ({"game": {"title": "Snake", "description": "Eat", "photo": []}}, "Snake\nEat"),
    ],
)
def test_what_is_shown_as_a_card(message: dict[str, Any], read: str) -> None:
    """The words of a poll, a place, a person and a game are read, as they are seen."""
    assert words_of(message) == read
