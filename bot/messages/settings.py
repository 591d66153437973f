"""Settings of the chat."""

from typing import Literal

from pydantic import Field

from bot.config import keys, types
from bot.config.reading import ReadSettings
from bot.config.types import Address, Rate


class ChatSettings(ReadSettings):
    """Telegram"""

    telegram_bot_token: keys.BotToken = Field(description="The bot's token, from @BotFather.")
    admin_telegram_ids: types.PeopleIds = Field(
        description="Telegram user ids of the admins, one at least, separated by commas; whose id is taken out is no "
        "admin any more at the next start. @userinfobot tells yours."
    )
    telegram_updates: Literal["polling", "webhook"] = Field(
        default="polling", description="How updates arrive: the bot asks (polling), or Telegram calls PUBLIC_URL."
    )
    telegram_webhook_secret: keys.WebhookSecret = Field(
        default=None,
        description="What Telegram must send with each webhook call; 1 to 256 of A-Z a-z 0-9 _ -. Empty: EchoPilot "
        "makes one, and replaces it every 30 days.",
    )
    telegram_api_url: Address = Field(default="https://api.telegram.org", description="Where the Bot API is.")
    telegram_messages_per_second: Rate = Field(default=25, description="Messages a second to all chats together.")
    telegram_chat_messages_per_second: Rate = Field(default=1, description="Messages a second to one chat.")
    telegram_chat_burst: int = Field(
        default=3,
        ge=1,
        le=20,
        description="Messages that may come at once to one chat that was quiet; Telegram bears short bursts, and says "
        "no number.",
    )
    telegram_group_messages_per_minute: Rate = Field(default=18, description="Messages a minute to one group.")
