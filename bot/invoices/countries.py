"""Countries by the names that people write: codes of ISO 3166-1 alpha-2, names from Unicode's CLDR by Babel."""

import pickle
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global
from babel.languages import get_official_languages

from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import locale

# In CLDR, and no country: groups, parts that have no code of their own in ISO 3166-1, and what is unknown.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_ALSO = {
    "america": "US", "united states of america": "US", "the united states": "US", "great britain": "GB",
    "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "holland": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "korea": "KR", "emirates": "AE", "uae": "AE", "turkey": "TR",
    "ivory coast": "CI", "macedonia": "MK", "burma": "MM", "swaziland": "SZ", "cape verde": "CV", "vatican": "VA",
    "palestine": "PS", "hong kong": "HK", "macau": "MO", "russian federation": "RU", "congo": "CG",
    "republic of korea": "KR", "日本国": "JP", "中国大陆": "CN", "中华人民共和国": "CN",
}  # fmt: skip
_TONGUES = ("en", "ar", "bn", "de", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "uk", "ur", "zh")
_COUNTRY_IN_THAI = "ประเทศ"  # written before a country's name, without a space
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0061-\U000e007a]{3,}")
ENGLISH = Locale("en")
_USUAL = ("US", "GB", "DE", "FR")


def country_name(code: str) -> str:
    """ "Germany" for "DE", in the reader's language."""
    return _names_in(locale()).get(code, code)


def country_of(words: str) -> str:
    """The code of the country that somebody named; raises Refusal where that is none, with the nearest there is."""
    code = country_in(words)
    if code is not None:
        return code
    known = {_plain(names[code]): code for names in map(_names_in, (ENGLISH, locale())) for code in codes()}
    near = get_close_matches(_plain(words), known, n=1, cutoff=0.7)
    said = words.strip()[:40]
    if near:
        meant = country_name(known[near[0]])
        raise Refusal(
            _(
                "I know no country “{said}”. Did you mean {country}? Write it like Germany, or its code like DE.",
                said=said,
                country=meant,
            )
        )
    raise Refusal(_("I know no country “{said}”. Write it like Germany, or its code like DE.", said=said))


def country_in(words: str) -> str | None:
    """The code of the country that these words name, or whose flag they are; None where they name none."""
    plain = _plain(words)
    if not plain:
        flags = {_of_flag(flag) for flag in _FLAG.findall(words)}
        return flags.pop() if len(flags) == 1 else None
    return _by_name().get(plain) or _by_name().get(plain.removeprefix(_plain(_COUNTRY_IN_THAI)).strip())


def learn() -> None:
    """Read all names, which takes a moment: for a thread of its own, before the first of them is looked up."""
    _by_name()


def suggested(language: str) -> Sequence[str]:
    """Four countries to tap for somebody whose app speaks that language: where it is spoken most, and usual ones."""
    parts = language.replace("_", "-").split("-")
    likely = parts[-1].upper() if len(parts) > 1 else str(get_global("likely_subtags").get(parts[0], "")).split("_")[-1]
    return tuple(dict.fromkeys(code for code in (likely, *_USUAL) if code in codes()))[:4]


@lru_cache
def _names_in(spoken: Locale) -> Mapping[str, str]:
    return {code: str(spoken.territories.get(code) or ENGLISH.territories[code]) for code in codes()}


@lru_cache
def codes() -> frozenset[str]:
    """Every code."""
    known = {str(code) for code in ENGLISH.territories}
    return frozenset(code for code in known - _NO_COUNTRY if len(code) == 2)


@lru_cache
def _by_name() -> dict[str, str]:
    found = _own_names()
    for tongue in reversed(_TONGUES):  # English, the last, has the last word
        territories = Locale(tongue).territories
        found |= {_plain(str(territories[code])): code for code in codes() if code in territories}
    aliases = {old: new[0] for old, new in get_global("territory_aliases").items() if len(new) == 1 and old.isalpha()}
    found |= {old.casefold(): new for old, new in aliases.items() if new in codes()}
    found |= {_plain(also): code for also, code in _ALSO.items()}
    return found | {code.casefold(): code for code in codes()}


def _own_names() -> dict[str, str]:
    """What each country is called in its own official languages.

    Babel would keep all that it reads of 170 languages, and what is read without what it inherits; so it is not asked.
    """
    spoken: defaultdict[str, list[str]] = defaultdict(list)
    for code in sorted(codes()):
        for language in get_official_languages(code, regional=True, de_facto=True):
            spoken[language].append(code)
    found: dict[str, str] = {}
    for language in filter(localedata.exists, spoken):
        with Path(localedata.resolve_locale_filename(language)).open("rb") as file:
            names = pickle.load(file).get("territories", {})  # noqa: S301 - a file of the installed package
        found |= {_plain(str(names[code])): code for code in spoken[language] if code in names}
    return found


def _of_flag(flag: str) -> str | None:
    """Two letters of a flag's own kind; the black flag has further letters behind it, of a part of a country."""
    first = "\U0001f1e6" if flag[0] != "\U0001f3f4" else "\U000e0061"
    letters = [letter for letter in flag if letter != "\U0001f3f4"][:2]
    code = "".join(chr(ord("A") + ord(letter) - ord(first)) for letter in letters)
    return code if code in codes() else None


def _plain(words: str) -> str:
    """Letters and digits without case and accents, with one space between words."""
    letters = unicodedata.normalize("NFKD", words.casefold().replace("&", " and "))
    return " ".join("".join(map(_kept, letters)).split())


def _kept(letter: str) -> str:
    if letter.isalnum() or unicodedata.category(letter) == "Mc":
        return letter
    within = letter in ".'’ʼ" or unicodedata.category(letter) in {"Mn", "Me", "Cf"}
    return "" if within else " "
