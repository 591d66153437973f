"""A cell's value as its reader sees it: dates as dates, shares in percent, amounts with their currency."""

import operator
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from bot.kernel.text.placing import placed

QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*](?:.)|\[[^\]]*\]')
PLACES = re.compile(r"General|[#0?][#0?,.]*", re.IGNORECASE)
PATTERN = re.compile(r"[^.%E/]*", re.IGNORECASE)
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
COMPARED = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
AS_IT_IS = frozenset({"general", "", "@"})


def shown(value: object, number_format: str = "General") -> str:
    """The value as text. No digit is rounded away, whatever the format says."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return _day(value, QUOTED.sub("", number_format).lower())
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, date):
        return str(value)
    if isinstance(value, int | float):
        return _number(value, number_format)
    return str(value)


def pieces(cell: Sequence[Any]) -> str:
    """A cell whose letters do not all stand or look alike (openpyxl's CellRichText)."""
    return "".join(one if isinstance(one, str) else _piece(one) for one in cell)


def _piece(block: Any) -> str:
    height = {"superscript": 1, "subscript": -1}.get(block.font.vertAlign, 0)
    return placed(block.text, height, line=bool(block.font.strike))


def _day(value: datetime, letters: str) -> str:
    """A date with its time, where it is shown or there is one; a month or a year, where no more of it is shown."""
    if "y" in letters and not {"d", "h"} & set(letters) and value.time() == time():
        return f"{value:%Y-%m}" if "m" in letters else f"{value:%Y}"
    if value.time() == time() and "h" not in letters:
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _duration(value: timedelta) -> str:
    """Hours, however many, and minutes; seconds where there are any."""
    seconds = abs(round(value.total_seconds()))
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")


def is_blank_format(number_format: str) -> bool:
    """Whether a format shows nothing of any value, as ;;; does."""
    return bool(number_format) and not number_format.strip("; ")


def _number(value: float, number_format: str) -> str:
    if number_format.lower() in AS_IT_IS or is_blank_format(number_format):
        return _digits(value, 0)
    section, is_own = _section(value, number_format)
    if section.strip().lower() in AS_IT_IS:
        return _digits(value, 0)
    plain = QUOTED.sub("", section)
    places = PLACES.search(plain)
    before, after = _units(section)
    if places is None or ("0" not in places[0] and value == 0 and is_own):
        said = _said(section)
        return said if any(map(str.isalpha, said)) else _digits(value, 0)
    if "/" in plain or "E" in plain.replace("General", ""):
        return _digits(value, 0)
    if (drawn := _drawn(value, section)) is not None:
        return drawn
    decimals = places[0].partition(".")[2].count("0")
    if "%" in plain:
        return f"{_digits(value * 100, decimals)} %"
    if is_own and value < 0:
        said_of_more = _units(_sections(number_format)[0])
        before, after = before.strip("-−( "), after.rstrip("-−) ")
        value = -value if _letters(before + after) != _letters("".join(said_of_more)) else value
    value /= 1000 ** (len(places[0]) - len(places[0].rstrip(",")))
    return f"{before}{_filled(_digits(value, decimals), places[0])}{after}"


@lru_cache(256)
def _sections(number_format: str) -> list[str]:
    """The parts between semicolons, but for those in quotation marks."""
    hidden = QUOTED.sub(lambda found: found[0].replace(";", "\0"), number_format)
    return [section.replace("\0", ";") for section in hidden.split(";")]


def _section(value: float, number_format: str) -> tuple[str, bool]:
    """The part of a format that is for such a value, and whether it is for such values alone."""
    sections = _sections(number_format)[:3]
    conditions = [CONDITION.search(section) for section in sections]
    if any(conditions):
        fits = (n for n, one in enumerate(conditions) if one is None or COMPARED[one[1]](value, float(one[2])))
        return sections[next(fits, 0)], False
    place = 1 if value < 0 else 2 if value == 0 else 0
    return (sections[place], place > 0) if place < len(sections) else (sections[0], False)


def _drawn(value: float, section: str) -> str | None:
    """Digits put into a pattern, as of a telephone number; None where the format is none."""
    signs = QUOTED.sub(lambda found: f"\0{found[1] or found[2] or found[3] or ''}\0", section)
    parts = re.split("(\0[^\0]*\0)", signs)
    plain = "".join(part for part in parts if not part.startswith("\0"))
    groups = re.findall("[#0?]+", " ".join(part for part in parts if part and not part.startswith("\0")))
    if len(groups) < 2 or "," in plain or not PATTERN.fullmatch(plain) or value < 0 or not float(value).is_integer():
        return None
    digits, made = f"{value:.0f}", ""
    spread = [(letter, not part.startswith("\0")) for part in parts for letter in part if letter != "\0"]
    holes = sum(letter in "#0?" for letter, is_place in spread if is_place)
    for letter, is_place in reversed(spread):
        if not is_place or letter not in "#0?":
            made = letter + made
            continue
        holes -= 1
        take = len(digits) if holes == 0 else 1
        made = (digits[-take:] if digits else "0" if letter == "0" else "") + made
        digits = digits[:-take] if take else digits
    return made.strip(" ()-/.") if made.count("(") != made.count(")") else made.strip()


def _filled(digits: str, places: str) -> str:
    """With as many digits before the point as the format writes zeros."""
    least = places.partition(".")[0].count("0")
    sign, whole = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    number, point, rest = whole.partition(".")
    return f"{sign}{number.zfill(least)}{point}{rest}"


def _letters(said: str) -> str:
    return "".join(filter(str.isalpha, said))


def _digits(value: float, decimals: int) -> str:
    """At least so many decimals, and no more than a float means."""
    if isinstance(value, int) or float(value).is_integer():
        return f"{value:.{decimals}f}" if abs(value) < 1e15 else f"{value:.15g}"
    written = f"{value:.15g}"
    if "e" in written:
        return written
    whole, _, rest = written.partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}"


def _said(section: str) -> str:
    """What a part of a format writes whatever the value is."""
    return QUOTED.sub(lambda found: found[1] or found[2] or found[3] or "", section).strip()


@lru_cache(256)
def _units(section: str) -> tuple[str, str]:
    """What a format writes before the number and after it: "£", " kg"."""
    written = QUOTED.sub(lambda found: f"\0{found[1] or found[2] or found[3] or ''}\0", section)
    first = PLACES.search(re.sub("\0[^\0]*\0", lambda found: " " * len(found[0]), written))
    if first is None:
        return "", ""
    last = [found.end() for found in PLACES.finditer(re.sub("\0[^\0]*\0", lambda found: " " * len(found[0]), written))][
        -1
    ]
    before, after = (part.replace("\0", "") for part in (written[: first.start()], written[last:]))
    after = after.rstrip()
    return before.lstrip(), after if after.startswith((" ", "\xa0")) or not after else f" {after}"
