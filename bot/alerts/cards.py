"""What admins are told of the machinery."""

from datetime import date, datetime

from bot.kernel.card import Card, Lines, first_lines
from bot.kernel.words import clock, duration


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


def account_refused(provider: str, reason: str) -> Card:
    """A provider that refuses whatever is asked, until a person sees to the account or the settings."""
    lines = Lines(f"{provider} · Refused, and only you can change that")
    lines.add(f"Last words: {first_lines(reason, 300)}")
    lines.add("Asking again does not help, so what needs it stops: /failed lists the briefs.")
    lines.add("See to the account, its billing, or the settings of the models. To look yourself: python -m bot doctor")
    lines.add("Then tap Retry on each stopped brief.")
    return Card(str(lines))


def fallback_serves(model: str, fallback: str, why: str) -> Card:
    """A model that another one has to stand in for, again and again."""
    lines = Lines(f"Models · {first_lines(fallback, 60)} writes in place of {first_lines(model, 60)}")
    lines.add(f"Reason: {first_lines(why, 300)}")
    lines.add("Briefs are drafted all the same, and you pay for both calls.")
    lines.add("Set DRAFT_MODEL to one that serves. To look yourself: python -m bot doctor")
    return Card(str(lines))


def shutdown_ahead(model: str, settings: str, when: date, days: int) -> Card:
    """A model that its provider shuts down soon, or did."""
    if days < 0:
        lines = Lines(f"Models · {first_lines(model, 60)} was shut down on {when:%d %B %Y}")
        lines.add(f"{settings} still names it, and every call to it fails.")
    else:
        lines = Lines(f"Models · {first_lines(model, 60)} is shut down on {when:%d %B %Y}")
        lines.add(f"{settings} names it, and in {days} days every call to it fails.")
    lines.add("Set another model and restart. python -m bot doctor tries it; make judge tries one as a judge.")
    return Card(str(lines))


def model_missing(model: str, settings: str) -> Card:
    """A model that its provider does not list any more."""
    lines = Lines(f"Models · {first_lines(model, 60)} is not in the provider's list")
    lines.add(f"{settings} names it. It may be gone, or this key may not use it.")
    lines.add("To see whether it answers: python -m bot doctor")
    return Card(str(lines))
