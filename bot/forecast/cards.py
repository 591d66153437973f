"""How forecasts read; their picture is in `bot.forecast.pictures`."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import timedelta
from decimal import Decimal

from bot.finance.cards import number_of
from bot.forecast.figures import Outlook
from bot.forecast.model import AHEAD, FEWEST, LOAD, PARTS, Made, PastError
from bot.kernel.card import Button, Card, Document, Lines, escape, in_rows
from bot.kernel.money import Money, exponent
from bot.kernel.text import played
from bot.kernel.text.csv_table import table
from bot.kernel.translation import calendar_day, decimal, ngettext, percent
from bot.kernel.translation import gettext as _

CURRENCIES_SHOWN = 6
MANY = 100  # briefs, of which tenths say nothing
FEWEST_SCORED = 7  # days, before which an error says little
REVENUE = "revenue"  # a button's choice, whose number is the currency; the other is LOAD
CHOICES = ("", REVENUE, LOAD)
DAY = timedelta(days=1)


def title(of: Outlook) -> str:
    """ "Forecast · 30 days · EUR"."""
    what = _("briefs a day") if of.series == LOAD else of.series
    return _("Forecast · {n} days · {what}", n=AHEAD, what=what)


def amount(series: str, value: float) -> str:
    """A value without its unit."""
    if series == LOAD:
        briefs = Decimal(round(value)) / PARTS
        return decimal(briefs, 0 if abs(briefs) >= MANY else 1)
    return Money(round(value), series).plain


def with_unit(series: str, value: float) -> str:
    """A value of a day, or of several."""
    return _("{n} briefs", n=amount(series, value)) if series == LOAD else str(Money(round(value), series))


def between(series: str, low: float, high: float) -> str:
    """A range of a day, without its unit."""
    # Translators: a range of amounts.
    return _("{low} to {high}", low=amount(series, low), high=amount(series, high))


def outlook(of: Outlook) -> Card:
    """The days to come in words, with how far off such words were."""
    lines = played.below(title(of))
    if of.made is None:
        lines.add(nothing(of))
        return Card(str(lines), _buttons(of))
    if of.without is not None:
        name, share = escape(of.without.client.name), percent(of.without.share)
        lines.add(_("As if {name} had left: {share} of the last 90 days was theirs.", name=name, share=share))
    _told(lines, of.series, of.made)
    if of.without is None:
        _past(lines, of.series, of.error)
    days = ngettext("Made on {day} from {n} day of history", "Made on {day} from {n} days of history",
                    of.made.history, day=calendar_day(of.made.made_on, "d MMM"))  # fmt: skip
    lines.add(days)
    return Card(str(lines), _buttons(of))


def nothing(of: Outlook) -> str:
    """Why there is no forecast."""
    if of.known >= FEWEST:
        return _("No forecast yet: the job “forecast” makes one every night.")
    return ngettext(
        "Not enough history: {known} of {needed} days. The first forecast comes in {n} day.",
        "Not enough history: {known} of {needed} days. The first forecast comes in {n} days.",
        FEWEST - of.known,
        known=of.known,
        needed=FEWEST,
    )


def _told(lines: Lines, series: str, made: Made) -> None:
    total = made.total
    last = made.made_on + (AHEAD - 1) * DAY
    span = {"first": calendar_day(made.made_on, "d MMM"), "last": calendar_day(last, "d MMM")}
    lines.add(_("{first} to {last}: {total} expected", **span, total=with_unit(series, total.middle)))
    ranges = {
        "low80": amount(series, total.low80),
        "high80": amount(series, total.high80),
        "low95": amount(series, total.low95),
        "high95": amount(series, total.high95),
    }
    # Translators: two ranges: within the first with a probability of 80 %, within the second of 95 %.
    lines.add(_("80 %: {low80} to {high80} · 95 %: {low95} to {high95}", **ranges))


def _past(lines: Lines, series: str, error: PastError | None) -> None:
    if error is None or error.days < FEWEST_SCORED:
        so_far = 0 if error is None else error.days
        lines.add(_("Past error: known after {n} days; so far {so_far}", n=FEWEST_SCORED, so_far=so_far))
        return
    own = with_unit(series, error.own)
    if error.naive > 0:
        against = percent(error.own / error.naive - 1, signed=True)
        lines.add(_("Past error: {own} a day, {against} against repeating last week", own=own, against=against))
    else:
        lines.add(_("Past error: {own} a day", own=own))
    inside = {"in80": percent(error.in80), "in95": percent(error.in95)}
    lines.add(_("{in80} of days fell within the inner range, {in95} within the outer one", **inside))
    off = amount(series, abs(error.bias))
    if error.bias > 0:
        lines.add(_("Too low by {off} a day on average", off=off))
    else:
        lines.add(_("Too high by {off} a day on average", off=off))


def _buttons(of: Outlook) -> tuple[tuple[Button, ...], ...]:
    others = [_to(currency) for currency in of.currencies[:CURRENCIES_SHOWN] if currency != of.series]
    if of.series != LOAD:
        others.append(_to(LOAD))
    more = [] if of.made is None else [_button(_("CSV"), "forecastcsv", of.series)]
    if of.without is not None:
        more.append(_button(_("With all clients"), "forecast", of.series))
    return (*in_rows(others, 3), *([tuple(more)] if more else []))


def _to(series: str) -> Button:
    return _button(_("Briefs a day") if series == LOAD else series, "forecast", series)


def _button(words: str, action: str, series: str) -> Button:
    if series == LOAD:
        return Button(words, action, choice=LOAD)
    return Button(words, action, number_of(series), choice=REVENUE)


def as_file(of: Outlook) -> Card:
    """The days of the forecast as a CSV file."""
    made = of.made
    rows: list[Sequence[str]] = [["day", "expected", "low 80 %", "high 80 %", "low 95 %", "high 95 %"]]
    days = made.days if made is not None else ()
    rows += [[one.day.isoformat(), *(_written(of.series, value) for value in astuple(one.expected))] for one in days]
    file = Document(f"forecast-{of.series}-{of.today:%Y-%m-%d}.csv", table(rows))
    return Card(str(Lines(title(of))), document=file)


def _written(series: str, value: float) -> str:
    places = 2 if series == LOAD else exponent(series)
    return f"{Decimal(round(value)).scaleb(-places):.{places}f}"
