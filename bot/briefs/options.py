"""What a person may wish for a brief besides its text, read from what they write: a deadline, a language, a line.

Languages are codes of https://www.rfc-editor.org/info/bcp47, by Babel's names; "" is that of the brief's own text.
"""

from datetime import UTC, datetime
from functools import lru_cache

from babel import Locale

from bot.kernel import translation
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _

OFFERED = ("", "en", "es", "ur", "de", "fr")
BY_CHOICE = {code or "same": code for code in OFFERED}  # by the names by which buttons carry them


def language_name(code: str) -> str:
    """ "Spanish" for "es", as models are told it."""
    return str(Locale("en").languages.get(code, code))


def language_words(code: str) -> str:
    """What its reader calls it."""
    return str(translation.locale().languages.get(code, code)) if code else _("Same as my text")


def language_of(words: str) -> str:
    """The code of a language that somebody named, in English, in theirs, in the language itself, or by its code.

    Raises Refusal for what names none.
    """
    named = words.strip().casefold()
    code = _codes().get(named) or _called(translation.reader().language).get(named)
    if code is None:
        raise Refusal(
            _(
                "I know no language “{words}”. Write it like Portuguese, or its code like pt.",
                words=words.strip()[:40],
            )
        )
    return code


@lru_cache
def _codes() -> dict[str, str]:
    known = {str(code): str(name) for code, name in Locale("en").languages.items()}
    codes = {code.casefold(): code for code in known} | {name.casefold(): code for code, name in known.items()}
    for code in ("ar", "bn", "de", "es", "fr", "hi", "it", "ja", "nl", "pa", "pl", "pt", "ru", "tr", "uk", "ur", "zh"):
        codes[str(Locale(code).get_display_name(code)).casefold()] = code
    return codes


@lru_cache
def _called(language: str) -> dict[str, str]:  # noqa: ARG001 - by which what is read of the reader's locale is kept
    return {str(name).casefold(): str(code) for code, name in translation.locale().languages.items()}


def written_deadline(words: str, now: datetime) -> datetime:
    """The end of the working day that was written; raises Refusal for what is no day to come."""
    try:
        deadline = datetime.strptime(words.strip(), "%Y-%m-%d").replace(hour=17, tzinfo=UTC)
    except ValueError:
        raise Refusal(
            _("“{words}” is not a date I can read. Write it like 2026-12-24, or tap one.", words=words[:40])
        ) from None
    if deadline < now:
        raise Refusal(_("{day} is over. Write a day to come, like 2026-12-24, or tap one.", day=words.strip()))
    return deadline


def written_target(words: str) -> int:
    """A score from 0 to 100; raises Refusal for anything else."""
    if not words.strip().isdecimal() or len(words.strip()) > 3 or int(words) > 100:
        raise Refusal(
            _(
                "“{words}” is no QA target. Write a whole number from 0 to 100, such as 85, or tap one.",
                words=words[:40],
            )
        )
    return int(words)
