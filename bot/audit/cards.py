"""The audit log as people read it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.audit.chain import Fault, Why
from bot.audit.model import Audited, Bad, Checked, Standing
from bot.kernel.card import Button, Card, Document, Lines, escape
from bot.kernel.text.words import duration, in_a_row, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number

LINK_SHOWN = 12
WHY: Mapping[Why, str] = {
    Why.CHANGED: N_("Entry {place} is not as it was written: it, or its seal, was changed."),
    Why.MISSING: N_("Entry {place} is missing: it was taken out of the log."),
    Why.TWICE: N_("At place {place} stands an entry that belongs elsewhere: it was moved or copied there."),
    Why.UNREADABLE: N_("Entry {place} cannot be read: it was cut or changed."),
    Why.OTHER_KEY: N_("Entry {place} was sealed with a key that is not known here."),
    Why.CUT_OFF: N_("From entry {place} on, everything is missing: the log was cut off there."),
    Why.REWRITTEN: N_("The log up to entry {place} was written anew: it differs from the anchor that was kept."),
    Why.UNSEALED: N_("Entry number {id} stands in the log, but was put there past the chain."),
}
SOURCES: Mapping[str, str] = {
    "chat": N_("in the private chat"),
    "group": N_("in a group"),
    "web": N_("on the web"),
    "job": N_("by a scheduled job"),
}


def page(entries: Sequence[Audited], head: str, standing: Standing, now: datetime, turns: Sequence[Sequence[Button]],
         *, narrowed: bool) -> Card:  # fmt: skip
    """A page of entries; the first line says what was looked for."""
    lines = Lines(head)
    for one in entries:
        lines.add(line(one))
    if not entries:
        lines.add(_("Nothing is recorded about that.") if narrowed else _("Nothing is recorded yet."))
    lines.add(state(standing, now))
    lines.add(_("Search: /audit brief:1042, /audit Anna, /audit 2026-11-28"))
    last = (Button(_("Verify"), "averify"), Button(_("Export"), "aexport"))
    return Card(str(lines), (*map(tuple, turns), last))


def line(one: Audited) -> str:
    """An entry in a line."""
    who = one.person or (str(one.telegram_id) if one.telegram_id else "–")
    said = [moment(one.at), escape(who), _code(one.action)]
    if one.subject != "chat":
        said.append(_code(one.subject))
    if one.before is not None and one.after is not None:
        said.append(f"{_code(one.before)} → {_code(one.after)}")
    if one.outcome != "done":
        said.append(f"<b>{_code(one.outcome)}</b>")
    if one.source and one.source != "chat" and one.source in SOURCES:
        said.append(_(SOURCES[one.source]))
    return " · ".join(said)


def _code(name: str) -> str:
    """What the log itself says, which is searched for by the very same letters."""
    return f"<code>{escape(name)}</code>"


def state(standing: Standing, now: datetime) -> str:
    """How the chain stands, in a line."""
    if standing.head is None:
        return _("Chain: nothing is sealed yet.")
    said = [_("Chain: {n} entries sealed", n=number(standing.head.place))]
    if standing.waiting:
        said.append(ngettext("{n} waits to be sealed", "{n} wait to be sealed", standing.waiting))
    if standing.anchor is not None and standing.anchor.at is not None:
        said.append(_("anchored {time} ago", time=duration(now - standing.anchor.at)))
    return in_a_row(said)


def behind(standing: Standing, now: datetime) -> str:
    """For /status, where sealing stands still."""
    assert standing.since is not None
    return _(
        "Audit log: {n} entries not sealed for {time}; see /job_audit_seal",
        n=number(standing.waiting),
        time=duration(now - standing.since),
    )


def checked(found: Checked) -> Card:
    """What a check of the whole chain found."""
    again = ((Button(_("Verify"), "averify"), Button(_("Audit log"), "audit")),)
    seconds = _("{seconds} s", seconds=number(max(1, round(found.took.total_seconds()))))
    if found.verdict.fault is None:
        lines = Lines(_("Audit log · Sound"))
        if not found.verdict.entries:
            return Card(str(lines.add(_("Chain: nothing is sealed yet."))), again)
        lines.add(
            ngettext(
                "{n} entry checked in {time}: it is as it was written.",
                "{n} entries checked in {time}: each is as it was written, and none is missing.",
                found.verdict.entries,
                time=seconds,
            )
        )
        lines.add(ngettext("It agrees with {n} anchor.", "It agrees with {n} anchors.", found.anchors))
        end = f"{found.verdict.link.hex()[:LINK_SHOWN]}"
        lines.add(_("Its last link begins with {link}.", link=f"<code>{end}</code>"))
        return Card(str(lines), again)
    lines = Lines(_("Audit log · Tampered with")).add(fault(found.verdict.fault))
    if found.bad is not None:
        lines.add(_("It now says: {entry}", entry=_says(found.bad)))
    good = found.verdict.entries
    lines.add(ngettext("The {n} entry before it is sound.", "The {n} entries before it are sound.", good))
    lines.add(_("Compare it with the last backup, and change the database's passwords: the runbook is audit_anchor."))
    return Card(str(lines), again)


def fault(one: Fault) -> str:
    """The first bad entry, and what is wrong with it."""
    said = _(WHY[one.why], place=number(one.place), id=one.entry_id)
    if one.why is Why.MISSING and one.until > one.place:
        return _("Entries {first} to {last} are missing: they were taken out of the log.",
                 first=number(one.place), last=number(one.until))  # fmt: skip
    return said


def _says(bad: Bad) -> str:
    return " · ".join([moment(bad.at), escape(bad.person or "–"), escape(bad.action), escape(bad.subject)])


def exported(name: str, data: bytes, entries: int, left: int) -> Card:
    """The chain as a file."""
    lines = Lines(ngettext("Audit log · {n} entry", "Audit log · {n} entries", entries))
    if left:
        lines.add(_("The {n} older ones are exported on the server: echopilot audit export FILE", n=number(left)))
    lines.add(_("Who has the key checks it without the database: echopilot audit verify FILE"))
    return Card(str(lines), document=Document.of(name, data))
