"""Numbers and times the way a person reads them."""

from datetime import datetime, timedelta
from decimal import Decimal


def duration(span: timedelta) -> str:
    """ "48 s", "12 min", "2 h 10", "3 days": the two largest units that matter, and no more."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = (seconds + 30) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def playing_time(seconds: int) -> str:
    """ "0:42", "1:02:05": how long a recording plays."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def due(deadline: datetime, now: datetime) -> str:
    """ "due in 3 h", "3 h late"."""
    return f"due in {duration(deadline - now)}" if deadline >= now else f"{duration(now - deadline)} late"


def clock(at: datetime) -> str:
    """ "14:03 UTC"."""
    return f"{at:%H:%M} UTC"


def moment(at: datetime) -> str:
    """ "Thu 26 Nov, 14:03 UTC"."""
    return f"{at:%a} {at.day} {at:%b}, {clock(at)}"


def day(at: datetime) -> str:
    """ "Tuesday 23 Nov"."""
    return f"{at:%A} {at.day} {at:%b}"


def count(number: int, noun: str) -> str:
    """ "1 brief", "1,200 briefs"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def bar(percent: int, width: int = 10) -> str:
    """A bar of `width` blocks with its figure."""
    full = round(percent * width / 100)
    return f"{'▓' * full}{'░' * (width - full)} {percent} %"


def usd(micro: int) -> str:
    """Millionths of a US dollar, as operators read what models cost: two decimals, four where it is under a cent."""
    amount = Decimal(micro) / 1_000_000
    return f"{amount:.2f} USD" if amount >= Decimal("0.01") or not micro else f"{amount:.4f} USD"
