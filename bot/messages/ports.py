"""What can become of a message on its way to a chat, as errors that carry the decision."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.kernel.card import Card
from bot.kernel.errors import ProviderError

Needed = Callable[[Collection[str]], Awaitable[Collection[str]]]


class Blocked(ProviderError):
    """No message reaches the chat: its person stopped the bot or never started it, or the bot may not write there."""

    def __init__(self, message: str) -> None:
        super().__init__("Telegram", message, permanent=True)


class MessageGone(ProviderError):
    """The message to edit is no longer there; send it anew."""

    def __init__(self, message: str) -> None:
        super().__init__("Telegram", message, permanent=True)


class ChatMoved(ProviderError):
    """The group became a supergroup and has another id now."""

    def __init__(self, new_chat_id: int) -> None:
        super().__init__("Telegram", f"the chat moved to {new_chat_id}", permanent=True)
        self.new_chat_id = new_chat_id


class OtherPoller(ProviderError):
    """Another process takes the bot's updates (409)."""

    def __init__(self, message: str) -> None:
        super().__init__("Telegram", message)


class Files(Protocol):
    """Where files that people sent are had from. Raises ProviderError."""

    async def download(self, file_id: str) -> bytes:
        """A file that somebody sent, by the chat's id of it."""
        ...


class Store(Protocol):
    """Where such files are kept for every host."""

    async def forget(self, file_ids: Collection[str]) -> None:
        """Delete these, of which some may be gone already. Raises ProviderError."""
        ...

    async def sweep(self, needed: Needed, before: datetime) -> int:
        """Delete what was kept before then and is not needed any more; returns how many went. Raises ProviderError.

        needed: which of the given files are.
        """
        ...


class TokenRefused(ProviderError):
    """Our bot is not let in: its token was changed, or a gateway on the way says so. No message's fault: it waits."""

    def __init__(self) -> None:
        super().__init__("Telegram", "the bot token is refused")


class Chat(Protocol):
    """A chat service, as far as jobs and handlers need one. Every verb raises the errors above, or ProviderError."""

    async def send(self, chat_id: int, card: Card, *, topic: int = 0) -> int:
        """Show a Card as a new message, in a forum in that topic; returns the message's id."""
        ...

    async def edit(self, chat_id: int, message_id: int, card: Card) -> None:
        """Show a Card in place of a message; one without a text changes its buttons alone."""
        ...

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message, ours or in a private chat theirs; one that is gone already is no error."""
        ...

    async def preview(self, chat_id: int, preview_id: int, html: str, topic: int = 0) -> None:
        """Show a text that is being written, for some seconds, in a private chat; nothing where sending is busy.

        preview_id: not 0; what has the same one takes the place of what was shown before.
        """
        ...

    async def answer(self, callback_id: str, text: str, *, alert: bool = False) -> None:
        """Answer a tap, with a popup where there is a text."""
        ...

    async def typing(self, chat_id: int, topic: int = 0) -> None:
        """Show for some seconds that an answer is being made; it is no matter if that does not come through."""
        ...

    async def download(self, file_id: str) -> bytes:
        """A file that somebody sent."""
        ...

    async def file_size(self, file_id: str) -> int:
        """The size in bytes of a file that somebody sent. Raises Refusal where it is too large to be had."""
        ...

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], chat_id: int | None = None, language: str = ""
    ) -> None:
        """Set the command menu of everybody, or of one chat; with a language of two letters, for its speakers."""
        ...

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long."""
        ...
