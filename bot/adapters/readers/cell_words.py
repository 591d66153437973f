"""A cell's value as its reader sees it: dates as dates, shares in percent, amounts with their currency."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.kernel.text.placing import placed

QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*](?:.)|\[[^\]]*\]')
PLACES = re.compile(r"[#0?][#0?,.]*")
CODE = re.compile(r"0{2,12}")


def shown(value: object, number_format: str = "General") -> str:
    """The value as text. No digit is rounded away, whatever the format says."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        midnight = value.time() == time() and not re.search("[hH]", QUOTED.sub("", number_format))
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, date | timedelta):
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


def _number(value: float, number_format: str) -> str:
    section = number_format.split(";")[0]
    if section in {"General", "", "@"}:
        return _digits(value, 0)
    if CODE.fullmatch(section) and float(value).is_integer():
        return f"{value:0{len(section)}.0f}"
    plain = QUOTED.sub("", section)
    places = PLACES.search(plain)
    if places is None or "/" in plain or "E" in plain:
        return _digits(value, 0)
    decimals = places[0].partition(".")[2].count("0")
    if "%" in plain:
        return f"{_digits(value * 100, decimals)} %"
    before, after = _units(section)
    return f"{before}{_digits(value, decimals)}{after}"


def _digits(value: float, decimals: int) -> str:
    """At least so many decimals, and no more than a float means."""
    if isinstance(value, int) or float(value).is_integer():
        return f"{value:.{decimals}f}" if abs(value) < 1e15 else f"{value:.15g}"
    written = f"{value:.15g}"
    if "e" in written:
        return written
    whole, _, rest = written.partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}"


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
