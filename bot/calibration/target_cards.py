"""What people see of targets: the evidence for each, what is proposed, and what was decided."""

from collections.abc import Sequence

from bot.calibration.agreement import LIMIT
from bot.calibration.figures import Settled, TypeTarget
from bot.calibration.learning import AIM, Proposal
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import clock
from bot.kernel.translation import date, ngettext, number, percent
from bot.kernel.translation import gettext as _


def type_button(label: str, action: str, task_type: TaskType | None) -> Button:
    """A button for a type; None is all of them."""
    return Button(label, action, choice=task_type.choice if task_type else "")


def type_buttons(action: str, types: Sequence[TaskType]) -> list[Button]:
    """A button for each of these types."""
    return [type_button(one.words, action, one) for one in types]


def proof(proposal: Proposal) -> str:
    """Whether the target's claim is proven, in words."""
    audits = proposal.audits
    if proposal.proven:
        return ngettext(
            "proven, at most {limit} bad ({clean} of {n} blind checks clean)",
            "proven, at most {limit} bad ({clean} of {n} blind checks clean)",
            audits.total,
            limit=percent(LIMIT),
            clean=number(audits.clean),
        )
    if audits.few:
        return _("too few to tell ({n} of {needed})", n=number(audits.total), needed=number(audits.needed))
    if not audits.bad:
        return ngettext(
            "not proven, {some} of {n} clean blind checks",
            "not proven, {some} of {n} clean blind checks",
            audits.needed,
            some=number(audits.total),
        )
    return ngettext(
        "not proven, {bad} bad in {n} blind check; {needed} could prove it",
        "not proven, {bad} bad in {n} blind checks; {needed} could prove it",
        audits.total,
        bad=number(audits.bad),
        needed=number(audits.needed),
    )


def all_targets(lines: Sequence[TypeTarget]) -> Card:
    """Every type's target."""
    text = Lines(_("Minimum scores · what a draft needs to go out without a person"))
    for one in lines:
        said = {"type": one.task_type.words, "line": one.proposal.present, "proof": proof(one.proposal)}
        if one.proposal.target == one.proposal.present:
            text.add(_("{type} <b>{line}</b>: {proof}", **said))
        else:
            text.add(_("{type} <b>{line}</b> → {target} proposed: {proof}", target=one.proposal.target, **said))
    buttons = [*type_buttons("qline", [one.task_type for one in lines]), Button(_("Back"), "quality")]
    return Card(str(text), in_rows(buttons))


def target(one: TypeTarget, *, may_adopt: bool) -> Card:
    """A type's target with its evidence, and the proposal where there is one."""
    proposal = one.proposal
    text = Lines(_headline(one)).add(_("As it is: {proof}", proof=proof(proposal)))
    if one.adopted is not None:
        by, day = escape(one.adopted.by), date(one.adopted.at, "dd MMM")
        text.add(_("Changed by {name} on {day}; decisions count from then on", name=by, day=day))
    back = (type_button(_("Back"), "quality", one.task_type),)
    if proposal.target == proposal.present:
        return Card(str(text.add(_("Nothing better is proven, so it stays."))), (back,))
    text.add(_why(proposal)).add(_past(one))
    if not may_adopt:
        return Card(str(text.add(_("An admin can change it."))), (back,))
    seen, choice = one.adopted.id if one.adopted else 0, one.task_type.choice
    adopt = Button(_("Change to {line}", line=proposal.target), "qadopt", proposal.target, seen, choice=choice)
    keep = Button(_("Keep {line}", line=proposal.present), "qkeep", version=seen, choice=choice)
    return Card(str(text), ((adopt, keep), back))


def _headline(one: TypeTarget) -> str:
    proposal = one.proposal
    if proposal.target == proposal.present:
        return _("{type} · minimum score {line}", type=one.task_type.words, line=proposal.present)
    return _(
        "{type} · minimum score {line}, {target} proposed",
        type=one.task_type.words, line=proposal.present, target=proposal.target,
    )  # fmt: skip


def _why(proposal: Proposal) -> str:
    if proposal.target > proposal.present:
        return _(
            "More than {aim} of what passes is bad, so at most {limit} can hardly be proven",
            aim=percent(AIM, 1),
            limit=percent(LIMIT),
        )
    return _(
        "Drafts of {low} to {high}: people approved {clean} of {all} unchanged",
        low=proposal.target,
        high=proposal.present - 1,
        clean=number(proposal.band.clean),
        all=number(proposal.band.total),
    )


def _past(one: TypeTarget) -> str:
    past, target = one.past, one.proposal.target
    if target < one.proposal.present:
        more = {"line": target, "more": number(past.more), "all": number(past.decisions)}
        if not past.more:
            return _("The last 30 days under {line}: {more} more of {all} would have passed", **more)
        return _(
            "The last 30 days under {line}: {more} more of {all} would have passed, of which people turned {bad} down",
            bad=number(past.more_bad), **more,
        )  # fmt: skip
    fewer = {"line": target, "fewer": number(past.fewer), "all": number(past.decisions)}
    if not past.fewer:
        return _("The last 30 days under {line}: {fewer} fewer of {all} would have passed", **fewer)
    return _(
        "The last 30 days under {line}: {fewer} fewer of {all} would have passed; of {read} read blind, people turned "
        "{bad} down",
        read=number(past.fewer_read), bad=number(past.fewer_bad), **fewer,
    )  # fmt: skip


def confirm(one: TypeTarget) -> Card:
    """Asked once before a target is adopted."""
    proposal = one.proposal
    headline = _(
        "{type} · change the minimum score from {before} to {line}?",
        type=one.task_type.words, line=proposal.target, before=proposal.present,
    )  # fmt: skip
    text = Lines(headline).add(_past(one))
    text.add(_("It counts for new briefs of this type; those under way keep theirs."))
    seen, choice = one.adopted.id if one.adopted else 0, one.task_type.choice
    yes = Button(_("Yes, change to {line}", line=proposal.target), "qadoptyes", proposal.target, seen, choice=choice)
    return Card(str(text), ((type_button(_("Back"), "qline", one.task_type),), (yes,)))


def adopted(settled: Settled) -> Card:
    """The card after the decision."""
    said = {"type": settled.task_type.words, "line": settled.line, "name": settled.by, "time": clock(settled.at)}
    text = Lines(_("{type} · minimum score {line} · changed by {name}, {time}", **said))
    text.add(
        _(
            "It was {before}. New briefs of this type need {line}, and the proof starts from zero.",
            before=settled.before,
            line=settled.line,
        )
    )
    return Card(str(text), ((type_button(_("Back"), "quality", settled.task_type),),))


def kept(settled: Settled) -> Card:
    """The card after the proposal was declined."""
    said = {"type": settled.task_type.words, "line": settled.line, "name": settled.by, "time": clock(settled.at)}
    text = Lines(_("{type} · minimum score {line} · kept by {name}, {time}", **said))
    return Card(str(text), ((type_button(_("Back"), "quality", settled.task_type),),))
