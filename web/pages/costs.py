"""/costs: what models and Stripe cost on a day."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.charts.drawing import svg
from bot.finance import cost_cards
from bot.finance.cards import name_of
from bot.finance.figures import DayCosts
from bot.finance.model import Part
from bot.kernel.text.words import in_a_row, usd
from bot.kernel.translation import calendar_day, number
from bot.kernel.translation import gettext as _
from web.site.blocks import Block, Cell, Chart, Column, Notice, Page, Table, Tabs, Tile, Tiles
from web.site.visits import Visit

EARLIEST = date(2000, 1, 1)


async def page(visit: Visit) -> Page:
    """A day: today so far, or the one that the address says."""
    costs = visit.services.finance.costs
    of, after = await costs.look(visit.who, _day(visit.query.get("day", ""))), timedelta(days=1)
    days = [(of.day - after, _("The day before"))]
    if of.day < await costs.today(visit.who):
        days.append((of.day + after, _("The day after")))
    tabs = Tabs(_("Days"), [(words, f"/costs?day={day.isoformat()}", False) for day, words in days])
    tiles = (
        Tile(_("Models"), usd(of.micro_usd), _("{n} calls", n=number(of.calls))),
        Tile(_("Stripe fees"), in_a_row(map(str, of.fees)) or "–"),
    )
    by_type = _table(_("By type of work"), _("Type"), _named(of, Part.TYPE, of.types), file=True)
    by_model = _table(_("By model"), _("Model"), of.models)
    by_client = _table(_("By client"), _("Client"), _named(of, Part.CLIENT, of.clients))
    blocks: list[Block] = [tabs, Tiles(tiles)]
    picture = cost_cards.picture(of)
    if picture is None:
        blocks.append(Notice(_("Models cost nothing on this day.")))
    else:
        blocks += [Chart(svg(picture), by_type), by_model, by_client]
    return Page(_("Costs"), blocks, calendar_day(of.day, "EEEE d MMMM y"), file=_together(by_model, by_type, by_client))


def _day(text: str) -> date | None:
    """None for what is no day, and for one on which nothing can have cost anything."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day > EARLIEST else None


def _named(of: DayCosts, part: Part, parts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(name_of(part, name, of.names), micro_usd) for name, micro_usd in parts]


def _table(title: str, what: str, parts: Sequence[tuple[str, int]], *, file: bool = False) -> Table:
    columns = [Column(what), Column(_("Cost"), number=True)]
    rows = [[Cell(name), Cell(usd(micro_usd), written=f"{micro_usd / 1_000_000:.6f}")] for name, micro_usd in parts]
    return Table(title, columns, rows, _("Nothing."), file=file)


def _together(*tables: Table) -> Table:
    """All of them in one file, each row with what it is of."""
    columns = [Column(_("Of")), *tables[0].columns]
    rows = [[Cell(table.title), *row] for table in tables for row in table.rows]
    return Table(_("Costs"), columns, rows, "", file=True, to="costs")
