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
from bot.kernel.words import clock, due, usd
from bot.quality.model import CRITERIA, Criterion, Evaluation, Floors, Result, below_floor
from bot.review.model import Desk, claim_ends

PREVIEW = 240
PREVIEW_LINES = 6
SHOWN_IN_CHAT = 3_000
QUICK_REASONS = 3
LONGEST_QUOTED = 400  # characters of the judge's reason, and of its quote, in a note
KEPT_BACK = "Scores are kept back: some drafts are decided on without them, so that nobody is led by them."
NOTE_OPEN = "Still open: what should change in brief {brief}? Write it; /stop leaves it as it is."
REASON_OPEN = "Still open: why is brief {brief} rejected? Write it; /stop leaves it as it is."
EDIT_OPEN = "Still open: your text for brief {brief}, as a message or an .md or .txt file; /stop leaves it as it is."
# What a client reads when a brief is rejected for a criterion; the judge's own words are for operators.
REJECTIONS: dict[Criterion, tuple[str, str]] = {
    Criterion.ACCURACY: (
        "Facts missing",
        "The brief leaves facts open that the text needs, and we do not make them up.",
    ),
    Criterion.COMPLETENESS: ("Too much asked", "We cannot cover all that the brief asks for in one text."),
    Criterion.CLARITY: ("Brief unclear", "We could not find out from the brief what the text has to say."),
    Criterion.TONE: ("Not our tone", "The brief asks for a tone that we do not write in."),
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
    lines = Lines(f"Brief {brief.id} · Needs your decision")
    in_time = f" · {due(brief.deadline, review_view.now)}" if brief.deadline else ""
    lines.add(f"{escape(brief.title)} · {brief.task_type.value} for {escape(review_view.client)}{in_time}")
    for line in (
        [KEPT_BACK]
        if review_view.blind
        else [f"{_which(review_view)}, {usd(review_view.cost_micro_usd)}", *_judgement(review_view)]
    ):
        lines.add(line)
    if brief.flags:
        lines.add(f"Flagged: {first_lines(', '.join(brief.flags), 200)}. A person decides, whatever the score.")
    if review_view.found:
        found = escape("; ".join(one.words for one in review_view.found))
        lines.add(f"Checked: {found}. A person decides, whatever the score.")
    if brief.note:
        lines.add(f"Asked for: {first_lines(brief.note, 160)}")
    if review_view.holder is not None:
        who = "You have it" if review_view.holder.id == viewer.id else f"{escape(review_view.holder.name)} has it"
        lines.add(f"<b>{who}</b>, until {clock(claim_ends(brief, review_view.desk.patience))} at most")
    lines.add(f"<blockquote>{_preview(draft.text)}</blockquote>")
    return Card(str(lines), _rows(review_view, viewer))


def _which(review_view: ReviewView) -> str:
    if review_view.author is not None:
        return f"Draft {review_view.draft.attempt}, edited by {escape(review_view.author)}"
    of = f" of {review_view.desk.attempts}" if review_view.draft.attempt <= review_view.desk.attempts else ""
    return f"Draft {review_view.draft.attempt}{of}"


def _rows(review_view: ReviewView, viewer: Person) -> tuple[tuple[Button, ...], ...]:
    brief = review_view.brief
    reading = [button("Full text", "full", brief)]
    if review_view.draft.attempt > 1 and not review_view.blind:
        reading.append(button("Changes", "changes", brief))
    if review_view.holder is None:
        reading.append(button("Take it", "take", brief))
    elif viewer.role is Role.ADMIN or review_view.holder.id == viewer.id:
        reading.append(button("Give back", "giveback", brief))
    return (
        tuple(reading),
        (button("Approve", "approve", brief), button("Send back", "sendback", brief), button("Edit", "edit", brief)),
        (button("Brief", "order", brief), Button("Replay", "replay", brief.id)),
        (button("Reject", "reject", brief),),
    )


def _judgement(review_view: ReviewView) -> list[str]:
    evaluation = review_view.evaluation
    if evaluation is None:
        if not review_view.judged:
            return ["The judge is reading it; you need not wait."]
        return ["<b>Not scored</b>: the judge gave no usable answer, so a person decides."]
    reasons = "\n".join(_reason(result) for result in worst_first(evaluation))
    return [
        f"Score <b>{evaluation.points}</b>, line {review_view.brief.qa_target}",
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
        f"{c.capitalize()} <b>{scores[c]}</b> (floor {under[c]})" if c in under else f"{c.capitalize()} {scores[c]}"
        for c in CRITERIA
    )


def _reason(result: Result) -> str:
    quoted = f" “{first_lines(result.quote, 120)}”" if result.quote else ""
    return f"{result.criterion.capitalize()}: {first_lines(result.reason, 160)}{quoted}"


def _preview(markdown: str) -> str:
    """The first lines of a draft as running text, without heading marks and blank lines."""
    lines = (line.lstrip("# ").strip() for line in markdown.splitlines())
    said = [line for line in lines if line]
    more = "\n…" if len(said) > PREVIEW_LINES else ""
    return first_lines("\n".join(said[:PREVIEW_LINES]) + more, PREVIEW)


def decided(brief: Brief, draft: Draft, verdict: str, by: str, at: datetime, reason: str | None = None) -> Card:
    """The review card after the decision: no buttons, but who and when."""
    lines = Lines(f"Brief {brief.id} · {verdict} by {by}, {clock(at)}")
    lines.add(f"{escape(brief.title)} · {brief.task_type.value} · draft {draft.attempt}")
    if reason:
        lines.add(f"Reason: {first_lines(reason, 300)}")
    return Card(str(lines), silent=True)


def withdrawn(brief: Brief, at: datetime) -> Card:
    """The review card after the client cancelled."""
    lines = Lines(f"Brief {brief.id} · Cancelled by the client, {clock(at)}").add(escape(brief.title))
    return Card(str(lines), silent=True)


def quick_note(result: Result) -> str:
    """What the drafter is told where an operator taps a criterion instead of writing a note."""
    quoted = f" (“{shorten(result.quote, LONGEST_QUOTED, placeholder='…')}”)" if result.quote else ""
    return f"Mend the {result.criterion}: {shorten(result.reason, LONGEST_QUOTED, placeholder='…')}{quoted}"


def ask_what_to_change(brief: Brief, results: Sequence[Result]) -> Card:
    """The note for the next draft: one of the judge's lowest criteria by a tap, or words of one's own."""
    lines = Lines(f"Brief {brief.id} · Send back")
    lines.add("What should change? Tap a reason, or write the note as your next message.")
    for result in results:
        lines.add(f"<i>{_reason(result)}</i>")
    if not results:
        lines.add("For example: leave the delivery time out, the brief does not give one.")
    quick = [button(f"Mend {r.criterion}", "mend", brief, r.criterion) for r in results]
    return Card(str(lines), (*in_rows(quick), (button("Never mind", "undecided", brief),)))


def ask_why(brief: Brief, criteria: Sequence[Criterion]) -> Card:
    """The reason of a rejection, which the client reads: one of three by a tap, or words of one's own."""
    lines = Lines(f"Brief {brief.id} · Reject")
    lines.add("Why? Tap a reason, or write it as your next message. The client reads it.")
    for criterion in criteria:
        label, words = REJECTIONS[criterion]
        lines.add(f"{label}: <i>{words}</i>")
    lines.add("The brief ends there and is not charged.")
    quick = [button(REJECTIONS[c][0], "deny", brief, c) for c in criteria]
    return Card(str(lines), ((button("Never mind", "undecided", brief),), *in_rows(quick)))


def order(brief: Brief) -> Card:
    """What the client asked for; in a file where it is longer than a message."""
    lines = Lines(f"Brief {brief.id} · What was asked for").add(f"{escape(brief.title)} · {brief.task_type.value}")
    if units(brief.text) > SHOWN_IN_CHAT:
        return Card(str(lines), document=Document(f"brief-{brief.id}-asked.txt", brief.text + "\n"))
    return Card(str(lines.add(f"<blockquote>{escape(brief.text)}</blockquote>")))


def ask_for_text(brief: Brief) -> Card:
    """The operator's own text for a draft."""
    lines = Lines(f"Brief {brief.id} · Edit")
    lines.add("Your next message is the new draft, whole; or send it as an .md or .txt file.")
    lines.add("Full text gives you the draft as such a file. The judge reads yours, and you need not wait for it.")
    return Card(str(lines), ((button("Full text", "full", brief), button("Never mind", "undecided", brief)),))
