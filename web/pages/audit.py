"""/audit: who did what, newest first, and what is recorded of one thing or one kind of deed."""

from bot.kernel.translation import gettext as _
from web.pages.words import at, order
from web.paging import IN_A_FILE, ROWS, asked, listed
from web.site.blocks import Cell, Column, Filters, Page, Table, pill
from web.site.visits import Visit


async def page(visit: Visit) -> Page:
    """The trail."""
    rows, words = IN_A_FILE if visit.whole else ROWS, visit.query.get("q", "").strip()[:100]
    found = await visit.services.audit.page(visit.who, asked(visit.query, rows), words)
    shown = listed(visit.query, found, lambda one: one.id, rows)
    columns = [Column(_("When")), Column(_("Who")), Column(_("What")), Column(_("About")), Column(_("Outcome"))]
    made = [
        [
            at(one.at),
            Cell(one.person or (str(one.telegram_id) if one.telegram_id else "–")),
            Cell(one.action),
            Cell(one.subject),
            pill(_("done"), "good") if one.outcome == "done" else Cell(one.outcome),
        ]
        for one in shown.rows
    ]
    empty = _("Nothing is recorded about that.") if words else _("Nothing is recorded yet.")
    table = Table(_("Audit trail"), columns, made, empty, shown.back, shown.on, file=True, to="audit")
    hint = _("A thing, such as brief:1042, or a deed, such as session.began")
    filters = Filters([order(visit.query)], _("Search"), words, hint)
    return Page(_("Audit"), [filters, table], _("Every command, sign-in, approval and change."), file=table)
