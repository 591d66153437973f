"""The first words with somebody: /start, /help, /whoami, /invite."""

from collections.abc import Collection
from dataclasses import replace

import structlog

from bot.access.model import Permission, Person, Role
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.text import played
from bot.kernel.translation import Reader, languages, reader, reading_as
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.people import own_cards, setup_cards
from bot.people.joining import INVITABLE
from bot.people.setup_cards import Step
from bot.referrals.model import is_code
from bot.services import Services
from handlers.briefs.cards import brief_card
from handlers.intake import briefs
from handlers.routing.paging import asked
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
# A list of thirty is read by groups: above these /help leaves a line free. What led to the list is not in it.
BEGIN_A_GROUP = frozenset({"queue", "invoices", "report", "prompts", "invite", "timezone"})
KNOWN_BY_NOW = frozenset({"start", "help"})
log = structlog.get_logger(__name__)
EXAMPLE = N_("Product page for the solar lamp L2, 200 words, for campers. It runs 12 hours per charge.")
WELCOME: dict[Role, str] = {
    Role.CLIENT: N_(
        "Write what you need in one message, or take it step by step with /brief. You see the price first."
    ),
    Role.OPERATOR: N_("Drafts that need a decision come to you here. /queue shows what waits."),
    Role.ANALYST: N_("You can read every report: /report day. Reading is safe: nothing here changes data."),
    Role.ADMIN: N_(
        "You are in charge here. /invite brings people in, /queue shows what waits, /jobs the scheduled jobs."
    ),
}


@router.command("Say hello, or come in with an invitation", None, example="/start", place=Place.ANYWHERE, rank=10)
async def start(who: Person, request: Request, services: Services) -> Card:
    """Greet; with a code from an invitation link, take the person in first."""
    if request.text:
        enter = services.referrals.come if is_code(request.text) else services.people.joining.redeem
        who = await enter(who, request.text, request.language)
    if who.role is Role.STRANGER:
        return _to_a_stranger()
    await show_menu(who, services)
    if who.role is Role.CLIENT and not await _has_asked(who, request, services):
        return _first_minutes(who, await services.tenants.brand(who.tenant))
    private = request.chat_id == who.telegram_id  # elsewhere the card would be kept up to date for all to read
    done = await services.people.setup.begin(who) if private else None
    if done is not None:
        return _to_set_up(who, done)
    return _welcome(who, await services.tenants.brand(who.tenant))


async def _has_asked(who: Person, request: Request, services: Services) -> bool:
    briefs = await services.reports.lists.briefs(who, asked(Request(request.chat_id, 0), 0))
    return bool(briefs or await services.reports.lists.quotes(who, 1))


def _to_a_stranger() -> Card:
    lines = Lines("EchoPilot")
    lines.add(_("A studio that drafts, checks and delivers text work, right in this chat."))
    lines.add(_("It works by invitation: open the link you were sent, or ask the studio for one by /support."))
    return Card(str(lines.add(_("The link opens this chat; tap Start there, and you are in."))))


def _greeting(who: Person, brand: str) -> Lines:
    # Translators: {brand} is the name of the business that the person works with.
    hello = (
        _("Welcome to {brand}, {name}", brand=brand, name=who.name) if brand else _("Welcome, {name}", name=who.name)
    )
    lines = Lines(hello).add(_("You are here as {role}.", role=who.role.one))
    return lines.add(said) if (said := played.notice()) else lines


def _welcome(who: Person, brand: str) -> Card:
    return Card(str(_greeting(who, brand).add(_(WELCOME[who.role])).add(_("/help lists everything you can do."))))


def _first_minutes(who: Person, brand: str) -> Card:
    """How it goes, in three lines, with an example to tap."""
    lines = _greeting(who, brand).add(_("1. Write what you need in one message, or send a file or a voice note."))
    lines.add(_("2. You see the price first, and it is made once you say yes."))
    lines.add(_("3. The finished text comes here, with its invoice."))
    lines.add(_("For example: {example}", example=escape(_(EXAMPLE))))
    return Card(str(lines), ((Button(_("Try the example"), "example"),),))


@router.button("example", place=Place.ANYWHERE)
async def example(who: Person, request: Request, services: Services) -> Card:
    """Quote the example as if it had been written; it costs nothing before a yes. Once for each welcome."""
    source_key = f"telegram:{request.chat_id}:{request.message_id}:example:{who.id}"
    became = await services.intake.materials.became(who, source_key, source_key)
    if became.brief is not None:
        return await brief_card(who, request, services, became.brief.id)
    return await briefs.plain(who, replace(request, text=_(EXAMPLE), source_key=source_key), services)


def _to_set_up(who: Person, done: Collection[Step]) -> Card:
    """What a new admin has to do, in the message that ticks itself off."""
    return replace(setup_cards.welcome(who, done), slot=setup_cards.slot_of(who))


@router.button("setuphide", edit=True, place=Place.PRIVATE)
async def hide_setup(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Hide the steps for good."""
    who.require(Permission.MANAGE_PEOPLE)
    await services.people.setup.hide(who)
    return _welcome(who, await services.tenants.brand(who.tenant))


async def show_menu(who: Person, services: Services) -> None:
    """Give the person's private chat the menu of their role."""
    with reading_as(who.reader):
        menu = services.menu(who.role)
    try:
        await services.chat.set_menu(menu, who.telegram_id)
    except ProviderError as error:
        log.warning("menu not set", person=who.id, error=str(error))  # /help says the same, and /start sets it again


async def show_menus(services: Services) -> None:
    """Give everybody the menu of strangers, in each language that there is; raises ProviderError."""
    await services.chat.set_menu(services.menu(Role.STRANGER))
    own = reader().language
    chosen: dict[str, str] = {}
    for language in sorted(languages(), key=len):  # a country's own is for those whose language there is not
        chosen.setdefault(language.partition("-")[0], language)
    for code, language in chosen.items():
        if len(code) == 2 and code != own.partition("-")[0]:  # Telegram knows no others
            with reading_as(Reader(language)):
                menu = services.menu(Role.STRANGER)
            await services.chat.set_menu(menu, language=code)


@router.command("What you can do here", None, example="/help", place=Place.ANYWHERE, rank=20)
async def help_(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Show what the person can do, by their role."""
    lines = Lines(_("What you can do here"))
    if who.may(Permission.SUBMIT_BRIEFS):
        lines.add(_("Write what you need in one plain message, and I quote a price."))
    for name, summary in services.menu(who.role):
        if name in BEGIN_A_GROUP:
            lines.add("")
        if name not in KNOWN_BY_NOW or who.role is Role.STRANGER:
            lines.add(f"/{name} {escape(summary)}")
    return Card(str(lines))


@router.command("Your account", None, example="/whoami", place=Place.ANYWHERE, rank=910)
async def whoami(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Show who the bot thinks the person is."""
    return own_cards.account(who, services.database.clock.now())


@router.command("Invite somebody", Permission.INVITE, example="/invite client", rank=190)
async def invite(who: Person, request: Request, services: Services) -> Card:
    """Ask for the role, or make the link for the one that was named."""
    who.require(Permission.INVITE)
    if not request.text:
        rows = tuple((Button(_("Invite {role}", role=role.one), "invite", choice=role),) for role in INVITABLE)
        return Card(str(Lines(_("Invite somebody")).add(_("In which role?"))), rows)
    named = request.text.strip().lower()
    if named not in set(INVITABLE):
        raise Refusal(
            _(
                "There is no role “{name}”. Try: /invite client. Roles: {roles}.",
                name=request.text,
                roles=", ".join(INVITABLE),
            )
        )
    return await _invitation(who, Role(named), services)


@router.button("invite", edit=True, choices=INVITABLE, instead=N_("To start again: /invite"))
async def invite_as(who: Person, request: Request, services: Services) -> Card:
    """Make an invitation link for the role that was tapped."""
    return await _invitation(who, Role(request.choice), services)


async def _invitation(who: Person, role: Role, services: Services) -> Card:
    code = await services.people.joining.invite(who, role)
    link = f"https://t.me/{services.bot_name}?start={code}"
    lines = Lines(_("Invitation for {role}", role=role.one)).add(link)
    lines.add(_("For one person, valid for 7 days. Forward it; the first person to open it comes in."))
    return Card(str(lines))
