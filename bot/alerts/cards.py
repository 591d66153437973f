"""What admins are told of the machinery."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.tasks import Task
from bot.kernel.text.words import clock, duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

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
    "erase": (N_("Erasure {id}"), N_("erasure {id}")),
    "after_restore": (N_("Asking Stripe after restore {id}"), N_("asking Stripe after restore {id}")),
    "update": (N_("Update from Telegram {id}"), N_("update from Telegram {id}")),
}


def named(task: Task) -> str:
    """What the task is about: "Recording 1003"."""
    known = TASKS.get(task.kind.name)
    return f"{task.kind.name} {task.subject}" if known is None else _(known[0], id=task.subject)


def named_within(task: Task) -> str:
    """The same within a line: "recording 1003"."""
    known = TASKS.get(task.kind.name)
    return f"{task.kind.name} {task.subject}" if known is None else _(known[1], id=task.subject)


def several_to(channel: str, n: int, to: str) -> str:
    """ "3 messages to Alice", "1 mail to carol@example.org"."""
    match channel:
        case "telegram":
            return ngettext("{n} message to {to}", "{n} messages to {to}", n, to=to)
        case "mail":
            return ngettext("{n} mail to {to}", "{n} mails to {to}", n, to=to)
        case "notion":
            return ngettext("{n} Notion row to {to}", "{n} Notion rows to {to}", n, to=to)
        case "drive":
            return ngettext("{n} file to Google Drive", "{n} files to Google Drive", n)
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
