"""/quality: how the automatic check does against people, where its minimum scores are, and what came of each prompt."""

from collections.abc import Sequence

from bot.calibration import pictures
from bot.calibration.agreement import kappa, upper_bound
from bot.calibration.cards import HUMAN_WORDS
from bot.calibration.figures import Decision, Overview, Standing, TypeTarget, Version, Week
from bot.charts.drawing import svg
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import FEW, clock, day, share
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number, percent
from bot.quality.model import CRITERIA
from web.pages.words import at, figure
from web.site.blocks import (
    Block,
    Cell,
    Chart,
    Choice,
    Column,
    Filters,
    Notice,
    Page,
    Step,
    Table,
    Tile,
    Tiles,
    Timeline,
    pill,
)
from web.site.visits import Visit

WORST = 10


async def page(visit: Visit) -> Page:
    """The last days of the check, for all types or one."""
    quality, chosen = visit.services.calibration, visit.query.get("type", "")
    task_type = TaskType(chosen) if chosen in {*TaskType} else None
    of = await quality.overview(visit.who, task_type)
    table = _targets(of.targets)
    types = [("", _("All types")), *((one.value, one.words) for one in TaskType)]
    blocks: list[Block] = [
        Filters([Choice("type", _("Type"), types, task_type or "")]),
        Tiles(_tiles(of)),
        *_passed(of),
    ]
    blocks += _criteria(await quality.weeks(visit.who))
    blocks.append(table)
    blocks.append(_versions(await quality.drift(visit.who, task_type)))
    blocks.append(_worst(await quality.disagreements(visit.who, task_type, WORST)))
    lead = _("The last {days} days, as of {time}", days=number(of.days), time=clock(of.now))
    return Page(_("Quality"), blocks, lead, file=table)


def _tiles(of: Overview) -> Sequence[Tile]:
    standing, audits = of.standing, of.standing.audits
    caught, probes = standing.probes
    alone = _("{share} passed without a person", share=_share(standing.passed, standing.decisions))
    bad = _("{bad} of {total} bad", bad=number(audits.bad), total=number(audits.total))
    bound = _("none yet")
    if audits.total and audits.few:
        bound = _("too few to tell ({n} of {needed})", n=number(audits.total), needed=number(audits.needed))
    elif audits.total:
        most = percent(upper_bound(audits.bad, audits.total), 1)
        bound = _("at most {bound} of what passes is bad (95 %)", bound=most)
    return (
        Tile(_("Drafts checked"), number(standing.decisions), alone),
        _agreement(standing),
        Tile(_("Blind checks"), bad, bound),
        Tile(_("Known-bad drafts caught"), _("{part} of {whole}", part=number(caught), whole=number(probes))),
    )


def _agreement(standing: Standing) -> Tile:
    """How often check and people agree; of fewer than FEW labels no share is told."""
    read, label = standing.read, _("Check and people agree")
    if read.total < FEW:
        few = _("too few to tell ({n} of {needed})", n=number(round(read.total)), needed=number(FEW))
        return Tile(label, "–", few)
    measure = kappa(read)
    note = "" if measure is None else _("kappa {kappa}", kappa=f"{measure:.2f}")
    return Tile(label, percent((read.passed_good + read.held_bad) / read.total), note)


def _share(part: int, whole: int) -> str:
    return share(part, whole) if whole else "–"


def _passed(of: Overview) -> list[Block]:
    """What the check did with drafts, and what people did with those that they read."""
    chart = pictures.checked(of.standing)
    if chart is None:
        return [Notice(_("Nothing has been checked yet. The first drafts show here."))]
    columns = [Column(_("What became of them")), Column(_("Drafts"), number=True)]
    rows = [[Cell(words), figure(count)] for words, count, _tone in pictures.counts(of.standing)]
    return [Chart(svg(chart), Table(_("Drafts"), columns, rows, ""))]


def _criteria(weeks: Sequence[Week]) -> list[Block]:
    """The judge's scores by criterion: the newest week's drawn, and below them week by week."""
    known = [one for one in weeks if one.drafts]
    if not known:
        return []
    newest = known[0]
    step = Step(
        "",
        ngettext(
            "{n} draft of the week from {day}",
            "{n} drafts of the week from {day}",
            newest.drafts,
            day=day(newest.since),
        ),
        bars=[(one.words, round(score)) for one, score in newest.scores.items()],
    )
    columns = [Column(_("Week from")), Column(_("Drafts"), number=True)]
    columns += [Column(one.words, number=True) for one in CRITERIA]
    rows = [
        [at(one.since), figure(one.drafts), *(_mean(one.scores.get(criterion)) for criterion in CRITERIA)]
        for one in known
    ]
    table = Table(_("Week by week"), columns, rows, "")
    return [Timeline(_("Scores by criterion"), [step], ""), table]


def _mean(score: float | None) -> Cell:
    return Cell("–") if score is None else Cell(f"{score:.0f}")


def _targets(targets: Sequence[TypeTarget]) -> Table:
    columns = [
        Column(_("Type")),
        Column(_("Minimum score"), number=True),
        Column(_("Proposed"), number=True),
        Column(_("Evidence")),
        Column(_("Adopted by")),
    ]
    rows = [
        [
            Cell(one.task_type.words),
            figure(one.proposal.present),
            figure(one.proposal.target),
            pill(_("proven"), "good") if one.proposal.proven else pill(_("not proven yet"), "quiet"),
            Cell("–" if one.adopted is None else one.adopted.by),
        ]
        for one in targets
    ]
    return Table(_("Minimum scores"), columns, rows, "", file=True, to="targets")


def _versions(found: Sequence[Version]) -> Table:
    columns = [
        Column(_("Prompt")),
        Column(_("Judge")),
        Column(_("Drafts"), number=True),
        Column(_("Mean score"), number=True),
        Column(_("Passed"), number=True),
        Column(_("Turned down by people"), number=True),
    ]
    rows = [
        [
            Cell(_("Built-in prompt") if one.prompt is None else str(one.prompt)),
            Cell(one.judge_model),
            figure(one.decisions),
            Cell("–" if one.score is None else f"{one.score:.1f}"),
            Cell(share(one.passed, one.decisions)),
            Cell(f"{number(one.read.bad)} / {number(one.read.total)}"),
        ]
        for one in found
    ]
    return Table(_("Prompt versions"), columns, rows, _("Nothing has been checked yet."))


def _worst(found: Sequence[Decision]) -> Table:
    columns = [
        Column(_("Brief")),
        Column(_("Type")),
        Column(_("Score"), number=True),
        Column(_("Minimum score"), number=True),
        Column(_("The check")),
        Column(_("The person")),
        Column(_("When")),
    ]
    rows = [
        [
            Cell(str(one.brief_id), f"/briefs/{one.brief_id}"),
            Cell(one.task_type.words),
            Cell("–" if one.weighted is None else str(one.weighted // 100)),
            Cell(str(one.target)),
            pill(_("passed"), "good") if one.passed else pill(_("held"), "warn"),
            Cell(_human(one.human)),
            at(one.created_at),
        ]
        for one in found
    ]
    empty = _("No disagreements: check and people agree on everything that people decided on.")
    return Table(_("Where they disagreed most"), columns, rows, empty)


def _human(verdict: str | None) -> str:
    return _(HUMAN_WORDS[verdict]) if verdict in HUMAN_WORDS else "–"
