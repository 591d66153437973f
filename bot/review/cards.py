"""What those who decide see of a draft: the review card, the questions behind its buttons, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten

from bot.access.model import Person
from bot.briefs.cards import button
from bot.briefs.model import Brief, Draft
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines, in_rows
from bot.kernel.text.fitting import units
from bot.kernel.text.words import clock, due, in_a_row, in_parts, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.quality import verdict_words
from bot.quality.model import Criterion, Result
from bot.review import review_buttons
from bot.review.model import ReviewView, claim_ends

PREVIEW = 240
PREVIEW_LINES = 6
BRIEF_LINES = 3
SHOWN_IN_CHAT = 3_000
QUICK_REASONS = 3
LONGEST_QUOTED = 400  # characters of the judge's reason, and of its quote, in a note
KEPT_BACK = N_("Scores hidden: please judge this one on your own.")
NOTE_OPEN = N_("Still open: what should change in brief {brief}? Write it; /stop leaves it as it is.")
REASON_OPEN = N_("Still open: why is brief {brief} rejected? Write it; /stop leaves it as it is.")
EDIT_OPEN = N_(
    "Still open: your text for brief {brief}, as a message or an .md or .txt file; /stop leaves it as it is."
)
# Translators: buttons that send a draft back for one of the four criteria.
MEND: dict[Criterion, str] = {
    Criterion.CLARITY: N_("Make it clearer"),
    Criterion.ACCURACY: N_("Fix the facts"),
    Criterion.COMPLETENESS: N_("Add what is missing"),
    Criterion.TONE: N_("Change the tone"),
}
MENDED: dict[Criterion, str] = {
    Criterion.CLARITY: N_("Brief {brief}: a clearer draft is being written and will come back to you."),
    Criterion.ACCURACY: N_("Brief {brief}: a draft with the facts fixed is being written and will come back to you."),
    Criterion.COMPLETENESS: N_("Brief {brief}: a fuller draft is being written and will come back to you."),
    Criterion.TONE: N_("Brief {brief}: a draft in another tone is being written and will come back to you."),
}
# The headline of a review card after the decision, by the verdict that is stored.
DECIDED: dict[str, str] = {
    "approved": N_("Brief {brief} · Approved by {name}, {time}"),
    "sent_back": N_("Brief {brief} · Sent back by {name}, {time}"),
    "rejected": N_("Brief {brief} · Rejected by {name}, {time}"),
}


def review(review_view: ReviewView, viewer: Person, *, wide: bool = False) -> Card:
    """The draft, to be decided on by `viewer`. wide: with all that is behind [More]."""
    brief = review_view.brief
    lines = Lines(_("Brief {brief} · Needs your decision", brief=brief.id))
    in_time = f" · {due(brief.deadline, review_view.now)}" if brief.deadline else ""
    whose = _("{type} for {client}", type=brief.task_type.words, client=escape(review_view.client))
    lines.add(f"{escape(brief.title)} · {whose}{in_time}")
    lines.add(f"<blockquote>{_first_lines_of(brief.text, BRIEF_LINES)}</blockquote>")
    for line in (*_verdict(review_view), *(_behind_more(review_view) if wide else ())):
        lines.add(line)
    if brief.flags:
        flags = first_lines(in_a_row(_(flag) for flag in brief.flags), 200)
        lines.add(_("Flagged: {flags}. A person decides, whatever the score.", flags=flags))
    if review_view.found:
        found = escape(in_parts(one.say() for one in review_view.found))
        lines.add(_("Checked: {found}. A person decides, whatever the score.", found=found))
    if brief.note:
        lines.add(_("Asked for: {note}", note=first_lines(brief.note, 160)))
    for note in review_view.notes:
        lines.add(_("Note by {name}: {note}", name=escape(note.by), note=first_lines(note.text, 300)))
    if brief.asked_at is not None:
        lines.add(_("The client was asked, {time}; their answer is waited for.", time=clock(brief.asked_at)))
    if review_view.holder is not None:
        lines.add(_who_has_it(review_view, review_view.holder, viewer))
    begins = _("The draft begins:")
    draft = f"{begins}\n<blockquote>{_first_lines_of(review_view.draft.text)}</blockquote>"
    lines.add(_criticised(review_view) or draft)
    return Card(str(lines), review_buttons.rows(review_view, viewer, wide=wide))


def _verdict(review_view: ReviewView) -> list[str]:
    """What the automatic check says, in words; nothing of it where that is hidden."""
    if review_view.blind:
        return [_(KEPT_BACK)]
    by = [] if review_view.author is None else [_("Edited by {name}", name=escape(review_view.author))]
    if review_view.evaluation is not None:
        floors, target = review_view.policy.floors, review_view.brief.qa_target
        return [*by, verdict_words.verdict(review_view.evaluation, target, floors)]
    if not review_view.judged:
        return [*by, _("The judge is reading it; you need not wait.")]
    return [*by, _("<b>Not scored</b>: the judge gave no usable answer, so a person decides.")]


def _criticised(review_view: ReviewView) -> str | None:
    """What keeps it most, in the paragraph where it stands; None where nothing does, or that is hidden."""
    if review_view.blind or review_view.evaluation is None:
        return None
    target, floors = review_view.brief.qa_target, review_view.policy.floors
    found = verdict_words.wanting(review_view.evaluation, target, floors)
    places = (verdict_words.in_its_place(result, review_view.draft.text) for result in found)
    return next((place for place in places if place), None)


def _behind_more(review_view: ReviewView) -> list[str]:
    if review_view.blind:
        return []
    which = in_a_row((_which(review_view), usd(review_view.cost_micro_usd)))
    evaluation = review_view.evaluation
    if evaluation is None:
        return [which]
    reasons = "\n".join(verdict_words.reason(result) for result in verdict_words.worst_first(evaluation))
    scores = verdict_words.scores(evaluation, review_view.policy.floors)
    return [which, scores, f"<blockquote expandable>{reasons}</blockquote>"]


def _which(review_view: ReviewView) -> str:
    attempt = review_view.draft.attempt
    if review_view.author is None and attempt <= review_view.policy.attempts:
        return _("Draft {draft} of {most}", draft=attempt, most=review_view.policy.attempts)
    return _("Draft {draft}", draft=attempt)


def _who_has_it(review_view: ReviewView, holder: Person, viewer: Person) -> str:
    until = clock(claim_ends(review_view.brief, review_view.policy.escalation))
    if holder.id == viewer.id:
        return _("<b>You have it</b>, until {time} at most", time=until)
    return _("<b>{name} has it</b>, until {time} at most", name=escape(holder.name), time=until)


def _first_lines_of(markdown: str, most: int = PREVIEW_LINES) -> str:
    """The first lines of a text as running text, without heading marks and blank lines."""
    lines = (line.lstrip("# ").strip() for line in markdown.splitlines())
    said = [line for line in lines if line]
    more = "\n…" if len(said) > most else ""
    return first_lines("\n".join(said[:most]) + more, PREVIEW)


def decided(
    brief: Brief,
    draft: Draft,
    verdict: str,
    by: str,
    at: datetime,
    reason: str | None = None,
    *,
    following: bool = False,
) -> Card:
    """The review card after the decision: who and when. verdict: as it is stored. following: whether another waits."""
    lines = Lines(_(DECIDED[verdict], brief=brief.id, name=by, time=clock(at)))
    lines.add(f"{escape(brief.title)} · {brief.task_type.words} · " + _("draft {draft}", draft=draft.attempt))
    if reason:  # perhaps one of REJECTIONS, as it stands there
        lines.add(_("Reason: {reason}", reason=first_lines(_(reason), 300)))
    return Card(str(lines), ((Button(_("Next"), "next", brief.id),),) if following else (), silent=True)


def withdrawn(brief: Brief, at: datetime) -> Card:
    """The review card after the client cancelled."""
    lines = Lines(_("Brief {brief} · Cancelled by the client, {time}", brief=brief.id, time=clock(at)))
    lines.add(escape(brief.title))
    return Card(str(lines), silent=True)


def heard(brief: Brief, at: datetime) -> Card:
    """The review card after the client answered what they were asked."""
    lines = Lines(_("Brief {brief} · Its client answered, {time}", brief=brief.id, time=clock(at)))
    lines.add(escape(brief.title))
    return Card(str(lines.add(_("A new draft is made with the answer, and comes back."))), silent=True)


def quick_note(result: Result) -> str:
    """What the drafter is told, in English, where an operator taps a criterion instead of writing a note."""
    quoted = f" (“{shorten(result.quote, LONGEST_QUOTED, placeholder='…')}”)" if result.quote else ""
    return f"Improve the {result.criterion}: {shorten(result.reason, LONGEST_QUOTED, placeholder='…')}{quoted}"


def ask_what_to_change(brief: Brief, results: Sequence[Result]) -> Card:
    """The note for the next draft: what the judge found wanting by a tap, or words of one's own."""
    lines = Lines(_("Brief {brief} · Send back", brief=brief.id))
    if results:
        lines.add(_("What should change? Tap a reason, or write it as your next message."))
    else:
        lines.add(_("What should change? Write it as your next message."))
    for result in results:
        lines.add(f"<i>{verdict_words.reason(result)}</i>")
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
    lines.add(_("[As a file] gives you the draft to change. The judge reads yours, and you need not wait for it."))
    return Card(str(lines), ((button(_("Text as file"), "full", brief), button(_("Never mind"), "undecided", brief)),))
