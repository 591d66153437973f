"""Deciding on a draft: approve with one tap; send back or reject with a reason."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Person
from bot.kernel.card import Button, Card, Lines
from bot.services import Services
from handlers.asked import Asked
from storage import conversations

SEND_BACK_STEP, REJECT_STEP = "review.send_back", "review.reject"


async def approve(who: Person, asked: Asked, services: Services) -> Card:
    """Out to the client."""
    brief = await services.review.approve(who, asked.subject, asked.version)
    return Card(toast=f"Brief {brief.id} is approved and goes to the client")


async def ask_what_to_change(who: Person, asked: Asked, services: Services) -> Card:
    """The next plain message is what should change."""
    await _ask(who, asked, services, SEND_BACK_STEP)
    lines = Lines(f"Brief {asked.subject} · Send back").add("What should change? Your next message is the note.")
    lines.add("For example: leave the delivery time out, the brief does not give one.")
    return Card(str(lines), ((Button("Never mind", "bstop"),),))


async def ask_why(who: Person, asked: Asked, services: Services) -> Card:
    """The next plain message is the reason, which the client reads."""
    await _ask(who, asked, services, REJECT_STEP)
    lines = Lines(f"Brief {asked.subject} · Reject").add(
        "Why? Your next message is the reason, and the client reads it."
    )
    lines.add("The brief ends there and is not charged.")
    return Card(str(lines), ((Button("Never mind", "bstop"),),))


async def _ask(who: Person, asked: Asked, services: Services, step: str) -> None:
    await services.review.check_open(who, asked.subject, asked.version)
    data = {"brief": asked.subject, "version": asked.version}
    await services.database.write(lambda tx: conversations.ask(tx, who, asked.chat_id, step, data))


async def send_back(who: Person, asked: Asked, services: Services, data: Mapping[str, Any]) -> Card:
    """The note was written."""
    brief = await services.review.send_back(who, data["brief"], data["version"], asked.text)
    await services.database.write(lambda tx: conversations.end(tx, who, asked.chat_id))
    return Card(f"Brief {brief.id} is drafted anew with your note and comes back to you.")


async def reject(who: Person, asked: Asked, services: Services, data: Mapping[str, Any]) -> Card:
    """The reason was written."""
    brief = await services.review.reject(who, data["brief"], data["version"], asked.text)
    await services.database.write(lambda tx: conversations.end(tx, who, asked.chat_id))
    return Card(f"Brief {brief.id} is rejected; the client was told why.")
