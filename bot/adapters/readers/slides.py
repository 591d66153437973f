"""PowerPoint files, slide by slide. python-docx opens the package; the slides' elements are walked here."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.intake.ports import Reading
from bot.kernel.translation import ngettext

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


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
    missed["picture"] += sum(1 for _ in root.iter(f"{P}pic"))
    missed["chart"] += sum((one.get("uri") or "").endswith("/chart") for one in root.iter(f"{A}graphicData"))
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


def _words(paragraph: Any, part: Any) -> str:
    return "".join(_run(run, part) for run in paragraph if isinstance(run.tag, str)).strip()


def _run(run: Any, part: Any) -> str:
    if run.tag == f"{A}br":
        return "\n"
    text = "".join(one.text or "" for one in run.iter(f"{A}t"))
    link = run.find(f"{A}rPr/{A}hlinkClick")
    relation = part.rels.get(link.get(f"{R}id")) if link is not None else None
    if text and relation is not None and relation.is_external and relation.target_ref.rstrip("/") not in text:
        return f"{text} ({relation.target_ref})"
    return text
