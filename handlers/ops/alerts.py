"""/alerts: what is wrong now, what one can do about it, and what one wants to hear of."""

from bot.access.model import Permission, Person
from bot.alerts import alert_cards
from bot.alerts.model import SNOOZES
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.topics import Topic
from bot.messages.wishes import Hear, QuietHours
from bot.people import hearing_cards
from bot.services import Services
from bot.watch import cards as watch_cards
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
ANEW = N_("/alerts shows what can be chosen.")
QUIET, OFF = "quiet", "off"


@router.command("Open alerts, and your notifications", Permission.WATCH, example="/alerts", rank=142)
@router.button("alerts", edit=True)
async def listing(who: Person, request: Request, services: Services) -> Card:
    """List the open alerts; with "quiet" and hours behind it, set one's quiet hours."""
    word, __, rest = request.text.strip().partition(" ")
    if word.lower() == QUIET:
        return await _quiet(who, rest, services)
    if word:
        raise Refusal(_("I know /alerts, and /alerts quiet 22:00-07:00 for your quiet hours."))
    stands = await services.alerts.alerts.standing(who)
    return alert_cards.listing(stands.alerts, stands.at, request.subject)


async def _quiet(who: Person, words: str, services: Services) -> Card:
    hours = None if words.strip().lower() == OFF else QuietHours.said(words)
    return hearing_cards.card(await services.people.preferences.set_quiet_hours(who, hours))


@router.subject("alert")
@router.button("ashow", edit=True)
async def one(who: Person, request: Request, services: Services) -> Card:
    """Show one alert (/alert_1001), and what one can do about it."""
    alert = await services.alerts.alerts.get(who, request.subject)
    return alert_cards.card(alert, services.database.clock.now())


@router.button("atake", edit=True)
async def take(who: Person, request: Request, services: Services) -> Card:
    """Have the alert: nobody is told of it any more."""
    alert = await services.alerts.alerts.take(who, request.subject, request.version)
    return alert_cards.card(alert, services.database.clock.now())


@router.button("asnoozes", edit=True)
async def ask_snooze(who: Person, request: Request, services: Services) -> Card:
    """Ask for how long the alert is put off."""
    alert = await services.alerts.alerts.get(who, request.subject)
    now = services.database.clock.now()
    return alert_cards.ask_snooze(alert, now) if alert.open else alert_cards.card(alert, now)


@router.button("asnooze", edit=True, choices=("", *SNOOZES))
async def snooze(who: Person, request: Request, services: Services) -> Card:
    """Put the alert off for as long as the button says."""
    alert = await services.alerts.alerts.snooze(who, request.subject, request.version, request.choice)
    return alert_cards.card(alert, services.database.clock.now())


@router.button("aresolve", edit=True)
async def resolve(who: Person, request: Request, services: Services) -> Card:
    """Say that the alert is over."""
    alert = await services.alerts.alerts.resolve(who, request.subject, request.version)
    return alert_cards.card(alert, services.database.clock.now())


@router.button("arunbook", edit=True)
async def runbook(who: Person, request: Request, services: Services) -> Card:
    """Show what the alert's runbook would do; nothing is done."""
    planned = await services.watch.runbooks.plan(who, request.subject)
    return watch_cards.planned(planned.alert, planned.runbook, planned.facts)


@router.button("arundo", edit=True)
async def do_it(who: Person, request: Request, services: Services) -> Card:
    """Do what the alert's runbook does."""
    planned = await services.watch.runbooks.carry_out(who, request.subject, request.version)
    if planned.facts is None:
        return watch_cards.planned(planned.alert, planned.runbook, None)
    return watch_cards.done(planned.alert, planned.runbook, planned.facts)


@router.button("hear", place=Place.PRIVATE)
async def hear(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show what one hears of, and when not."""
    who.require(Permission.WATCH)
    return hearing_cards.card(who)


@router.button("hearset", edit=True, place=Place.PRIVATE, choices=hearing_cards.WISHES, instead=ANEW)
async def set_heard(who: Person, request: Request, services: Services) -> Card:
    """Have a topic heard as the button says."""
    topic, __, how = request.choice.rpartition("-")
    return hearing_cards.card(await services.people.preferences.set_heard(who, Topic[topic.upper()], Hear(how)))


@router.button("quietset", edit=True, place=Place.PRIVATE, choices=hearing_cards.HOURS, instead=ANEW)
async def set_quiet(who: Person, request: Request, services: Services) -> Card:
    """Set one's quiet hours as the button says."""
    hours = hearing_cards.meant(who, request.choice)
    return hearing_cards.card(await services.people.preferences.set_quiet_hours(who, hours))
