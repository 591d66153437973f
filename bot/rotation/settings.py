"""Settings of the keys that EchoPilot issues itself."""

from pathlib import Path

from pydantic import Field

from bot.config import keys
from bot.config.key_file import KeyFile
from bot.config.reading import ReadSettings
from bot.rotation.model import Roots, roots

FILE = "secret.key"


class RotationSettings(ReadSettings):
    """Keys of its own"""

    secret_key: keys.SecretKey = Field(
        default=None,
        description="Secret that the keys of buttons, of partners' tokens and of Telegram's webhook come from, 32 or "
        "more characters: `openssl rand -hex 32` makes one. Of several with commas between them the first is for new "
        "keys, the others count for those of before. Empty: one is made and kept as secret.key beside the SQLite "
        "file; with PostgreSQL set it on every host, or these keys come from the bot's token.",
    )


def roots_of(settings: RotationSettings, token: str, beside: Path | None) -> Roots:
    """The secrets as set, or that of the file in the folder beside the database; None: there is none. Raises NoKey."""
    given = settings.secret_key.get_secret_value() if settings.secret_key is not None else ""
    if not given and beside is not None:
        kept = KeyFile(beside / FILE, "The file of EchoPilot's own keys", "SECRET_KEY")
        given = kept.read() or kept.make()
    return roots(given, token)
