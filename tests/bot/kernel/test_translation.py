"""Words in the reader's language and time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from babel.messages.catalog import Catalog

from bot.kernel import translation
from bot.kernel.money import Money
from bot.kernel.text import words
from bot.kernel.translation import (
    Reader,
    best_language,
    gettext,
    laid_out,
    ngettext,
    pgettext,
    pgettext_noop,
    reading_as,
)
from bot.locale.catalogs import translations
from tests.pseudo_locale import LANGUAGE, escaped, installed

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)


LANGUAGES = ("pt", "pl", "fa")  # none that we have a catalogue of


def catalog(language: str) -> Catalog:
    """Two sentences; Polish has three plural forms."""
    made = Catalog(locale=language)
    made.add("{money} for {title}", "{title}: {money}")
    made.add(("{n} brief", "{n} briefs"), ("{n} zlecenie", "{n} zlecenia", "{n} zleceń")[: made.num_plurals])
    return made


@pytest.fixture(autouse=True)
def languages() -> Iterator[None]:
    for language in LANGUAGES:
        translation.install(language, partial(translations, catalog(language)))
    with installed():
        yield
    for language in LANGUAGES:
        translation.uninstall(language)


@pytest.mark.parametrize(
    ("tag", "language"), [("pt", "pt"), ("pt-BR", "pt"), ("PT", "pt"), ("de", "en"), ("", "en"), ("en-XA", "en-XA")]
)
def test_best_language(tag: str, language: str) -> None:
    """An app's language, or its nearest that there is a catalogue of, or English."""
    assert best_language(tag) == language


def test_named_places() -> None:
    """A translation may say things in another order."""
    with reading_as(Reader("pt")):
        assert gettext("{money} for {title}", money="1 EUR", title="Web") == "Web: 1 EUR"


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 zlecenie"), (3, "3 zlecenia"), (5, "5 zleceń"), (12_000, "12\xa0000 zleceń")]
)
def test_plural(n: int, said: str) -> None:
    """A language has as many plural forms as it has, and its own way with large numbers."""
    with reading_as(Reader("pl")):
        assert ngettext("{n} brief", "{n} briefs", n) == said


def test_one_english_sentence_of_two_meanings() -> None:
    """What English says in one way is told apart by its context, also where it was marked before; without a translation
    in that context it is English, and never the mark.
    """
    made = Catalog(locale="pt")
    made.add("Paid", "Pago", context="brief")
    made.add("Paid", "Paga", context="invoice")
    translation.install("pt", partial(translations, made))
    with reading_as(Reader("pt")):
        assert pgettext("brief", "Paid") == "Pago"
        assert gettext(pgettext_noop("invoice", "Paid")) == "Paga"
        assert gettext(pgettext_noop("replay", "Paid {n}"), n=1) == "Paid 1"
    assert gettext(pgettext_noop("invoice", "Paid")) == "Paid"


def test_amounts_in_a_row() -> None:
    """In Persian the amounts of a list keep to themselves, so that no currency goes over to another's figure."""
    amounts = ["260.00 EUR", "320.00 USD"]
    assert words.in_a_row(amounts) == "260.00 EUR, 320.00 USD"
    with reading_as(Reader("fa")):
        assert words.in_a_row(amounts).startswith("\u2068260.00 EUR\u2069")
        assert words.in_a_row(amounts).endswith("\u2068320.00 USD\u2069")
        assert words.in_a_row(amounts[:1]) == "260.00 EUR"


def test_right_to_left() -> None:
    """In Persian each value stands isolated, so that a Latin name does not turn the sentence round."""
    with reading_as(Reader("fa")):
        assert gettext("{money} for {title}", money="1 EUR", title="Web") == "\u200f\u2068Web\u2069: \u20681 EUR\u2069"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("See /brief_{x}.", "\u200fSee \u2068/brief_7\u2069."),
        ("Try /report day, or /jobs.", "\u200fTry \u2068/report day\u2069, or \u2068/jobs\u2069."),
        ("نام {x}", "نام \u20687\u2069"),
        ("/brief_{x} نام", "\u200f\u2068/brief_7\u2069 نام"),
        ("نام\nStripe {x}", "نام\n\u200fStripe \u20687\u2069"),
        ("<b>نام</b> in .env", "<b>نام</b> in \u2068.env\u2069"),
        ("/flags intake 1,2, and so on", "\u200f\u2068/flags intake 1,2\u2069, and so on"),
        ("<b>{x}</b> as text/html", "\u200f<b>\u20687\u2069</b> as text/html"),
        ('<a href="{x}">{x}</a>', '\u200f<a href="7">\u20687\u2069</a>'),
        ("{x} of {x}", "\u200f\u20687\u2069 of \u20687\u2069"),
        ("{x}: {y}", "\u200f\u20687\u2069: \u2068نام\u2069"),
        ("{y}: {x}", "\u200f\u2068نام\u2069: \u20687\u2069"),
        ("نام {x} MB", "نام \u2068\u20687\u2069 MB\u2069"),
        ("نام 20 MB نام", "نام \u206820 MB\u2069 نام"),
        ("نام ?sslmode=require نام", "نام \u2068?sslmode=require\u2069 نام"),
    ],
)
def test_right_to_left_commands(sentence: str, said: str) -> None:
    """What is Latin stands apart, a line that begins with it runs from the right, and links and commands stay whole."""
    with reading_as(Reader("fa")):
        assert gettext(sentence, x=7, y="نام") == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<i>Alice: سلام</i>", "<i>\u200fAlice: سلام</i>"),
        ("/brief_7 نام", "\u200f\u2068/brief_7\u2069 نام"),
        ("نام /job_a، /job_b", "نام \u2068/job_a\u2069، \u2068/job_b\u2069"),
        ("نام \u2068/brief_7\u2069, https://a.b/c", "نام \u2068/brief_7\u2069, https://a.b/c"),
        ("نام Alice", "نام Alice"),
        ("All of it is Latin.", "All of it is Latin."),
        ("Web\nWeb نام", "Web\n\u200fWeb نام"),
    ],
)
def test_right_to_left_lines(line: str, said: str) -> None:
    """A line that was put together and begins with a Latin name is marked too, behind its tags, and its commands stand
    apart; only in Persian.
    """
    with reading_as(Reader("fa")):
        assert laid_out(line) == said
    with reading_as(Reader("pl")):
        assert laid_out(line) == line


def test_readers_do_not_meet() -> None:
    """What is made for one reader within what is made for another is in the words of each."""
    with reading_as(Reader("pl")):
        with reading_as(Reader("en")):
            assert ngettext("{n} brief", "{n} briefs", 2) == "2 briefs"
        assert ngettext("{n} brief", "{n} briefs", 2) == "2 zlecenia"


def test_a_zone_that_is_gone() -> None:
    """Whose zone this machine does not know is answered all the same, and reads which zone it is."""
    with reading_as(Reader("en", "Nowhere/Atlantis")):
        assert words.clock(AT) == "14:03 UTC"


def test_time_zone() -> None:
    """A moment is told in the reader's time zone, across midnight too."""
    with reading_as(Reader("en", "Asia/Karachi")):
        assert words.clock(AT) == "19:03 GMT+5"
        assert words.moment(AT + timedelta(hours=8)) == "Fri 27 Nov, 03:03 GMT+5"


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (Reader("en", "Europe/Berlin"), "15:03 GMT+1"),
        (Reader("es", "Europe/Berlin"), "15:03 CET"),
        (Reader("en", "America/New_York"), "09:03 EST"),
        (Reader("en", "Asia/Kolkata"), "19:33 GMT+5:30"),
        (Reader("en", "America/St_Johns"), "10:33 GMT-3:30"),
        (Reader("ur", "Africa/Abidjan"), "14:03 GMT"),
    ],
)
def test_names_of_zones(reader: Reader, said: str) -> None:
    """A time says its zone by the letters that the reader's language has for it, else by what it is ahead of GMT."""
    with reading_as(reader):
        assert words.clock(AT) == said


@pytest.mark.parametrize(("language", "said"), [("en", "1,240.00 USD"), ("es", "1.240,00 USD"), ("ur", "1,240.00 USD")])
def test_money(language: str, said: str) -> None:
    """Amounts are written the reader's way, with the currency's own decimals."""
    with reading_as(Reader(language)):
        assert str(Money(124_000, "USD")) == said


@pytest.mark.parametrize(
    ("language", "places", "said"),
    [("en", 0, "14 %"), ("en", 1, "14.3 %"), ("es", 1, "14,3\xa0%"), ("ur", 2, "14.29%")],
)
def test_percent(language: str, places: int, said: str) -> None:
    """A share is written the reader's way, with so many decimal places."""
    with reading_as(Reader(language)):
        assert translation.percent(1 / 7, places) == said


def test_percent_of_change() -> None:
    """A change says its direction."""
    assert [translation.percent(change, signed=True) for change in (0.08, -0.08)] == ["+8 %", "-8 %"]


def test_money_of_three_decimals() -> None:
    """CLDR's digits differ from the ones that amounts have at providers, and are not used."""
    assert [str(Money(5_000, code)) for code in ("KWD", "JPY", "HUF")] == ["5.000 KWD", "5,000 JPY", "50.00 HUF"]


def test_ordinary_decimals() -> None:
    """Large amounts are exact."""
    assert translation.decimal(Decimal("123456789012345678.99"), 2) == "123,456,789,012,345,678.99"


def test_escaped_text_is_found() -> None:
    """The pseudo-locale tells a text that was not translated from one that was, and from what people wrote."""
    with reading_as(Reader(LANGUAGE)):
        shown = f"{gettext('<b>{money} for {title}</b>', money='1 EUR', title='Website')} Paid /brief_1042"
    assert shown.startswith("⟦<b>1 EUR fór Website</b>")
    assert escaped(shown, data=["Website", "EUR"]) == ["Paid"]
