"""What admins are told of the machinery."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.alerts.model import Destination
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.tasks import Task
from bot.kernel.text.words import clock, duration, listed
from bot.kernel.translation import calendar_day, ngettext
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

# What a task is about, by its kind: as a headline begins, and within a line.
TASKS: Mapping[str, tuple[str, str]] = {
    "hear": (N_("Recording {id}"), N_("recording {id}")),
    "forget_recording": (N_("Discarding of recording {id}"), N_("discarding of recording {id}")),
    "produce": (N_("Brief {id}"), N_("brief {id}")),
    "probe": (N_("Test of the judge with brief {id}"), N_("test of the judge with brief {id}")),
    "rejudge": (N_("Judging of edited draft {id}"), N_("judging of edited draft {id}")),
    "duel_pair": (N_("Duel pair {id}"), N_("duel pair {id}")),
    "open_invoice": (N_("Invoice of brief {id}"), N_("invoice of brief {id}")),
    "make_invoice": (N_("Invoice {id}"), N_("invoice {id}")),
    "look_at_invoice": (N_("Look at invoice {id}"), N_("look at invoice {id}")),
    "void_invoice": (N_("Voiding of invoice {id}"), N_("voiding of invoice {id}")),
    "send_refund": (N_("Refund {id}"), N_("refund {id}")),
    "approval": (N_("Approval {id}"), N_("approval {id}")),
    "write_off_invoice": (N_("Writing off of invoice {id}"), N_("writing off of invoice {id}")),
    "stripe_event": (N_("Notice from Stripe {id}"), N_("notice from Stripe {id}")),
    "reconcile": (N_("Comparison with Stripe, asked for by person {id}"), N_("comparison with Stripe for person {id}")),
    "repair": (N_("Repair {id} of the ledger"), N_("repair {id} of the ledger")),
    "job_run": (N_("Run of a job {id}"), N_("run of a job {id}")),
    "after_restore": (N_("Asking Stripe after restore {id}"), N_("asking Stripe after restore {id}")),
    "update": (N_("Update from Telegram {id}"), N_("update from Telegram {id}")),
}
TO = {"telegram": N_("Message to {to}"), "mail": N_("Mail to {to}"), "notion": N_("Notion row to {to}"),
      "partners": N_("Message to the program of {to}")}  # fmt: skip
CHANNELS = {"telegram": "Telegram", "mail": N_("Mail"), "notion": "Notion", "partners": N_("Partners' programs")}
DAY = "dd MMMM y"


def undeliverable(channel: str, to: Destination, reason: str, row_id: int) -> Card:
    """Something that was given up, and what that means."""
    lines = Lines(_("{message} · Not delivered", message=one_to(channel, to.words)))
    lines.add(_why(reason))
    lines.add(_("It is not tried again automatically, and the next message to them may fail the same way."))
    if channel == "mail":
        lines.add(_("Check the address and the SMTP settings: python -m bot doctor"))
    if channel == "partners":
        lines.add(_("/partners leads to the address, and to each message with what was answered."))
    lines.add(_("You are told again only after something has arrived there. /failed lists everything."))
    return Card(str(lines), ((Button(_("Send again"), "oagain", row_id),),))


def named(task: Task) -> str:
    """What the task is about: "Recording 1003"."""
    known = TASKS.get(task.kind.name)
    return f"{task.kind.name} {task.subject}" if known is None else _(known[0], id=task.subject)


def named_within(task: Task) -> str:
    """The same within a line: "recording 1003"."""
    known = TASKS.get(task.kind.name)
    return f"{task.kind.name} {task.subject}" if known is None else _(known[1], id=task.subject)


def one_to(channel: str, to: str) -> str:
    """One message, mail or row: "Message to Alice"."""
    return _(TO[channel], to=to) if channel in TO else f"{channel}: {to}"


def several_to(channel: str, n: int, to: str) -> str:
    """ "3 messages to Alice", "1 mail to carol@example.org"."""
    match channel:
        case "telegram":
            return ngettext("{n} message to {to}", "{n} messages to {to}", n, to=to)
        case "mail":
            return ngettext("{n} mail to {to}", "{n} mails to {to}", n, to=to)
        case "notion":
            return ngettext("{n} Notion row to {to}", "{n} Notion rows to {to}", n, to=to)
        case "partners":
            return ngettext("{n} message to the program of {to}", "{n} messages to the program of {to}", n, to=to)
    return f"{n} {channel}: {to}"


def last_words(reason: str) -> str:
    """What a provider said, cut short."""
    return _("Last error: {words}", words=first_lines(reason, 300))


def _why(reason: str) -> str:
    return _("Why: {words}", words=first_lines(reason, 300))


def given_up(failed_id: int, task: Task, reason: str) -> Card:
    """A task that is tried no more, for operators."""
    lines = Lines(_("{task} · Stopped by a fault", task=named(task))).add(_why(reason))
    lines.add(_("It is not tried again automatically. /failed lists everything that stopped."))
    return Card(str(lines), ((Button(_("Try again"), "tretry", failed_id),),))


def still_tried(failed_id: int, task: Task, reason: str) -> Card:
    """A task that has not moved for long although it is tried again and again, for admins."""
    lines = Lines(_("{task} · Still trying", task=named(task))).add(last_words(reason))
    lines.add(_("Nothing is lost: it is tried again about every ten minutes, and this message says when it is done."))
    lines.add(_("/failed lists everything that waits."))
    buttons = (Button(_("Try now"), "tnow", failed_id),), (Button(_("Give up"), "tstop", failed_id),)
    return Card(str(lines), buttons)


def done_after_all(task: Task, after: timedelta) -> Card:
    """What became of it, in place of its card."""
    return Card(str(Lines(_("{task} · Done, {time} later", task=named(task), time=duration(after)))), silent=True)


def stopped(task: Task) -> Card:
    """It was given up, in place of its card."""
    return Card(str(Lines(_("{task} · Given up", task=named(task))).add(_("To resume it: /failed"))), silent=True)


def file_not_read(name: str, sender: str, why: str) -> Card:
    """A file that ended whatever read it, for operators."""
    lines = Lines(_("File from {name} · Could not be read", name=escape(sender))).add(
        _("File: {file}", file=first_lines(name, 100))
    )
    lines.add(
        _(
            "Why: {words}. Such a file may be broken, very large, or made to do harm.",
            words=first_lines(why, 300),
        )
    )
    return Card(str(lines.add(_("They were asked to send a smaller file or the text. Nothing was started."))))


def goes_on(task: Task, by: str, at: datetime) -> Card:
    """What became of it, in place of its card."""
    return Card(
        str(Lines(_("{task} · Tried again by {name}, {time}", task=named(task), name=escape(by), time=clock(at)))),
        silent=True,
    )


def shutdown_ahead(model: str, settings: Sequence[str], when: date, days: int) -> Card:
    """A model that its provider shuts down soon, or did."""
    ends = {"model": first_lines(model, 60), "day": calendar_day(when, DAY)}
    if days < 0:
        lines = Lines(_("Models · {model} was shut down on {day}", **ends))
        lines.add(_("{settings} still uses it, and every call to it fails.", settings=listed(settings)))
    else:
        lines = Lines(_("Models · {model} is shut down on {day}", **ends))
        lines.add(
            ngettext(
                "{settings} uses it; in {n} day every call to it fails.",
                "{settings} uses it; in {n} days every call to it fails.",
                days,
                settings=listed(settings),
            )
        )
    lines.add(_("Set another model and restart. python -m bot doctor tries it; make judge tries one as a judge."))
    return Card(str(lines))


def model_missing(model: str, settings: Sequence[str]) -> Card:
    """A model that its provider does not list any more."""
    lines = Lines(_("Models · {model} is not in the provider's list", model=first_lines(model, 60)))
    lines.add(_("{settings} uses it. It may be gone, or this key may not use it.", settings=listed(settings)))
    lines.add(_("To test: python -m bot doctor"))
    return Card(str(lines))


def late(channel: str, to: Destination, reason: str) -> Card:
    """Something that does not arrive although it was tried again and again, while others do."""
    lines = Lines(_("{message} · Late", message=one_to(channel, to.words))).add(last_words(reason))
    lines.add(_("It is kept and tried again about every ten minutes. You are told once, however much is late there."))
    return Card(str(lines.add(_("To try it now or give it up: /failed"))))


def nothing_arrives(channel: str, reason: str) -> Card:
    """A whole channel on which nothing arrives."""
    lines = Lines(_("{channel} · Nothing arrives", channel=_(CHANNELS.get(channel, channel)))).add(last_words(reason))
    lines.add(_("Everything is kept and tried again about every ten minutes. Is the server up? python -m bot doctor"))
    return Card(str(lines.add(_("/failed lists what waits."))))
