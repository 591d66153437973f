"""What admins are told of the machinery."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.tasks import Task
from bot.kernel.words import clock, duration

# What a task does, by its kind, for people.
TASK_WORDS: Mapping[str, str] = {
    "hear": "Recording",
    "produce": "Brief",
    "probe": "Test of the judge with brief",
    "rejudge": "Judging of edited draft",
    "duel_pair": "Duel pair",
    "open_invoice": "Invoice of brief",
    "make_invoice": "Invoice",
    "look_at_invoice": "Look at invoice",
    "stripe_event": "Notice from Stripe",
    "job_run": "Run of a job",
    "update": "Update from Telegram",
}
KINDS = {"telegram": "Message", "mail": "Mail", "notion": "Notion row"}
CHANNELS = {"telegram": "Telegram", "mail": "Mail", "notion": "Notion"}


def provider_down(provider: str, reason: str, at: datetime) -> Card:
    """A provider that stopped answering."""
    lines = Lines(f"{provider} · Not answering since {clock(at)}")
    lines.add(f"Last words: {first_lines(reason, 300)}")
    lines.add("What needs it waits and goes on by itself; nothing is lost. It is tried again every few minutes.")
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


def undeliverable(channel: str, to: str, reason: str, row_id: int) -> Card:
    """Something that was given up, and what that means."""
    lines = Lines(f"{KINDS.get(channel, channel)} to {to} · Not delivered")
    lines.add(f"Why: {first_lines(reason, 300)}")
    lines.add("It is not tried again by itself, and what comes next for them may fail the same way.")
    if channel == "mail":
        lines.add("Check the address and the SMTP settings: python -m bot doctor")
    lines.add("You hear of it again only after something has arrived there. /failed lists all of it.")
    return Card(str(lines), ((Button("Send again", "oagain", row_id),),))


def named(task: Task) -> str:
    """What the task is about: "Recording 1003"."""
    return f"{TASK_WORDS.get(task.kind.name, task.kind.name)} {task.subject}"


def given_up(failed_id: int, task: Task, reason: str) -> Card:
    """A task that is tried no more, for operators."""
    lines = Lines(f"{named(task)} · Stopped by a fault").add(f"Why: {first_lines(reason, 300)}")
    lines.add("It is not tried again by itself. /failed lists all that stopped.")
    return Card(str(lines), ((Button("Try again", "tretry", failed_id),),))


def still_tried(failed_id: int, task: Task, reason: str) -> Card:
    """A task that has not moved for long although it is tried again and again, for admins."""
    lines = Lines(f"{named(task)} · Still trying").add(f"Last words: {first_lines(reason, 300)}")
    lines.add("Nothing is lost: it is tried again every ten minutes or so, and this message says when it is done.")
    lines.add("/failed lists all that waits.")
    buttons = (Button("Try now", "tnow", failed_id),), (Button("Give up", "tstop", failed_id),)
    return Card(str(lines), buttons)


def done_after_all(task: Task, after: timedelta) -> Card:
    """What became of it, in place of its card."""
    return Card(str(Lines(f"{named(task)} · Done, {duration(after)} later")), silent=True)


def stopped(task: Task) -> Card:
    """It was given up, in place of its card."""
    return Card(str(Lines(f"{named(task)} · Given up").add("/failed has it go on.")), silent=True)


def file_not_read(name: str, sender: str, why: str) -> Card:
    """A file that ended whatever read it, for operators."""
    lines = Lines(f"File from {escape(sender)} · Could not be read").add(f"File: {first_lines(name, 100)}")
    lines.add(f"Why: {first_lines(why, 300)}. Such a file may be broken, very large, or made to do harm.")
    return Card(str(lines.add("They were told so, and to send a smaller file or the text. Nothing was started.")))


def goes_on(task: Task, by: str, at: datetime) -> Card:
    """What became of it, in place of its card."""
    return Card(str(Lines(f"{named(task)} · Tried again by {escape(by)}, {clock(at)}")), silent=True)


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


def late(channel: str, to: str, reason: str) -> Card:
    """Something that does not arrive although it was tried again and again, while others do."""
    lines = Lines(f"{KINDS.get(channel, channel)} to {to} · Late").add(f"Last words: {first_lines(reason, 300)}")
    lines.add("It is kept, and tried again every ten minutes or so. What else is late there is not told again.")
    return Card(str(lines.add("/failed has it tried at once, or given up.")))


def nothing_arrives(channel: str, reason: str) -> Card:
    """A whole channel on which nothing arrives."""
    lines = Lines(f"{CHANNELS.get(channel, channel)} · Nothing arrives").add(f"Last words: {first_lines(reason, 300)}")
    lines.add("All of it is kept, and tried again every ten minutes or so. Is the server up? python -m bot doctor")
    return Card(str(lines.add("/failed lists what waits.")))
