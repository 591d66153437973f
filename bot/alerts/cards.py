"""What admins are told of the machinery."""

from datetime import datetime

from bot.kernel.card import Card, Lines, first_lines
from bot.kernel.words import clock, duration

KINDS = {"telegram": "Message", "mail": "Mail", "notion": "Notion row"}


def provider_down(provider: str, reason: str, at: datetime) -> Card:
    """A provider that stopped answering."""
    lines = Lines(f"{provider} · Not answering since {clock(at)}")
    lines.add(f"Last words: {first_lines(reason, 300)}")
    lines.add("What needs it waits and goes on by itself; nothing is lost. It is tried again every minute or two.")
    lines.add("You hear of it when it answers. To look yourself: python -m bot doctor")
    return Card(str(lines))


def provider_up(provider: str, since: datetime, at: datetime) -> Card:
    """A provider that answers again."""
    lines = Lines(f"{provider} · Answers again since {clock(at)}")
    return Card(str(lines.add(f"It was silent for {duration(at - since)}. What waited goes on.")), silent=True)


def undeliverable(channel: str, to: str, reason: str) -> Card:
    """Something that was given up, and what that means."""
    lines = Lines(f"{KINDS.get(channel, channel)} to {to} · Not delivered")
    lines.add(f"Why: {first_lines(reason, 300)}")
    lines.add("It is not tried again, and what comes next for them may fail the same way.")
    if channel == "mail":
        lines.add("Check the address and the SMTP settings: python -m bot doctor")
    return Card(str(lines.add("You hear of it again only after something has arrived there. /status counts them.")))


def late(channel: str, to: str, reason: str) -> Card:
    """Something that does not arrive although it was tried again and again."""
    lines = Lines(f"{KINDS.get(channel, channel)} to {to} · Late")
    lines.add(f"Last words: {first_lines(reason, 300)}")
    lines.add("It is kept, and tried again every ten minutes. Is the server up? python -m bot doctor")
    return Card(str(lines))
