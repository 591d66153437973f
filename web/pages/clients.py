"""/clients: what each has under way, owes and thinks of the work; and one of them with their invoices."""

from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.reports.clients import ClientView
from bot.reports.lists import words_of
from web.pages.words import amounts, at, figure, invoice_state, money, order, searched
from web.paging import IN_A_FILE, ROWS, asked, listed
from web.site.blocks import Cell, Column, Facts, Filters, Page, Table
from web.site.visits import Visit


async def page(visit: Visit) -> Page:
    """The list, newest first."""
    rows, clients = IN_A_FILE if visit.whole else ROWS, visit.services.reports.clients
    words, query = searched(visit.query)
    found = await (
        clients.find(visit.who, words_of(words), asked(query, rows))
        if words
        else clients.page(visit.who, asked(query, rows))
    )
    shown = listed(query, found, lambda one: one.person.id, rows)
    columns = [
        Column(_("Client")),
        Column(_("Open briefs"), number=True),
        Column(_("Owes"), number=True),
        Column(_("Late"), number=True),
        Column(_("Last order")),
        Column(_("Stars"), number=True),
    ]
    empty = _("No clients yet. /invite client in the chat makes an invitation.")
    if words:
        empty = _("Nobody is called that.")
    table = Table(
        _("Clients"), columns, [_row(one) for one in shown.rows], empty, shown.back, shown.on, file=True, to="clients"
    )
    return Page(_("Clients"), [Filters([order(query)], _("Search"), words), table], file=table)


def _row(one: ClientView) -> list[Cell]:
    return [
        Cell(one.person.name, f"/clients/{one.person.id}"),
        figure(one.under_way),
        Cell(_owed(one)),
        Cell(_late(one)),
        at(one.last_order),
        Cell(_stars(one)),
    ]


def _owed(one: ClientView) -> str:
    return in_a_row(str(owed.left) for owed in one.owed if owed.left.minor > 0) or "–"


def _late(one: ClientView) -> str:
    return in_a_row(str(owed.late) for owed in one.owed if owed.late.minor > 0) or "–"


def _stars(one: ClientView) -> str:
    return "–" if one.stars is None else f"{one.stars:.1f} ({number(one.rated)})"


async def one(visit: Visit) -> Page:
    """One client with their invoices."""
    clients, number_of = visit.services.reports.clients, int(visit.names["number"])
    view = await clients.one(visit.who, number_of)
    rows = IN_A_FILE if visit.whole else ROWS
    _person, found = await clients.invoices(visit.who, number_of, asked(visit.query, rows))
    shown = listed(visit.query, found, lambda billed: billed.invoice.id, rows)
    target = _("as its type has it") if view.target is None else str(view.target)
    reached = _("yes") if view.person.reach == "open" else _("no: they stopped the bot")
    facts = [
        (_("Role"), Cell(view.person.role.words)),
        (_("Open briefs"), figure(view.under_way)),
        (_("Owes"), Cell(_owed(view))),
        (_("Late"), Cell(_late(view))),
        (_("Last order"), at(view.last_order)),
        (_("Stars"), Cell(_stars(view))),
        (_("Minimum score"), Cell(target)),
        (_("Can be reached"), Cell(reached)),
    ]
    columns = [Column(_("Invoice")), amounts(_("Amount")), Column(_("State")), Column(_("Made"))]
    made = [
        [
            Cell(billed.invoice.number or str(billed.invoice.id), f"/money/{billed.invoice.id}"),
            money(billed.invoice.asked),
            invoice_state(billed.invoice),
            at(billed.invoice.created_at),
        ]
        for billed in shown.rows
    ]
    table = Table(_("Invoices"), columns, made, _("None yet."), shown.back, shown.on, file=True, to="invoices")
    return Page(view.person.name, [Facts(_("How it stands"), facts), table], up=("/clients", _("Clients")), file=table)
