"""PDFs with a thing each that is no word of a page: fields, notes, links, pictures, a lock."""

import io
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)


class Made:
    """A PDF under way."""

    def __init__(self) -> None:
        self.writer = PdfWriter()
        font = {"Type": NameObject("/Font"), "Subtype": NameObject("/Type1"), "BaseFont": NameObject("/Helvetica")}
        self._font = self.writer._add_object(dictionary(**font))

    def page(self, words: str = "", *, picture: int = 0) -> Any:
        """A page with these words, and a picture of so many pixels a side."""
        page = self.writer.add_blank_page(300, 300)
        resources = DictionaryObject({NameObject("/Font"): dictionary(F1=self._font)})
        drawn = f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET" if words else ""
        if picture:
            resources[NameObject("/XObject")] = dictionary(I1=self.writer._add_object(_picture(picture)))
            drawn += " q 300 0 0 300 0 0 cm /I1 Do Q"
        page[NameObject("/Resources")] = resources
        if drawn:
            stream = DecodedStreamObject()
            stream.set_data(drawn.encode())
            page[NameObject("/Contents")] = self.writer._add_object(stream)
        return page

    def annotate(self, page: Any, **values: Any) -> Any:
        """Put an annotation on the page; returns the reference to it."""
        place = ArrayObject([FloatObject(x) for x in (20, 20, 90, 40)])
        made = dictionary(Type=NameObject("/Annot"), Rect=place, F=NumberObject(4)) | dictionary(**values)
        kept = self.writer._add_object(DictionaryObject(made))
        page.setdefault(NameObject("/Annots"), ArrayObject()).append(kept)
        return kept

    def field(self, page: Any, name: str, value: Any, kind: str = "/Tx", **more: Any) -> Any:
        """A field of a form, with a value."""
        values = {
            "Subtype": NameObject("/Widget"),
            "FT": NameObject(kind),
            "T": TextStringObject(name),
            "V": value,
        } | more
        kept = self.annotate(page, **values)
        root = self.writer._root_object
        form = root.setdefault(NameObject("/AcroForm"), dictionary(Fields=ArrayObject()))
        form[NameObject("/Fields")].append(kept)
        return kept

    def data(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        self.writer.write(file)
        return file.getvalue()


def dictionary(**values: Any) -> DictionaryObject:
    """A dictionary of a PDF."""
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})


def _picture(side: int) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(bytes(8))
    for name, value in {"Type": "/XObject", "Subtype": "/Image", "ColorSpace": "/DeviceGray"}.items():
        stream[NameObject(f"/{name}")] = NameObject(value)
    for name, number in {"Width": side, "Height": side, "BitsPerComponent": 8}.items():
        stream[NameObject(f"/{name}")] = NumberObject(number)
    return stream
