"""/report: a day, a week or a month as a picture, with its figures in words, and as a file."""

import re
from datetime import date, timedelta

from bot.access.model import Permission, Person
from bot.executive import cards as executive_cards
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import full_date
from bot.kernel.translation import gettext as _
from bot.reports.periods import cards, papers, pictures
from bot.reports.periods.model import FIRST_YEAR, Kind, PeriodReport
from bot.services import Services
from bot.tenants.service import BRAND
from bot.training import cards as training_cards
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
CHOICES = ("", *Kind)
EXECUTIVE = ("executive", "ejecutivo", "خلاصہ")
TRAINING = ("training", "entrenamiento", "تربیت")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


@router.command("Figures of a day, a week or a month", Permission.READ_REPORTS, example="/report day", rank=120)
@router.button("report", edit=True, choices=CHOICES)
async def report(who: Person, request: Request, services: Services) -> Card:
    """Show the day so far, or what was asked for: /report week, /report month 2026-10, /report day 2026-11-23; what
    matters today: /report executive; what the automatic check learnt from: /report training.
    """
    asked = request.text.strip().lower()
    if asked in EXECUTIVE:
        return executive_cards.card(await services.executive.look(who))
    if asked in TRAINING:
        return training_cards.audit(await services.training.look(who))
    found, currency = await _found(who, request, services)
    picture = pictures.picture(found, currency)
    return await services.finance.charts.above(cards.report(found, currency), picture, cards.filename(found))


@router.button("reportcsv", choices=CHOICES)
async def as_csv(who: Person, request: Request, services: Services) -> Card:
    """Send its days as a file."""
    found, _currency = await _found(who, request, services)
    return cards.as_file(found)


@router.button("reportpdf", choices=CHOICES)
async def as_pdf(who: Person, request: Request, services: Services) -> Card:
    """Send it as a PDF."""
    found, _currency = await _found(who, request, services)
    paper = papers.paper(found, await services.tenants.brand(who.tenant) or BRAND)
    return await services.reports.pdf.below(cards.headline(found), paper, cards.filename(found))


@router.button("trainingcsv")
async def examples(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the drafts that people decided on as a file."""
    return training_cards.as_file(await services.training.look(who))


@router.button("trainingpdf")
async def audit(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the training audit as a PDF."""
    return await services.training.printed(who)


async def _found(who: Person, request: Request, services: Services) -> tuple[PeriodReport, str]:
    """What was typed or tapped, and the currency of its picture."""
    today = await services.reports.periods.today(who)
    if request.choice or request.subject:
        day, currency = cards.asked_by(request.subject)
        kind = Kind(request.choice or Kind.DAY)
    else:
        kind, day, currency = *typed(request.text, today), ""
    return await services.reports.periods.look(who, kind, day), currency


def typed(text: str, today: date) -> tuple[Kind, date]:
    """Which time the words behind the command ask for. Raises Refusal with an example."""
    first, _space, when = text.strip().lower().partition(" ")
    kind = Kind(first) if first in set(Kind) else None
    if kind is None and first:  # the day alone will do
        when = text.strip().lower()
    when = when.strip()
    day = today if not when else _day(when, today)
    if day is None:
        said = {"name": text.strip()[:40], "week": "/report week", "day": "/report day 2026-11-23"}
        raise Refusal(_("I have no report “{name}”. Try {week}, /report month, or {day}.", **said))
    if day > today:
        raise Refusal(_("{day} is still to come. /report day shows today so far.", day=full_date(day)))
    return kind or _kind(when), day


def _kind(when: str) -> Kind:
    if _WEEK.fullmatch(when):
        return Kind.WEEK
    return Kind.MONTH if _MONTH.fullmatch(when) else Kind.DAY


def _day(when: str, today: date) -> date | None:
    """ "yesterday", "2026-11-23", "2026-11" for its first day, "2026-W48" for its Monday."""
    if when == "yesterday":
        return today - timedelta(days=1)
    try:
        if found := _DAY.fullmatch(when):
            day = date(*map(int, found.groups()))
        elif found := _WEEK.fullmatch(when):
            day = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        elif found := _MONTH.fullmatch(when):
            day = date(int(found[1]), int(found[2]), 1)
        else:
            return None
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None
