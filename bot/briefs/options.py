"""What a person may wish for a brief besides its text, read from what they write: a deadline, a language, a line.

Languages are codes of https://www.rfc-editor.org/info/bcp47, by Babel's names; "" is that of the brief's own text.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from unicodedata import combining, normalize

from babel import Locale

from bot.kernel import translation
from bot.kernel.card import escape
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.tenants.office_hours import OfficeHours

OFFERED = ("", "en", "es", "ur", "de", "fr")
BY_CHOICE = {code or "same": code for code in OFFERED}  # by the names by which buttons carry them


def language_name(code: str) -> str:
    """ "Spanish" for "es", as models are told it."""
    return str(Locale("en").languages.get(code, code))


def language_words(code: str) -> str:
    """What its reader calls it."""
    return str(translation.locale().languages.get(code, code)) if code else _("Same as my text")


def in_language(code: str) -> str:
    """That a text is to be written in it, behind what else is said of the work; "" where nobody wished for one."""
    if not code:
        return ""
    # Translators: the language that a text is to be written in, as in "Drafting · in Spanish".
    said = _("in {language}", language=escape(language_words(code)))
    return f" · {said}"


def language_of(words: str) -> str:
    """The code of a language that somebody named, in English, in theirs, in the language itself, or by its code.

    Raises Refusal for what names none.
    """
    named = words.strip().casefold()
    code = _codes().get(named) or _called(translation.reader().language).get(_bare(named))
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
    return {_bare(str(name).casefold()): str(code) for code, name in translation.locale().languages.items()}


def _bare(name: str) -> str:
    """Without the marks that few people type: "português" as "portugues", Urdu without its short vowels."""
    return "".join(sign for sign in normalize("NFKD", name) if not combining(sign))


def deadline_in(days: int, now: datetime, hours: OfficeHours) -> datetime:
    """The end of the working day in so many days, by the reader's clocks; of the first after a day off."""
    there = translation.local(now)
    day = hours.working_day(there.date() + timedelta(days=days))
    return hours.end_of(day, translation.zone()).astimezone(UTC)


def written_deadline(words: str, now: datetime, hours: OfficeHours) -> datetime:
    """The end of the working day that was written: "tomorrow", "Friday", or a date, which may be a day off.

    Raises Refusal for what is no day to come.
    """
    today = translation.local(now).date()
    named = words.strip().casefold()
    if named in {"tomorrow", _("Tomorrow").casefold()}:
        return deadline_in(1, now, hours)
    try:
        day = day_named(named, today) or date.fromisoformat(named)
    except ValueError:
        raise Refusal(
            _("“{words}” is not a date I can read. Write it like 2026-12-24, or tap one.", words=words[:40])
        ) from None
    deadline = hours.end_of(day, translation.zone()).astimezone(UTC)
    if deadline < now:
        raise Refusal(_("{day} is over. Write a day to come, like 2026-12-24, or tap one.", day=words.strip()))
    return deadline


def day_named(named: str, today: date) -> date | None:
    """The day that is called that: today, or the next one of that day of the week; None where it is none."""
    if named in {"today", _("Today").casefold()}:
        return today
    for language in (Locale("en"), translation.locale()):
        for width in ("wide", "abbreviated"):
            names = {name.casefold().rstrip("."): day for day, name in language.days["format"][width].items()}
            if named in names:
                return today + timedelta(days=(names[named] - today.weekday() - 1) % 7 + 1)
    return None


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
