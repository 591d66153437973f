"""Which figures of a text follow from those that were given: plain arithmetic of one step at a time, and dates."""

import calendar
import re
from collections.abc import Iterator
from itertools import combinations

from sandbox.openai import reading

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTHS = tuple(month.lower() for month in calendar.month_name[1:])
_WRITTEN_DATE = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)})(?:,? (\d{{4}}))?", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{7,}")
# A small number is the sum or difference of almost any others, so that would say nothing.
_SMALLEST_RESULT = 100
_SMALLEST_SHARE = 10


def unknown_figures(text: str, source: str) -> list[str]:
    """The figures of the text that neither stand in the source nor follow from what does, in their order."""
    for pattern, given in ((_DATE, _dates(source)), (_TIME, _times(text, source)), (_LONG_NUMBER, _numbers(source))):
        text = pattern.sub(lambda found, given=given: " " if found[0] in given else found[0], text)  # type: ignore[misc]
    given = {_plain(figure) for figure in reading.known_figures(source)}
    left = list(dict.fromkeys(figure for figure in reading.figures(text) if _plain(figure) not in given))
    known = {float(figure) for figure in given}
    shares = {float(share) / 100 for share in _PERCENT.findall(source)}
    while left:
        results = {round(value) for value in _one_step(known, shares)}
        following = [figure for figure in left if float(figure) in results]
        if not following:
            break
        known |= {float(figure) for figure in following}
        left = [figure for figure in left if figure not in following]
    return left


def _one_step(known: set[float], shares: set[float]) -> Iterator[float]:
    yield from (value * share for value in known for share in shares if value * share >= _SMALLEST_SHARE)
    for one, other in combinations(sorted(known), 2):
        results = (one + other, other - one, one * other, other / one if one else 0.0)
        yield from (result for result in results if _SMALLEST_RESULT <= result < 1e12)


def _plain(figure: str) -> str:
    return re.sub(r"^0+(?=\d)", "", figure)


def _dates(source: str) -> set[str]:
    """The source's dates as 2026-05-03."""
    written = {
        f"{year}-{_MONTHS.index(month.lower()) + 1:02}-{int(day):02}"
        for day, month, year in _WRITTEN_DATE.findall(source)
        if year
    }
    return written | {found[0] for found in _DATE.finditer(source)}


def _times(text: str, source: str) -> set[str]:
    """The times of day in the text that stand in the source, or come after such a one by minutes that it names."""
    given = {_minutes(found) for found in _TIME.finditer(source)}
    spans = {float(figure) for figure in reading.known_figures(source)}
    wanted = {_minutes(found): found[0] for found in _TIME.finditer(text)}
    for at in sorted(wanted):
        if any(at - earlier in spans for earlier in given):
            given.add(at)
    return {words for at, words in wanted.items() if at in given}


def _minutes(found: re.Match[str]) -> int:
    return int(found[1]) * 60 + int(found[2])


def _numbers(source: str) -> set[str]:
    """Long numbers, such as telephone numbers, however they are broken up in a line of the source."""
    digits = [re.sub(r"\D", "", part) for line in source.splitlines() for part in re.split(r"[A-Za-z;]", line)]
    return {number for number in digits if len(number) >= 7}
