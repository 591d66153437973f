"""Settings of the mirror."""

from pydantic import Field

from bot.config import keys, types
from bot.config.reading import ReadSettings
from bot.config.types import Address, Rate


class MirrorSettings(ReadSettings):
    """Mirror"""

    notion_token: keys.NotionToken = Field(default=None, description="Notion integration token; empty: no mirror.")
    notion_parent_page_id: types.PageId = Field(
        default="", description="Page below which the mirror's databases are made."
    )
    notion_api_url: Address = Field(default="https://api.notion.com", description="Where Notion's API is.")
    notion_requests_per_second: Rate = Field(
        default=3, description="Requests a second to Notion, which takes three on average."
    )
