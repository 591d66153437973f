"""The pictures of reports on money: one question each, with the words of the reader."""

from collections.abc import Sequence

from bot.charts.letters import drawable
from bot.charts.model import Bar, Bars, Column, Columns, Head, Tone, scale_of
from bot.finance.cards import AGES, costs, name_of, title
from bot.finance.figures import Months, Receivables, Report
from bot.finance.model import Age, Figures, Part, together
from bot.kernel.money import Money
from bot.kernel.translation import calendar_day, compact, ngettext, percent, right_to_left
from bot.kernel.translation import gettext as _

LONGEST_LABEL = 22
LABEL_EVERY = 3  # months between two labels
_TONES = {Age.NOT_DUE: Tone.PLAIN, Age.MONTH: Tone.WARN, Age.TWO: Tone.WARN, Age.THREE: Tone.BAD, Age.OLDER: Tone.BAD}


def report(of: Report) -> Bars | None:
    """What was left of the revenue, or what each type or client brought; None where nothing moved."""
    if of.figures.empty:
        return None
    return _where_it_went(of) if of.view.part is Part.ALL else _by_part(of)


def _where_it_went(of: Report) -> Bars:
    figures = of.figures
    bars = [_bar(_("Revenue"), figures, figures.revenue, Tone.PLAIN)]
    bars += [_bar(_capital(_(words)), figures, minor, Tone.SPENT) for words, minor in costs(figures) if minor]
    bars.append(_bar(_("Margin"), figures, figures.margin, Tone.KEPT if figures.margin >= 0 else Tone.BAD))
    return Bars(_head(title(of), figures), bars, right_to_left=right_to_left())


def _bar(label: str, figures: Figures, minor: int, tone: Tone) -> Bar:
    money = figures.money(minor)
    return Bar(label, money.plain, float(money.decimal), tone)


def _head(label: str, figures: Figures) -> Head:
    margin = str(figures.money(figures.margin))
    if figures.share is None:
        return Head(label, margin, _("Margin"))
    revenue = figures.money(figures.revenue).plain
    return Head(label, margin, _("Margin: {share} of {revenue}", share=percent(figures.share), revenue=revenue))


def _by_part(of: Report) -> Bars:
    bars = [_part(_label(of, name), figures) for name, figures in of.parts]
    legend = _legend(any(figures.margin < 0 < figures.revenue for _name, figures in of.parts))
    return Bars(_head(title(of), of.figures), bars, legend, right_to_left())


def _legend(lost: bool) -> Sequence[tuple[Tone, str]]:
    """What the tones mean. lost: whether more went than came, anywhere."""
    legend = [(Tone.KEPT, _("margin")), (Tone.SPENT, _("costs"))]
    return [*legend, (Tone.BAD, _("loss"))] if lost else legend


def _part(label: str, figures: Figures) -> Bar:
    if figures.share is None:
        spent = figures.money(figures.margin)
        return Bar(label, spent.plain, float(spent.decimal), Tone.SPENT)
    revenue, margin = figures.money(figures.revenue), figures.money(figures.margin)
    share = percent(figures.share)
    return Bar(label, revenue.plain, float(revenue.decimal), Tone.SPENT, float(margin.decimal), share)


def _label(of: Report, name: str) -> str:
    """The name, where the letters of the picture have it; else the client's number."""
    said = name_of(of.view.part, name, of.names or {})
    unknown = name.isdecimal() and not drawable(said)
    return shortened(_("Client {number}", number=name) if unknown else said)


def shortened(words: str) -> str:
    """The beginning of a label, where it is too long to stand beside its value."""
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1].rstrip()}…"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def months(of: Months) -> Columns | None:
    """What was left of each month's revenue; None where nothing moved."""
    all_of = together(of.currency, (figures for _month, figures in of.by_month))
    if all_of.empty:
        return None
    last = len(of.by_month) - 1
    columns = [
        Column(
            calendar_day(month, "LLL") if (last - place) % LABEL_EVERY == 0 else "",
            float(figures.money(figures.revenue).decimal),
            float(figures.money(figures.margin).decimal),
        )
        for place, (month, figures) in enumerate(of.by_month)
    ]
    legend = _legend(any(column.kept < 0 for column in columns))
    label = _("12 months · {currency}", currency=of.currency)
    return Columns(
        _head(label, all_of), columns, [(size, compact(size)) for size in scale_of(columns)], legend, right_to_left()
    )


def receivables(of: Receivables) -> Bars | None:
    """What clients owe, by how late it is; None where they owe nothing."""
    if not of.by_age:
        return None
    bars = []
    for age in Age:
        minor, count = of.by_age.get(age, (0, 0))
        money = Money(minor, of.currency)
        invoices = ngettext("{n} invoice", "{n} invoices", count) if count else ""
        bars.append(Bar(_capital(_(AGES[age])), money.plain, float(money.decimal), _TONES[age], beside=invoices))
    head = Head(_("Owed by clients"), str(of.total), _("Late: {money}", money=of.late))
    return Bars(head, bars, right_to_left=right_to_left())
