"""PowerPoint files, slide by slide. python-docx opens the package; the slides' elements are walked here."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.adapters.readers.formulas import M, formula
from bot.intake.ports import Reading
from bot.kernel.text.placing import placed
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
    order = [one.get(f"{R}id") for one in etree.fromstring(main.blob, parser).iter(f"{P}sldId")]
    texts, hidden = [], []
    missed: Counter[str] = Counter()
    for number, relation in enumerate(order, 1):
        part: Any = main.rels[relation].target_part
        root = etree.fromstring(part.blob, parser)
        off = root.get("show") in {"0", "false"}
        hidden += [number] if off else []
        lines = [f"### Slide {number}{' (hidden)' if off else ''}", *_lines(root, part, missed)]
        for name, other in _beside(part):
            said = [line for line in _lines(etree.fromstring(other.blob, parser), other, Counter()) if line]
            lines += [f"{name}: {' '.join(said)}"] if any(map(str.isalpha, " ".join(said))) else []
        texts.append("\n".join(map(watch.take, lines)))
    notes = file_words.not_read(missed)
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
    for element in root.iter(f"{A}p", f"{A}tr", f"{P}text"):
        if element.tag == f"{A}tr":
            yield " | ".join(" ".join(_words(p, part) for p in cell.iter(f"{A}p")) for cell in element.iter(f"{A}tc"))
        elif (
            element.tag == f"{A}p"
            and next(element.iterancestors(f"{A}tr"), None) is None
            and (said := _words(element, part))
        ):
            yield said
        elif element.tag == f"{P}text" and element.text:
            yield element.text


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
