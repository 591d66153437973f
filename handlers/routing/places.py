"""Where an answer is shown: where it was asked for, or in the private chat of whoever asked.

Each command and button declares its place in its router; what declares none is for team rooms and private chats.
"""

from dataclasses import dataclass
from enum import Enum

from bot.kernel.card import Button, Card
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_


class Place(Enum):
    """Where an answer may be shown when it was asked for in a group."""

    ANYWHERE = "in any"
    OWN = "in any to the client whose brief it is about, else in team rooms"
    TEAM = "in team rooms"
    PRIVATE = "in none"


@dataclass(frozen=True, slots=True)
class Spot:
    """The chat, and the topic of a forum, where an answer goes. moved: that is not where it was asked for."""

    chat_id: int
    topic: int = 0
    moved: bool = False


def spot(place: Place, asked_in: Spot, *, user_id: int, team_room: bool) -> Spot:
    """Where the answer goes to what that user asked for in that group."""
    if place is Place.ANYWHERE or (place is Place.TEAM and team_room):
        return asked_in
    return Spot(user_id, moved=True)


def told_so(what: str, bot_name: str, openly: str = "") -> Card:
    """The one line for the group; `openly` is what may be said there of the answer."""
    said = _("The answer to {what} is in our private chat.", what=what)
    return Card(f"{openly}. {said}" if openly else said, _way(bot_name), silent=True)


def cannot_write(what: str, bot_name: str) -> Card:
    """The one line for the group, where the private chat was never opened or is blocked."""
    said = _(
        "The answer to {what} is for you alone, and I cannot write to you yet: write /start to me first, then ask "
        "again.",
        what=what,
    )
    return Card(said, _way(bot_name))


def _way(bot_name: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(_("Open our chat"), url=f"https://t.me/{bot_name}"),),)


IN_PRIVATE = N_("The answer is in our private chat")
ANONYMOUS = N_(
    "I cannot see who writes as the group, and answer people only. Turn “Remain anonymous” off for yourself, or write "
    "to me in private."
)
