"""How proposals and the decision log read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.decisions.kinds import BY_NAME, Kind
from bot.decisions.model import Facts, Proposal, ProposalState
from bot.decisions.values import shown
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.text.csv_table import table
from bot.kernel.text.fitting import plain
from bot.kernel.text.words import duration, moment, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import local, ngettext, number, percent, reader

REASON_OPEN = N_("Still open: why do you decide so? Write it in a few words; /stop leaves the proposal as it is.")
STATES = {state.value: state for state in ProposalState}
HEADS = {
    None: N_("Decision log"),
    ProposalState.OPEN: N_("Decision log · To decide"),
    ProposalState.ADOPTED: N_("Decision log · Adopted"),
    ProposalState.DECLINED: N_("Decision log · Declined"),
    ProposalState.LAPSED: N_("Decision log · No longer proposed"),
}
HOUR = timedelta(hours=1)


def headline(of: Proposal) -> str:
    """What is proposed, in plain text."""
    kind = BY_NAME.get(of.kind)
    return of.kind if kind is None else _(kind.headline, **_words(of.facts))


def evidence(of: Proposal) -> list[str]:
    """What it rests on, as lines of HTML."""
    kind = BY_NAME.get(of.kind)
    said = {name: escape(value) for name, value in _words(of.facts).items()}
    return [] if kind is None else [_(line, **said) for line in kind.evidence]


def _words(facts: Facts) -> dict[str, str]:
    """The facts as the reader reads them; not escaped."""
    return {name: _fact(name, value) for name, value in facts.items()}


def _fact(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return _figure(name, value)
    if name.endswith("money"):
        minor, _space, currency = value.partition(" ")
        return str(Money(int(minor), currency))
    if name.endswith("value"):
        return shown(value)
    if name == "type":
        return TaskType(value).words
    return _(value) if name == "what" else value


def _figure(name: str, value: int) -> str:
    if name.endswith("share"):
        return percent(value / 100)
    if name.endswith("usd"):
        return usd(value)
    return duration(value * HOUR) if name.endswith("hours") else number(value)


def card(of: Proposal, *, may: bool) -> Card:
    """A proposal, and what became of it. may: whether who looks may decide."""
    lines = Lines(_("Proposal {number} · {what}", number=of.id, what=headline(of)))
    for line in evidence(of):
        lines.add(line)
    if of.state is not ProposalState.OPEN:
        why = (
            ()
            if of.reason or of.state is ProposalState.LAPSED or not may
            else (Button(_("Say why"), "propwhy", of.id),)
        )
        return Card(str(_decided(lines, of)), ((why,) if why else ()), silent=True)
    if (kind := BY_NAME.get(of.kind)) is not None:
        lines.add(_to_do(kind, of))
    if not may:
        return Card(str(lines.add(_("An admin decides."))))
    yes, no = (Button(label, action, of.id, of.version) for label, action in
               ((_("Adopt"), "propyes"), (_("Decline"), "propno")))  # fmt: skip
    return Card(str(lines), ((yes, no),))


def _to_do(kind: Kind, of: Proposal) -> str:
    return _(kind.to_do, **{name: escape(value) for name, value in _words(of.facts).items()})


def _decided(lines: Lines, of: Proposal) -> Lines:
    at = "" if of.decided_at is None else moment(of.decided_at)
    if of.state is ProposalState.LAPSED:
        return lines.add(_("No longer proposed since {time}: the figures changed.", time=at))
    who = escape(of.decider)
    lines.add(
        _("Adopted by {name}, {time}", name=who, time=at)
        if of.state is ProposalState.ADOPTED
        else _("Declined by {name}, {time}", name=who, time=at)
    )
    lines.add(_("Why: {why}", why=escape(of.reason)) if of.reason else _("No reason is given yet."))
    if of.state is ProposalState.ADOPTED and (kind := BY_NAME.get(of.kind)) is not None:
        lines.add(_to_do(kind, of))
    return lines


def ask_reason(of: Proposal, *, adopt: bool) -> Card:
    """Why, before anything is written down."""
    asked = (
        _("Adopt proposal {number}?", number=of.id) if adopt else _("Decline proposal {number}?", number=of.id)
    )  # fmt: skip
    lines = Lines(asked).add(escape(headline(of)))
    lines.add(_("Write why in a few words. It stays in the decision log with your name. /stop to leave it open."))
    return Card(str(lines))


def ask_why(of: Proposal) -> Card:
    """Why it was decided so, after it was."""
    lines = Lines(_("Proposal {number} · Why?", number=of.id)).add(escape(headline(of)))
    return Card(str(lines.add(_("Write why in a few words. It stays in the decision log with your name."))))


def listing(found: Sequence[Proposal], state: ProposalState | None, paging: tuple[tuple[Button, ...], ...]) -> Card:
    """A page of the log, newest first."""
    lines = Lines(_(HEADS[state]))
    for one in found:
        lines.add(_in_one_line(one))
    if not found:
        lines.add(
            _("Nothing is here yet. Proposals come from measured figures, with what the last 30 days would have been.")
        )
    filters = tuple(
        Button(label, "decisions", choice=choice)
        for label, choice in (
            (_("All"), ""),
            (_("To decide"), "open"),
            (_("Adopted"), "adopted"),
            (_("Declined"), "declined"),
        )
        if choice != (state or "")
    )
    return Card(str(lines), (*paging, filters, (Button(_("CSV"), "decisioncsv", choice=state or ""),)))


def _in_one_line(one: Proposal) -> str:
    what = first_lines(headline(one), 80)
    said = {"number": one.id, "what": what, "state": one.state.words}
    if one.decider:
        return _("/decision_{number} {what} · {state} by {name}", name=escape(one.decider), **said)
    return _("/decision_{number} {what} · {state}", **said)


def as_file(found: Sequence[Proposal], *, more: bool) -> Card:
    """The log as a CSV file."""
    header = ["proposal", "made", "kind", "what", "evidence", "state", "decided", "by", "reason"]
    rows = [_row(one) for one in found]
    lines = Lines(_("Decision log"))
    lines.add(
        ngettext("{n} proposal; times of {zone}", "{n} proposals; times of {zone}", len(found), zone=reader().zone)
    )
    if more:
        lines.add(_("Only the newest {n} are in it.", n=number(len(found))))
    return Card(str(lines), document=Document("decisions.csv", table([header, *rows])))


def _row(one: Proposal) -> list[str | int]:
    said = " ".join(plain(line) for line in evidence(one))
    about: list[str | int] = [one.id, _at(one.made_at), one.kind, headline(one), said]
    return [*about, one.state.value, _at(one.decided_at), one.decider, one.reason]


def _at(at: datetime | None) -> str:
    return "" if at is None else f"{local(at):%Y-%m-%d %H:%M:%S}"
