"""What is needed of Google Drive."""

from typing import Protocol

from bot.drive.model import Account, New, Seen
from bot.kernel.errors import ProviderError


class Gone(ProviderError):
    """What was asked for, or the folder that something was to be put into, is not there."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, permanent=True)


class Taken(ProviderError):
    """The id is taken: by what was made with it, be that there or deleted."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, permanent=True)


class Full(ProviderError):
    """There is no room, until a person makes some."""


class Drive(Protocol):
    """Files and folders that we made. Every verb raises ProviderError, `bot.google.ports.ConsentEnded` among them."""

    async def account(self) -> Account:
        """Whose Drive it is."""
        ...

    async def new_id(self) -> str:
        """An id for something to be made: made with it twice, it is there once."""
        ...

    async def find(self, mark: str) -> str | None:
        """The id of what has that mark and is not in the trash."""
        ...

    async def see(self, file_id: str) -> Seen | None:
        """How it stands; None where it is not there."""
        ...

    async def make_folder(self, new: New) -> None:
        """Make a folder; raises Gone, Taken."""
        ...

    async def upload(self, new: New, kind: str, data: bytes) -> None:
        """Make a file of that media type; raises Gone, Taken, Full."""
        ...

    async def share(self, file_id: str) -> None:
        """Let everybody who has its link read it; again is the same."""
        ...

    async def hide(self, folder_id: str, name: str) -> None:
        """Give a folder another name and move it to the trash; nothing where it is not there."""
        ...

    async def delete(self, file_id: str) -> None:
        """Delete a file for good; nothing where it is not there."""
        ...
