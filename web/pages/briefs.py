"""/briefs: the list, and one brief with its story, its scores and its text."""

from collections.abc import Sequence

from bot.access.model import Permission
from bot.briefs.model import Brief, State
from bot.intake.service import Quoted
from bot.kernel.errors import Refusal
from bot.kernel.text.words import moment, usd
from bot.kernel.translation import date
from bot.kernel.translation import gettext as _
from bot.quality.model import Criterion, Evaluation
from bot.replay.cards import DATA, DATA_WORDS, PURPOSES, WORDS
from bot.replay.timeline import Step as Happened
from bot.reports.lists import own, words_of
from bot.review.model import ReviewView
from web.pages.words import at, brief_state, briefs_table, figure, invoice_state, money, order, searched
from web.paging import IN_A_FILE, ROWS, Query, asked, listed
from web.site.blocks import Block, Cell, Choice, Facts, Filters, Notice, Page, Prose, Step, Table, Timeline
from web.site.visits import Visit

LONGEST_LINE = 300
LISTED = (
    State.DEFERRED,
    State.QUEUED,
    State.DRAFTING,
    State.JUDGING,
    State.IN_REVIEW,
    State.APPROVED,
    State.DELIVERED,
    State.INVOICED,
    State.PAID,
    State.REJECTED,
    State.CANCELLED,
    State.FAILED,
)


async def page(visit: Visit) -> Page:
    """The list: narrowed by a state or by words, in either order."""
    lists = visit.services.reports.lists
    words, query = searched(visit.query)
    state = State(query["state"]) if query.get("state", "") in {*LISTED} else None
    rows = IN_A_FILE if visit.whole else ROWS
    which = asked(query, rows)
    if words:
        found = (await lists.find(visit.who, words_of(words), which, beside=False)).briefs
    else:
        found = await lists.briefs(visit.who, which, state)
    shown = listed(query, found, lambda one: one.id, rows)
    empty = _("No brief is like that.") if words or state else _("No briefs yet. Write to the bot what you need.")
    title = _("Your briefs") if own(visit.who) else _("Briefs")
    plain = briefs_table(title, list(shown.rows), empty)
    table = Table(title, plain.columns, plain.rows, empty, shown.back, shown.on, file=True, to="briefs")
    blocks: list[Block] = [_filters(query, state, words), table]
    if query != visit.query and {"state", "order"} & {name for name, it in visit.query.items() if it}:
        blocks.insert(1, Notice(_("What has these words is shown in every state, newest first.")))
    return Page(title, blocks, file=table)


def _filters(query: Query, state: State | None, words: str) -> Filters:
    states = [("", _("All states")), *((one.value, _listed_as(one)) for one in LISTED)]
    return Filters([Choice("state", _("State"), states, state or ""), order(query)], _("Search"), words)


def _listed_as(state: State) -> str:
    return _("Delivered and invoiced") if state is State.INVOICED else state.words


async def one(visit: Visit) -> Page:
    """One brief. Its client sees how it stands and, once it is approved, its text; the team all that happened too."""
    services, who = visit.services, visit.who
    view = await services.intake.briefs.view(who, _number(visit))
    brief = view.brief
    if isinstance(view, Quoted) or brief.is_quote:
        raise Refusal(_("A quote is answered in the chat; it stands here from the yes on."))
    rows, evaluation = [*_facts(brief)], view.evaluation
    if isinstance(view, ReviewView):
        rows.append((_("Cost of models"), Cell(usd(view.cost_micro_usd))))
        hidden = view.blind
    else:
        hidden = False
        if who.may(Permission.SEE_ALL):
            rows.append((_("Cost of models"), Cell(usd(view.cost_micro_usd))))
        if view.invoice is not None:
            rows.append((_("Invoice"), Cell(view.invoice.number or str(view.invoice.id), f"/money/{view.invoice.id}")))
            rows.append((_("Invoice is"), invoice_state(view.invoice)))
    if who.may(Permission.SEE_ALL):
        rows.insert(0, (_("Client"), Cell(view.client, f"/clients/{brief.client_id}")))
    blocks: list[Block] = [Facts(_("How it stands"), rows)]
    if who.may(Permission.SEE_ALL):
        blocks += _scores(evaluation, brief, hidden=hidden)
        blocks += await _story(visit, brief, hidden=hidden)
    blocks.append(Prose(_("What was asked"), brief.text))
    blocks += await _draft(visit, brief)
    title = _("Brief {brief}", brief=brief.id)
    return Page(title, blocks, lead=brief.title, up=("/briefs", _("Briefs")))


def _number(visit: Visit) -> int:
    return int(visit.names["number"])


def _facts(brief: Brief) -> list[tuple[str, Cell]]:
    rows = [
        (_("State"), brief_state(brief.state, held=brief.held is not None)),
        (_("Since"), at(brief.since)),
        (_("Type"), Cell(brief.task_type.words)),
        (_("Price"), money(brief.price)),
        (_("Handed in"), at(brief.created_at)),
    ]
    if brief.deadline is not None:
        rows.append((_("Due"), at(brief.deadline)))
    if brief.attempt:
        rows.append((_("Draft"), figure(brief.attempt)))
    if brief.revision_of is not None:
        rows.append((_("Revision of"), Cell(str(brief.revision_of), f"/briefs/{brief.revision_of}")))
    if brief.reason:
        rows.append((_("Reason"), Cell(brief.reason)))
    return rows


def _scores(evaluation: Evaluation | None, brief: Brief, *, hidden: bool) -> list[Block]:
    if hidden:
        return [Notice(_("Scores hidden: this draft is to be judged without them."))]
    if evaluation is None or not evaluation.scored:
        return []
    lines = [f"{Criterion(result.criterion).words}: {result.reason}" for result in evaluation.results if result.reason]
    step = Step(
        "",
        _("Score {score}, minimum {line}", score=evaluation.points, line=brief.qa_target),
        lines=lines,
        bars=_bars(evaluation),
        tone="good" if evaluation.points >= brief.qa_target else "warn",
    )
    return [Timeline(_("Quality of the draft"), [step], "")]


def _bars(evaluation: Evaluation) -> list[tuple[str, int]]:
    return [(Criterion(result.criterion).words, result.score) for result in evaluation.results]


async def _story(visit: Visit, brief: Brief, *, hidden: bool) -> list[Block]:
    if hidden:
        return []
    _named, steps = await visit.services.replay.whole(visit.who, brief.id)
    return [Timeline(_("What happened"), [_step(one) for one in steps], "")]


def _step(one: Happened) -> Step:
    source = one.event or one.decision
    name = one.event.name if one.event is not None else one.decision.verdict if one.decision is not None else None
    what = _(WORDS.get(name, name)) if name else _("The judge looked") if one.looks else _("A model was asked")
    looks = [look.evaluation for look in one.looks if look.evaluation.scored]
    lines = [
        _(
            "{model} {did}, {cost}",
            model=call.model,
            did=_(PURPOSES.get(call.purpose, call.purpose)),
            cost=usd(call.cost_micro_usd),
        )
        for call in one.calls
    ]
    lines += [_("Score {score}", score=evaluation.points) for evaluation in looks]
    return Step(
        date(one.at, f"d MMM y{_(', ')}HH:mm:ss"),
        what,
        source.person or "" if source is not None else "",
        [*lines, *_told(one)],
        _bars(looks[0]) if len(looks) == 1 else (),
        tone="bad" if name in {"failed", "rejected"} else "good" if name in {"approved", "delivered", "paid"} else "",
    )


def _told(one: Happened) -> Sequence[str]:
    if one.event is None:
        return []
    data = {key: str(value) for key, value in one.event.data.items() if key in DATA and value not in (None, "")}
    return [
        _(DATA[key], value=(_(value) if key in DATA_WORDS else value)[:LONGEST_LINE]) for key, value in data.items()
    ]


async def _draft(visit: Visit, brief: Brief) -> list[Block]:
    if brief.draft_id is None:
        return []
    try:
        _brief, text = await visit.services.intake.briefs.text(visit.who, brief.id)
    except Refusal:  # it is not for this person yet
        return []
    return [Prose(_("The draft, as of {time}", time=moment(brief.updated_at)), text, brief.language)]
