"""The first words with somebody: /start, /help, /whoami, /invite."""

import structlog

from bot.access.model import Permission, Person, Role
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.translation import Reader, languages, reader, reading_as
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.people.joining import INVITABLE
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
log = structlog.get_logger(__name__)
WELCOME: dict[Role, str] = {
    Role.CLIENT: N_(
        "Write what you need in one message, or take it step by step with /brief. You see the price first."
    ),
    Role.OPERATOR: N_("Drafts that need a decision come to you here. /queue shows what waits."),
    Role.ANALYST: N_("You can read every report: /report day. You change nothing by looking."),
    Role.ADMIN: N_("You run this. /invite brings people in, /queue shows what waits, /jobs what happens by itself."),
}


@router.command("Say hello, or come in with an invitation", None, example="/start", place=Place.ANYWHERE, rank=10)
async def start(who: Person, request: Request, services: Services) -> Card:
    """Greet; with a code from an invitation link, take the person in first."""
    if request.text:
        who = await services.people.joining.redeem(who, request.text, request.language)
        await show_menu(who, services)
    if who.role is Role.STRANGER:
        lines = Lines("EchoPilot")
        lines.add(_("A studio that drafts, checks and delivers text work, right in this chat."))
        lines.add(_("It works by invitation: open the link you were sent, or ask the studio for one by /support."))
        return Card(str(lines))
    await show_menu(who, services)
    lines = Lines(_("Welcome, {name}", name=who.name)).add(_("You are here as {role}.", role=who.role.one))
    return Card(str(lines.add(_(WELCOME[who.role])).add(_("/help lists everything you can do."))))


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
    """What the person can do, by their role."""
    lines = Lines(_("What you can do here"))
    if who.may(Permission.SUBMIT_BRIEFS):
        lines.add(_("Write what you need in one plain message, and I quote a price."))
    for name, summary in services.menu(who.role):
        lines.add(f"/{name} {escape(summary)}")
    return Card(str(lines))


@router.command("Who I think you are", None, example="/whoami", place=Place.ANYWHERE, rank=910)
async def whoami(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Who the bot thinks the person is."""
    lines = Lines(f"{who.name} · {who.role.words}")
    language = escape(who.language or who.reader.language)
    lines.add(_("Telegram id <code>{id}</code>, language {language}", id=who.telegram_id, language=language))
    if who.role is Role.STRANGER:
        lines.add(_("Nobody invited you yet."))
    return Card(str(lines))


@router.command("Invite somebody", Permission.INVITE, example="/invite client", rank=190)
async def invite(who: Person, request: Request, services: Services) -> Card:
    """Ask for the role, or make the link for the one that was named."""
    who.require(Permission.INVITE)
    if not request.text:
        rows = tuple((Button(_("Invite {role}", role=role.one), "invite", choice=role),) for role in INVITABLE)
        return Card(str(Lines(_("Invite somebody")).add(_("As what?"))), rows)
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


@router.button("invite", edit=True, choices=INVITABLE, instead=N_("/invite asks anew."))
async def invite_as(who: Person, request: Request, services: Services) -> Card:
    """The role was tapped."""
    return await _invitation(who, Role(request.choice), services)


async def _invitation(who: Person, role: Role, services: Services) -> Card:
    code = await services.people.joining.invite(who, role)
    link = f"https://t.me/{services.bot_name}?start={code}"
    lines = Lines(_("Invitation for {role}", role=role.one)).add(link)
    lines.add(_("For one person, good for 7 days. Forward it; whoever opens it first has it."))
    return Card(str(lines))
