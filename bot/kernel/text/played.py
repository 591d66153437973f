"""Whether what is here is a demo's: then whatever shows figures says so, and nobody takes them for real ones."""

from bot.kernel.card import Lines
from bot.kernel.translation import gettext as _

_played = False


def settle(played: bool) -> None:
    """Say so of this process, at its start."""
    global _played
    _played = played


def is_played() -> bool:
    """Whether everything is played."""
    return _played


def notice() -> str:
    """What stands above figures that are played; "" above real ones."""
    return _("Played for a demo. No person, brief or amount is real.") if _played else ""


def below(headline: str) -> Lines:
    """The first lines of a card that shows figures: its headline, and below it that they are played, where they are."""
    return Lines(headline, list(filter(None, (notice(),))))
