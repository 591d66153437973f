"""What admins are told of the machinery."""

from datetime import datetime

from bot.kernel.card import Card, Lines, first_lines
from bot.kernel.words import clock, duration


def provider_down(provider: str, reason: str, at: datetime) -> Card:
    """A provider that stopped answering."""
    lines = Lines(f"{provider} · Not answering since {clock(at)}")
    lines.add(f"Last words: {first_lines(reason, 300)}")
    lines.add("What needs it waits and goes on by itself; nothing is lost. It is tried again every minute or two.")
    lines.add("You hear of it when it answers. To look yourself: python -m bot doctor")
    return Card(str(lines))


def key_refused(provider: str, reason: str, at: datetime) -> Card:
    """A provider that does not take our key."""
    lines = Lines(f"{provider} · Refuses our key since {clock(at)}")
    lines.add(f"Last words: {first_lines(reason, 300)}")
    lines.add("What needs it waits; nothing is lost or given up. Put a sound key into the settings and restart.")
    lines.add("To see what the key may not do: python -m bot doctor")
    return Card(str(lines))


def provider_up(provider: str, since: datetime, at: datetime) -> Card:
    """A provider that answers again."""
    lines = Lines(f"{provider} · Answers again since {clock(at)}")
    return Card(str(lines.add(f"It was silent for {duration(at - since)}. What waited goes on.")), silent=True)
