"""/find: briefs, clients and invoices by their words and numbers, each person within what they may see."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.billing import cards as cards_of_invoices
from bot.briefs import cards
from bot.kernel import translation
from bot.kernel.card import Card, Lines, escape
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.reports.lists import words_of
from bot.services import Services
from handlers.routing.paging import asked, shown
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Search by words, names and numbers", Permission.USE, example="/find solar lamp", rank=50)
async def find(who: Person, request: Request, services: Services) -> Card:
    """Search all briefs for the words (/find words): ten a page, newest first."""
    words = words_of(request.text)
    if not words:
        raise Refusal(_("Add what to look for, for example: /find solar lamp. The beginning of a word will do."))
    found = await services.reports.lists.find(who, words, asked(request), beside=not request.subject)
    rows, buttons = shown(request, "find", found.briefs, lambda one: one.id)
    head = _head(" ".join(words))
    beside = [_("Client {client}", client=escape(name)) for name in found.clients]
    beside += map(cards_of_invoices.found, found.invoices)
    if not rows and not beside:
        return Card(str(Lines(head).add(_("Nothing found. Try fewer words, or their beginnings."))))
    listed = cards.listing(head, rows, buttons, services.database.clock.now())
    first, *rest = listed.text.split("\n", 1)
    return Card("\n".join([first, *beside, *rest]), listed.rows)


@router.button("find", edit=True)
async def turn(who: Person, request: Request, services: Services) -> Card:
    """Show another page of what the tapped message found; its first line has the words."""
    return await find(who, replace(request, text=_words_in(request.shown.split("\n")[0])), services)


def _head(words: str) -> str:
    return _("Find: {words}", words=words)


def _words_in(head: str) -> str:
    """What `_head` was made of, in whichever language the person read it then."""
    for language in translation.languages():
        with translation.reading_as(translation.Reader(language)):
            before, after = _head("\0").split("\0")
        if head.startswith(before) and head.endswith(after):
            return head[len(before) : len(head) - len(after)]
    return head
