"""Text as words and paragraphs, for checks that count and compare."""

import re
import unicodedata
from collections.abc import Sequence

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
# Scripts that put no space between words; a character of Chinese or Japanese counts as one.
_CHARACTERS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_CODE = re.compile(r"^(```|~~~).*?^\1[^\S\n]*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]{1,64}@[^\s@]{1,255}")
_MARKS = re.compile(r"^[^\S\n]*(?:#{1,6} |[-*+•] |\d{1,3}[.)] |>+ ?|\[[ xX]\] )+", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s")
_KEPT = frozenset("\n\t\u200c")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’»)*_]*(?=\s|$)|[。！？]")


def visible(text: str) -> str:
    """The text without characters that nobody can see (format and control characters), but for its line breaks."""
    hidden = {c for c in set(text) - _KEPT if unicodedata.category(c) in {"Cf", "Cc", "Mn"}}
    return "".join(c for c in text if c not in hidden) if hidden else text


def plain(markdown: str) -> str:
    """The words of a text in Markdown: without marks, code, and addresses."""
    said = _without_code(markdown)
    if "](" in said:
        said = _LINK.sub(r"\1", said)
    if "@" in said or "://" in said or "www." in said:
        said = _ADDRESS.sub("", said)
    return _MARKS.sub("", said).replace("**", "").replace("`", "")


def _without_code(markdown: str) -> str:
    return _CODE.sub("", markdown) if "```" in markdown or "~~~" in markdown else markdown


def words(text: str) -> list[str]:
    """The words in lower case, with each character of Chinese or Japanese as one."""
    apart = text if text.isascii() else _CHARACTERS.sub(lambda one: f" {one[0]} ", text)
    return [word.casefold() for word in WORD.findall(apart)]


def spaced(text: str) -> bool:
    """Whether words can be told apart in the text's script."""
    return len(_UNSPACED.findall(text)) * 5 < max(1, len(text))


def blocks(markdown: str) -> list[str]:
    """The parts of a text between blank lines, without white space around them."""
    return [block.strip() for block in re.split(r"\n\s*\n", markdown) if block.strip()]


def paragraphs(markdown: str) -> list[str]:
    """The parts that are running text: no headings, lists, tables, code or rules."""
    bodies = (_without_heading(block) for block in blocks(_without_code(markdown)))
    return [body for body in bodies if body and not is_item(body) and body[0] not in "|>" and WORD.search(body)]


def _without_heading(block: str) -> str:
    lines = block.splitlines()
    while lines and is_heading(lines[0]):
        lines = lines[1:]
    return "\n".join(lines).strip()


def items(markdown: str) -> list[str]:
    """The points of the text's lists."""
    return [line.strip() for line in markdown.splitlines() if is_item(line.strip())]


def sentences(text: str) -> list[str]:
    """The sentences of running text, each without what ends it."""
    return [part.strip() for part in _SENTENCE_END.split(text) if WORD.search(part)]


def ends_a_sentence(text: str) -> bool:
    """Whether the text ends with what ends a sentence."""
    found = [match.end() for match in _SENTENCE_END.finditer(text)]
    return bool(found) and not text[found[-1] :].strip("\"'”’»)*_ ")


def is_heading(line: str) -> bool:
    """Whether a line is a heading in Markdown."""
    return bool(_HEADING.match(line))


def is_item(line: str) -> bool:
    """Whether a line is a point of a list in Markdown."""
    return bool(_ITEM.match(line))


def runs(said: Sequence[str], length: int) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    return {tuple(said[n : n + length]) for n in range(len(said) - length + 1)}
