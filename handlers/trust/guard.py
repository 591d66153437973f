"""Who asks too much of the chat is told so once, and then not answered for a while; strangers cost nothing then."""

from bot.access.model import Person
from bot.kernel.card import Card, escape
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.security.abuse import Counter, Did, Wish, limits
from bot.services import Services
from handlers.routing.typed import command_in
from handlers.routing.update import Update

COUNTED = frozenset({"message", "tap", "edit"})


class Guard:
    """Stands before the dispatcher, in the one process that works the inbox off."""

    def __init__(self, services: Services) -> None:
        self._services, settings = services, services.settings
        of_all = settings.briefs_most_per_hour * settings.tenant_briefs_times
        found = limits(
            settings.chat_most_per_minute, settings.briefs_most_per_hour, of_all, settings.strangers_most_per_hour
        )
        self._counter = Counter(found, services.database.clock.now)

    async def held(self, update: Update) -> Card | None:
        """What is answered in place of everything: perhaps nothing. None where the update is dealt with."""
        if update.kind not in COUNTED:
            return None
        held = self._counter.held(update.user_id, _wish(update))
        if held is not None and held.role is not None:
            who = await self._services.people.joining.identify(update.user_id, "", "", private=update.private)
            if who.role is not held.role:  # an admin let them in meanwhile
                self._counter.forget(update.user_id)
                held = self._counter.held(update.user_id, _wish(update))
        if held is None:
            return None
        return Card(escape(_(held.words, time=duration(held.wait)))) if held.words and update.private else Card()

    async def learn(self, update: Update, who: Person, action: str, outcome: str) -> None:
        """Count what was answered; what is unusual is told to admins."""
        if update.kind not in COUNTED:
            return
        code = _wish(update) is Wish.CODE
        did = Did(who.role, action, outcome, code)
        for limit in self._counter.did(update.user_id, who.tenant, did):
            await self._services.security.unusual(who, limit)


def _wish(update: Update) -> Wish:
    if update.kind == "tap":
        return Wish.OTHER
    typed = command_in(update.text)
    if typed is None:
        return Wish.PLAIN
    if typed.name == "start" and typed.rest:
        return Wish.CODE
    if typed.subject:
        return Wish.NUMBER
    return Wish.PLAIN if typed.name == "brief" else Wish.OTHER
