"""Markdown as a tree of plain values, which Word files and PDFs are made from.

A block is a dictionary whose `t` says what it is: p, h, list, quote, pre, hr, table; `rtl` that it runs from the right.
Within it stand, behind each other, text, code, br, note and sup: `s` is what they say, which is no markup any more;
strong, em and struck are their styles, href where they lead.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.adapters.deliverables import directions
from bot.adapters.deliverables.footnotes import Footnotes

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

Node = dict[str, Any]
DEEPEST = 24  # what is nested deeper is shown as it is written
MOST_CELLS = 60_000  # of tables, by their widest line: each short line below it would be filled up to as many
MOST_COLUMNS = 14  # of a table; the cells of a wider one stand behind each other
_STYLES = {"strong": "strong", "em": "em", "s": "struck"}
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")  # XML knows none of these
_BOX = re.compile(r"\[([ xX])\] ")
_SAFE = ("https://", "http://", "mailto:", "tel:")


def tree_of(markdown: str) -> list[Node]:
    """The text as blocks, in bounded depth."""
    text = _CONTROLS.sub("", markdown.replace("\r\n", "\n").replace("\r", "\n"))
    base = directions.from_right(text)
    try:
        return _blocks(text, base)
    except RecursionError:  # of emphasis within emphasis
        return [_as_written(text, base)]


def _blocks(text: str, base: bool) -> list[Node]:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    body, notes = Footnotes.split(text)
    lines = body.split("\n")
    cells = max(line.count("|") for line in lines) * len(lines)
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"] if cells <= MOST_CELLS else "strikethrough")
    tokens = parser.parse(body)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        return [_as_written(text, base)]
    writer = _Writer(notes, base)
    for label, words in notes.texts.items():
        inline = SyntaxTreeNode(parser.parseInline(words))
        notes.read[label] = list(writer.runs(inline.children[0].children if inline.children else [], within=True))
    return list(writer.blocks(SyntaxTreeNode(tokens).children))


def _as_written(text: str, base: bool) -> Node:
    return {"t": "pre", "s": text, "rtl": directions.of(text, base)}


class _Writer:
    """Makes blocks of one text. base: whether the text as a whole runs from the right."""

    def __init__(self, notes: Footnotes, base: bool) -> None:
        self._notes = notes
        self._base = base
        self._level = 0  # of the heading before: none is more than one deeper, as readers aloud want it

    def blocks(self, nodes: "Sequence[SyntaxTreeNode]") -> Iterator[Node]:
        for node in nodes:
            yield from self._block(node)

    def _block(self, node: "SyntaxTreeNode") -> Iterator[Node]:
        match node.type:
            case "paragraph":
                yield from self._said("p", node)
            case "heading":
                yield from self._heading(node)
            case "fence" | "code_block":
                yield {"t": "pre", "s": node.content.rstrip("\n"), "rtl": directions.of(node.content, False)}
            case "blockquote":
                within = list(self.blocks(node.children))
                yield {"t": "quote", "c": within, "rtl": self._runs_from_right(within)}
            case "bullet_list" | "ordered_list":
                yield self._list(node)
            case "table":
                yield from self._table(node)
            case "hr":
                yield {"t": "hr"}

    def _said(self, kind: str, node: "SyntaxTreeNode", **more: Any) -> Iterator[Node]:
        within = [run for inline in node.children for run in self.runs(inline.children)]
        if said(within).strip():
            yield {"t": kind, "c": within, "rtl": directions.of(said(within), self._base), **more}

    def _heading(self, node: "SyntaxTreeNode") -> Iterator[Node]:
        for heading in self._said("h", node):
            self._level = min(int(node.tag[1]), self._level + 1)
            yield heading | {"level": self._level}

    def _list(self, node: "SyntaxTreeNode") -> Node:
        items = [self._item(item) for item in node.children]
        first = int(str(node.attrs.get("start", 1)))
        rtl = self._runs_from_right([block for item in items for block in item])
        for item in items:
            for block in item:
                if block["t"] == "p":  # marks stand on one side
                    block["rtl"] = rtl
        ordered = node.type == "ordered_list"
        return {"t": "list", "ordered": ordered, "start": min(first, 32_000), "items": items, "rtl": rtl}

    def _item(self, node: "SyntaxTreeNode") -> list[Node]:
        blocks = list(self.blocks(node.children))
        first = blocks[0]["c"][0] if blocks and blocks[0]["t"] == "p" else {"t": ""}
        if first["t"] == "text" and (box := _BOX.match(first["s"])):
            first["s"] = ("☐ " if box[1] == " " else "☑ ") + first["s"][box.end() :]
        return blocks

    def _table(self, node: "SyntaxTreeNode") -> Iterator[Node]:
        rows = [
            [[run for inline in cell.children for run in self.runs(inline.children)] for cell in row.children]
            for part in node.children
            for row in part.children
        ]
        rtl = directions.of(" ".join(said(cell) for row in rows for cell in row), self._base)
        columns = len(rows[0])
        if columns > MOST_COLUMNS:
            for row in rows:
                line = [run for cell in row for run in (*cell, {"t": "text", "s": " | "})][:-1]
                yield {"t": "p", "c": line, "rtl": rtl}
            return
        cells = node.children[0].children[0].children
        right = ["right" in str(cell.attrs.get("style", "")) for cell in cells]
        yield {"t": "table", "columns": columns, "rows": rows, "right": right, "rtl": rtl}

    def _runs_from_right(self, blocks: Sequence[Node]) -> bool:
        return directions.of(" ".join(words_of(blocks)), self._base)

    def runs(self, nodes: "Sequence[SyntaxTreeNode]", *, within: bool = False, **style: Any) -> Iterator[Node]:
        """What stands within a block. within: a footnote, which has none of its own."""
        for node in nodes:
            match node.type:
                case "text":
                    yield from (run | style for run in self._text(node.content, within))
                case "softbreak" | "hardbreak":  # as the chat shows them: models do not fold their lines
                    yield {"t": "br", "s": " "}
                case "code_inline":
                    yield {"t": "code", "s": node.content} | style
                case "link" | "image":
                    yield from self._link(node, within, style)
                case "strong" | "em" | "s":
                    yield from self.runs(node.children, within=within, **style | {_STYLES[node.type]: True})

    def _text(self, words: str, within: bool) -> Iterator[Node]:
        for place, line in enumerate(_BREAK.split(words)):
            if place:
                yield {"t": "br", "s": " "}
            yield from [{"t": "text", "s": line}] if within else self._notes.runs(line)

    def _link(self, node: "SyntaxTreeNode", within: bool, style: dict[str, Any]) -> Iterator[Node]:
        """A link, or a picture as a link to it: nothing is fetched. Another address stands there in words."""
        address = str(node.attrs.get("href") or node.attrs.get("src") or "")
        safe = address.lower().startswith(_SAFE)
        style = style | ({"href": address} if safe else {})
        inside = list(self.runs(node.children, within=within, **style))
        if not said(inside).strip():
            inside = [{"t": "text", "s": str(node.content or address)} | style]
        yield from inside
        if not safe and address and address != said(inside):
            yield {"t": "text", "s": f" ({address})"} | style


def said(runs: Sequence[Node]) -> str:
    """The words of what stands within a block."""
    return "".join(run["s"] for run in runs)


def words_of(blocks: Sequence[Node]) -> Iterator[str]:
    """The words of blocks, one after the other."""
    for block in blocks:
        match block["t"]:
            case "p" | "h":
                yield said(block["c"])
            case "quote":
                yield from words_of(block["c"])
            case "list":
                for item in block["items"]:
                    yield from words_of(item)
            case "table":
                yield from (said(cell) for row in block["rows"] for cell in row)
