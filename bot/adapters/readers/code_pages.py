"""Text in any of the ways in which it is written down as bytes: UTF-8, UTF-16, and the code pages of before.

Which code page it is can only be guessed, by how likely its letters are beside each other: that does chardet. Of a
short list it is unsure, so what it finds likely is looked at once more: no word is written in two alphabets, no letter
from beyond ASCII stands right beside a digit, and nobody draws boxes in a price list.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What Windows, Macs, DOS and Unix wrote, with how common it is among what people send; a guess among all there are
# would be a worse one. Fitted on tests/languages.py.
PAGES = {
    "cp1252": 1.0,
    "cp1250": 0.6,
    "cp1251": 0.6,
    "cp1253": 0.6,
    "cp1254": 0.6,
    "cp1255": 0.6,
    "cp1256": 0.6,
    "cp932": 0.6,
    "euc-jp": 0.6,
    "gb18030": 0.6,
    "big5hkscs": 0.6,
    "cp949": 0.6,
    "koi8-r": 0.5,
    "koi8-u": 0.4,
    "iso-8859-2": 0.4,
    "iso-8859-15": 0.4,
    "cp874": 0.3,
    "mac-roman": 0.2,
    "cp850": 0.2,
    "cp866": 0.2,
    "cp852": 0.15,
    "cp1257": 0.1,
    "cp1258": 0.05,
}
OF_MACS = "mac-roman"
ESCAPED = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp"), (b"\x1b$", "iso2022_jp_2"))
MAINFRAMES = ("cp1140", "cp273", "cp500")  # American, German, of other languages of Western Europe
SPACED = 40  # bytes, among which a text has a space
# What a text of one language has beyond ASCII: its letters, and quotation marks, dashes and currencies.
SHIFTED = re.compile(r"[\xa0-\u07ff\u1e00-\u1fff\u2010-\u2044\u20a0-\u20bf\u2122]")
MAC_LINE = re.compile(r"\r(?!\n)")  # so ended lines on Macs of before, and in Excel's "CSV (Macintosh)"
SPELLED = {"iso8859-2": "iso-8859-2", "iso8859-15": "iso-8859-15", "euc-jis-2004": "euc-jp"}  # by Python's codecs
FEW = 2  # letters beyond ASCII, up to which how common a page is counts in full
LEAST, MOST_COUNTED = 1e-4, 100  # so that what is hopeless can still be told from what is worse
ODD_COUNTS, RARE_COUNTS, ACCENT_COUNTS = 0.3, 0.4, 0.2  # what each such thing leaves of a page's likelihood
NAMES = {
    "cp932": "Shift JIS",
    "euc-jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5hkscs": "Big5",
    "cp949": "EUC-KR",
    "mac-roman": "Macintosh",
}
LOOKED_AT = 20_000  # bytes from which the code page is guessed
WORD = re.compile(r"[^\W\d_]+")
INSIDE = re.compile(r"[A-Za-zÀ-ӿ][^\w\s\x00-\x7f’‘'´·\xad–—…№][A-Za-zÀ-ӿ]")  # a sign within a word
RARE = re.compile("[þðÞÐŕŔĺĹļĻņŅģĢķĶŗŖįĮųŲėĖīĪāĀūŪōŌţŢơƠưƯýÝ]")  # letters that few languages have
ACCENTS = re.compile("[˛˝ˇ˘˙˚ˆ˜]")  # that stand on no letter
GLUED = re.compile(r"[À-ʯͰ-ӿ]\d|\d[À-ʯͰ-ӿ]")
ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f¤¦¨¬¯¸─-▟�\ue000-\uf8ff]")
PLAIN = re.compile(rb"[\t\r\n -~]")
STRAYS = 8  # bytes for each zero among them that nobody means; UTF-16 of such letters has one for every two
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]")
# The letters beyond ASCII of each language that the code pages of Latin letters were made for: no word list is of two.
ALPHABETS = tuple(
    map(
        frozenset,
        (
            "äöüßéàèçêñïô", "éèêëàâæçîïôœùûüÿ", "áéíóúüñªºç", "ãõáâàçéêíóôúü", "àèéìíîòóùúç", "åäöéüæøàèó",
            "ąćęłńóśźżäöüé", "áčďéěíňóřšťúůýžäôľĺŕöü", "áéíóöőúüűä", "ăâîșțşţéáöüő", "čćđšžäöüéá", "çğıöşüâîû",
            "ëéèïöüóáíê", "ðþæöáéíóúý", "äöåšžõüé", "āčēģīķļņšūžōŗäöü", "ąčęėįšųūžäöü",
        ),
    )
)  # fmt: skip
FOREIGN_COUNTS = 0.3
MOST_LETTERS = 12
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "FULLWIDTH", "HALFWIDTH"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what its reader should know: that it was guessed, or damaged. "": nothing."""

    text: str
    note: str = ""


def decoded(data: bytes) -> Decoded | None:
    """The text that the bytes are; None where they are none."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _repaired(data[len(mark) :] if encoding == "utf-8" else data, encoding)
    if b"\0" in data and not _are_strays(data):
        return _without_mark(data)
    data = data.replace(b"\0", b"")
    for mark, encoding in ESCAPED:
        if mark in data and (text := _strict(data, encoding)) is not None:
            return Decoded(text)
    text = _strict(data, "utf-8")
    if text is None:
        return _of_a_mainframe(data) or _nearly_utf8(data) or _of_a_page(data)
    if text.isascii() and "+" in text and (shifted := _shifted(data)) is not None:
        return shifted
    return Decoded(text) if len(CONTROLS.findall(text)) * 50 <= len(text) else None


def _repaired(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, _damage(text.count("�") - data.count("�".encode())))


def _damage(number: int) -> str:
    if number <= 0:
        return ""
    return ngettext("{n} damaged character could not be read", "{n} damaged characters could not be read", number)


def _are_strays(data: bytes) -> bool:
    """Whether the zeros are a few that came into a text of one byte a letter, and no halves of UTF-16."""
    plain = len(PLAIN.findall(data))
    return data.count(0) * STRAYS <= len(data) and plain * 4 > len(data) * 3


def _without_mark(data: bytes) -> Decoded | None:
    """UTF-16 whose byte order nobody wrote down: the zeros of ASCII stand on one side of each pair."""
    if len(data) % 2:
        return None
    high = data[1::2].count(0), data[0::2].count(0)
    text = _strict(data, "utf-16-le" if high[0] > high[1] else "utf-16-be")
    return Decoded(text) if text is not None and not ODD.search(text) else None


def _shifted(data: bytes) -> Decoded | None:
    """UTF-7, which writes "ä" as "+AOQ-"; None where what stands behind some plus is nothing that people write."""
    text = _strict(data, "utf-7")
    added = [letter for letter in text or "" if letter > "\x7f"]
    if text is None or not added or not all(SHIFTED.match(letter) for letter in added):
        return None
    return Decoded(text, _guessed("UTF-7"))


def _of_a_mainframe(data: bytes) -> Decoded | None:
    """Text in EBCDIC, whose letters and figures all lie beyond ASCII, and whose space is ASCII's @."""
    if data.count(0x40) * SPACED < len(data) or data.count(b" ") * SPACED > len(data):
        return None
    texts = {page: data.decode(page).replace("\x85", "\n") for page in MAINFRAMES}
    page = min(texts, key=lambda one: (oddness(texts[one][:LOOKED_AT]), MAINFRAMES.index(one)))
    written = sum(letter.isalnum() or letter in " \n\r\t.,;:!?()'\"/-+%&*=@#" for letter in texts[page])
    return (
        Decoded(texts[page], _guessed(f"EBCDIC {page.removeprefix('cp')}")) if written * 20 >= len(data) * 19 else None
    )


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with damage in a few places; in text of a code page hardly two bytes look like it."""
    found = _repaired(data, "utf-8")
    bad = found.text.count("�")
    good = sum(character > "\x7f" for character in found.text) - bad
    return found if good and (bad == 1 or 2 * bad <= good) and not CONTROLS.search(found.text) else None


def _of_a_page(data: bytes) -> Decoded | None:
    from chardet import detect_all

    best: tuple[float, str, str] | None = None
    few = min(1.0, FEW / max(sum(byte > 127 for byte in data[:LOOKED_AT]), 1))
    for guess in detect_all(data[:LOOKED_AT], ignore_threshold=True, include_encodings=list(PAGES), compat_names=False):
        page = guess["encoding"] or ""
        text = _strict(data, page) if page else None
        if text is not None:
            likely = _likely(text[:LOOKED_AT], page, guess["confidence"], few)
            best = (likely, page, text) if best is None or likely > best[0] else best
    if best is None or _no_text(best[2]):
        return None
    return Decoded(best[2], _guessed(_named(best[1])))


def _guessed(encoding: str) -> str:
    return _("its encoding was guessed ({encoding}); check the accented letters", encoding=encoding)


def _likely(text: str, page: str, confidence: float, few: float) -> float:
    """How likely a page is: by chardet's word, by how common it is where letters are few, by what looks odd in it."""
    name = page.lower().replace("_", "-")
    common = PAGES.get(SPELLED.get(name, name), min(PAGES.values()))
    common = 1.0 if name == OF_MACS and MAC_LINE.search(text) else common
    rare, odd = len(set(RARE.findall(text))), min(oddness(text), MOST_COUNTED)
    strange = math.pow(ODD_COUNTS, odd) * math.pow(ACCENT_COUNTS, min(len(ACCENTS.findall(text)), MOST_COUNTED))
    strange *= 1.0 if _of_one_language(text) else FOREIGN_COUNTS
    return (confidence + LEAST) * math.pow(common, few) * math.pow(RARE_COUNTS, few * rare) * strange


def _of_one_language(text: str) -> bool:
    """Whether some language has all of the text's Latin letters beyond ASCII; long texts have names out of others."""
    letters = {letter.lower()[0] for letter in text if "À" <= letter <= "ɏ" and letter.isalpha()} - {"i"}  # of İ
    return len(letters) > MOST_LETTERS or any(letters <= alphabet for alphabet in ALPHABETS)


def _no_text(text: str) -> bool:
    """Whether there is so much in it that nobody writes that it is no text at all."""
    return len(CONTROLS.findall(text)) * 50 > len(text) or oddness(text[:LOOKED_AT]) * 20 > len(text[:LOOKED_AT]) + 20


def oddness(text: str) -> int:
    """How many places in it nobody would have written."""
    mixed = sum(_mixed(word) for word in set(WORD.findall(text)) if not word.isascii())
    return mixed + sum(len(kind.findall(text)) for kind in (GLUED, ODD, INSIDE))


def _mixed(word: str) -> bool:
    """Whether a word is of two alphabets, or goes on in capitals after a small letter."""
    alphabets = {unicodedata.name(letter, "?").partition(" ")[0] for letter in word}
    if len(alphabets) > 1 and not alphabets <= EAST_ASIAN:
        return True
    return any(one.islower() and following.isupper() for one, following in pairwise(word))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _named(page: str) -> str:
    """ "cp1252" as people know it."""
    page = page.lower().replace("_", "-")
    if page in NAMES:
        return NAMES[page]
    return page.replace("cp12", "Windows-12") if page.startswith("cp12") else page.upper()
