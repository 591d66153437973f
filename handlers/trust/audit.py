"""/audit: who did what, and whether the log is as it was written."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.audit import cards
from bot.kernel import translation
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.paging import asked, shown
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Who did what, and whether the log is sound", Permission.READ_REPORTS, example="/audit brief:1042",
                place=Place.PRIVATE, rank=151)  # fmt: skip
async def audit(who: Person, request: Request, services: Services) -> Card:
    """List entries, newest first: all, or those of a person, a subject, a deed or a day; verify and export do that."""
    words = " ".join(request.text.split())
    if words.casefold() == "verify":
        return await verify(who, request, services)
    if words.casefold() == "export":
        return await export(who, request, services)
    found = await services.audit.page(who, asked(request), words)
    rows, turns = shown(request, "audit", found, lambda one: one.id)
    standing = await services.chain.standing(who.tenant)
    now = services.database.clock.now()
    return cards.page(rows, _head(words), standing, now, turns, narrowed=bool(words))


@router.button("audit", edit=True, place=Place.PRIVATE)
async def turn(who: Person, request: Request, services: Services) -> Card:
    """Show another page; the first line of the tapped message has the words."""
    words = _words_in(request.shown.split("\n")[0]) if request.subject else ""
    return await audit(who, replace(request, text=words), services)


@router.button("averify", edit=True, place=Place.PRIVATE)
async def verify(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Check the whole chain, and name the first bad entry."""
    return cards.checked(await services.chain.verify(who))


@router.button("aexport", place=Place.PRIVATE)
async def export(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the chain as a file."""
    data, entries, left = await services.chain.export(who)
    return cards.exported(f"audit-{services.database.clock.now():%Y-%m-%d-%H%M}.audit", data, entries, left)


def _head(words: str) -> str:
    return _("Audit log: {words}", words=words) if words else _("Audit log")


def _words_in(head: str) -> str:
    """What `_head` was made of, in whichever language the person read it then."""
    for language in translation.languages():
        with translation.reading_as(translation.Reader(language)):
            before, after = _head("\0").split("\0")
        if head.startswith(before) and head.endswith(after):
            return head[len(before) : len(head) - len(after)]
    return ""
