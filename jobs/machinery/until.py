"""Until when something is to wait: a moment to come, as a person writes it in their language and by their clocks."""

import re
from datetime import UTC, date, datetime, time, timedelta

from bot.briefs.options import day_named
from bot.kernel import translation
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _

LONGEST = timedelta(days=30)
SPAN = re.compile(r"(\d{1,3})\s*([^\W\d_]+)\.?")
TIME = re.compile(r"(?:(.*)\s)?(\d{1,2})[:.](\d{2})")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# How units are written in the languages that the program speaks.
UNITS = {
    timedelta(minutes=1): ("min", "mins", "minute", "minutes", "minuto", "minutos", "منٹ"),
    HOUR: ("h", "hr", "hour", "hours", "hora", "horas", "گھنٹہ", "گھنٹے"),
    DAY: ("d", "day", "days", "día", "días", "dia", "dias", "دن"),
    7 * DAY: ("w", "week", "weeks", "semana", "semanas", "ہفتہ", "ہفتے"),
}
SPANS = {word: span for span, words in UNITS.items() for word in words}


def until(words: str, now: datetime) -> datetime:
    """The moment that the words mean: "3 h", "18:00", "tomorrow 9:00", "Friday", "2026-12-24 08:00".

    A day alone is its beginning. Raises Refusal for what is none, is over, or is further away than LONGEST.
    """
    said = " ".join(words.split()).casefold()
    at = _span(said, now) or _moment(said, now)
    if at is None:
        raise Refusal(
            _(
                "“{words}” is no time I can read. Write it like 18:00, tomorrow 9:00, Friday, 2026-12-24 08:00 or 3 h.",
                words=words.strip()[:40],
            )
        )
    if at <= now:
        raise Refusal(_("That time is over. Write one to come, such as tomorrow 9:00 or 3 h."))
    if at - now > LONGEST:
        raise Refusal(_("That is more than {n} days ahead, which is the most. Write an earlier time.", n=LONGEST.days))
    return at


def _span(said: str, now: datetime) -> datetime | None:
    found = SPAN.fullmatch(said)
    unit = SPANS.get(found[2]) if found is not None else None
    return None if found is None or unit is None else now + int(found[1]) * unit


def _moment(said: str, now: datetime) -> datetime | None:
    there, found = translation.local(now), TIME.fullmatch(said)
    if not said:
        return None
    try:
        clock = time() if found is None else time(int(found[2]), int(found[3]))
        day = _day((found[1] or "") if found is not None else said, there.date())
    except ValueError:
        return None
    if day is None:  # a time alone is the next time that clocks show it
        day = there.date() if clock > there.time() else there.date() + DAY
    return datetime.combine(day, clock, translation.zone()).astimezone(UTC)


def _day(said: str, today: date) -> date | None:
    """The day; None where none is named. Raises ValueError for what is no day."""
    if not said:
        return None
    if said in {"tomorrow", _("Tomorrow").casefold()}:
        return today + DAY
    return day_named(said, today) or date.fromisoformat(said)
