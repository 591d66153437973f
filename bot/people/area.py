"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.access.model import TENANT
from bot.core import Core
from bot.kernel.events import Event, Reaction
from bot.messages.settings import ChatSettings
from bot.people.directory import Directory
from bot.people.joining import Access
from bot.people.ports import Places
from bot.people.preferences import Preferences
from bot.people.roles import People
from bot.people.rooms import Rooms
from bot.people.setup import Setup, look_again, said_in
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "person.role_changed": "Somebody became something else.",
    "person.removed": "Somebody was let out.",
    "invite.made": "An invitation was made.",
    "invite.redeemed": "Somebody came in by an invitation.",
    "invite.revoked": "An invitation was taken back before it was used.",
    "target.set": "A client's briefs have a target of their own, or have it no more.",
    "person.zone_set": "Somebody chose the time zone that they read times in, or their tenant's again.",
    "person.quiet_hours_set": "Somebody said from when to when they want to hear nothing.",
    "person.heard_set": "Somebody said how they want to hear of a topic.",
    "person.file_format_set": "Somebody chose in which format finished work comes.",
    "person.language_set": "Somebody chose the language that they are spoken with in, or their app's again.",
    "room.bound": "A group became a team room.",
    "room.ended": "A team room became an ordinary group.",
    "room.left": "The bot was taken out of a team room.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """Who comes in, what they are, and in which rooms the team reads along."""

    joining: Access
    roles: People
    rooms: Rooms
    directory: Directory
    preferences: Preferences
    setup: Setup


def build(core: Core, settings: ChatSettings, places: Places) -> Verbs:
    """The area on what it stands on."""
    admins = settings.admin_telegram_ids
    return Verbs(
        Access(core.database, admins),
        People(core.database, admins),
        Rooms(core.database),
        Directory(core.database, admins),
        Preferences(core.database, places),
        Setup(core.database, said_in(settings)),
    )


def reactions(given: Collection[str]) -> Mapping[str, Reaction]:
    """An admin's card of what is to be set up follows it. given: the settings that the installation says itself."""

    async def ticked(tx: Transaction, event: Event) -> None:
        if event.tenant == TENANT:
            await look_again(tx, given)

    names = ("invite.redeemed", "person.role_changed", "person.removed", "payments.connected")
    return dict.fromkeys(names, ticked)
