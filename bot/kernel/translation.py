"""Words in the language of whoever reads them: sentences by gettext, numbers and dates by CLDR.

The English sentence is the key and stands in the code: `_("{money} for brief {brief}", money=…, brief=…)`. Values are
ready to be shown: escaped where they came from outside. Whoever shows something to a person does it `reading_as` that
person; what is made without one is in the installation's language.
https://docs.python.org/3/library/gettext.html, https://cldr.unicode.org, by Babel.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date as day_of_calendar
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from gettext import NullTranslations
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, get_timezone_name
from babel.numbers import format_compact_decimal, format_decimal, format_percent

SOURCE_LANGUAGE = "en"
# A command with what is typed behind it, "/report day"; ".env"; "?sslmode=require"; and "20 MB", with its unit.
_TYPED = r"[\w%/:+-]+(?:,[\w%/:+-]+)*|\{\w+\}"
_LATIN = re.compile(
    rf"(?<![\w/<])/[a-z]\w*(?:\{{\w+\}})?(?: (?:{_TYPED}))*|(?<![\w.])\.[a-z]+\b"
    r"|(?<!\S)\?\w+=[\w-]+|(?:\{\w+\}|(?<![\w.,])\d+) (?:MB|kB|USD|ms|h)\b",
    re.ASCII,
)
_COMMAND = re.compile(r"""(?<![\w/<"\u2068])/[a-z]\w*""", re.ASCII)  # that stands in a line by itself
# A number in a command, and an address in a tag, are no words: a sign of direction among them would break them.
_NO_WORD = re.compile(r"""(?<=\w_)\{(\w+)\}|(?<==")\{(\w+)\}(?=")""")
_CONTEXT_ENDS = (
    "\x04"  # as in gettext's own catalogues: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
)
# https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
FIRST_STRONG_ISOLATE, POP_ISOLATE, RIGHT_TO_LEFT_MARK = "\u2068", "\u2069", "\u200f"
_TAG = re.compile(r"<[^>]*>")
_LEADING_TAGS = re.compile(r"(?:<[^>]*>)*")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads. language: one that there is a catalogue of. zone: of the IANA's time zones."""

    language: str = SOURCE_LANGUAGE
    zone: str = "UTC"


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)
_home = Reader()  # of the installation
_catalogs: dict[str, Callable[[], NullTranslations]] = {SOURCE_LANGUAGE: cache(NullTranslations)}


def install(language: str, catalog: Callable[[], NullTranslations]) -> None:
    """Have a language's catalogue. language: a BCP 47 tag that CLDR knows: "es", "pt-BR".

    catalog: reads it, where somebody first reads in the language: of thousands of sentences that takes a while.
    """
    _catalogs[language] = cache(catalog)


def uninstall(language: str) -> None:
    """Have it no more."""
    _catalogs.pop(language, None)


def languages() -> tuple[str, ...]:
    """The languages that there is a catalogue of."""
    return tuple(sorted(_catalogs))


def best_language(*tags: str) -> str:
    """The language to speak with somebody whose app says the first tag: that one, or the same of another country; else
    the same of the next, and English in the end.
    """
    known = {language.lower(): language for language in _catalogs}
    for tag in map(str.lower, tags):
        if found := known.get(tag) or known.get(tag.partition("-")[0]):
            return found
    return SOURCE_LANGUAGE


def settle(at_home: Reader) -> None:
    """Say in which words the installation speaks to nobody in particular."""
    global _home
    _home = at_home


def warm_up() -> None:
    """Read what would else be read where somebody waits: the catalogues, and what CLDR knows of the installation's
    language, which is thousands of patterns.
    """
    for catalog in tuple(_catalogs.values()):
        catalog()
    locale_of(_home.language).decimal_formats  # noqa: B018 - its first look reads them


def home() -> Reader:
    """For whom is made what is for nobody in particular."""
    return _home


@contextmanager
def reading_as(reader: Reader) -> Iterator[None]:
    """What is made within is for this reader."""
    before = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(before)


def reader() -> Reader:
    """For whom what is made now is."""
    return _reader.get() or _home


def locale() -> Locale:
    """What CLDR knows of the reader's language."""
    return locale_of(reader().language)


def gettext(message: str, /, **values: object) -> str:
    """The sentence in the reader's language, its named placeholders filled in. Raises KeyError where one is missing."""
    if _CONTEXT_ENDS in message:  # `pgettext_noop` marked it
        context, _between, sentence = message.rpartition(_CONTEXT_ENDS)
        return pgettext(context, sentence, **values)
    language = reader().language
    return _filled(language, _catalogs[language]().gettext(message), values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """The same, of a sentence that English says in one way and other languages in several: "Paid" of a brief, and of an
    invoice. context: which of these it is, in a word.
    """
    language = reader().language
    return _filled(language, _catalogs[language]().pgettext(context, message), values)


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The same, in the plural form that the language has for `n`, which is written where the sentence says {n}."""
    language = reader().language
    return _filled(language, _catalogs[language]().ngettext(one, many, n), {"n": number(n), **values})


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues that is translated later, by `gettext` of what holds it."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """The same, of a sentence with a context, as `pgettext` has it. What it returns is for `gettext` alone."""
    return f"{context}{_CONTEXT_ENDS}{message}"


def number(value: int) -> str:
    """ "1,200", as the reader writes it."""
    return _number(value, reader().language)


def decimal(value: Decimal, places: int, *, grouped: bool = True) -> str:
    """ "1,240.00", as the reader writes it, with so many decimal places."""
    pattern = ("#,##0" if grouped else "0") + (f".{'0' * places}" if places else "")
    return format_decimal(value, pattern, locale_of(reader().language))


def compact(value: float) -> str:
    """ "1.2K", "1,2 mil": a round number as the reader writes it in little room."""
    return format_compact_decimal(value, format_type="short", locale=locale_of(reader().language), fraction_digits=1)


def percent(share: float, places: int = 0, *, signed: bool = False) -> str:
    """ "5 %" or "4.9 %" of 1, "+5 %" where it is a change, as the reader writes it; in English with the space that SI
    wants (https://www.bipm.org/en/publications/si-brochure, 5.4.7).
    """
    language = locale_of(reader().language)
    pattern = "0 %" if language.language == SOURCE_LANGUAGE else language.percent_formats[None].pattern
    if places:
        pattern = pattern.replace("0", f"0.{'0' * places}")
    return format_percent(share, f"+{pattern};-{pattern}" if signed else pattern, language)


def date(at: datetime, pattern: str) -> str:
    """A moment in the reader's time zone, by a pattern of CLDR: "EEE d MMM" is "Thu 26 Nov"."""
    there, language = local(at), locale()
    if "z" in pattern:
        name = _zone_name(there, language).replace("'", "''")
        pattern = pattern.replace("z", f"'{name}'")
    return format_datetime(there, pattern, tzinfo=there.tzinfo, locale=language)


def _zone_name(there: datetime, language: Locale) -> str:
    """ "CET" where readers of the language say so, else "GMT+5:30", as CLDR has it and Babel has not."""
    name = get_timezone_name(there, width="short", locale=language)
    if name[:1] not in {"+", "-"}:
        return name
    ahead = round((there.utcoffset() or timedelta()).total_seconds() / 60)
    hours, minutes = divmod(abs(ahead), 60)
    offset = f"{'-' if ahead < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")
    return str(language.zone_formats["gmt"]).replace("%s", offset if ahead else "").strip()


def local(at: datetime) -> datetime:
    """The moment by the clocks of the reader's time zone."""
    return at.astimezone(zone())


def zone() -> ZoneInfo:
    """The reader's time zone; UTC where this machine does not know it any more, so that they are answered at all."""
    return _zone_of(reader().zone)


def full_date(day: day_of_calendar) -> str:
    """ "2 December 2026": the day first in English, as everywhere here."""
    language = reader().language
    return format_date(day, "long", locale=Locale("en", "GB") if language == SOURCE_LANGUAGE else locale_of(language))


def calendar_day(day: day_of_calendar, pattern: str) -> str:
    """A day that is the same one in every time zone."""
    return format_date(day, pattern, locale=locale_of(reader().language))


def _filled(language: str, said: str, values: dict[str, object]) -> str:
    if not _right_to_left(language):
        return said.format_map(values) if values else said
    said = _latin_apart(said)
    if values:
        said = _NO_WORD.sub(r"{\1\2 bare}", said)
        bare = {f"{name} bare": value for name, value in values.items()}
        isolated = {name: f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}" for name, value in values.items()}
        said = said.format_map(isolated | bare)
    return "\n".join(map(_from_the_right, said.split("\n")))


def apart(text: str) -> str:
    """A text that stands beside others, such as an amount in a list of them, for who reads it: its letters and figures
    keep to themselves where the others run from the right.
    """
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if _right_to_left(reader().language) else text


@lru_cache(4096)
def _latin_apart(said: str) -> str:
    """ "/report day" among words that run to the left: its slash would else stand at its other end."""
    return _LATIN.sub(rf"{FIRST_STRONG_ISOLATE}\g<0>{POP_ISOLATE}", said)


def _from_the_right(line: str) -> str:
    """The line, marked where its first letter would have it laid out from the left (rules P2 and P3 of UAX #9).

    By these rules isolated letters do not count, so that a line of values alone has none; in some programs they do. It
    is marked unless it runs from the right either way.
    """
    words = _TAG.sub("", line)
    runs = _begins_at_the_right(words, isolated=True) and _begins_at_the_right(words, isolated=False)
    return line if runs or not line else f"{RIGHT_TO_LEFT_MARK}{line}"


def _begins_at_the_right(words: str, *, isolated: bool) -> bool:
    depth = 0
    for letter in words:
        depth += (letter == FIRST_STRONG_ISOLATE) - (letter == POP_ISOLATE)
        if (isolated or not depth) and (way := bidirectional(letter)) in {"L", "R", "AL"}:
            return way != "L"
    return False


def laid_out(text: str) -> str:
    """Text that was put together, for who reads it: a line that begins with Latin letters, such as a name or a command,
    and goes on in those of a language that runs from the right is marked, and its commands stand apart, since their
    slash would else go to the other end. A line of Latin letters alone stays as it is.
    """
    if not _right_to_left(reader().language):
        return text
    return "\n".join(map(_mixed_from_the_right, text.split("\n")))


def _mixed_from_the_right(line: str) -> str:
    """The mark stands behind tags, since before a quote it would be a line of its own."""
    if not any(bidirectional(letter) in {"R", "AL"} for letter in _TAG.sub("", line)):
        return line
    tags = _LEADING_TAGS.match(line)
    begins = tags.end() if tags else 0
    apart = _COMMAND.sub(rf"{FIRST_STRONG_ISOLATE}\g<0>{POP_ISOLATE}", line[begins:])
    return line[:begins] + _from_the_right(apart)


@lru_cache(4096)
def _number(value: int, language: str) -> str:
    return f"{value:,}" if language == SOURCE_LANGUAGE else format_decimal(value, locale=locale_of(language))


@lru_cache
def _zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def right_to_left() -> bool:
    """Whether the reader's language runs from the right."""
    return _right_to_left(reader().language)


@lru_cache
def _right_to_left(language: str) -> bool:
    # CLDR's data of English takes 4 MB, which a process that reads a file need not have
    return language != SOURCE_LANGUAGE and locale_of(language).text_direction == "rtl"


@lru_cache
def locale_of(language: str) -> Locale:
    """What CLDR knows of a language, by its BCP 47 tag."""
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:  # a country that CLDR has nothing of
        return Locale.parse(language.partition("-")[0])
