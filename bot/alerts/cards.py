"""What admins are told of the machinery."""

from collections.abc import Mapping
from datetime import datetime

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
    "stripe_event": "Notice from Stripe",
    "job_run": "Run of a job",
}


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


KINDS = {"telegram": "Message", "mail": "Mail", "notion": "Notion row"}


def undeliverable(channel: str, to: str, reason: str) -> Card:
    """Something that was given up, and what that means."""
    lines = Lines(f"{KINDS.get(channel, channel)} to {to} · Not delivered")
    lines.add(f"Why: {first_lines(reason, 300)}")
    lines.add("It is not tried again, and what comes next for them may fail the same way.")
    if channel == "mail":
        lines.add("Check the address and the SMTP settings: python -m bot doctor")
    return Card(str(lines.add("You hear of it again only after something has arrived there. /status counts them.")))


def named(task: Task) -> str:
    """What the task is about: "Recording 1003"."""
    return f"{TASK_WORDS.get(task.kind.name, task.kind.name)} {task.subject}"


def given_up(failed_id: int, task: Task, reason: str) -> Card:
    """A task that is tried no more, for operators."""
    lines = Lines(f"{named(task)} · Stopped by a fault").add(f"Why: {first_lines(reason, 300)}")
    lines.add("It is not tried again by itself. /failed lists all that stopped.")
    return Card(str(lines), ((Button("Try again", "tretry", failed_id),),))


def goes_on(task: Task, by: str, at: datetime) -> Card:
    """What became of it, in place of its card."""
    return Card(str(Lines(f"{named(task)} · Tried again by {escape(by)}, {clock(at)}")), silent=True)
