"""How prices read beside what they leave."""

from collections.abc import Sequence

from bot.finance.proposals import Past, TypePrice
from bot.kernel.card import Button, Card, Lines, in_rows
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import percent


def review(found: Sequence[TypePrice], *, may: bool) -> Card:
    """Each type's price and what was left of last month's revenue. may: whether who looks may adopt prices."""
    lines = Lines(_("Prices and margins · last month"))
    for one in found:
        lines.add(_in_one_line(one))
    proposed = [one for one in found if one.proposed is not None]
    if not proposed:
        lines.add(_("No price is proposed."))
    buttons = [Button(one.task_type.words, "pricing", choice=one.task_type.choice) for one in proposed if may]
    return Card(str(lines), in_rows(buttons))


def _in_one_line(one: TypePrice) -> str:
    said = {"type": one.task_type.words, "price": one.price}
    if one.past is None:
        return _("{type} {price}: no exchange rate, see EXCHANGE_RATES", **said)
    if one.past.share is None:
        return _("{type} {price}: no revenue", **said)
    share = percent(one.past.share)
    if one.proposed is None:
        return _("{type} {price}: margin {share}", share=share, **said)
    return _("{type} {price}: margin {share}, proposed {new}", share=share, new=one.proposed, **said)


def proposal(one: TypePrice, *, may: bool) -> Card:
    """A proposed price, and what last month would have been. may: whether who looks may adopt it."""
    assert one.proposed is not None
    assert one.past is not None
    assert one.would is not None
    said = {"type": one.task_type.words, "price": one.price, "new": one.proposed.plain}
    lines = Lines(_("Price of {type} · {price} to {new}?", **said))
    lines.add(_("Last month: {figures}", figures=_figures(one.past)))
    lines.add(_("At the new price, with as many orders: {figures}", figures=_figures(one.would)))
    lines.add(_("It counts for new quotes; what is quoted or ordered keeps its price."))
    if not may:
        return Card(str(lines))
    minor, choice = one.proposed.minor, one.task_type.choice
    adopt = Button(_("Change to {price}", price=one.proposed), "priceyes", minor, choice=choice)
    return Card(str(lines), ((Button(_("All prices"), "pricing"),), (adopt,)))


def _figures(past: Past) -> str:
    share = percent(past.share or 0)
    revenue, margin = Money(past.revenue, "USD"), Money(past.margin, "USD").plain
    return _("revenue {revenue}, margin {margin} ({share})", revenue=revenue, margin=margin, share=share)


def adopted(one: TypePrice, by: str) -> Card:
    """In place of the proposal, once it was adopted."""
    said = {"type": one.task_type.words, "new": one.proposed, "name": by}
    lines = Lines(_("Price of {type} · {new}, adopted by {name}", **said))
    lines.add(_("It was {price}. New quotes have the new price; /prices shows all.", price=one.price))
    return Card(str(lines))
