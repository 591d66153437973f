"""Probe of the chat: the bot, and how its updates come."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol
from urllib.parse import urlsplit

from bot.kernel.probe import Finding, advice
from bot.messages.ports import TokenRefused
from bot.messages.settings import ChatSettings


class Bot(Protocol):
    """The chat service, as far as the probe needs it."""

    @property
    def username(self) -> str:
        """The bot's name there, without @."""
        ...

    async def webhook(self) -> tuple[str, str]:
        """Where updates are sent ("" where nowhere), and the last thing that went wrong with it."""
        ...


async def probe(settings: ChatSettings, public_url: str | None, greeted: AbstractAsyncContextManager[Bot]) -> Finding:
    """Whether the bot is there, and its updates come as the settings say. greeted: the bot, which says who it is."""
    async with advice("TELEGRAM_BOT_TOKEN", settings.telegram_api_url, TokenRefused), greeted as telegram:
        url, error = await telegram.webhook()
    name, host = f"@{telegram.username}", urlsplit(url).hostname
    if settings.telegram_updates == "polling":
        if url:
            words = f"{name} has a webhook at {host}, but TELEGRAM_UPDATES is polling. Another program may use this bot"
            return Finding("problem", f"{words}; if not, the next start removes the webhook.")
        return Finding("fine", f"{name}, by polling")
    if url != f"{public_url}/webhooks/telegram":
        return Finding(
            "problem", f"{name} sends its updates to {host or 'nowhere'}; start EchoPilot's chat part to mend it"
        )
    if error:
        return Finding("problem", f"{name} cannot reach {host}: {error}. Is PUBLIC_URL open to the world?")
    return Finding("fine", f"{name}, by webhook at {host}")
