"""Texts in every way in which people's programs write them down: a table of code pages and languages."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from bot.adapters.readers.code_pages import decoded
from tests.languages import LISTS, PAGES, PROSE, WORDS
from tests.reading import reading, refusal

CASES = [(language, page) for language, pages in PAGES.items() for page in pages]
# Windows and ISO 8859-2 write Czech alike but for three letters, of which this list has one.
UNSURE = {("Czech", "iso-8859-2")}
RIGHT = 0.98  # of pieces of a few words
NOISE = b"".join(sha256(bytes([number])).digest() for number in range(64)).replace(b"\0", b"")
UTF = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def written(text: str, page: str) -> tuple[str, bytes]:
    """The text as far as the code page has its letters, and its bytes."""
    data = text.replace("€", "€" if page not in {"iso-8859-1", "cp850"} else "EUR").encode(page, "ignore")
    return data.decode(page), data


@pytest.mark.parametrize(("language", "page"), CASES)
def test_sentences(language: str, page: str) -> None:
    """Sentences are read letter for letter, and that their letters were guessed is said."""
    text, data = written(PROSE[language], page)
    read = reading("brief.txt", data, "text/plain")
    assert read.text == text
    assert ["guessed" in note for note in read.notes] == [True]


@pytest.mark.parametrize(("language", "page"), [case for case in CASES if case not in UNSURE])
def test_short_lists(language: str, page: str) -> None:
    """A price list of two lines is read letter for letter."""
    text, data = written(LISTS[language], page)
    read = reading("list.csv", data, "text/csv")
    assert (read.text, read.extent) == (text.strip(), "2 rows")


def pieces(language: str) -> list[str]:
    """Single words, rows of three and of six with a row of numbers, and six words of a sentence."""
    words, said = WORDS[language].split(";"), PROSE[language].split()
    rows = [";".join(words[at : at + size]) + "\r\n12;9,50;3\r\n" for size in (3, 6) for at in range(len(words) - size)]
    parts = [*words, *rows, *(" ".join(said[at : at + 6]) for at in range(len(said) - 6))]
    return [part for part in parts if not part.isascii()]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Référence;Désignation;Quantité\nA1;Crème brûlée;5", "cp1252"),
        ("Ævintýri;Þór;Ísland", "cp1252"),
        ("Größe;Länge;Höhe;Stück", "cp1252"),
        ("Črnomelj;Ščavnica", "cp1250"),
        ("Nazwa;Ilość;Wartość\nPiłka;5;12,50", "cp1250"),
        ("Könyv;Ár;Darab\nŐszibarack;5", "cp1250"),
    ],
)
def test_letters_of_one_language(text: str, page: str) -> None:
    """A list whose letters no language has together was written in another code page."""
    found = decoded(text.encode(page))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize("text", ["The price\0 is 30", "a\0b c d e f g h i j"])
def test_a_stray_zero_in_a_short_text(text: str) -> None:
    """A zero that came into a short text of one byte a letter makes no UTF-16 of it."""
    found = decoded(text.encode())
    assert found is not None
    assert found.text == text.replace("\0", "")


def test_a_few_words(measured: Callable[[str], None]) -> None:
    """Of single words and rows of a table, in the code pages of Windows, almost all are read letter for letter."""
    cases = [(part, PAGES[language][0]) for language in WORDS for part in pieces(language)]
    right = [decoded(part.encode(page)) for part, page in cases]
    read = sum(found is not None and found.text == part for found, (part, _) in zip(right, cases, strict=True))
    measured(f"{read} of {len(cases)} pieces of a few words are read")
    assert read >= RIGHT * len(cases)


@pytest.mark.parametrize("language", LISTS)
@pytest.mark.parametrize("encoding", UTF)
def test_unicode(language: str, encoding: str) -> None:
    """Unicode is read whatever its width and byte order, with a mark or without, and nothing is guessed."""
    for text in (LISTS[language], PROSE[language]):
        mark = b"\xff\xfe\0\0" if encoding == "utf-32" else b""
        data = text.encode(encoding)
        found = decoded(data if data.startswith(mark) else mark + data)
        # UTF-16 without a mark is told by the zeros of ASCII; a sentence in Chinese has none
        if found is None and encoding in {"utf-16-le", "utf-16-be"}:
            continue
        assert found is not None
        assert (found.text, found.note) == (text, "")


@pytest.mark.parametrize("language", [language for language in PROSE if not PROSE[language].isascii()])
def test_one_bad_byte(language: str) -> None:
    """One broken byte in UTF-8 is replaced, said, and garbles no other letter."""
    data = PROSE[language].encode()
    middle = len(PROSE[language][: len(PROSE[language]) // 2].encode())
    read = reading("brief.txt", data[:middle] + b"\xc3" + b" " + data[middle:])
    assert read.text.replace("� ", "") == PROSE[language].strip()
    assert read.notes == ("1 damaged character could not be read",)


def test_a_text_cut_within_a_letter() -> None:
    """The half of a letter at the end of a text is replaced alone."""
    data = "Write a café menu for the harbour. ".encode() * 20 + b"\xc3 end"
    assert reading("menu.txt", data).text.count("café") == 20


@pytest.mark.parametrize("page", ["utf-8", "cp1252"])
@pytest.mark.parametrize("strays", [1, 3])
def test_stray_zeros(page: str, strays: int) -> None:
    """A few zeros within a text make no UTF-16 of it."""
    data = PROSE["German"].encode(page)
    for place in range(20, 20 + 30 * strays, 30):
        data = data[:place] + b"\0" + data[place:]
    assert reading("brief.txt", data).text == PROSE["German"]


def test_a_german_price_list() -> None:
    """What Excel for Windows saves in German is read with its letters, its decimal commas as they are."""
    words = "Größe;Stück;Preis €\r\nLampe;3;9,50 €\r\n"
    read = reading("list.csv", words.encode("cp1252"))
    assert read.text == words.strip()
    assert read.notes == ("its encoding was guessed (Windows-1252); check the accented letters",)


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 20, b"\0" * 400, b"\x7fELF" + bytes(range(200)), b"abc\0def\0ghi", NOISE],
)
def test_what_is_no_text(data: bytes) -> None:
    """Bytes that are no text are not taken for letters of some page."""
    assert "notes.txt is not text" in refusal("notes.txt", data)


GERMAN = "Größe der Lampe: 40 cm, für 12 Gäste.\nPreis: 19,50 EUR (ohne Öl)\n"


@pytest.mark.parametrize("page", ["cp273", "cp1140", "cp500", "cp037"])
def test_text_of_a_mainframe(page: str) -> None:
    """EBCDIC is read, whichever of its pages, and it is said that this was guessed."""
    words = GERMAN if page == "cp273" else "Size of the lamp: 40 cm, for 12 guests.\nPrice: 19.50 EUR (no oil)\n"
    read = reading("job.txt", words.encode(page))
    assert read.text == words.strip()
    assert "its encoding was guessed (EBCDIC" in read.notes[0]


def test_records_of_a_mainframe() -> None:
    """Lines that end with its own sign for that are lines."""
    assert reading("job.txt", "LAMP 40\nROPE 12\n".encode("cp500").replace(b"\x25", b"\x15")).text == "LAMP 40\nROPE 12"


@pytest.mark.parametrize(
    "words", [GERMAN, "Café – 20 €", "Лампа для кемпинга, 40 см", "Price: 5 + 3, Grüße", "قیمت: ۲۰ روپے"]
)
def test_text_of_seven_bits(words: str) -> None:
    """UTF-7 is read as what it says, and it is said that this was guessed."""
    read = reading("note.txt", words.encode("utf-7"))
    assert (read.text, read.notes) == (words.strip(), ("its encoding was guessed (UTF-7); check the accented letters",))


@pytest.mark.parametrize(
    "words",
    [
        "Call +49-30-1234567 or +1-800-555-0100.",
        "C++-Code, A+B=C, 1+1=2, a+-b",
        "+ADDRESS-LINE+ is a mark, and +Plus- too",
        "Vitamin B+, Grade A+ - well done",
        "git rebase +main-branch +refs/heads/x-",
    ],
)
def test_a_plus_is_a_plus(words: str) -> None:
    """Plain text with a plus in it is left as it is."""
    assert (reading("note.txt", words.encode()).text, reading("note.txt", words.encode()).notes) == (words, ())


def test_korean_and_japanese_of_seven_bits() -> None:
    """What escapes to another alphabet is read by its escapes."""
    assert reading("a.txt", "램프 가격: 20 EUR".encode("iso2022_kr")).text == "램프 가격: 20 EUR"
    assert reading("a.txt", "ランプの値段".encode("iso2022_jp")).text == "ランプの値段"
