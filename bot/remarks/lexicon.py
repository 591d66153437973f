"""The phrases of `lexicon.txt` as patterns, and the one form in which a message is looked at."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from bot.kernel.text.patterns import LazyPattern

# Letters of Arabic keyboards that Urdu writes otherwise.
_SAME = str.maketrans({"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9", "\u06c1": "\u0647",
                       "\u06c3": "\u0647", "\u0629": "\u0647"})  # fmt: skip
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u2018\u00b4`"))
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SECTION = re.compile(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_ANY = r"(?:[^.!?\n]*?)"


def plain(text: str) -> str:
    """The text in the one form in which it is looked at; sentences and lines stay apart, web addresses go."""
    spread = unicodedata.normalize("NFKD", _ADDRESS.sub(" ", text)).casefold()
    kept = (_digit(letter) for letter in spread if unicodedata.category(letter) not in {"Mn", "Cf"})
    return "".join(kept).translate(_SAME).translate(_APOSTROPHES)


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter


@cache
def _phrases() -> dict[str, str]:
    """The alternatives of each section."""
    written = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    lines = "\n".join(line for line in written.splitlines() if not line.startswith("#"))
    found = {"ANY": _ANY}
    for name, body in _SECTION.findall(lines):
        for earlier, phrases in found.items():
            body = body.replace(f"{{{earlier}}}", phrases)
        found[name] = "|".join(plain(line).replace(" | ", "|") for line in body.splitlines() if line.strip())
    return found


def _within(name: str) -> LazyPattern:
    return LazyPattern(lambda: rf"(?<!\w)(?:{_phrases()[name]})(?!\w)")


def _at_start(name: str) -> LazyPattern:
    return LazyPattern(lambda: rf"[^\w#]*(?:{_phrases()[name]})(?!\w)")


WORK, LENGTH, TOPIC = map(_within, ("WORK", "LENGTH", "TOPIC"))
DO, MAKE, NEED, NO_WORK = map(_within, ("DO", "MAKE", "NEED", "NO_WORK"))
URDU_DO, URDU_ASKS, URDU_EARLIER = map(_within, ("URDU_DO", "URDU_ASKS", "URDU_EARLIER"))
PAST, IS, SENTENCE, OURS = map(_within, ("PAST", "IS", "SENTENCE", "OURS"))
MONEY_BACK, GRIEVANCE, TO_US, CANCEL, CHANGE = map(_within, ("MONEY_BACK", "GRIEVANCE", "TO_US", "CANCEL", "CHANGE"))
HAVE, PRICE, JUST_RIGHT = map(_within, ("HAVE", "PRICE", "JUST_RIGHT"))
ASKS_WITHIN, THANKS, CHAT, YES_OR_NO = map(_within, ("ASKS_WITHIN", "THANKS", "CHAT", "YES_OR_NO"))
AT_HAND, URDU_OBJECT, URDU_MAKE = map(_within, ("AT_HAND", "URDU_OBJECT", "URDU_MAKE"))
URDU_SOME = LazyPattern(lambda: rf"(?:^|.*\s)(?:{_phrases()['URDU_ONE']}) (?!{_phrases()['PART_UR']})\w")
ASKS, TELL, BEFORE, OPINION, TURNED = map(_at_start, ("ASKS", "TELL", "BEFORE", "OPINION", "TURNED"))
NOT_MADE = LazyPattern(lambda: rf"\s+(?:{_phrases()['NOT_MADE']})(?!\w)")
BRIEF = LazyPattern(lambda: rf"(?<!\w)(?:{_phrases()['BRIEF']})\.? *#? *(\d{{3,9}})(?!\w)|(?<!\w)# ?(\d{{3,9}})(?!\w)")
INVOICE = LazyPattern(
    lambda: (
        rf"(?<!\w)(?:{_phrases()['INVOICE']})\.? *(?:(?:no|nr|number|num|n)(?![\w-])\.? *)?"
        r"#? *([a-z0-9-]*\d[a-z0-9-]*)(?!\w)"
    )
)
OF_INVOICE, URDU_FOR = _within("INVOICE"), _within("URDU_FOR")
# "Translate the text": which one, is not said.
THE_WORK = LazyPattern(lambda: rf"\s*(?:the|el|la) (?:\w+ )?(?:{_phrases()['WORK']})(?!\w)")
# A number alone, where what stands beside it says that it names something.
LOOSE = LazyPattern(
    lambda: rf"(?:^|(?<!\w)(?:{_phrases()['NAMES']}) )(\d{{4,9}})(?!\w)(?! ?(?:{_phrases()['UNITS']})(?!\w))"
)
ABOUT = LazyPattern(lambda: rf"([\w ]{{0,30}}?)(?:[:,]|(?<!\w)(?:{_phrases()['ABOUT']})(?!\w)) ?.")
DEFINITE = LazyPattern(lambda: rf"\s*(?:{_phrases()['DEFINITE']})(?!\w)")
OF_DEFINITE = LazyPattern(lambda: rf"(?<!\w)(?:{_phrases()['DEFINITE']}) $")
# "A contract for a garage": whatever it is.
SOME_FOR = LazyPattern(
    lambda: rf"\s*(?:to (?:order|get) )?(?:{_phrases()['ONE']}) ([^.?!]*?) (?:for|about|on|para|sobre|de)(?!\w)"
)
SOME = LazyPattern(lambda: rf"\s*(?:{_phrases()['ONE']}) ((?:\w+ ?){{1,3}})")
THIS = LazyPattern(r"\s*(?:this|the following|esto|lo siguiente)(?!\w)[^:\n]{0,40}:")
