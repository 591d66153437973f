"""/jobs: what happens by itself: every job, and one with its history."""

from datetime import timedelta

from bot.kernel.errors import Refusal
from bot.kernel.text.words import duration, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number
from jobs.catalog import BY_NAME, GROUP_OF, GROUPS
from jobs.schedule import operating
from jobs.schedule.operating import Run, Standing
from web.pages.words import at
from web.site.blocks import Block, Cell, Choice, Column, Facts, Filters, Notice, Page, Table, Tile, Tiles, Tone, pill
from web.site.visits import Visit

TONES: dict[str, Tone] = {"done": "good", "failed": "bad", "missed": "bad", "paused": "quiet"}
TROUBLES = {"failed": N_("failed"), "late": N_("late"), "missed": N_("missed"), "paused": N_("paused")}


async def page(visit: Visit) -> Page:
    """Every job: what it does, its last and its next run; those that somebody should look at first."""
    found = await operating.all_of(visit.who, visit.services)
    troubled = [one for one in found if one.trouble is not None]
    group, only = visit.query.get("group", ""), visit.query.get("show", "") == "trouble"
    shown = [one for one in (troubled if only else found) if group in {"", GROUP_OF[one.job.name].name}]
    columns = [
        Column(_("Job")),
        Column(_("What it does")),
        Column(_("State")),
        Column(_("Last run")),
        Column(_("Took"), number=True),
        Column(_("Next run")),
        Column(_("Result")),
    ]
    table = Table(
        _("Scheduled jobs"), columns, [_row(one) for one in shown], _("No job is like that."), file=True, to="jobs"
    )
    groups = [("", _("All groups")), *((one.name, _(one.title)) for one in GROUPS)]
    shows = [("", _("All jobs")), ("trouble", _("To look at"))]
    filters = Filters(
        [Choice("group", _("Group"), groups, group), Choice("show", _("Show"), shows, visit.query.get("show", ""))]
    )
    tiles = (
        Tile(_("Jobs"), number(len(found)), _("each by its own time")),
        Tile(
            _("To look at"),
            number(len(troubled)),
            _("failed, late, missed or paused"),
            "/jobs?show=trouble",
            "bad" if troubled else "good",
        ),
    )
    return Page(
        _("Jobs"),
        [Tiles(tiles), filters, table],
        _("/jobs in the chat runs and pauses them."),
        file=table,
    )


def _row(one: Standing) -> list[Cell]:
    last = one.last
    following = (
        _("paused until {time}", time=moment(one.paused.until)) if one.paused is not None else at(one.following).words
    )
    return [
        Cell(one.job.name, f"/jobs/{one.job.name}"),
        Cell(_(one.job.summary)),
        _state(one),
        at(None if last is None else last.scheduled_at),
        Cell(_took(last)),
        Cell(following),
        Cell((last.result or "") if last is not None else ""),
    ]


def _state(one: Standing) -> Cell:
    if one.trouble is not None:
        return pill(_(TROUBLES[one.trouble]), "quiet" if one.trouble == "paused" else "bad")
    return _state_of(one.last)


def _state_of(run: Run | None) -> Cell:
    if run is None or run.state == operating.INSTALLED:
        return pill(_("has not run yet"), "quiet")
    return pill(operating.in_words(run.state), TONES.get(run.state, ""))


def _took(run: Run | None) -> str:
    if run is None or run.started_at is None or run.finished_at is None:
        return "–"
    took = run.finished_at - run.started_at
    return duration(took) if took >= timedelta(seconds=1) else _("under 1 s")


async def one(visit: Visit) -> Page:
    """One job with its newest runs."""
    name = visit.names["name"]
    if name not in BY_NAME or not BY_NAME[name].runs_for(visit.who.tenant):
        raise Refusal(_("There is no job “{name}”. /jobs lists them.", name=name[:40]))
    standing, past, _others = await operating.one(visit.who, visit.services, BY_NAME[name])
    rows = [
        (_("State"), _state(standing)),
        (_("Next run"), at(standing.following)),
        (_("When"), Cell(visit.services.settings.job_times.get(name, standing.job.cron))),
        (_("May take"), Cell(duration(timedelta(seconds=standing.job.timeout)))),
    ]
    if past.ended:
        rows.append((_("Usually takes"), Cell(duration(past.usual))))
    if standing.paused is not None:
        rows.append((_("Paused by"), Cell(standing.by)))
    blocks: list[Block] = [Facts(_("How it stands"), rows)]
    if standing.late is not None:
        blocks.append(Notice(_("It should have run by {time}.", time=moment(standing.late)), "bad"))
    columns = [
        Column(_("Planned for")),
        Column(_("State")),
        Column(_("Took"), number=True),
        Column(_("Version")),
        Column(_("Result")),
    ]
    made = [
        [at(run.scheduled_at), _state_of(run), Cell(_took(run)), Cell(run.commit[:12]), Cell(run.result or "")]
        for run in past.runs
    ]
    title = ngettext("Newest run", "Newest {n} runs", len(past.runs))
    table = Table(title, columns, made, _("It has not run yet."), file=True, to=name)
    return Page(name, [*blocks, table], _(standing.job.summary), ("/jobs", _("Jobs")), table)
