"""Files read as the program reads them, without a process around each."""

from bot.adapters.documents.documents import read_here
from bot.intake.ports import Reading
from bot.kernel.errors import Refusal

SECONDS = 60.0


def reading(name: str, data: bytes, mime_type: str = "") -> Reading:
    """What is read of a file. Raises Refusal."""
    return read_here(name, data, SECONDS, mime_type)


def refusal(name: str, data: bytes, mime_type: str = "") -> str:
    """The words with which a file is refused."""
    try:
        found = reading(name, data, mime_type)
    except Refusal as refused:
        return str(refused)
    raise AssertionError(f"{name} is read: {found}")
