"""What admins read of backups."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.backups.model import SECOND_PLACE, Backup, Kind, Manifest, Restore, Standing, Step, Trial, Waiting
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.text.words import duration, in_a_row, moment
from bot.kernel.translation import decimal, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

MB = Decimal(1_000_000)
STEPS: Mapping[Step, str] = {
    Step.FETCHED: N_("fetched"),
    Step.WHOLE: N_("checksum right"),
    Step.OPENED: N_("decrypted and unpacked"),
    Step.RESTORED: N_("restored elsewhere"),
    Step.INTEGRITY: N_("database undamaged"),
    Step.ROWS: N_("row counts right"),
    Step.LEDGER: N_("ledger adds up to zero"),
    Step.SCHEMA: N_("this version can use it"),
}
FAILED: Mapping[Step, str] = {
    Step.FETCHED: N_("It could not be fetched."),
    Step.WHOLE: N_("Its checksum is wrong."),
    Step.OPENED: N_("It could not be opened."),
    Step.RESTORED: N_("It could not be restored."),
    Step.INTEGRITY: N_("The restored database is damaged."),
    Step.ROWS: N_("The restored database has a different number of rows."),
    Step.LEDGER: N_("The restored ledger does not add up to zero."),
    Step.SCHEMA: N_("This version cannot use the restored database."),
}
SEND: Mapping[Kind, str] = {
    Kind.CLIENTS: N_("Send {n} to clients"),
    Kind.TEAM: N_("Send {n} to the team"),
    Kind.MAIL: N_("Send {n} by mail"),
    Kind.MIRROR: N_("Send {n} to Notion"),
    Kind.OTHER: N_("Send {n} others"),
}
DROP: Mapping[Kind, str] = {
    Kind.CLIENTS: N_("Discard {n} to clients"),
    Kind.TEAM: N_("Discard {n} to the team"),
    Kind.MAIL: N_("Discard {n} mails"),
    Kind.MIRROR: N_("Discard {n} to Notion"),
    Kind.OTHER: N_("Discard {n} others"),
}
WAITS: Mapping[Kind, str] = {
    Kind.CLIENTS: N_("To clients: {n}, the oldest from {time}"),
    Kind.TEAM: N_("To the team: {n}, the oldest from {time}"),
    Kind.MAIL: N_("By mail: {n}, the oldest from {time}"),
    Kind.MIRROR: N_("To Notion: {n}, the oldest from {time}"),
    Kind.OTHER: N_("Others: {n}, the oldest from {time}"),
}


def size(count: int) -> str:
    """ "12.3 MB"."""
    return _("{n} MB", n=decimal(Decimal(count) / MB, 1))


def listing(standing: Standing, backups: Sequence[Backup], now: datetime, held: Restore | None = None) -> Card:
    """How it stands, then the newest backups in a line each. held: of which something is still to be decided."""
    lines = Lines(_headline(standing, now))
    if held is not None:
        lines.add(_("⚠ Restored from {time}: messages wait for your decision.", time=moment(held.backup_at)))
    for warning in warnings(standing, now):
        lines.add(warning)
    for one in backups:
        lines.add(_one(one, standing))
    decide = () if held is None else ((Button(_("Decide what is sent"), "restore", held.id),),)
    buttons = (*decide, (Button(_("Back up now"), "bnow"), Button(_("Run a drill"), "dnow")), (_refresh(),))
    return Card(str(lines.add(_("As of {time}", time=moment(now)))), buttons)


def _headline(standing: Standing, now: datetime) -> str:
    if standing.newest is None:
        return _("Backups · None yet")
    ago = duration(now - standing.newest.manifest.made_at)
    if standing.late(now):
        return _("Backups · The newest is {time} old", time=ago)
    if standing.newest.verified_at is None:
        return _("Backups · The newest is {time} old, not checked yet", time=ago)
    return _("Backups · The newest is {time} old, restored and checked", time=ago)


def warnings(standing: Standing, now: datetime) -> Iterator[str]:
    """What is not as it should be, and what to do."""
    if not standing.encrypted:
        yield _("⚠ Not encrypted: set BACKUP_PUBLIC_KEY. To make a key: echopilot backups --new-key")
    if not standing.second:
        yield _("⚠ No second place: if this machine is lost, every backup is. Set BACKUP_SECOND_PLACE.")
    if standing.drill is not None and not standing.drill.passed:
        yield _("⚠ The last drill failed: /drill")
    if standing.late(now):
        yield _("⚠ No backup last night: /job_backup")


def _one(one: Backup, standing: Standing) -> str:
    marks = [size(one.manifest.size), _("encrypted") if one.manifest.sealed_for else _("not encrypted")]
    marks.append(_("checked") if one.verified_at is not None else _("not checked"))
    if standing.second:
        marks.append(_("in the second place") if one.replicated_at is not None else _("only here"))
    return _("{time}: {marks}", time=moment(one.manifest.made_at), marks=in_a_row(marks))


def _refresh() -> Button:
    return Button(_("Refresh"), "backups")


def last_drill(standing: Standing, now: datetime) -> Card:
    """The last drill, and a button for the next."""
    run = ((Button(_("Run a drill"), "dnow"),),)
    if standing.drill is None:
        lines = Lines(_("Drill · None yet"))
        lines.add(
            _("A drill restores the newest backup into a database of its own and checks it. Nothing changes here.")
        )
        return Card(str(lines), run)
    return Card(str(_drill(standing.drill, now)), run)


def drilled(trial: Trial, manifest: Manifest, now: datetime) -> Card:
    """A drill that ended."""
    lines = _drill(trial, now)
    lines.add(_("It contains everything up to {time}.", time=moment(manifest.made_at)))
    return Card(str(lines), silent=trial.passed)


def _drill(trial: Trial, now: datetime) -> Lines:
    took = duration(trial.took)
    if trial.failed is not None:
        lines = Lines(_("Drill · Failed after {time}", time=took)).add(_(FAILED[trial.failed.step]))
        lines.add(_("Why: {words}", words=first_lines(trial.failed.words, 300)))
        lines.add(_("Make another backup and run a drill of it: /backups"))
    else:
        lines = Lines(_("Drill · Recovered in {time}", time=took))
        lines.add(_("Checked: {steps}", steps=in_a_row(_(STEPS[one.step]) for one in trial.steps)))
    where = _("the second place") if trial.place == SECOND_PLACE else _("this machine")
    began = duration(now - trial.began_at)
    return lines.add(_("Backup {name} from {place}, {time} ago", name=escape(trial.backup), place=where, time=began))


def restored(restore: Restore, waits: Sequence[Waiting], now: datetime) -> Card:
    """A backup was put back: what waits for the admins' decision."""
    lines = Lines(_("Restored from {time}", time=moment(restore.backup_at)))
    if not restore.held:
        lines.add(_("Everything is decided; messages are sent as usual."))
        return Card(str(lines.add(_stripe(restore))))
    lines.add(_("Nothing is sent until you decide: some of it may have been sent already. New messages wait too."))
    for one in waits:
        lines.add(_(WAITS[one.kind], n=number(one.count), time=moment(one.since)))
    if not waits:
        lines.add(_("Nothing is waiting right now."))
    lines.add(_stripe(restore))
    lines.add(_("As of {time}", time=moment(now)))
    rest = (Button(_("Send the rest"), "rrest", restore.id),) if len(waits) < len(restore.held) else ()
    again = Button(_("Refresh"), "restore", restore.id)
    return Card(str(lines), (*(_choices(restore, one) for one in waits), (*rest, again)))


def _choices(restore: Restore, one: Waiting) -> tuple[Button, ...]:
    n = number(one.count)
    send = Button(_(SEND[one.kind], n=n), "rsend", restore.id, choice=one.kind)
    return send, Button(_(DROP[one.kind], n=n), "rdrop", restore.id, one.last, choice=one.kind)


def _stripe(restore: Restore) -> str:
    if not restore.stripe:
        return _("Stripe is being asked what happened since.")
    return _("Stripe was asked: {words}", words=first_lines(restore.stripe, 300))


def sure_to_drop(restore: Restore, one: Waiting) -> Card:
    """Ask once before it is dropped."""
    lines = Lines(ngettext("Discard {n} message?", "Discard {n} messages?", one.count))
    lines.add(_("Nobody will get them, and this cannot be undone. Later messages are sent as usual."))
    drop = Button(_(DROP[one.kind], n=number(one.count)), "rdropyes", restore.id, one.last, choice=one.kind)
    return Card(str(lines), ((Button(_("Keep them waiting"), "restore", restore.id),), (drop,)))


def held_in_status(restore: Restore, *, decides: bool) -> str:
    """For /status: that messages wait. decides: whether it is the reader's to decide."""
    said = {"time": moment(restore.backup_at)}
    if decides:
        return _("⚠ Restored from {time}: messages wait for your decision, see /backups", **said)
    return _("⚠ Restored from {time}: messages wait until an admin decides.", **said)


def in_status(standing: Standing, now: datetime) -> Iterator[str]:
    """For /status: what is wrong, or in one line when it was last proven."""
    found = list(warnings(standing, now))
    yield from found
    if standing.verified is not None:
        said = {"time": duration(now - standing.verified.manifest.made_at)}
        yield _("Newest checked backup: {time} old", **said)
