"""RTF as programs wrote it over thirty years: code pages, fonts of symbols, struck words, numbers of lists."""

import pytest

from tests.reading import reading

FONTS = rb"{\fonttbl{\f0\fswiss Arial;}{\f1\ftech\fcharset2 Symbol;}{\f2\fcharset2 Wingdings;}}"


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (rb"{\rtf1\mac gr\'9f\'a7e}", "grüße"),
        (rb"{\rtf1\pca gr\'81\'e1e}", "grüße"),
        (rb"{\rtf1\pc \'9c5}", "£5"),
        (rb"{\rtf1\mac\ansicpg1252 gr\'fc\'dfe}", "grüße"),
        (rb"{\rtf1\ansi" + FONTS + rb"{\f1\'a3}5 kg {\f1\fs20 \'b3}3}", "≤5 kg ≥3"),
        (rb"{\rtf1\ansi" + FONTS + rb"a {\f2\'e0} b {\f0\'a3}}", "a → b £"),
        (rb"{\rtf1\ansi It costs {\strike 40 EUR} 30 EUR}", "It costs ~~40 EUR~~ 30 EUR"),
        (rb"{\rtf1\ansi It costs \strike 40 EUR\strike0  30 EUR}", "It costs ~~40 EUR~~ 30 EUR"),
        (rb"{\rtf1\ansi {\pntext\f0 2.\tab}two}", "2.\ttwo"),
        (rb"{\rtf1\ansi {\listtext\tab 2.\tab}two}", "2.\ttwo"),
    ],
)
def test_what_is_shown(source: bytes, read: str) -> None:
    """Letters, signs, lines and numbers are read as a word processor shows them."""
    assert reading("brief.rtf", source).text == read
