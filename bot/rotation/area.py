"""The area wired up: its verbs, what it says happened, and what it keeps for a while."""

from collections.abc import Mapping

from bot.core import Area, Keep
from bot.messages.settings import ChatSettings
from bot.rotation.model import Purpose, Roots
from bot.rotation.service import Rotation
from bot.security.settings import SecuritySettings
from storage.engine.database import Database
from storage.rotation import issued_keys

EVENTS: Mapping[str, str] = {
    "key.turned": "A key that EchoPilot issues itself was replaced; the one before counts for a while.",
    "key.ended": "Somebody ended keys of before at once.",
}


def build(database: Database, security: SecuritySettings, chat: ChatSettings, roots: Roots) -> Rotation:
    """The area on what it stands on. A secret of Telegram's webhook that was set is its owner's to replace."""
    needed = [Purpose.BUTTONS, Purpose.API_TOKENS]
    if chat.telegram_updates == "webhook" and chat.telegram_webhook_secret is None:
        needed.append(Purpose.WEBHOOK)
    return Rotation(database, roots, security.secret_days, needed)


def area() -> Area:
    """What it keeps for a while."""
    return Area(keeps=(Keep("", issued_keys.forget),))
