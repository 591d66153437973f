"""The audit pack in a few lines, and what each of its sections says."""

from bot.approvals.model import ApprovalState
from bot.governance.packs.model import Pack
from bot.kernel.card import Card, Lines, escape
from bot.kernel.text.words import duration
from bot.kernel.translation import calendar_day, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

STATES = {
    ApprovalState.WAITING: N_("waits"),
    ApprovalState.FUSE: N_("can still be stopped"),
    ApprovalState.GRANTED: N_("done"),
    ApprovalState.REFUSED: N_("refused"),
    ApprovalState.STOPPED: N_("stopped"),
    ApprovalState.EXPIRED: N_("expired"),
}


def days(of: Pack) -> str:
    """ "16 Nov to 22 Nov"."""
    return _("{first} to {last}", first=calendar_day(of.first, "d MMM"), last=calendar_day(of.last, "d MMM yyyy"))


def title(of: Pack) -> str:
    """What it is and of which days."""
    return _("Audit pack · {days}", days=days(of))


def card(of: Pack) -> Card:
    """What an admin reads beside the file."""
    lines = Lines(title(of))
    for said in (access(of), money(of), gate(of), incidents(of), backups(of), chain(of), policies(of)):
        if said:
            lines.add(escape(said))
    return Card(str(lines))


def access(of: Pack) -> str:
    """Who may what."""
    said = ngettext("Access: {n} person in the team", "Access: {n} people in the team", len(of.access))
    unused = sum(one.unused for one in of.access)
    if not unused:
        return said
    return _("{said}, {unused}", said=said, unused=ngettext("{n} with unused rights", "{n} with unused rights", unused))


def money(of: Pack) -> str:
    """Whether two people stand behind each."""
    if not of.money:
        return _("Money: nothing had to be approved")
    said = ngettext("Money: {n} deed to approve", "Money: {n} deeds to approve", len(of.money))
    one_key = sum(one.one_key for one in of.money)
    if not one_key:
        return _("{said}, each done with two people", said=said)
    return _("{said}, {single}", said=said,
             single=ngettext("{n} done by one person alone", "{n} done by one person alone", one_key))  # fmt: skip


def gate(of: Pack) -> str:
    """What the automatic check let pass, and what audits found of that."""
    audits = of.gate.audits
    if not of.gate.decisions:
        return _("Quality check: nothing was decided")
    return _("Quality check: {passed} of {all} passed alone; {bad} of {audits} audits disagreed",
             passed=number(of.gate.passed), all=number(of.gate.decisions),
             bad=number(audits.bad), audits=number(audits.total))  # fmt: skip


def incidents(of: Pack) -> str:
    """How many, and how many go on."""
    going_on = sum(one.open for one in of.incidents)
    return _("Incidents: {n}, {open} still open", n=number(len(of.incidents)), open=number(going_on))


def backups(of: Pack) -> str:
    """How old the newest is, and how the last drill went."""
    if of.backups is None:
        return ""
    drill = of.backups.drill
    tried = _("no drill yet") if drill is None else _("last drill passed") if drill.passed else _("last drill FAILED")
    if of.backups.newest is None:
        return _("Backups: none, {drill}", drill=tried)
    return _("Backups: newest {age} old, {drill}", age=duration(of.backups.age(of.now)), drill=tried)


def chain(of: Pack) -> str:
    """Whether the audit log is as it was written."""
    if of.chain is None:
        return _("Audit log: could not be checked")
    if of.chain.verdict.fault is not None:
        return _("Audit log: TAMPERED WITH, /audit verify says where")
    return ngettext("Audit log: sound, {n} entry", "Audit log: sound, {n} entries", of.chain.verdict.entries)


def policies(of: Pack) -> str:
    """How many are broken."""
    broken = sum(bool(one.breaches) for one in of.policies)
    return _("Policies: {broken} of {n} broken", broken=number(broken), n=number(len(of.policies)))
