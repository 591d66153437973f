"""PDFs: what stands on a page beside its words, and which pages have none."""

import io
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from tests.pdf import Made, dictionary
from tests.reading import reading, refusal

TEXT = TextStringObject
# A field's kind and value, and what is read of it.
FIELDS: list[tuple[str, Any, str]] = [
    ("/Tx", TEXT("Harbour Night Run"), "event: Harbour Night Run"),
    ("/Tx", TEXT("Größe"), "event: Größe"),
    ("/Tx", TEXT(""), ""),
    ("/Ch", TEXT("Blue"), "event: Blue"),
    ("/Ch", ArrayObject([TEXT("Blue"), TEXT("Red")]), "event: Blue, Red"),
    ("/Btn", NameObject("/Yes"), "event: Yes"),
    ("/Btn", NameObject("/Off"), ""),
]
NOTES = ["/FreeText", "/Text", "/Highlight", "/StrikeOut", "/Stamp"]


@pytest.mark.parametrize(("kind", "value", "line"), FIELDS)
def test_fields(kind: str, value: Any, line: str) -> None:
    """What somebody typed or ticked is read beside the name of its field; an empty field is not."""
    made = Made()
    made.field(made.page("Name of the event:"), "event", value, kind)
    expected = f"Name of the event:\nForm fields:\n{line}" if line else "Name of the event:"
    assert reading("order.pdf", made.data()).text == expected


def test_a_field_in_parts() -> None:
    """A field whose value stands at its parent, as for radio buttons, is read once, by the name that people see."""
    made = Made()
    page = made.page("Delivery")
    parent = made.writer._add_object(
        dictionary(T=TEXT("f1"), TU=TEXT("Speed"), FT=NameObject("/Btn"), V=NameObject("/Express"))
    )
    for _ in range(2):
        made.annotate(page, Subtype=NameObject("/Widget"), Parent=parent)
    assert reading("order.pdf", made.data()).text == "Delivery\nForm fields:\nSpeed: Express"


@pytest.mark.parametrize("kind", NOTES)
def test_notes_on_a_page(kind: str) -> None:
    """What somebody wrote onto a page is read."""
    made = Made()
    made.annotate(made.page("The lamp"), Subtype=NameObject(kind), Contents=TEXT("Make it shorter"))
    assert reading("brief.pdf", made.data()).text == "The lamp\nNotes on the page:\nMake it shorter"


def test_hidden_notes() -> None:
    """What is marked as hidden is not read."""
    made = Made()
    from pypdf.generic import NumberObject

    made.annotate(made.page("The lamp"), Subtype=NameObject("/Text"), Contents=TEXT("gone"), F=NumberObject(2))
    assert reading("brief.pdf", made.data()).text == "The lamp"


def test_links() -> None:
    """An address behind words of a page is read, once."""
    made = Made()
    page = made.page("See the tides")
    for _ in range(2):
        action = dictionary(S=NameObject("/URI"), URI=TEXT("https://example.org/t"))
        made.annotate(page, Subtype=NameObject("/Link"), A=action)
    assert reading("brief.pdf", made.data()).text == "See the tides\nLinks:\nhttps://example.org/t"


def test_scanned_pages() -> None:
    """Pages that are pictures are named by their numbers, also with a scanner's stamp on them; empty ones are not."""
    made = Made()
    made.page("The lamp runs for twelve hours a charge")
    made.page(picture=800)
    made.page("Scanned by Scanner", picture=800)
    made.page()
    made.page(picture=800)
    read = reading("brief.pdf", made.data())
    assert read.extent == "5 pages"
    assert read.notes == ("pages 2–3 and 5 of 5 have no text to read (scans?): send them as photos",)


def test_a_picture_among_words() -> None:
    """A picture on a page of words is told; a logo is not."""
    made = Made()
    made.page("The lamp runs for twelve hours a charge", picture=800)
    made.page("The lamp is of brass and glass", picture=50)
    assert reading("brief.pdf", made.data()).notes == ("1 picture was not read",)


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_locked_against_changes(algorithm: str) -> None:
    """What opens without a password is read, however it is encrypted."""
    made = Made()
    made.page("The lamp runs 12 hours")
    made.writer.encrypt("", "owner", algorithm=algorithm)
    assert reading("brief.pdf", made.data()).text == "The lamp runs 12 hours"


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_locked(algorithm: str) -> None:
    """What opens with a password is refused in words that say so."""
    made = Made()
    made.page("The lamp")
    made.writer.encrypt("open", "owner", algorithm=algorithm)
    assert "locked with a password" in refusal("brief.pdf", made.data())


def test_attachments() -> None:
    """Files within a PDF are told by their names."""
    made = Made()
    made.page("See the attached list")
    made.writer.add_attachment("prices.csv", b"Lamp,12")
    assert reading("brief.pdf", made.data()).notes == ("what is attached to it (prices.csv) was not read",)


def test_a_form_of_livecycle() -> None:
    """A form whose fields stand in XFA says only "please wait" as a page; that is told."""
    made = Made()
    made.page("Please wait")
    made.writer._root_object[NameObject("/AcroForm")] = dictionary(XFA=ArrayObject())
    (note,) = reading("form.pdf", made.data()).notes
    assert "whose fields were not read" in note


def filled(field: DictionaryObject, *, on_the_page: bool) -> bytes:
    """A form with one field, which its page shows, or not."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    reference = writer._add_object(field)
    if on_the_page:
        page[NameObject("/Annots")] = ArrayObject([reference])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([reference])})
    writer._root_object[NameObject("/AcroForm")] = writer._add_object(form)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("on_the_page", [True, False])
def test_a_field_wherever_it_is(*, on_the_page: bool) -> None:
    """A filled field is read once, also where no page has a place for it; of a list what it shows."""
    names = ("de", "Germany")
    field = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Ch"),
            NameObject("/T"): TextStringObject("Country"),
            NameObject("/V"): TextStringObject("de"),
            NameObject("/Opt"): ArrayObject([ArrayObject(map(TextStringObject, names))]),
        }
    )
    text = reading("form.pdf", filled(field, on_the_page=on_the_page)).text
    assert text.count("Country: Germany") == 1


def with_content(content: str, *, off: bool = False, picture: int = 0) -> bytes:
    """A page with this content, and a layer named L, which is off or not."""
    made = Made()
    page = made.page("The lamp weighs 140 grams.", picture=picture)
    page["/Contents"].get_object().set_data(page["/Contents"].get_object().get_data() + content.encode())
    layer = made.writer._add_object(dictionary(Type=NameObject("/OCG"), Name=TextStringObject("L")))
    page["/Resources"][NameObject("/Properties")] = dictionary(L=layer)
    usual = dictionary(OFF=ArrayObject([layer] if off else []))
    made.writer._root_object[NameObject("/OCProperties")] = dictionary(OCGs=ArrayObject([layer]), D=usual)
    return made.data()


SHOWN = "BT /F1 12 Tf {} Td (score 100) Tj ET".format


@pytest.mark.parametrize(
    ("content", "off", "picture", "told"),
    [
        (f" /OC /L BDC {SHOWN('20 100')} EMC", True, 0, True),
        (f" /OC /L BDC {SHOWN('20 100')} EMC", False, 0, False),
        (f" /Span <</MCID 1>> BDC {SHOWN('20 100')} EMC", True, 0, False),
        (f" /OC /L BDC EMC {SHOWN('20 100')}", True, 0, False),
        (f" {SHOWN('20 900')}", False, 0, True),
        (f" {SHOWN('-200 100')}", False, 0, True),
        (f" 3 Tr {SHOWN('20 100')}", False, 0, True),
        (f" 3 Tr {SHOWN('20 100')}", False, 300, False),
        (f" 1 0 0 1 0 -800 cm {SHOWN('20 900')}", False, 0, False),
    ],
)
def test_words_that_are_not_seen(content: str, off: bool, picture: int, told: bool) -> None:
    """Words on a layer that is off, beside the page, or invisible are told; what a scanner read in a picture is not."""
    read = reading("brief.pdf", with_content(content, off=off, picture=picture))
    assert "score 100" in read.text
    assert ("page 1 has words that are not seen on it, and they were read all the same" in read.notes) is told
