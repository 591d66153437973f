"""Markdown, as models write it, as the HTML that a chat shows: https://core.telegram.org/bots/api#html-style

markdown-it-py reads it; what a chat has no form for keeps its words. Code holds no other formatting there, and quotes
hold no quotes.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape as escape_all
from itertools import takewhile
from typing import TYPE_CHECKING

from bot.kernel.card import escape
from bot.kernel.text.fitting import can_link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

LONGEST = 12_000  # characters; more never fits one message, and to read a hostile text takes its time
MOST_CELLS = 5_000  # of tables, by their widest line: each short line below it would be filled up to as many
DEEPEST = 20  # what is nested deeper would be left out
WIDEST = 24  # columns to which a table's cells are filled up; a longer cell shifts its own row only
_STYLES = {"strong": "b", "em": "i", "s": "s"}


def to_html(markdown: str) -> str:
    """The text with its headings, lists, quotes, code, tables, links and emphasis. Always well-formed, and in bounded
    time: what is very long or very deeply nested is shown as it is written.
    """
    if len(markdown) > LONGEST:
        return escape(markdown)
    from markdown_it.tree import SyntaxTreeNode

    lines = markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cells = max(line.count("|") for line in lines) * len(lines)
    tokens = _parser(tables=cells <= MOST_CELLS).parse(markdown)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        return escape(markdown)
    return _Blocks(lines).of(SyntaxTreeNode(tokens).children)


def warm_up() -> None:
    """Load what reads it."""
    _parser(tables=True)


@cache
def _parser(*, tables: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
    return parser.enable(["table", "strikethrough"] if tables else "strikethrough")


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Writes blocks one below the other, as far apart as they stand in the source's lines."""

    lines: Sequence[str]
    indent: str = ""
    quoted: bool = False

    def of(self, nodes: "Sequence[SyntaxTreeNode]") -> str:
        written = [(node, self._block(node)) for node in nodes]
        written = [(node, text) for node, text in written if text]
        return "".join(f"{self._gap(node) if at else ''}{text}" for at, (node, text) in enumerate(written))

    def _gap(self, node: "SyntaxTreeNode") -> str:
        begin = node.map[0] if node.map else 0
        apart = begin > 0 and not self.lines[begin - 1].strip(" \t>")
        return f"\n\n{self.indent}" if apart else f"\n{self.indent}"

    def _block(self, node: "SyntaxTreeNode") -> str:
        match node.type:
            case "paragraph":
                return self._said(node)
            case "heading":
                return self._said(node, "b")
            case "fence" | "code_block":
                code = node.content.rstrip("\n") if node.content.strip() else node.info.strip()
                return f"<pre>{escape(code)}</pre>" if code else ""
            case "blockquote":
                return self._quote(node)
            case "bullet_list" | "ordered_list":
                return self._list(node)
            case "table":
                return f"<pre>{escape(_table(node))}</pre>"
            case "hr":
                return "———"
        return self.of(node.children)

    def _said(self, node: "SyntaxTreeNode", *styles: str) -> str:
        runs = (run for inline in node.children for run in _runs(inline.children, styles))
        return _written(runs).strip().replace("\n", f"\n{self.indent}")

    def _quote(self, node: "SyntaxTreeNode") -> str:
        if self.quoted:
            return self.of(node.children)
        within = replace(self, indent="", quoted=True).of(node.children)
        return f"<blockquote>{within}</blockquote>" if within else ""

    def _list(self, node: "SyntaxTreeNode") -> str:
        first = int(str(node.attrs.get("start", 1)))
        parts: list[str] = []
        for number, item in enumerate(node.children, first):
            mark = "• " if node.type == "bullet_list" else f"{number}. "
            within = replace(self, indent=self.indent + " " * len(mark)).of(item.children)
            parts.append(f"{self._gap(item) if parts else ''}{mark}{within}")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words and the tags around them, the outermost first."""

    words: str
    tags: tuple[str, ...]


def _runs(nodes: "Sequence[SyntaxTreeNode]", tags: tuple[str, ...]) -> Iterator[_Run]:
    for node in nodes:
        match node.type:
            case "text":
                yield _Run(node.content, tags)
            case "softbreak" | "hardbreak":
                yield _Run("\n", tags)
            case "code_inline":
                linked = [tag for tag in tags if tag.startswith("a ")]
                yield _Run(node.content, tags if linked else ("code",))
            case "link" | "image":
                yield from _link(node, tags)
            case "strong" | "em" | "s":
                tag = _STYLES[node.type]
                yield from _runs(node.children, tags if tag in tags else (*tags, tag))


def _link(node: "SyntaxTreeNode", tags: tuple[str, ...]) -> Iterator[_Run]:
    """A link, or a picture as a link to it; where a chat cannot lead there, the address in words."""
    address = str(node.attrs.get("href") or node.attrs.get("src") or "")
    if address.startswith(("http://", "https://")) and can_link(address):
        within = (*tags, f'a href="{escape_all(address)}"')
        runs = list(_runs(node.children, within))
        yield from runs if any(run.words.strip() for run in runs) else [_Run(address, within)]
        return
    runs = list(_runs(node.children, tags))
    yield from runs
    said = "".join(run.words for run in runs)
    address = address.removeprefix("mailto:")
    if address and address != said:
        yield _Run(f" ({address})" if said else address, tags)


def _written(runs: Iterator[_Run]) -> str:
    """The runs as HTML, in which each tag is closed in the order in which it was opened."""
    parts: list[str] = []
    opened: tuple[str, ...] = ()
    for run in [*(run for run in runs if run.words), _Run("", ())]:
        both = zip(opened, run.tags, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
        parts += [f"</{tag.split()[0]}>" for tag in reversed(opened[shared:])]
        parts += [f"<{tag}>" for tag in run.tags[shared:]]
        parts.append(escape(run.words))
        opened = run.tags
    return "".join(parts)


def _table(node: "SyntaxTreeNode") -> str:
    rows = [[_words(cell) for cell in row.children] for part in node.children for row in part.children]
    right = ["right" in str(cell.attrs.get("style", "")) for cell in node.children[0].children[0].children]
    widths = [min(max(map(_width, column)), WIDEST) for column in zip(*rows, strict=False)]
    lines = ["  ".join(map(_filled, row, widths, right)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def _words(cell: "SyntaxTreeNode") -> str:
    return "".join(run.words for inline in cell.children for run in _runs(inline.children, ()))


def _filled(words: str, width: int, right: bool) -> str:
    room = " " * (width - _width(words))
    return room + words if right else words + room


def _width(words: str) -> int:
    """The columns that the words take where every letter is as wide as another."""
    if words.isascii():
        return len(words)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return len(words) + wide - sum(unicodedata.combining(letter) > 0 for letter in words)
