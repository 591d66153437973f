"""PDF files by pypdf: the words of their pages, what was typed into their fields, notes on them, and links."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import limits as document_limits
from bot.adapters.documents import words as file_words
from bot.intake.ports import Reading
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.kernel.translation import number as number_words

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

MOST_PAGES = 200
MOST_ANNOTATIONS = 2_000  # of a page
SPOKEN = frozenset({"/FreeText", "/Text", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Stamp"})
HIDDEN = 2  # the second bit of an annotation's flags
FEW_WORDS = 5  # on a page that is a picture: a scanner's stamp
SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
INVISIBLE = 3  # of the ways to draw letters
LOOKED_AT = 200_000  # bytes of a page's content
SLACK = 20  # points beside the page within which a letter may still reach in
PICTURE_PIXELS = 40_000  # what is smaller is a logo or a line


def pdf(data: bytes, watch: "Watch") -> Reading:
    """A PDF's text, page by page."""
    from pypdf import PdfReader

    document_limits.limit_pdf()
    reader = PdfReader(io.BytesIO(data), xref_stream_maximum_entries=document_limits.PDF_OBJECTS)
    if _is_locked(reader):
        raise file_words.locked(watch.name)
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        raise file_words.refusal(
            ngettext(
                "{file} has {n} page; I read up to {most}. Send the pages that matter as a file of their own.",
                "{file} has {n} pages; I read up to {most}. Send the pages that matter as a file of their own.",
                pages,
                file=watch.name,
                most=number_words(MOST_PAGES),
            )
        )
    texts, scans, unclear, pictures = [], [], [], 0
    off, unseen = _layers_off(reader), []
    asked: set[str] = set()
    for number, page in enumerate(reader.pages, 1):
        drawn = _pictures(page)
        looks = _Looks(page, off, scanned=bool(drawn))
        visitors: dict[str, Any] = {"visitor_operand_before": looks.before, "visitor_operand_after": looks.after}
        said = page.extract_text(**(visitors if _is_looked_at(page) else {}))
        words = watch.take(said.strip())
        unseen += [number] if looks.hides else []
        pictures += drawn
        if len(words.split()) < FEW_WORDS and (drawn or (not words and page.get_contents() is not None)):
            scans.append(number)
            pictures -= drawn
        elif _unclear(words):
            unclear.append(number)
        texts.append("\n".join(filter(None, [words, watch.take(_beside(page, words, asked))])))
    texts.append("\n".join(watch.take(line) for line in _off_the_pages(reader, asked)))
    if not any(texts):
        raise file_words.refusal(
            _(
                "There is no text in {file}; it is probably a scan. Send its pages as photos, which a model can read, "
                "or paste the text.",
                file=watch.name,
            )
        )
    notes = (*_page_notes(scans, unclear, pages), *_unseen_notes(unseen), *_other_notes(reader, pictures, asked))
    return Reading("\n\n".join(filter(None, texts)), ngettext("{n} page", "{n} pages", pages), notes)


def _is_locked(reader: Any) -> bool:
    """Whether it opens with a password only; many are locked against changes, and open with an empty one."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.is_encrypted and not reader.decrypt(""))
    except DependencyError:
        return True


def _page_notes(scans: list[int], unclear: list[int], pages: int) -> Iterator[str]:
    if scans:
        yield ngettext(
            "page {numbers} of {pages} has no text to read (scans?): send them as photos",
            "pages {numbers} of {pages} have no text to read (scans?): send them as photos",
            len(scans),
            numbers=file_words.numbered(scans),
            pages=pages,
        )
    if unclear:
        yield ngettext(
            "the text of page {numbers} cannot be read: send it as a photo",
            "the text of pages {numbers} cannot be read: send them as photos",
            len(unclear),
            numbers=file_words.numbered(unclear),
        )


def _unseen_notes(pages: list[int]) -> Iterator[str]:
    if pages:
        yield ngettext(
            "page {numbers} has words that are not seen on it, and they were read all the same",
            "pages {numbers} have words that are not seen on them, and they were read all the same",
            len(pages),
            numbers=file_words.numbered(pages),
        )


class _Looks:
    """Whether a page has words that nobody sees: on a layer that is off, invisible, or beside the page.

    Under the picture of a page invisible words are what a scanner's program read in it, which its reader sees.
    """

    def __init__(self, page: Any, off: frozenset[int], *, scanned: bool) -> None:
        self.hides = False
        self._scanned = scanned
        self._box = [float(side) for side in page.cropbox]
        named = _object(_object(page.get("/Resources")).get("/Properties"))
        self._off = {name for name, layer in named.items() if getattr(layer, "idnum", -1) in off}
        self._layers: list[bool] = []
        self._mode, self._within = 0, 0

    def before(self, operator: bytes, operands: Any, place: Any, of_text: Any) -> None:
        """An operator of the page's content is about to be read."""
        if operator == b"Do":
            self._within += 1
        elif operator in {b"BDC", b"BMC"}:
            self._layers.append(len(operands) > 1 and operands[0] == "/OC" and str(operands[1]) in self._off)
        elif operator == b"EMC" and self._layers:
            self._layers.pop()
        elif operator == b"Tr" and operands:
            self._mode = _number(operands[0])
        elif operator in SHOWING and not self.hides:
            invisible = self._mode == INVISIBLE and not self._scanned
            self.hides = invisible or any(self._layers) or (not self._within and self._is_outside(place, of_text))

    def after(self, operator: bytes, *_rest: Any) -> None:
        """It was read; what is drawn as a part has places of its own, which say nothing."""
        self._within -= operator == b"Do"

    def _is_outside(self, place: Any, of_text: Any) -> bool:
        x = of_text[4] * place[0] + of_text[5] * place[2] + place[4]
        y = of_text[4] * place[1] + of_text[5] * place[3] + place[5]
        left, bottom, right, top = self._box
        return not (left - SLACK <= x <= right + SLACK and bottom - SLACK <= y <= top + SLACK)


def _is_looked_at(page: Any) -> bool:
    """Whether a page is no large drawing, each line of which would have to be looked at."""
    content = page.get_contents()
    return content is not None and len(content.get_data()) <= LOOKED_AT


def _layers_off(reader: Any) -> frozenset[int]:
    """The layers that are not shown when the file is opened, by the numbers of their objects."""
    usual = _object(_object(_object(reader.trailer.get("/Root")).get("/OCProperties")).get("/D"))
    return frozenset(getattr(layer, "idnum", -1) for layer in _list(usual.get("/OFF"))) - {-1}


def _other_notes(reader: Any, pictures: int, asked: set[str]) -> Iterator[str]:
    yield from file_words.not_read({"picture": pictures})
    form = _object(_object(reader.trailer.get("/Root")).get("/AcroForm"))
    if "/XFA" in form and not asked:
        yield _("it is a form of Adobe LiveCycle, whose fields were not read: print it into a PDF and send that")
    attached = list(reader.attachments)
    if attached:
        yield file_words.attached(attached)


def _beside(page: Any, words: str, asked: set[str]) -> str:
    """What stands in the page's fields, notes and links, and not among its words."""
    fields, comments, links = [], [], dict[str, None]()
    for annotation in _annotations(page):
        kind = annotation.get("/Subtype")
        if kind == "/Widget":
            fields += _field(annotation, asked)
        elif kind == "/Link":
            address = str(_object(annotation.get("/A")).get("/URI") or "")
            if address and address.rstrip("/") not in words:
                links[address] = None
        elif kind in SPOKEN and (said := str(annotation.get("/Contents") or "").strip()) and said not in words:
            comments.append(said)
    parts = [("Form fields", fields), ("Notes on the page", comments), ("Links", list(links))]
    return "\n".join(f"{title}:\n" + "\n".join(lines) for title, lines in parts if lines)


def _annotations(page: Any) -> Iterator[Any]:
    for annotation in list(_list(page.get("/Annots")))[:MOST_ANNOTATIONS]:
        found = _object(annotation)
        if found and not _flags(found) & HIDDEN:
            yield found


def _field(annotation: Any, asked: set[str]) -> list[str]:
    """ "Name of the event: Harbour Night Run"; nothing for an empty field, a button, or one that was read before."""
    names: list[str] = []
    value, kind, flags = None, "", 0
    field, depth = annotation, 0
    while field and depth < 20:
        name = field.get("/TU") or field.get("/T")
        names += [str(name)] if name and (field.get("/TU") or not names) else []
        value = _shown_choice(field.get("/V"), field.get("/Opt")) if value is None else value
        kind = kind or str(field.get("/FT") or "")
        flags = flags or _number(field.get("/Ff"))
        field, depth = _object(field.get("/Parent")), depth + 1
    said = _said(value)
    line = f"{names[0] if names else 'Field'}: {said}"
    if not said or (kind == "/Btn" and said in {"Off", ""}) or kind == "/Sig" or flags & 1 << 16 or line in asked:
        return []
    asked.add(line)
    return [line]


def _off_the_pages(reader: Any, asked: set[str]) -> Iterator[str]:
    """Filled fields that no page shows a place of, as some programs leave them."""
    form = _object(_object(reader.trailer.get("/Root")).get("/AcroForm"))
    waiting = list(_list(form.get("/Fields")))[:MOST_ANNOTATIONS]
    for _time in range(MOST_ANNOTATIONS):
        if not waiting:
            return
        field = _object(waiting.pop(0))
        inner = [_object(kid) for kid in _list(field.get("/Kids"))[:MOST_ANNOTATIONS]]
        if any("/T" in kid for kid in inner):
            waiting += inner
        elif field and not any(_flags(one) & HIDDEN for one in (field, *inner)):
            yield from _field(field, asked)


def _shown_choice(value: Any, options: Any) -> Any:
    """What a list shows for the value that it stores."""
    pairs = [[_said(part) for part in _list(one)] for one in _list(options)]
    shown = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    return shown.get(_said(value), value)


def _said(value: Any) -> str:
    value = value.get_object() if hasattr(value, "get_object") else value
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if hasattr(value, "get_data"):
        return str(value.get_data().decode("utf-8", "replace"))
    return str(value).removeprefix("/").strip() if value is not None and not isinstance(value, dict) else ""


def _pictures(page: Any) -> int:
    """How many pictures that are more than a logo the page shows."""
    drawn = _object(_object(page.get("/Resources")).get("/XObject"))
    found = [_object(one) for one in list(drawn.values())[:MOST_ANNOTATIONS]]
    sizes = [
        _number(one.get("/Width")) * _number(one.get("/Height")) for one in found if one.get("/Subtype") == "/Image"
    ]
    return sum(size >= PICTURE_PIXELS for size in sizes)


def _unclear(words: str) -> bool:
    """Whether a font does not tell which letters its signs are."""
    strange = sum("\ue000" <= letter <= "\uf8ff" or letter == "�" for letter in words)
    return strange * 10 > len(words)


def _object(found: Any) -> Any:
    """The dictionary that a reference leads to; an empty one where it leads nowhere, or to something else."""
    found = found.get_object() if hasattr(found, "get_object") else found
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    found = found.get_object() if hasattr(found, "get_object") else found
    return found if isinstance(found, list) else []


def _flags(annotation: Any) -> int:
    return _number(annotation.get("/F"))


def _number(found: Any) -> int:
    found = found.get_object() if hasattr(found, "get_object") else found
    return int(found) if isinstance(found, int | float) else 0
