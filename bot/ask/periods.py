"""The time that a question speaks of, by plain rules, in English, Spanish and Urdu."""

import re
from datetime import date
from functools import cache

from bot.remarks.lexicon import plain

# Longer phrases first: "last week" is a part of "the last week of" too.
_PERIODS = {
    "last_week": "last week | the week before this | previous week | (?:la )?semana pasada | (?:la )?ultima semana"
    " | (?:la )?semana anterior | (?:گزشتہ|پچھلے|پچھلا) (?:ہفتے|ہفتہ) | pichle hafte | pichla hafta | guzishta hafte",
    "this_week": "this week | (?:in )?esta semana | (?:اس|رواں) (?:ہفتے|ہفتہ) | is hafte",
    "last_month": "last month(?:s)? | previous month | (?:el )?mes pasado | (?:el )?ultimo mes | (?:el )?mes anterior"
    " | (?:گزشتہ|پچھلے) (?:مہینے|ماہ|مہینہ) | pichle mahine | guzishta mahine",
    "this_month": "this month | este mes | (?:اس|رواں) (?:مہینے|ماہ|مہینہ) | is mahine",
    "last_quarter": "last quarter | previous quarter | (?:el )?trimestre pasado | (?:el )?ultimo trimestre"
    " | (?:گزشتہ|پچھلی) سہ ماہی",
    "this_quarter": "this quarter | este trimestre | (?:اس|رواں) سہ ماہی",
    "last_year": "last year(?:s)? | previous year | (?:el )?ano pasado | (?:el )?ultimo ano"
    " | (?:گزشتہ|پچھلے) (?:سال|برس) | pichle saal",
    "this_year": "this year(?:s)? | year to date | este ano | en lo que va de ano | (?:اس|رواں) (?:سال|برس) | is saal",
    "yesterday": "yesterday | ayer | گزشتہ روز | گزرے کل | گزشتہ کل | کل(?= (?:ہم|کتن|کیا|کی|کے|کا|کون|لوڈ|بہت|میں))",
    "today": "today | hoy | آج | aaj",
    "last_7_days": "(?:in )?(?:the )?(?:last|past) (?:7|seven) days | (?:los )?ultimos (?:7|siete) dias"
    " | (?:گزشتہ|پچھلے) (?:7|سات) (?:دن|دنوں|روز)",
    "last_30_days": "(?:in )?(?:the )?(?:last|past) (?:30|thirty) days | (?:los )?ultimos (?:30|treinta) dias"
    " | (?:گزشتہ|پچھلے) (?:30|تیس) (?:دن|دنوں|روز)",
    "last_90_days": "(?:in )?(?:the )?(?:last|past) (?:90|ninety) days | (?:the )?(?:last|past) (?:3|three) months"
    " | (?:los )?ultimos (?:90|noventa) dias | (?:los )?ultimos (?:3|tres) meses"
    " | (?:گزشتہ|پچھلے) (?:90|نوے) (?:دن|دنوں|روز)",
}
_MONTHS = (
    "january | enero | جنوری", "february | febrero | فروری", "march | marzo | مارچ", "april | abril | اپریل",
    "may | mayo | مئی", "june | junio | جون", "july | julio | جولائی", "august | agosto | اگست",
    "september | septiembre | setiembre | ستمبر", "october | octubre | اکتوبر", "november | noviembre | نومبر",
    "december | diciembre | دسمبر",
)  # fmt: skip
# "2026-10-03" and "2026-10", whose signs between are gone by then.
_DAY = re.compile(r"(?<!\w)(20\d\d) (\d\d) (\d\d)(?!\w)")
_YEAR_MONTH = re.compile(r"(?<!\w)(20\d\d) (\d\d)(?!\w)")
_YEAR = re.compile(r"(?<!\w)(?:in |en |de |of )?(20\d\d)(?: میں)?(?!\w)")


@cache
def _named() -> dict[str, re.Pattern[str]]:
    return {name: _whole(phrases) for name, phrases in _PERIODS.items()}


@cache
def _months() -> tuple[re.Pattern[str], ...]:
    month = r"(?:in |en |of |de )?(?:{})(?: (?:of |de |del )?(20\d\d))?"
    return tuple(_whole(month.format(plain("|".join(one.split(" | "))))) for one in _MONTHS)


def _whole(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{plain('|'.join(phrases.split(' | ')))})(?!\w)")


def taken_out(said: str, today: date) -> tuple[str, str]:
    """The words without the time that they speak of, and that; "" where they name none, or more than one.

    said: in the one form, without signs.
    """
    for pattern, shape in ((_DAY, "{}-{}-{}"), (_YEAR_MONTH, "{}-{}")):
        if (found := pattern.search(said)) is not None:
            return _cut(said, found), shape.format(*found.groups())
    for number, pattern in enumerate(_months(), 1):
        if (found := pattern.search(said)) is not None:
            year = int(found[1] or (today.year if number <= today.month else today.year - 1))
            return _cut(said, found), f"{year}-{number:02d}"
    several = [(name, found) for name, pattern in _named().items() if (found := pattern.search(said)) is not None]
    if len(several) == 1:
        return _cut(said, several[0][1]), several[0][0]
    if not several and (found := _YEAR.search(said)) is not None:
        return _cut(said, found), f"{found[1]}-01-01..{found[1]}-12-31"
    return said, ""


def _cut(said: str, found: re.Match[str]) -> str:
    return f"{said[: found.start()]} {said[found.end() :]}"
