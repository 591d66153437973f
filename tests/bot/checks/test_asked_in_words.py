"""Lengths and languages as clients ask for them in English, Spanish and Urdu: in words, anywhere in a sentence."""

from dataclasses import replace

import pytest

from bot.checks import lengths
from bot.checks.checks import Flaw
from tests.bot.checks.test_plain_checks import FAR_LANGUAGES, WRITE, flaws


@pytest.mark.parametrize(
    ("asked", "count", "fits"),
    [
        ("one hundred and twenty words", 20, False), ("twenty-five words", 200, False),
        ("two thousand words", 100, False), ("between one hundred and two hundred words", 150, True),
        ("between one hundred and two hundred words", 400, False), ("a few hundred words", 900, True),
        ("not over 80 words", 200, False), ("cincuenta palabras", 200, False), ("quince palabras", 100, False),
        ("ciento cincuenta palabras", 30, False), ("ciento cuarenta y cinco palabras", 145, True),
        ("mil palabras", 200, False), ("dos mil palabras", 300, False), ("trescientas cincuenta palabras", 100, False),
        ("por lo menos 300 palabras", 900, True), ("200 palabras o menos", 40, True),
        ("200 palabras o menos", 400, False), ("200 palabras o más", 900, True), ("sin exceder 100 palabras", 40, True),
        ("que no supere los 280 caracteres", 300, False), ("cent cinquante mots", 30, False),
        ("سو الفاظ", 400, False), ("پچاس الفاظ", 300, False), ("دو سو الفاظ", 40, False), ("دو سو الفاظ", 200, True),
        ("ڈیڑھ سو الفاظ", 20, False), ("ساڑھے تین سو الفاظ", 340, True), ("ایک ہزار الفاظ", 100, False),
        ("200 لفظوں میں", 40, False), ("۲۰۰ الفاظ", 50, False), ("زیادہ سے زیادہ سو الفاظ", 300, False),
        ("300 الفاظ سے زیادہ نہ ہو", 60, True), ("300 الفاظ سے زیادہ نہ ہو", 900, False),
        ("300 الفاظ سے کم", 60, True), ("300 الفاظ سے زیادہ", 900, True), ("اسی صفحے پر", 5, True),
    ],
)  # fmt: skip
def test_length_in_words(asked: str, count: int, fits: bool) -> None:
    """A number that is spelled counts as its figures do, and so does what bounds it, before or behind."""
    assert (lengths.missed(f"Nota: {asked}.", "palabra " * count) is None) is fits


def test_it_is_told_as_it_was_said() -> None:
    """What was asked for is told in the client's own words, not in figures."""
    missed = lengths.missed("Write a note of two hundred and fifty words, and a title of six words.", "word " * 20)
    assert missed is not None
    assert missed.say() == "it has 20 words where the brief says “two hundred and fifty words”"


LAMP = "about our solar lamp for people who like to camp"
LAMPARA = "sobre nuestra lámpara solar para quienes acampan"
ASKED_FOR = [
    (f"Write an email in Spanish to our landlord {LAMP}.", "es"),
    (f"Write a page in Spanish that is {LAMP}.", "es"),
    (f"Please write it in Spanish (Latin America), a page {LAMP}.", "es"),
    (f"Write a page in Spanish - {LAMP}.", "es"),
    (f"Language: Spanish. Write a page {LAMP}.", "es"),
    (f"The language must be Spanish. It is {LAMP}.", "es"),
    (f"Reply in Urdu to this: we write {LAMP}.", "ur"),
    (f"Escribe una carta en urdu a nuestro casero {LAMPARA}.", "ur"),
    (f"Traduce a urdu: una página {LAMPARA}.", "ur"),
    (f"Idioma: francés. Escribe una página {LAMPARA}.", "fr"),
    (f"El texto debe estar en alemán y ser {LAMPARA}.", "de"),
    ("اس متن کا ہسپانوی ترجمہ کریں: یہ شمسی لیمپ ہلکا ہے اور بارہ گھنٹے چلتا ہے۔", "es"),
    ("اس متن کا ہسپانوی زبان میں ترجمہ کریں: یہ شمسی لیمپ ہلکا ہے اور بارہ گھنٹے چلتا ہے۔", "es"),
    ("زبان: ہسپانوی۔ ہمارے شمسی لیمپ کے بارے میں ایک صفحہ لکھیں جو کیمپ لگانے والوں کے لیے ہو۔", "es"),
    ("جرمن میں ایک صفحہ لکھیں جو ہمارے شمسی لیمپ کے بارے میں ہو اور کیمپ والوں کے لیے ہو۔", "de"),
]


@pytest.mark.parametrize(("text", "language"), ASKED_FOR)
def test_language_anywhere_in_the_sentence(text: str, language: str) -> None:
    """A draft in the language that is asked for is left alone, and one in any other is found."""
    brief = replace(WRITE, text=text, language="")
    found = {code for code, draft in FAR_LANGUAGES.items() if Flaw.LANGUAGE not in flaws(brief, draft)}
    assert found == {language}


@pytest.mark.parametrize(
    "text",
    [
        "Write a page about our courses in Spanish and French for adults this autumn.",
        "Write a page about learning a language, Spanish or French, with us in Madrid.",
        "Write about what English-speaking guests like best in our Spanish restaurant.",
    ],
)
def test_language_that_is_only_spoken_of(text: str) -> None:
    """A language that the work is about is not the one that it has to be in."""
    english = "The lamp is light and bright. It runs for twelve hours, and charges in the sun while you walk."
    assert Flaw.LANGUAGE not in flaws(replace(WRITE, text=text, language=""), english)
