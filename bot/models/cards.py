"""What admins see of ceilings."""

from datetime import datetime
from decimal import Decimal

from bot.kernel.card import Card, Lines, escape
from bot.kernel.words import clock, day
from bot.models.budget import Ceiling, Reached

SETTINGS: dict[Ceiling, str] = {
    Ceiling.BRIEF: "CEILING_BRIEF_USD",
    Ceiling.CLIENT: "CEILING_CLIENT_MONTH_USD",
    Ceiling.DAY: "CEILING_DAY_USD",
    Ceiling.MONTH: "CEILING_MONTH_USD",
}


def ceiling_reached(what: Reached, until: datetime | None, *, brief_id: int, client: str) -> Card:
    """A ceiling that has no room for the next call of a brief, and what lifts it."""
    setting = SETTINGS[what.ceiling]
    owner = {
        Ceiling.BRIEF: f"brief {brief_id}",
        Ceiling.CLIENT: f"{client}, this month",
        Ceiling.DAY: "today",
        Ceiling.MONTH: "this month",
    }[what.ceiling]
    lines = Lines(f"Model budget · Used up for {owner}")
    lines.add(f"Its {Decimal(what.limit) / 1_000_000:,.2f} USD ({setting}) leave no room for the next call.")
    lines.add(f"What needs more waits, and nothing fails: first /brief_{brief_id} for {escape(client)}.")
    if until is not None:
        lines.add(f"It goes on by itself on {day(until)}, {clock(until)}.")
    lines.add(f"To lift it now: raise {setting} and restart.")
    return Card(str(lines))
