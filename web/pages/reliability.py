"""/reliability: service levels and incidents, and one incident with what happened."""

from bot.access.model import TENANT, Permission
from bot.alerts import alert_cards
from bot.charts.drawing import svg
from bot.incidents import timeline
from bot.incidents.cards import written_by
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.slo import pictures
from bot.slo.model import BY_NAME
from web.pages.overview import level_columns, level_row
from web.pages.words import at, figure, order
from web.paging import IN_A_FILE, ROWS, asked, listed
from web.site.blocks import Block, Cell, Chart, Choice, Column, Facts, Filters, Page, Prose, Step, Table, Timeline, pill
from web.site.visits import Visit

FIRST = next(iter(BY_NAME))


async def page(visit: Visit) -> Page:
    """Service levels, to the installation's own people; incidents, to who handles them."""
    blocks: list[Block] = []
    if visit.who.tenant == TENANT and visit.who.may(Permission.READ_REPORTS):
        blocks += await _levels(visit)
    else:
        visit.who.require(Permission.WATCH)
    if not visit.who.may(Permission.WATCH):
        return Page(_("Reliability"), blocks)
    table = await _incidents(visit)
    which = [("", _("All incidents")), ("open", _("Open incidents"))]
    choice = Choice("incidents", _("Incidents"), which, visit.query.get("incidents", ""))
    return Page(_("Reliability"), [*blocks, Filters([choice, order(visit.query)]), table], file=table)


async def _levels(visit: Visit) -> list[Block]:
    levels, chosen = visit.services.slo.levels, visit.query.get("level", FIRST)
    closer = await levels.closer(visit.who, chosen if chosen in BY_NAME else FIRST)
    found = await levels.all_of(visit.who)
    table = Table(_("Service levels, 30 days"), level_columns(), [level_row(one) for one in found.levels], "")
    choice = Choice("level", _("From near"), [(one.name, one.words) for one in BY_NAME.values()], closer.level.slo.name)
    columns = [Column(_("Day")), Column(_("Good"), number=True), Column(_("Bad"), number=True)]
    rows = [[at(day), figure(count.good), figure(count.bad)] for day, count in reversed(closer.days) if count.total]
    of_days = Table(closer.level.slo.said_good, columns, rows, _("Nothing was counted yet."))
    chart = pictures.closer(closer)
    return [table, Filters([choice]), of_days if chart is None else Chart(svg(chart), of_days)]


async def _incidents(visit: Visit) -> Table:
    rows = IN_A_FILE if visit.whole else ROWS
    still_open = visit.query.get("incidents", "") == "open"
    found = await visit.services.incidents.incidents.page(visit.who, asked(visit.query, rows), still_open=still_open)
    shown = listed(visit.query, found, lambda one: one[0].id, rows)
    columns = [
        Column(_("Incident")),
        Column(_("What")),
        Column(_("How bad")),
        Column(_("State")),
        Column(_("Began")),
        Column(_("Took"), number=True),
    ]
    made = [
        [
            Cell(str(one.id), f"/reliability/{one.id}"),
            Cell(timeline.called(one, happened)),
            Cell(one.severity.words),
            pill(_("open"), "bad") if one.open else pill(_("closed"), "good"),
            at(one.opened_at),
            Cell("–" if one.closed_at is None else duration(one.closed_at - one.opened_at)),
        ]
        for one, happened in shown.rows
    ]
    empty = _("No incident goes on.") if still_open else _("No incidents. Related alerts become one incident.")
    return Table(_("Incidents"), columns, made, empty, shown.back, shown.on, file=True, to="incidents")


async def one(visit: Visit) -> Page:
    """One incident: its summary, its alerts and what happened."""
    of = await visit.services.incidents.incidents.get(visit.who, int(visit.names["number"]))
    incident = of.incident
    state = pill(_("open"), "bad") if incident.open else pill(_("closed"), "good")
    rows = [(_("State"), state), (_("How bad"), Cell(incident.severity.words)), (_("Began"), at(incident.opened_at))]
    if incident.taken_at is not None:
        rows.append((_("Taken by"), Cell(incident.taker)))
    if incident.closed_at is not None:
        rows.append((_("Ended"), at(incident.closed_at)))
    blocks: list[Block] = [Facts(_("How it stands"), rows)]
    if incident.summary:
        blocks.append(Prose(_("Summary"), f"{incident.summary}\n\n{written_by(incident.summary_model)}"))
    columns = [Column(_("Alert")), Column(_("State")), Column(_("Since"))]
    alerts = [
        [
            Cell(alert_cards.headline(alert)),
            pill(_("open"), "bad") if alert.open else pill(_("resolved"), "good"),
            at(alert.opened_at),
        ]
        for alert in of.alerts
    ]
    table = Table(
        _("Alerts"), columns, alerts, _("No alert belongs to it: a person opened it."), file=True, to="alerts"
    )
    steps = [Step("", line) for line in timeline.lines(of.happened)]
    blocks += [table, Timeline(_("What happened"), steps, _("Nothing yet."))]
    title = _("Incident {id}", id=incident.id)
    return Page(title, blocks, timeline.called(incident, of.happened), ("/reliability", _("Reliability")), table)
