"""What people see of a deed that needs their yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.access.model import Permission, Person
from bot.approvals.model import Approval, ApprovalState, Looked
from bot.approvals.ports import Subject
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.text.words import listed, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

HEADS = {
    ApprovalState.WAITING: N_("{what} · Needs approval"),
    ApprovalState.GRANTED: N_("{what} · Approved"),
    ApprovalState.REFUSED: N_("{what} · Refused"),
    ApprovalState.STOPPED: N_("{what} · Stopped"),
    ApprovalState.EXPIRED: N_("{what} · Not approved in time"),
}
SILENT = frozenset({ApprovalState.FUSE, ApprovalState.GRANTED})
Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of one. by: whose yes counts. minutes: left of the fuse."""

    looked: Looked
    subject: Callable[[], Subject]
    by: Sequence[Person]
    permission: Permission
    minutes: int

    @property
    def approval(self) -> Approval:
        """What was asked for."""
        return self.looked.approval


def card(shown: Shown, reader: Person) -> Card:
    """Where it stands, with what the reader can do."""
    approval, subject = shown.approval, shown.subject()
    lines = Lines(_head(shown, subject.name))
    for line in (*subject.lines, _asked_by(shown), _approved(shown), _missing(shown), _ended(shown)):
        if line:
            lines.add(line)
    return Card(str(lines), _buttons(shown, reader), silent=approval.state in SILENT)


def slot_of(approval: Approval, reader: Person) -> str:
    """The one message that shows somebody where it stands."""
    return f"approval:{approval.id}:{reader.telegram_id}"


def not_done(shown: Shown) -> Card:
    """To who asked, once it is certain that it is not done."""
    lines = Lines(_head(shown, shown.subject().name))
    if _ended(shown):
        lines.add(_ended(shown))
    return Card(str(lines.add(_("Nothing was done. You can ask for it anew."))))


def listing(found: Sequence[Shown]) -> Card:
    """What waits, in a line each, with a button that shows it."""
    lines = Lines(_("Approvals"))
    for shown in found:
        lines.add(f"{escape(_head(shown, shown.subject().name))}. {_asked_by(shown)}")
    if not found:
        lines.add(_("Nothing waits for approval."))
    show = [Button(_("Show {what}", what=one.subject().name), "apshow", one.approval.id) for one in found]
    return Card(str(lines), tuple((button,) for button in show))


def _head(shown: Shown, name: str) -> str:
    if shown.approval.state is not ApprovalState.FUSE:
        return _(HEADS[shown.approval.state], what=name)
    return ngettext(
        "{what} · Approved, done in {n} minute", "{what} · Approved, done in {n} minutes", shown.minutes, what=name
    )


def _asked_by(shown: Shown) -> str:
    return _("Asked for by {name}", name=escape(shown.looked.name(shown.approval.asked_by)))


def _approved(shown: Shown) -> str:
    names = [escape(person.name) for person in shown.by]
    return _("Approved by {names}", names=listed(names)) if names else ""


def _missing(shown: Shown) -> str:
    approval = shown.approval
    if approval.state is not ApprovalState.WAITING:
        return ""
    until, missing = moment(approval.expires_at), max(0, approval.needed - len(shown.by))
    return ngettext(
        "{n} more approval is needed, until {time}", "{n} more approvals are needed, until {time}", missing, time=until
    )


def _ended(shown: Shown) -> str:
    by = escape(shown.looked.name(shown.approval.ended_by))
    if shown.approval.state is ApprovalState.REFUSED:
        return _("Refused by {name}", name=by)
    if shown.approval.state is not ApprovalState.STOPPED:
        return ""
    if by:
        return _("Stopped by {name}", name=by)
    return _("What it is about changed, or somebody who approved it may no longer do so.")


def _buttons(shown: Shown, reader: Person) -> tuple[Row, ...]:
    approval, may = shown.approval, reader.may(shown.permission)
    mine = approval.asked_by == reader.id
    if approval.state is ApprovalState.FUSE and (mine or may):
        return ((_button(_("Stop"), "apstop", approval),),)
    if approval.state is not ApprovalState.WAITING:
        return ()
    if mine:
        return ((_button(_("Withdraw"), "apstop", approval),),)
    if not may:
        return ()
    refuse = _button(_("Refuse"), "apno", approval)
    signed = reader.id in {person.id for person in shown.by} and len(shown.by) < approval.needed
    return ((refuse,),) if signed else ((_button(_("Approve"), "apyes", approval), refuse),)


def _button(label: str, action: str, approval: Approval) -> Button:
    return Button(label, action, approval.id, approval.mark)
