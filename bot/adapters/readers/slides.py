"""PowerPoint files, slide by slide. python-docx opens the package; the slides' elements are walked here."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.adapters.readers.formulas import M, formula
from bot.adapters.readers.list_marks import letters, roman
from bot.intake.ports import Reading
from bot.kernel.text.placing import placed
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

DRAWN = {"chart": "chart", "ole": "embedded object"}


def slides(data: bytes, watch: "Watch") -> Reading:
    """The words of every slide in its place, its tables, and the speaker's notes."""
    from docx.opc.package import OpcPackage
    from lxml import etree

    main = OpcPackage.open(io.BytesIO(data)).main_document_part
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    whole = etree.fromstring(main.blob, parser)
    order = [one.get(f"{R}id") for one in whole.iter(f"{P}sldId")]
    wide = _wide(whole)
    texts, hidden = [], []
    missed: Counter[str] = Counter()
    for number, relation in enumerate(order, 1):
        part: Any = main.rels[relation].target_part
        root = etree.fromstring(part.blob, parser)
        off = root.get("show") in {"0", "false"}
        missed["unseen"] += _without_unseen(root, wide)
        hidden += [number] if off else []
        lines = [f"### Slide {number}{' (hidden)' if off else ''}", *_lines(root, part, missed)]
        for name, other in _beside(part):
            said = [line for line in _lines(etree.fromstring(other.blob, parser), other, Counter()) if line]
            lines += [f"{name}: {' '.join(said)}"] if any(map(str.isalpha, " ".join(said))) else []
        texts.append("\n".join(map(watch.take, lines)))
    unseen = missed.pop("unseen", 0)
    notes = file_words.not_read(missed)
    notes += [_("hidden words were left out")] if unseen else []
    if hidden:
        notes.append(
            ngettext(
                "slide {numbers} is hidden, and read all the same",
                "slides {numbers} are hidden, and read all the same",
                len(hidden),
                numbers=file_words.numbered(hidden),
            )
        )
    return Reading("\n\n".join(texts), ngettext("{n} slide", "{n} slides", len(order)), tuple(notes))


def _wide(presentation: Any) -> int:
    """How wide a slide is, in EMU; 0 where it does not say."""
    size = presentation.find(f"{P}sldSz")
    said = size.get("cx") or "" if size is not None else ""
    return int(said) if said.isdecimal() and len(said) < 12 else 0


def _without_unseen(root: Any, wide: int) -> int:
    """Take out shapes that are hidden, or lie beside the slide; returned is how many of them say something."""
    gone = [one.getparent().getparent() for one in root.iter(f"{P}cNvPr") if one.get("hidden") in {"1", "true"}]
    for place in root.iterfind(f"{P}cSld/{P}spTree/*/{P}spPr/{A}xfrm"):
        start, size = place.find(f"{A}off"), place.find(f"{A}ext")
        if start is not None and size is not None and wide:
            left, width = _number(start.get("x")), _number(size.get("cx"))
            gone += [place.getparent().getparent()] if left + width <= 0 or left >= wide else []
    for shape in gone:
        if (above := shape.getparent()) is not None:
            above.remove(shape)
    return sum(any(one.text and one.text.strip() for one in shape.iter(f"{A}t")) for shape in gone)


def _number(written: str | None) -> int:
    bare = (written or "").removeprefix("-")
    return int(written or 0) if bare.isdecimal() and len(bare) < 12 else 0


def _beside(part: Any) -> Iterator[tuple[str, Any]]:
    names = {"notesSlide": "Notes", "comments": "Comments", "diagramData": "Diagram"}
    for relation in part.rels.values():
        name = names.get(relation.reltype.rpartition("/")[2])
        if name and not relation.is_external:
            yield name, relation.target_part


def _lines(root: Any, part: Any, missed: Counter[str]) -> Iterator[str]:
    """A line for each paragraph, and one for each row of a table."""
    _choose(root)
    missed["picture"] += sum(1 for _ in root.iter(f"{P}pic"))
    for drawn in root.iter(f"{A}graphicData"):
        kind = DRAWN.get((drawn.get("uri") or "").rpartition("/")[2])
        missed.update([kind] if kind else [])
    counted: dict[Any, dict[str, int]] = {}
    for element in root.iter(f"{A}p", f"{A}tr", f"{P}text"):
        if element.tag == f"{A}tr":
            yield " | ".join(" ".join(_words(p, part) for p in cell.iter(f"{A}p")) for cell in element.iter(f"{A}tc"))
        elif (
            element.tag == f"{A}p"
            and next(element.iterancestors(f"{A}tr"), None) is None
            and (said := _words(element, part))
        ):
            yield f"{_mark(element, counted.setdefault(element.getparent(), {}))}{said}"
        elif element.tag == f"{P}text" and element.text:
            yield element.text


def _mark(paragraph: Any, counts: dict[str, int]) -> str:
    """The number before a paragraph of a numbered list; counts: those of its text box, by level."""
    look = paragraph.find(f"{A}pPr")
    level = (look.get("lvl") or "0") if look is not None else "0"
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    shape = look.find(f"{A}buAutoNum") if look is not None else None
    if shape is None:
        counts.pop(level, None)
        return ""
    start = max(_number(shape.get("startAt")), 1)
    counts[level] = counts[level] + 1 if level in counts else start
    kind, number = shape.get("type") or "arabicPeriod", counts[level]
    written = (
        letters(number) if kind.startswith("alpha") else roman(number) if kind.startswith("roman") else str(number)
    )
    written = written.upper() if "Uc" in kind else written
    before, after = ("(", ")") if kind.endswith("ParenBoth") else ("", ")" if kind.endswith("ParenR") else ".")
    return f"{before}{written}{after} "


def _choose(root: Any) -> None:
    """Of what is written twice, for new and for old programs, leave what is for new ones."""
    for either in list(root.iter(f"{MC}AlternateContent")):
        if either.find(f"{MC}Choice") is not None:
            for old in either.findall(f"{MC}Fallback"):
                either.remove(old)


def _words(paragraph: Any, part: Any) -> str:
    return "".join(_run(run, part) for run in paragraph if isinstance(run.tag, str)).strip()


def _run(run: Any, part: Any) -> str:
    if run.tag == f"{A}br":
        return "\n"
    text = "".join(one.text or "" for one in run.iter(f"{A}t")) + "".join(map(formula, run.iter(f"{M}oMath")))
    look = run.find(f"{A}rPr")
    if look is not None:
        height = int(height) if (height := look.get("baseline") or "0").removeprefix("-").isdecimal() else 0
        text = placed(text, height, line=look.get("strike") in {"sngStrike", "dblStrike"})
    link = run.find(f"{A}rPr/{A}hlinkClick")
    relation = part.rels.get(link.get(f"{R}id")) if link is not None else None
    if text and relation is not None and relation.is_external and relation.target_ref.rstrip("/") not in text:
        return f"{text} ({relation.target_ref})"
    return text
