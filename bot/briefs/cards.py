"""What people see of a brief."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.access.model import Permission, Person
from bot.briefs.ending_cards import rejection
from bot.briefs.expected import Expected, Morning, in_words, told, told_in_review
from bot.briefs.material import (
    Attachment,
    LeftOpen,
    file_lines,
    looked_at,
    not_all_looked_at,
    note_line,
    pictures_of,
    split,
)
from bot.briefs.model import CANCELLABLE, OTHERS, Brief, BriefSummary, Draft, Quote, State
from bot.briefs.options import in_language
from bot.briefs.owed import charged
from bot.briefs.standing import standing
from bot.invoices.model import PAYABLE, Invoice, InvoiceSummary
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.money import Money
from bot.kernel.text.file_format import FileFormat
from bot.kernel.text.fitting import MOST_ENTITIES, beginning, fits, formats, plain, units
from bot.kernel.text.markdown import to_html
from bot.kernel.text.words import bar, clock, day, due, duration, in_a_row, in_parts, moment, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.quality.model import Evaluation

PERCENT: dict[State, int] = {
    State.QUEUED: 10,
    State.DRAFTING: 40,
    State.JUDGING: 70,
    State.IN_REVIEW: 80,
    State.APPROVED: 90,
}
NOT_SHOWN_TO_YOU = N_("It could not be shown here, so it is not invoiced. Get it as a file.")
NOT_SHOWN_TO_THEM = N_("Telegram did not take all of it, so it is not invoiced. /failed sends it again.")
LET_GO = N_("Telegram did not take all of it, so it is not invoiced. It was given up.")
BEFORE_REVIEW = frozenset({State.QUEUED, State.DRAFTING, State.JUDGING})
RATEABLE = frozenset({State.DELIVERED, State.INVOICED, State.PAID})
TALKED_ABOUT = frozenset({State.FAILED, State.REJECTED})  # where something went otherwise than the client wished
MOST_QUOTES = 5  # that a list names
SHOWN_OF_TITLE = 40  # letters of what a button says
SHOWN_IN_CHAT = 3_300
WAITING_LINE = {
    State.QUOTED: N_("Nothing is spent until you say yes. You pay after delivery."),
    State.FAILED: N_("We were told and will start it again."),
}

HELD_LINE = {
    "brief": N_("It costs more model time than planned. The team decides how to go on; nothing is lost."),
    "client": N_(
        "This month's budget for your briefs is used up; it continues next month, or earlier if we raise it. Ask us."
    ),
    "day": N_("Today's budget is used up; it continues after our midnight, or earlier."),
    "month": N_("This month's budget is used up; it continues next month, or earlier."),
    "switch": N_("We have paused our models for a while. Your brief continues when they run again; nothing is lost."),
    "region": N_("The rules of where you live keep our models from working on it. The team knows; nothing is lost."),
}


def _headline(brief: Brief, invoice: Invoice | None = None) -> str:
    if brief.is_quote:
        return _("Quote · {state}", state=brief.state.words)
    return _("Brief {brief} · {state}", brief=brief.id, state=_state(brief, invoice))


def _state(brief: Brief | BriefSummary, invoice: Invoice | InvoiceSummary | None) -> str:
    return _("Waiting") if brief.held else standing(brief.state, invoice)


def _subject(brief: Brief, now: datetime) -> str:
    line = f"{escape(brief.title)} · {brief.task_type.words}"
    if brief.deadline is not None and brief.state in PERCENT:
        line += f" · {due(brief.deadline, now)}"
    return line


def button(label: str, action: str, brief: Brief, choice: str = "") -> Button:
    """A button about the brief as it is now."""
    return Button(label, action, brief.id, brief.version, choice=choice)


def quote(
    brief: Brief,
    attached: Sequence[Attachment],
    now: datetime,
    ends: datetime,
    expected: Expected,
    left: LeftOpen,
    morning: Morning,
    less: Money | None = None,
) -> Card:
    """The price, to be confirmed, with what was read. ends: when it ends by itself. expected: were it started now.
    less: what it costs where it waits for the morning, None where that is not offered, or chosen.
    """
    words, answers = split(brief.text, attached)
    lines = Lines(_("Quote · {price}", price=brief.price))
    due_line = f" · {due(brief.deadline, now)} ({moment(brief.deadline)})" if brief.deadline else ""
    lines.add(f"{escape(brief.title)} · {brief.task_type.words}{due_line}{in_language(brief.language)}")
    for line in _read(attached):
        lines.add(line)
    if words.strip() not in {"", brief.title}:
        lines.add(f"<blockquote>{first_lines(words, 200)}</blockquote>")
    if answers:
        given = answers.count("\n- ") + 1
        lines.add(ngettext("With {n} answer of yours", "With {n} answers of yours", given))
    if brief.file_format:
        lines.add(_("Comes as a file: {format}", format=FileFormat(brief.file_format).words))
    if left.line:
        lines.add(left.line)
    lines.add(_(WAITING_LINE[State.QUOTED]))
    for line in _when(brief, now, expected, morning):
        lines.add(line)
    lines.add(_("Asked {time}. The quote stands until {day}.", time=moment(brief.created_at), day=day(ends)))
    ask = () if answers else (button(_("What is missing?"), "ask", brief),)
    if left.asked:
        ask = (button(_("Skip"), "factskip", brief, str(left.asked)),)
    return Card(
        str(lines),
        (
            (button(_("Yes, start"), "start", brief), button(_("Other type"), "types", brief)),
            (*ask, button(_("More options"), "more", brief)),
            *_pace(brief, less),
            (button(_("Discard"), "cancel", brief),),
        ),
    )


def _read(attached: Sequence[Attachment]) -> Iterator[str]:
    """The files that came with it, and what of them was not read."""
    if attached:
        yield _("Read: {files}", files=in_parts(file_lines(attached)))
    yield from (note_line(attachment) for attachment in attached if attachment.notes and not attachment.beside)
    if len(seen := looked_at(attached)) < (sent := len(pictures_of(attached))):
        yield not_all_looked_at(sent, len(seen))


def _when(brief: Brief, now: datetime, expected: Expected, morning: Morning) -> Iterator[str]:
    """When it is ready, and when it starts where it waits for the morning."""
    if brief.full_price is None:
        yield in_words(expected, now)
        return
    starts = moment(morning.starts_at)
    yield _("It starts on {time}; at once it costs {price}.", time=starts, price=brief.full_price)
    yield in_words(morning.expected, now)


def _pace(brief: Brief, less: Money | None) -> tuple[tuple[Button, ...], ...]:
    """What changes when it starts, with the price that it has then."""
    if brief.full_price is not None:
        return ((button(_("At once, {price}", price=brief.full_price), "atonce", brief),),)
    return () if less is None else ((button(_("By tomorrow morning, {price}", price=less), "economy", brief),),)


def started(brief: Brief) -> str:
    """In one line, after the yes."""
    if brief.starts_at is not None:
        return _("Brief {brief} starts on {time}", brief=brief.id, time=moment(brief.starts_at))
    return _("Brief {brief} is started", brief=brief.id)


def progress(brief: Brief, now: datetime, invoice: Invoice | None = None, *, undo: State | None = None) -> Card:
    """The one message that follows a brief for its client; once it is delivered, by its invoice.

    invoice: what `bot.briefs.owed.invoice_behind` found. undo: where it stood before it was cancelled, while that can
    be undone.
    """
    lines = Lines(_headline(brief, invoice)).add(_subject(brief, now))
    if brief.held:
        lines.add(_(HELD_LINE[brief.held]))
    elif brief.state in PERCENT:
        lines.add(in_a_row((bar(PERCENT[brief.state]), duration(now - brief.created_at))))
    if said := _waits_for(brief, now):
        lines.add(said)
    for line in _ending(brief, invoice):
        lines.add(line)
    rows = ((button(_("Cancel"), "cancel", brief),),) if brief.state in CANCELLABLE else ()
    if brief.state in TALKED_ABOUT:
        rows = (*rows, (write_to_team(brief),))
    if undo is not None:
        rows = ((button(_("Undo"), "undo", brief, undo.value),),)
    return Card(str(lines), rows, silent=True)


def _waits_for(brief: Brief, now: datetime) -> str:
    """What it waits for and how long that usually takes; nothing where there is nothing to say of it."""
    if brief.state is State.IN_REVIEW and brief.reminded >= OTHERS:
        return _("It takes longer than usual: a person still has to look at it. Nothing goes out before.")
    if brief.state is State.IN_REVIEW and brief.asked_at is not None:
        return _("The team asked you something in our private chat; it goes on with your answer.")
    if brief.state is State.IN_REVIEW:
        return told_in_review(brief, now)
    if brief.state is State.DEFERRED and brief.starts_at is not None:
        return _("It starts on {time}, for {price}.", time=moment(brief.starts_at), price=brief.price)
    if brief.state in WAITING_LINE:
        return _(WAITING_LINE[brief.state])
    if brief.state in BEFORE_REVIEW and not brief.held and brief.read_by is not None:
        return told(brief, brief.read_by, now)
    return ""


def _ending(brief: Brief, invoice: Invoice | None) -> Sequence[str]:
    """What a brief that ended without work costs, and what can be done now."""
    match brief.state:
        case State.FAILED:
            return [charged(brief, invoice)]
        case State.CANCELLED:
            return [charged(brief, invoice), _("Send a new brief any time.")]
        case State.REJECTED:
            return rejection(brief, invoice)
    return ()


def write_to_team(brief: Brief) -> Button:
    """On what its client may want to say something about."""
    return Button(_("Write to the team"), "write", brief.id, choice="brief")


def change_this(brief: Brief) -> Button:
    """On delivered work."""
    return Button(_("Change this"), "change", brief.id)


def being_written(brief: Brief, written: str) -> str:
    """The end of what is written by now, as the HTML of a passing preview."""
    written = written or _("The full text comes when it is finished.")
    tail = written[-SHOWN_IN_CHAT // 2 :]
    shown = to_html(tail)
    if formats(shown) >= MOST_ENTITIES or not fits(shown):
        shown = first_lines(plain(shown), SHOWN_IN_CHAT)
    cut = "…" if len(tail) < len(written) else ""
    head = _("<b>Brief {brief} · Being written, not checked yet</b>", brief=brief.id)
    return f"{head}\n\n{cut}{shown}"


def delivery(brief: Brief, draft: Draft, *, prose: bool) -> Card:
    """The work, readable in the chat; `bot.briefs.ending_cards.delivered_file` is
    it as a file. prose: it is no data."""
    delivered = _("<b>Brief {brief} · Delivered</b>", brief=brief.id)
    head = f"{delivered}\n{escape(brief.title)}\n\n"
    shown = to_html(draft.text) if prose else f"<pre>{escape(draft.text)}</pre>"
    words = plain(shown)
    if formats(shown) >= MOST_ENTITIES and units(words) <= SHOWN_IN_CHAT:
        note = _("<i>Headings and bold words are in the file.</i>")
        shown = f"{escape(words)}\n\n{note}"
    elif units(words) > SHOWN_IN_CHAT or not fits(shown):
        start = beginning(draft.text, SHOWN_IN_CHAT // 2)
        note = _("<i>All of it is in the file.</i>")
        shown = f"{start if prose else f'<pre>{start}</pre>'}\n\n{note}"
    return Card(head + shown, ((write_to_team(brief), change_this(brief)),))


def failed(brief: Brief) -> Card:
    """A brief that a fault stopped, for operators."""
    lines = Lines(_headline(brief)).add(escape(brief.title))
    lines.add(_("Why: {reason}", reason=first_lines(brief.reason or _("unknown"), 300)))
    if brief.failed_from is not None:
        lines.add(_("It was {state}. /failed lists everything that stopped.", state=brief.failed_from.within))
    return Card(str(lines), (_after_failure(brief),))


def _after_failure(brief: Brief) -> tuple[Button, ...]:
    return button(_("Retry this step"), "retry", brief), button(_("Start over"), "restart", brief)


def went_on(brief: Brief, by: str, at: datetime, *, anew: bool) -> Card:
    """What became of a failure, in place of its card."""
    said = {"brief": brief.id, "person": by, "time": clock(at)}
    head = (
        _("Brief {brief} · Restarted by {person}, {time}", **said)
        if anew
        else _("Brief {brief} · Resumed by {person}, {time}", **said)
    )
    return Card(str(Lines(head).add(escape(brief.title))), silent=True)


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known of a brief. evaluation: of its draft.

    not_shown: what became of the finished work where its client was not shown all of it.
    """

    brief: Brief
    client: str
    evaluation: Evaluation | None
    cost_micro_usd: int
    invoice: Invoice | None
    not_shown: Collection[str] = ()


def details(view: Details, who: Person, now: datetime, *, inside: bool = True) -> Card:
    """A brief as /brief_1042 shows it, to its client or to those who see every brief. inside: no others read it."""
    brief, invoice = view.brief, view.invoice
    not_shown = view.not_shown if brief.state is State.DELIVERED else ()
    head = _("Brief {brief} · Finished, not shown yet", brief=brief.id) if not_shown else _headline(brief, invoice)
    lines = Lines(head).add(_subject(brief, now))
    lines.add(_("Price {price} · sent {time} ago", price=brief.price, time=duration(now - brief.created_at)))
    sees_all = inside and who.may(Permission.SEE_ALL)
    if sees_all:
        lines.add(_for_the_team(view))
    elif invoice is not None and invoice.state in PAYABLE and not invoice.voiding:
        lines.add(_("To pay it: /invoices"))
    if not_shown:
        to_them = NOT_SHOWN_TO_THEM if "undeliverable" in not_shown else LET_GO
        lines.add(_(to_them) if sees_all else _(NOT_SHOWN_TO_YOU))
    if brief.held:
        lines.add(_(HELD_LINE[brief.held]))
    if brief.reason:
        lines.add(_("Why: {reason}", reason=first_lines(_(brief.reason), 300)))
    lines.add(f"<blockquote expandable>{first_lines(brief.text, 600)}</blockquote>")
    return Card(str(lines), tuple(_what_can_be_done(brief, who, sees_all=sees_all)))


def _for_the_team(view: Details) -> str:
    said = {"client": escape(view.client), "cost": usd(view.cost_micro_usd), "target": view.brief.qa_target}
    if view.evaluation is not None and view.evaluation.scored:
        points = view.evaluation.points
        return _("For {client} · {cost} of models · score {score}, target {target}", score=points, **said)
    return _("For {client} · {cost} of models · target {target}", **said)


def _what_can_be_done(brief: Brief, who: Person, *, sees_all: bool) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if brief.draft_id is not None and brief.state not in {State.IN_REVIEW, State.DRAFTING, State.JUDGING}:
        rows.append((button(_("Text as file"), "full", brief),))
    if sees_all:
        rows.append((Button(_("Replay"), "replay", brief.id),))
    if brief.state in RATEABLE and brief.client_id == who.id:
        rows.append((Button(_("Rate it"), "rateagain", brief.id), change_this(brief)))
    if brief.state in CANCELLABLE and brief.client_id == who.id:
        rows.append((button(_("Cancel"), "cancel", brief),))
    if brief.state is State.QUOTED and who.may(Permission.DECIDE):
        rows.append((button(target_label(brief), "qtarget", brief),))
    if brief.state is State.FAILED and who.may(Permission.DECIDE):
        rows.append(_after_failure(brief))
    return rows


def target_label(brief: Brief) -> str:
    """On the button that changes it."""
    return _("QA target {target}", target=brief.qa_target)


def quote_button(quote: Quote | Brief | BriefSummary) -> tuple[Button, ...]:
    """A row with the button that leads to a quote, which has no number to tap."""
    label = quote.title if len(quote.title) <= SHOWN_OF_TITLE else f"{quote.title[: SHOWN_OF_TITLE - 1]}…"
    return (Button(label or _("Quote"), "quote", quote.id),)


def listing(
    title: str,
    briefs: Sequence[BriefSummary],
    rows: tuple[tuple[Button, ...], ...],
    now: datetime,
    quotes: Sequence[Quote] = (),
) -> Card:
    """A page of briefs with numbers to tap; a quote has a button. quotes: those that wait for a yes."""
    lines = Lines(title)
    for quote in quotes:
        age = duration(max(now - quote.created_at, timedelta()))
        lines.add(_("Waiting for a yes: “{title}”, asked {time} ago", title=first_lines(quote.title, 40), time=age))
    for brief in briefs:
        age = duration(max(now - brief.since, timedelta()))
        stands = _("{state}, {time} ago", state=_state(brief, brief.invoice), time=age)
        called = first_lines(brief.title, 40)
        # Translators: what a list calls a quote by, which has no number.
        called = _("Quote: {title}", title=called) if brief.is_quote else f"/brief_{brief.id} {called}"
        lines.add(f"{called}\n{stands}")
    leading = (*map(quote_button, quotes), *(quote_button(brief) for brief in briefs if brief.is_quote))
    return Card(str(lines), (*leading, *rows))
