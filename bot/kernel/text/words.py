"""Numbers and times the way a person reads them, in the language and time zone of whoever that is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.kernel import translation
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext

MICRO_CENT = 10_000  # millionths of a dollar
# Of fewer than this a percentage says more than is known.
FEW = 20


def duration(span: timedelta) -> str:
    """ "48 s", "12 min", "2 h 10 min", "3 days": the two largest units that matter, and no more."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return _("{seconds} s", seconds=seconds)
    minutes = (seconds + 30) // 60
    if minutes < 60:
        return _("{minutes} min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes) if minutes else _("{hours} h", hours=hours)
    return ngettext("{n} day", "{n} days", hours // 24)


def playing_time(seconds: int) -> str:
    """ "0:42", "1:02:05": how long a recording plays."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def due(deadline: datetime, now: datetime) -> str:
    """ "due in 3 h", "3 h late"."""
    if deadline >= now:
        return _("due in {time}", time=duration(deadline - now))
    return _("{time} late", time=duration(now - deadline))


def clock(at: datetime) -> str:
    """ "14:03 UTC"."""
    return translation.date(at, "HH:mm z")


def moment(at: datetime) -> str:
    """ "Thu 26 Nov, 14:03 UTC"."""
    return translation.date(at, f"EEE d MMM{_(', ')}HH:mm z")


def day(at: datetime) -> str:
    """ "Tuesday 23 Nov"."""
    return translation.date(at, "EEEE d MMM")


def own_day(at: datetime) -> str:
    """The same of the zone that the time itself has: a business's day is the same one for all who read of it."""
    return translation.calendar_day(at.date(), "EEEE d MMM")


def count(number: int, noun: str) -> str:
    """ "1 brief", "1,200 briefs"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_a_row(names: Iterable[str]) -> str:
    """ "clients, operators, admins", with the comma of the reader's script."""
    # Translators: what stands between the names of a list, with its space.
    found = list(names)
    return _(", ").join(map(translation.apart, found) if len(found) > 1 else found)


def in_parts(clauses: Iterable[str]) -> str:
    """ "accuracy 59, floor 70; score 66, target 80": what has commas itself."""
    # Translators: what stands between clauses that have commas themselves, with its space.
    return _("; ").join(clauses)


def listed(names: Sequence[str]) -> str:
    """ "clients, operators and admins"."""
    *others, last = names
    return _("{others} and {last}", others=in_a_row(others), last=last) if others else last


def share(part: int, whole: int) -> str:
    """ "40 %"; of few "1 of 2"."""
    if whole >= FEW:
        return translation.percent(part / whole)
    return _("{part} of {whole}", part=translation.number(part), whole=translation.number(whole))


def basis_points(points: int) -> str:
    """ "12.5 %" of 1250, with as many decimals as it has."""
    places = 0 if points % 100 == 0 else 1 if points % 10 == 0 else 2
    return translation.percent(points / 10_000, places)


def bar(percent: int, width: int = 10) -> str:
    """A bar of `width` blocks with its figure."""
    full = round(percent * width / 100)
    return f"{'▓' * full}{'░' * (width - full)} {translation.percent(percent / 100)}"


def usd(micro: int) -> str:
    """What models cost, in millionths of a US dollar: "1,240.50 USD", "under 0.01 USD"."""
    if 0 < micro < MICRO_CENT:
        return _("under {least} USD", least=translation.decimal(Decimal("0.01"), 2))
    return f"{translation.decimal(Decimal(micro) / 1_000_000, 2)} USD"
