"""What those who decide see of a draft: the review card, the questions behind its buttons, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from bot.access.model import Person, Role
from bot.briefs.cards import button
from bot.briefs.model import Brief, Draft
from bot.checks.checks import Found
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines, in_rows
from bot.kernel.fitting import units
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.words import clock, due, usd
from bot.quality.model import CRITERIA, Criterion, Evaluation, Floors, Result, below_floor
from bot.review.model import Desk, claim_ends

PREVIEW = 240
PREVIEW_LINES = 6
SHOWN_IN_CHAT = 3_000
QUICK_REASONS = 3
LONGEST_QUOTED = 400  # characters of the judge's reason, and of its quote, in a note
KEPT_BACK = N_("Scores are kept back: some drafts are decided on without them, so that nobody is led by them.")
NOTE_OPEN = N_("Still open: what should change in brief {brief}? Write it; /stop leaves it as it is.")
REASON_OPEN = N_("Still open: why is brief {brief} rejected? Write it; /stop leaves it as it is.")
EDIT_OPEN = N_(
    "Still open: your text for brief {brief}, as a message or an .md or .txt file; /stop leaves it as it is."
)
# Translators: buttons that send a draft back for one of the four criteria.
MEND: dict[Criterion, str] = {
    Criterion.CLARITY: N_("Mend clarity"),
    Criterion.ACCURACY: N_("Mend accuracy"),
    Criterion.COMPLETENESS: N_("Mend completeness"),
    Criterion.TONE: N_("Mend tone"),
}
MENDED: dict[Criterion, str] = {
    Criterion.CLARITY: N_("Brief {brief} is drafted anew to mend its clarity, and comes back."),
    Criterion.ACCURACY: N_("Brief {brief} is drafted anew to mend its accuracy, and comes back."),
    Criterion.COMPLETENESS: N_("Brief {brief} is drafted anew to mend its completeness, and comes back."),
    Criterion.TONE: N_("Brief {brief} is drafted anew to mend its tone, and comes back."),
}
# The headline of a review card after the decision, by the verdict that is stored.
DECIDED: dict[str, str] = {
    "approved": N_("Brief {brief} · Approved by {name}, {time}"),
    "sent_back": N_("Brief {brief} · Sent back by {name}, {time}"),
    "rejected": N_("Brief {brief} · Rejected by {name}, {time}"),
}


@dataclass(frozen=True, slots=True)
class ReviewView:
    """All that a review card shows of a draft, whoever looks at it.

    evaluation: the look that counts, None where no look was scored; judged: whether there was a look at all.
    blind: whether it is to be decided on without anything that tells whether the gate passed it.
    author: who edited it, None where a model wrote it; holder: who has it now, None where nobody has.
    """

    brief: Brief
    draft: Draft
    evaluation: Evaluation | None
    judged: bool
    blind: bool
    client: str
    author: str | None
    holder: Person | None
    cost_micro_usd: int
    desk: Desk
    now: datetime

    @property
    def found(self) -> tuple[Found, ...]:
        """What plain checks found in the draft."""
        return self.desk.checks.of(self.brief, self.draft.text)


def review(review_view: ReviewView, viewer: Person) -> Card:
    """The draft, to be decided on by `viewer`."""
    brief, draft = review_view.brief, review_view.draft
    lines = Lines(_("Brief {brief} · Needs your decision", brief=brief.id))
    in_time = f" · {due(brief.deadline, review_view.now)}" if brief.deadline else ""
    whose = _("{type} for {client}", type=brief.task_type.words, client=escape(review_view.client))
    lines.add(f"{escape(brief.title)} · {whose}{in_time}")
    for line in (
        [_(KEPT_BACK)]
        if review_view.blind
        else [f"{_which(review_view)}, {usd(review_view.cost_micro_usd)}", *_judgement(review_view)]
    ):
        lines.add(line)
    if brief.flags:
        flags = first_lines(", ".join(_(flag) for flag in brief.flags), 200)
        lines.add(_("Flagged: {flags}. A person decides, whatever the score.", flags=flags))
    if review_view.found:
        found = escape("; ".join(one.say() for one in review_view.found))
        lines.add(_("Checked: {found}. A person decides, whatever the score.", found=found))
    if brief.note:
        lines.add(_("Asked for: {note}", note=first_lines(brief.note, 160)))
    if review_view.holder is not None:
        lines.add(_who_has_it(review_view, review_view.holder, viewer))
    lines.add(f"<blockquote>{_preview(draft.text)}</blockquote>")
    return Card(str(lines), _rows(review_view, viewer))


def _who_has_it(review_view: ReviewView, holder: Person, viewer: Person) -> str:
    until = clock(claim_ends(review_view.brief, review_view.desk.patience))
    if holder.id == viewer.id:
        return _("<b>You have it</b>, until {time} at most", time=until)
    return _("<b>{name} has it</b>, until {time} at most", name=escape(holder.name), time=until)


def _which(review_view: ReviewView) -> str:
    attempt = review_view.draft.attempt
    if review_view.author is not None:
        return _("Draft {draft}, edited by {name}", draft=attempt, name=escape(review_view.author))
    if attempt <= review_view.desk.attempts:
        return _("Draft {draft} of {most}", draft=attempt, most=review_view.desk.attempts)
    return _("Draft {draft}", draft=attempt)


def _rows(review_view: ReviewView, viewer: Person) -> tuple[tuple[Button, ...], ...]:
    brief = review_view.brief
    reading = [button(_("Full text"), "full", brief)]
    if review_view.draft.attempt > 1 and not review_view.blind:
        reading.append(button(_("Changes"), "changes", brief))
    if review_view.holder is None:
        reading.append(button(_("Take it"), "take", brief))
    elif viewer.role is Role.ADMIN or review_view.holder.id == viewer.id:
        reading.append(button(_("Give back"), "giveback", brief))
    return (
        tuple(reading),
        (
            button(_("Approve"), "approve", brief),
            button(_("Send back"), "sendback", brief),
            button(_("Edit"), "edit", brief),
        ),
        (button(_("Brief"), "order", brief), Button(_("Replay"), "replay", brief.id)),
        (button(_("Reject"), "reject", brief),),
    )


def _judgement(review_view: ReviewView) -> list[str]:
    evaluation = review_view.evaluation
    if evaluation is None:
        if not review_view.judged:
            return [_("The judge is reading it; you need not wait.")]
        return [_("<b>Not scored</b>: the judge gave no usable answer, so a person decides.")]
    reasons = "\n".join(_reason(result) for result in worst_first(evaluation))
    return [
        _("Score <b>{score}</b>, line {line}", score=evaluation.points, line=review_view.brief.qa_target),
        _scores(evaluation, review_view.desk.floors),
        f"<blockquote expandable>{reasons}</blockquote>",
    ]


def worst_first(evaluation: Evaluation) -> Sequence[Result]:
    """The judge's results, the lowest score first."""
    return sorted(evaluation.results, key=lambda result: result.score)


def _scores(evaluation: Evaluation, floors: Floors) -> str:
    scores = {result.criterion: result.score for result in evaluation.results}
    under = below_floor(evaluation.results, floors)
    return " · ".join(
        _("{criterion} <b>{score}</b> (floor {floor})", criterion=c.words, score=scores[c], floor=under[c])
        if c in under
        else f"{c.words} {scores[c]}"
        for c in CRITERIA
    )


def _reason(result: Result) -> str:
    quoted = f" “{first_lines(result.quote, 120)}”" if result.quote else ""
    return f"{result.criterion.words}: {first_lines(result.reason, 160)}{quoted}"


def _preview(markdown: str) -> str:
    """The first lines of a draft as running text, without heading marks and blank lines."""
    lines = (line.lstrip("# ").strip() for line in markdown.splitlines())
    said = [line for line in lines if line]
    more = "\n…" if len(said) > PREVIEW_LINES else ""
    return first_lines("\n".join(said[:PREVIEW_LINES]) + more, PREVIEW)


def decided(brief: Brief, draft: Draft, verdict: str, by: str, at: datetime, reason: str | None = None) -> Card:
    """The review card after the decision: no buttons, but who and when. verdict: as it is stored."""
    lines = Lines(_(DECIDED[verdict], brief=brief.id, name=by, time=clock(at)))
    lines.add(f"{escape(brief.title)} · {brief.task_type.words} · " + _("draft {draft}", draft=draft.attempt))
    if reason:  # perhaps one of REJECTIONS, as it stands there
        lines.add(_("Reason: {reason}", reason=first_lines(_(reason), 300)))
    return Card(str(lines), silent=True)


def withdrawn(brief: Brief, at: datetime) -> Card:
    """The review card after the client cancelled."""
    lines = Lines(_("Brief {brief} · Cancelled by the client, {time}", brief=brief.id, time=clock(at)))
    lines.add(escape(brief.title))
    return Card(str(lines), silent=True)


def quick_note(result: Result) -> str:
    """What the drafter is told, in English, where an operator taps a criterion instead of writing a note."""
    quoted = f" (“{shorten(result.quote, LONGEST_QUOTED, placeholder='…')}”)" if result.quote else ""
    return f"Mend the {result.criterion}: {shorten(result.reason, LONGEST_QUOTED, placeholder='…')}{quoted}"


def ask_what_to_change(brief: Brief, results: Sequence[Result]) -> Card:
    """The note for the next draft: one of the judge's lowest criteria by a tap, or words of one's own."""
    lines = Lines(_("Brief {brief} · Send back", brief=brief.id))
    lines.add(_("What should change? Tap a reason, or write the note as your next message."))
    for result in results:
        lines.add(f"<i>{_reason(result)}</i>")
    if not results:
        lines.add(_("For example: leave the delivery time out, the brief does not give one."))
    quick = [button(_(MEND[r.criterion]), "mend", brief, r.criterion) for r in results]
    return Card(str(lines), (*in_rows(quick), (button(_("Never mind"), "undecided", brief),)))


def order(brief: Brief) -> Card:
    """What the client asked for; in a file where it is longer than a message."""
    lines = Lines(_("Brief {brief} · What was asked for", brief=brief.id))
    lines.add(f"{escape(brief.title)} · {brief.task_type.words}")
    if units(brief.text) > SHOWN_IN_CHAT:
        return Card(str(lines), document=Document(f"brief-{brief.id}-asked.txt", brief.text + "\n"))
    return Card(str(lines.add(f"<blockquote>{escape(brief.text)}</blockquote>")))


def ask_for_text(brief: Brief) -> Card:
    """The operator's own text for a draft."""
    lines = Lines(_("Brief {brief} · Edit", brief=brief.id))
    lines.add(_("Your next message is the new draft, whole; or send it as an .md or .txt file."))
    lines.add(_("Full text gives you the draft as such a file. The judge reads yours, and you need not wait for it."))
    return Card(str(lines), ((button(_("Full text"), "full", brief), button(_("Never mind"), "undecided", brief)),))
