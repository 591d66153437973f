"""A quote before its client: the card with what was read, shown in the message that later follows the brief."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.briefs import cards
from bot.briefs.material import Attachment
from bot.briefs.model import Brief
from bot.briefs.progress import progress_slot
from bot.kernel.card import Card
from storage.briefs import attachments
from storage.engine.connection import Connection


def quote_card(brief: Brief, attached: Sequence[Attachment], now: datetime) -> Card:
    """The quote; news of the brief is edited into the message that shows it."""
    return replace(cards.quote(brief, attached, now), slot=progress_slot(brief))


async def quoted(connection: Connection, brief: Brief, now: datetime) -> Card:
    """The quote, with what came with the brief."""
    return quote_card(brief, await attachments.of_brief(connection, brief.tenant, brief.id), now)
