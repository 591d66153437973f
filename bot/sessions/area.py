"""The area wired up: its verbs, what it says happened, and what it keeps for a while."""

from collections.abc import Mapping

from bot.core import Area, Core, Keep
from bot.messages.settings import ChatSettings
from bot.sessions.service import Sessions
from storage.sessions import sessions, signing_in
from storage.step_up import rows as step_up

EVENTS: Mapping[str, str] = {
    "session.link_made": "Somebody asked for a link to sign in to the pages by.",
    "session.key_made": "Somebody had a dashboard key made, in the place of the one before.",
    "session.key_dropped": "Somebody ended their dashboard key.",
    "session.began": "Somebody signed in.",
    "session.refused": "Somebody tried to sign in, and was not let in.",
    "session.ended": "Somebody signed out, or ended a session from the chat.",
    "session.all_ended": "Somebody ended all of their sessions.",
}


def build(core: Core, settings: ChatSettings) -> tuple[Sessions, Area]:
    """The area on what it stands on."""
    verbs = Sessions(core.database, settings.telegram_bot_token.get_secret_value())
    return verbs, Area(keeps=(Keep("", sessions.forget), Keep("", signing_in.forget), Keep("", step_up.forget)))
