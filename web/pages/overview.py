"""/overview: what an owner looks at first; to a client what they have under way and what waits for them."""

from collections.abc import Mapping, Sequence

from bot.access.model import TENANT, Permission
from bot.briefs.model import OPEN_STATES, State
from bot.charts.drawing import svg
from bot.finance import pictures
from bot.finance.figures import Months
from bot.incidents import timeline
from bot.kernel.text.words import clock, duration, in_a_row, own_day, share, usd
from bot.kernel.translation import calendar_day, number, percent
from bot.kernel.translation import gettext as _
from bot.reports.model import DayReport
from bot.slo.figures import Level
from web.pages.words import amounts, at, briefs_table, invoice_state, money
from web.paging import asked
from web.site.blocks import Block, Cell, Chart, Column, Notice, Page, Table, Tile, Tiles, Tone, pill
from web.site.visits import Visit

NEWEST, OPEN_INCIDENTS = 5, 10
DASH = "–"


async def page(visit: Visit) -> Page:
    """The overview, by what the person may see."""
    if not visit.who.may(Permission.READ_REPORTS):
        return await _of_client(visit)
    services, who = visit.services, visit.who
    day = await services.reports.days.today(who)
    months = await services.finance.figures.months(who)
    newest = await services.reports.lists.briefs(who, asked({}, NEWEST))
    blocks: list[Block] = [Tiles(_today(day)), *await _incidents(visit), *_months(months), *await _levels(visit)]
    blocks.append(briefs_table(_("Newest briefs"), newest[:NEWEST], _no_briefs()))
    return Page(_("Today"), blocks, lead=_as_of(day), live=True)


def live(day: DayReport) -> Mapping[str, object]:
    """What is brought up to date while somebody looks: the line below the title, and the tiles by their names."""
    tiles = {tile.live: {"figure": tile.figure, "note": tile.note, "tone": tile.tone} for tile in _today(day)}
    return {"lead": _as_of(day), "tiles": tiles}


def _as_of(day: DayReport) -> str:
    return _("{day}, as of {time}", day=own_day(day.start), time=clock(day.now))


def _today(day: DayReport) -> Sequence[Tile]:
    handed, decided = day.handed_in, day.auto_approved + day.human_approved
    waits = (
        _("Nothing waits")
        if day.oldest_to_decide is None
        else _("the oldest for {time}", time=duration(day.oldest_to_decide))
    )
    revenue = in_a_row(map(str, day.revenue)) or DASH
    paid = in_a_row(str(one) for one in day.paid if one.minor)
    alone = share(day.auto_approved, decided) if decided else DASH
    late_tone: Tone = "bad" if day.late.count else ""
    return (
        Tile(
            _("Briefs today"),
            number(handed.total),
            _("{n} delivered", n=number(handed.delivered)),
            "/briefs",
            live="briefs",
        ),
        Tile(
            _("To decide"),
            number(day.to_decide),
            waits,
            "/briefs?state=in_review",
            "warn" if day.to_decide else "good",
            live="queue",
        ),
        Tile(
            _("Revenue today"),
            revenue,
            _("{money} paid", money=paid) if paid else _("nothing paid yet"),
            "/money/figures",
            live="revenue",
        ),
        Tile(
            _("Models today"), usd(day.model_cost_micro_usd), _("what drafts and checks cost"), "/costs", live="models"
        ),
        Tile(
            _("Quality"),
            DASH if day.quality is None else f"{day.quality:.0f}",
            _("{share} passed without a person", share=alone),
            "/quality",
            live="quality",
        ),
        Tile(
            _("Late invoices"),
            number(day.late.count),
            in_a_row(map(str, day.late.left)) or _("nobody is late"),
            "/money?state=open&order=oldest",
            late_tone,
            live="late",
        ),
    )


def _months(of: Months) -> list[Block]:
    chart = pictures.months(of)
    if chart is None:
        return [Notice(_("Once the first invoice is made, revenue and margin by month stand here."))]
    columns = [Column(_("Month")), amounts(_("Revenue")), amounts(_("Margin"))]
    rows = [
        [
            Cell(calendar_day(month, "LLL y")),
            money(figures.money(figures.revenue)),
            money(figures.money(figures.margin)),
        ]
        for month, figures in reversed(of.by_month)
        if not figures.empty
    ]
    return [Chart(svg(chart), Table(_("Month by month"), columns, rows, ""))]


async def _levels(visit: Visit) -> list[Block]:
    if visit.who.tenant != TENANT:
        return []
    found = await visit.services.slo.levels.all_of(visit.who)
    return [Table(_("Service levels, 30 days"), level_columns(), [level_row(one) for one in found.levels], "")]


def level_columns() -> list[Column]:
    """Of `level_row`."""
    return [
        Column(_("Service level")),
        Column(_("Kept"), number=True),
        Column(_("Promised"), number=True),
        Column(_("Budget left"), number=True),
        Column(_("Now")),
    ]


def level_row(one: Level) -> list[Cell]:
    """A service level beside what is promised."""
    kept = Cell(DASH if one.budget.kept is None else percent(one.budget.kept, 2))
    now = pill(_("burns"), "bad") if one.bad else pill(_("in order"), "good")
    return [
        Cell(one.slo.words, f"/reliability?level={one.slo.name}"),
        kept,
        Cell(percent(one.slo.objective, 1)),
        Cell(percent(one.budget.left)),
        now,
    ]


async def _incidents(visit: Visit) -> list[Block]:
    if not visit.who.may(Permission.WATCH):
        return []
    still = await visit.services.incidents.incidents.page(visit.who, asked({}, OPEN_INCIDENTS), still_open=True)
    if not still:
        return []
    columns = [Column(_("Incident")), Column(_("What")), Column(_("How bad")), Column(_("Since"))]
    rows = [
        [
            Cell(str(one.id), f"/reliability/{one.id}"),
            Cell(timeline.called(one, happened)),
            pill(one.severity.words, "bad"),
            at(one.opened_at),
        ]
        for one, happened in still[:OPEN_INCIDENTS]
    ]
    return [Table(_("Open incidents"), columns, rows, "")]


async def _of_client(visit: Visit) -> Page:
    services, who = visit.services, visit.who
    stands = await services.reports.lists.standing(who)
    newest = await services.reports.lists.briefs(who, asked({}, NEWEST))
    under_way = sum(count for state, count in stands.briefs.items() if state in OPEN_STATES)
    awaited = stands.awaited
    payable = [] if awaited is None else awaited.payable
    quotes = 0 if awaited is None else len(awaited.quotes)
    tiles = (
        Tile(_("Under way"), number(under_way), _("briefs that are being worked on"), "/briefs"),
        Tile(_("Waiting for a yes"), number(quotes), _("answer them in the chat"), "", "warn" if quotes else ""),
        Tile(_("To pay"), number(len(payable)), _("invoices"), "/money?state=open", "warn" if payable else "good"),
    )
    columns = [Column(_("Invoice")), amounts(_("Amount")), Column(_("State")), Column(_("Due"))]
    rows = [
        [Cell(one.number or str(one.id), f"/money/{one.id}"), money(one.asked), invoice_state(one), at(one.due_at)]
        for one in payable
    ]
    owed = [Table(_("To pay"), columns, rows, "")] if rows else []
    stopped = stands.briefs.get(State.FAILED, 0)
    notice = [Notice(_("A fault stopped some of your work. The team sees to it."), "bad")] if stopped else []
    return Page(
        _("Your work"),
        [Tiles(tiles), *notice, *owed, briefs_table(_("Newest briefs"), newest[:NEWEST], _no_briefs())],
        lead=_("Everything is ordered, answered and paid in the chat; here you see how it stands."),
    )


def _no_briefs() -> str:
    return _("No briefs yet. Write to the bot what you need, and it stands here.")
