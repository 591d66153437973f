"""The first words with somebody: /start, /help, /whoami, /invite."""

import structlog

from bot.access.model import Permission, Person, Role
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.errors import ProviderError, Refusal
from bot.people.joining import INVITABLE
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
log = structlog.get_logger(__name__)
WELCOME: dict[Role, str] = {
    Role.CLIENT: "Write what you need in one message, or take it step by step with /brief. You see the price first.",
    Role.OPERATOR: "Drafts that need a decision come to you here. /queue shows what waits.",
    Role.ANALYST: "You can read every report: /report day. You change nothing by looking.",
    Role.ADMIN: "You run this. /invite brings people in, /queue shows what waits, /jobs what happens by itself.",
}


@router.command("Say hello, or come in with an invitation", None, example="/start", place=Place.ANYWHERE, rank=10)
async def start(who: Person, request: Request, services: Services) -> Card:
    """Greet; with a code from an invitation link, take the person in first."""
    if request.text:
        who = await services.people.joining.redeem(who, request.text, request.language)
        await show_menu(who, services)
    if who.role is Role.STRANGER:
        lines = Lines("EchoPilot")
        lines.add("A studio that drafts, checks and delivers text work, right in this chat.")
        lines.add("It works by invitation: open the link you were sent, or ask the studio for one.")
        return Card(str(lines))
    await show_menu(who, services)
    lines = Lines(f"Welcome, {who.name}").add(f"You are here as {who.role.with_article}.").add(WELCOME[who.role])
    return Card(str(lines.add("/help lists everything you can do.")))


async def show_menu(who: Person, services: Services) -> None:
    """Give the person's private chat the menu of their role."""
    try:
        await services.chat.set_menu(services.menu(who.role), who.telegram_id)
    except ProviderError as error:
        log.warning("menu not set", person=who.id, error=str(error))  # /help says the same, and /start sets it again


@router.command("What you can do here", None, example="/help", place=Place.ANYWHERE, rank=20)
async def help_(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """What the person can do, by their role."""
    lines = Lines("What you can do here")
    if who.may(Permission.SUBMIT_BRIEFS):
        lines.add("Write what you need in one plain message, and I quote a price.")
    for name, summary in services.menu(who.role):
        lines.add(f"/{name} {escape(summary)}")
    return Card(str(lines))


@router.command("Who I think you are", None, example="/whoami", place=Place.ANYWHERE, rank=910)
async def whoami(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Who the bot thinks the person is."""
    lines = Lines(f"{who.name} · {who.role}")
    lines.add(f"Telegram id <code>{who.telegram_id}</code>, language {escape(who.language or who.reader.language)}")
    if who.role is Role.STRANGER:
        lines.add("Nobody invited you yet.")
    return Card(str(lines))


@router.command("Invite somebody", Permission.INVITE, example="/invite client", rank=190)
async def invite(who: Person, request: Request, services: Services) -> Card:
    """Ask for the role, or make the link for the one that was named."""
    who.require(Permission.INVITE)
    if not request.text:
        rows = tuple((Button(f"Invite {role.with_article}", "invite", choice=role),) for role in INVITABLE)
        return Card(str(Lines("Invite somebody").add("As what?")), rows)
    named = request.text.strip().lower()
    if named not in set(INVITABLE):
        raise Refusal(f"There is no role “{request.text}”. Try: /invite client. Roles: {', '.join(INVITABLE)}.")
    return await _invitation(who, Role(named), services)


@router.button("invite", edit=True, choices=INVITABLE, instead="/invite asks anew.")
async def invite_as(who: Person, request: Request, services: Services) -> Card:
    """The role was tapped."""
    return await _invitation(who, Role(request.choice), services)


async def _invitation(who: Person, role: Role, services: Services) -> Card:
    code = await services.people.joining.invite(who, role)
    link = f"https://t.me/{services.bot_name}?start={code}"
    lines = Lines(f"Invitation for {role.with_article}").add(link)
    lines.add("For one person, good for 7 days. Forward it; whoever opens it first has it.")
    return Card(str(lines))
