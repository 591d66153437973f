"""Countries by the names that people write: codes of ISO 3166-1 alpha-2, names from Unicode's CLDR by Babel."""

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from bot.kernel.errors import Refusal

# In CLDR, and no country: groups, parts that have no code of their own in ISO 3166-1, and what is unknown.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_ALSO = {
    "america": "US", "united states of america": "US", "the united states": "US", "great britain": "GB",
    "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "holland": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "korea": "KR", "emirates": "AE", "uae": "AE", "turkey": "TR",
    "ivory coast": "CI", "macedonia": "MK", "burma": "MM", "swaziland": "SZ", "cape verde": "CV", "vatican": "VA",
    "palestine": "PS", "hong kong": "HK", "macau": "MO", "russian federation": "RU", "congo": "CG",
}  # fmt: skip
_TONGUES = ("en", "ar", "bn", "de", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "uk", "ur", "zh")
_USUAL = ("US", "GB", "DE", "FR")


def country_name(code: str) -> str:
    """ "Germany" for "DE"."""
    return str(Locale("en").territories.get(code, code))


def country_of(words: str) -> str:
    """The code of the country that somebody named; raises Refusal where that is none, with the nearest there is."""
    code = country_in(words)
    if code is not None:
        return code
    near = get_close_matches(_plain(words), [_plain(country_name(code)) for code in codes()], n=1, cutoff=0.7)
    meant = f" Did you mean {country_name(_by_name()[near[0]])}?" if near else ""
    raise Refusal(f"I know no country “{words.strip()[:40]}”.{meant} Write it like Germany, or its code like DE.")


def country_in(words: str) -> str | None:
    """The code of the country that these words name, and nothing else; None where they name none."""
    return _by_name().get(_plain(words))


def suggested(language: str) -> Sequence[str]:
    """Four countries to tap for somebody whose app speaks that language: where it is spoken most, and usual ones."""
    parts = language.replace("_", "-").split("-")
    likely = parts[-1].upper() if len(parts) > 1 else str(get_global("likely_subtags").get(parts[0], "")).split("_")[-1]
    return tuple(dict.fromkeys(code for code in (likely, *_USUAL) if code in codes()))[:4]


@lru_cache
def codes() -> frozenset[str]:
    """Every code."""
    known = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in known - _NO_COUNTRY if len(code) == 2)


@lru_cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for tongue in reversed(_TONGUES):  # English, the last, has the last word
        territories = Locale(tongue).territories
        found |= {_plain(str(territories[code])): code for code in codes() if code in territories}
    aliases = {old: new[0] for old, new in get_global("territory_aliases").items() if len(new) == 1 and old.isalpha()}
    found |= {old.casefold(): new for old, new in aliases.items() if new in codes()}
    return found | _ALSO | {code.casefold(): code for code in codes()}


def _plain(words: str) -> str:
    """Without case, accents and full stops, and with one space between words."""
    letters = unicodedata.normalize("NFKD", words.casefold().replace("&", " and ").replace("’", "'"))
    kept = (letter for letter in letters if not unicodedata.combining(letter) and letter not in ".,()")
    return " ".join("".join(kept).split())
