"""What languages are called, in one word, in several languages and in themselves.

By the names of https://cldr.unicode.org, which Babel has. They are kept in a file that `make docs` makes, since Babel
would load some forty locales to tell them, which takes a quarter of a second, and keep them.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale

FILE = Path(__file__).with_name("language_names.tsv")
_COMMON = (
    "ar", "bn", "bg", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "gu", "he", "hi",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ml", "mr", "ms", "nl", "no", "pa", "pl", "pt",
    "ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
# What people say beside CLDR's names.
_ALSO = {"castellano": "es", "castilian": "es", "farsi": "fa", "mandarin": "zh", "انگلش": "en", "سپینش": "es"}
_ALSO |= {"اسپینش": "es", "جرمن": "de", "فرنچ": "fr"}
_SPOKEN_OF_IN = ("en", "es", "de", "fr", "it", "pt", "nl", "ur")


@lru_cache
def codes() -> Mapping[str, str]:
    """The codes by the names, all in small letters."""
    rows = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines())
    return {name: code for code, names in rows for name in names.split()}


def as_made() -> str:
    """What stands in the file: a line for each language, its code and its names."""
    found: dict[str, str] = {}
    for spoken_of_in in _SPOKEN_OF_IN:
        known = Locale(spoken_of_in).languages
        found |= {str(known[code]).casefold(): code for code in _COMMON if code in known}
    found |= {str(Locale(code).get_display_name(code)).casefold(): code for code in _COMMON}
    found |= _ALSO
    names = {code: sorted(name for name in found if found[name] == code and " " not in name) for code in _COMMON}
    return "".join(f"{code}\t{' '.join(names[code])}\n" for code in _COMMON)
