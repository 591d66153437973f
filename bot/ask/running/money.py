"""Queries on money: out of the ledger, as `bot.finance` reads it, each currency for itself."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.ask.model import MOST_ROWS, Cell, Choice, InMoney, InPeriod, Overdue, Owed, Ref, Result, Revenue, Span, Spent
from bot.ask.running.looking import Look
from bot.finance.model import EARNED, OTHERS, Age, Figures, Part, Sums, aged, figures_of, split
from bot.finance.service import named
from bot.kernel.money import Money
from bot.ledger.model import Account
from storage.ask import rows as stored
from storage.finance import counting, folds, receivables
from storage.models import budget

Parts = list[tuple[str, Figures]]


async def revenue(look: Look, choice: Choice) -> Result:
    """What was earned, and the entries of the ledger that it is made of."""
    given = choice.given
    assert isinstance(given, Revenue)
    span, currency = look.days(given.period), given.currency or look.usual
    if given.client is not None:
        figures = dict(await _parts(look, span, currency, Part.CLIENT)).get(str(given.client))
    elif given.type is not None:
        figures = dict(await _parts(look, span, currency, Part.TYPE)).get(given.type.value)
    else:
        figures = await _figures(look, span, currency)
    earned = figures.revenue if figures is not None else 0
    rows, more = await _entries(look, span, currency, [one.value for one in EARNED], given)
    said = {"revenue": Money(earned, currency), "type": given.type}
    columns = ("at", "kind", "about", "client", "amount")
    return _of(look, choice, span, said, columns, rows, more=more)


async def refunds(look: Look, choice: Choice) -> Result:
    """What went back, and the entries that it is made of."""
    given = choice.given
    assert isinstance(given, InMoney)
    span, currency = look.days(given.period), given.currency or look.usual
    figures = await _figures(look, span, currency)
    rows, more = await _entries(look, span, currency, [Account.REFUNDS.value], given, sign=1)
    said = {"refunds": figures.money(figures.refunds), "revenue": figures.money(figures.revenue)}
    return _of(look, choice, span, said, ("at", "kind", "about", "client", "amount"), rows, more=more)


async def revenue_change(look: Look, choice: Choice) -> Result:
    """A period against the one before, and which clients and types moved it most."""
    given = choice.given
    assert isinstance(given, InMoney)
    span, currency = look.days(given.period), given.currency or look.usual
    now, before = await _figures(look, span, currency), await _figures(look, span.before, currency)
    rows: list[Sequence[Cell]] = []
    moved: dict[str, Sequence[tuple[Cell, Money]]] = {}
    for part in (Part.CLIENT, Part.TYPE):
        later, earlier = (
            dict(await _parts(look, span, currency, part)),
            dict(await _parts(look, span.before, currency, part)),
        )
        of = await _labels(look, part, {*later, *earlier})
        changes = [(name, _earned(earlier, name), _earned(later, name)) for name in {*later, *earlier}]
        changes = sorted((one for one in changes if one[1] != one[2]), key=lambda one: (-abs(one[2] - one[1]), one[0]))
        rows += [
            (part.value, of[name], *(Money(minor, currency) for minor in (was, became, became - was)))
            for name, was, became in changes
        ]
        moved[part.value] = [(of[name], Money(became - was, currency)) for name, was, became in changes[:3]]
    said = {
        "revenue": now.money(now.revenue), "before": now.money(before.revenue),
        "span_before": span.before, "clients": moved["client"], "types": moved["type"],
    }  # fmt: skip
    columns = ("by", "name", "before", "revenue", "change")
    return _of(look, choice, span, said, columns, rows[:MOST_ROWS], more=len(rows) > MOST_ROWS)


async def by_type(look: Look, choice: Choice) -> Result:
    """What each type of work earned."""
    return await _in_parts(look, choice, Part.TYPE)


async def top_clients(look: Look, choice: Choice) -> Result:
    """What each client brought in, the most first."""
    return await _in_parts(look, choice, Part.CLIENT)


async def margin(look: Look, choice: Choice) -> Result:
    """What is left of revenue, and what was taken off it."""
    given = choice.given
    assert isinstance(given, InMoney)
    span, currency = look.days(given.period), given.currency or look.usual
    figures = await _figures(look, span, currency)
    parts = ("revenue", "refunds", "lost", "fees", "models", "margin")
    rows = [(one, figures.money(getattr(figures, one))) for one in parts]
    said = {one: figures.money(getattr(figures, one)) for one in parts} | {"share": figures.share}
    return _of(look, choice, span, said, ("figure", "amount"), rows)


async def model_costs(look: Look, choice: Choice) -> Result:
    """What calls of models cost, by model."""
    given = choice.given
    assert isinstance(given, InPeriod)
    span = look.days(given.period)
    found = sorted(await budget.by_model(look.connection, look.tenant, *look.times(span)), key=lambda one: -one[1])
    rows: list[Sequence[Cell]] = [(model, calls, Spent(micro)) for model, micro, calls in found]
    spent = await counting.spent(look.connection, look.tenant, *look.times(span))
    types: Counter[str] = Counter()
    for whose, micro in spent:
        types[whose.task_type] += micro
    said = {"micro": sum(one[1] for one in found), "calls": sum(one[2] for one in found), "types": types.most_common(2)}
    return _of(look, choice, span, said, ("model", "calls", "cost"), rows)


async def overdue(look: Look, choice: Choice) -> Result:
    """The unpaid invoices whose time is over, the oldest first."""
    given = choice.given
    assert isinstance(given, Overdue)
    limit = MOST_ROWS + 1
    found = await stored.late(look.connection, look.tenant, look.now, given.currency, given.client, limit)
    names = await look.names({one.client_id for one in found})
    left: Counter[str] = Counter()
    rows: list[Sequence[Cell]] = []
    for one in found[:MOST_ROWS]:
        due = Money((one.amount.minor if one.asked_minor is None else one.asked_minor) - one.paid_minor,
                    one.amount.currency)  # fmt: skip
        left[due.currency] += due.minor
        rows.append((Ref("invoice", one.id), names[one.client_id], due, one.due_at,
                     None if one.due_at is None else look.now - one.due_at))  # fmt: skip
    sums = [Money(minor, currency) for currency, minor in sorted(left.items())]
    oldest = next((one.due_at for one in found if one.due_at is not None), None)
    said = {"count": len(rows), "left": sums, "oldest": oldest}
    columns = ("invoice", "client", "left", "due", "late")
    return _of(look, choice, None, said, columns, rows, more=len(found) > MOST_ROWS)


async def owed(look: Look, choice: Choice) -> Result:
    """What clients owe, by currency and age."""
    given = choice.given
    assert isinstance(given, Owed)
    found = await receivables.owed(look.connection, look.tenant)
    currencies = sorted({one.left.currency for one in found} & ({given.currency} if given.currency else {
        one.left.currency for one in found}))  # fmt: skip
    rows: list[Sequence[Cell]] = []
    late: dict[str, int] = {}
    sums: dict[str, int] = {}
    for currency in currencies:
        for age, (minor, count) in aged([one for one in found if one.left.currency == currency], look.now).items():
            rows.append((age, count, Money(minor, currency)))
            sums[currency] = sums.get(currency, 0) + minor
            late[currency] = late.get(currency, 0) + (minor if age is not Age.NOT_DUE else 0)
    said = {
        "owed": [Money(sums[one], one) for one in currencies],
        "late": [Money(late[one], one) for one in currencies if late[one]],
        "count": sum(count for _age, count, _left in rows if isinstance(count, int)),
    }
    return _of(look, choice, None, said, ("age", "invoices", "left"), rows)


async def _figures(look: Look, span: Span, currency: str) -> Figures:
    return figures_of(await _sums(look, span), currency)


async def _sums(look: Look, span: Span) -> Sums:
    counts = await folds.totals(look.connection, look.tenant, look.zone.key, *look.times(span))
    return {(account, of): minor for (_, _, account, of), minor in counts.items()}


async def _others(look: Look, span: Span, currency: str) -> Sequence[Money]:
    """What was earned in other currencies, where none was asked for."""
    sums = await _sums(look, span)
    others = sorted({of for _, of in sums if of != currency})
    earned = [Money(figures_of(sums, of).revenue, of) for of in others]
    return [one for one in earned if one.minor]


async def _parts(look: Look, span: Span, currency: str, part: Part) -> Parts:
    counts = await folds.parts(look.connection, look.tenant, look.zone.key, *look.times(span), part)
    return split(named(counts), currency)


async def _in_parts(look: Look, choice: Choice, part: Part) -> Result:
    given = choice.given
    assert isinstance(given, InMoney)
    span, currency = look.days(given.period), given.currency or look.usual
    found = [one for one in await _parts(look, span, currency, part) if one[1].revenue]
    of = await _labels(look, part, {name for name, _ in found})
    all_of_it = await _figures(look, span, currency)
    rows: list[Sequence[Cell]] = [
        (of[name], figures.money(figures.revenue), figures.money(figures.margin)) for name, figures in found
    ]
    said = {"revenue": all_of_it.money(all_of_it.revenue), "first": [(row[0], row[1]) for row in rows[:3]]}
    columns = ("client" if part is Part.CLIENT else "type", "revenue", "margin")
    return _of(look, choice, span, said, columns, rows[:MOST_ROWS], more=len(rows) > MOST_ROWS)


async def _labels(look: Look, part: Part, names: set[str]) -> Mapping[str, Cell]:
    if part is Part.TYPE:
        return {name: name or OTHERS for name in names}
    known = await look.names({int(name) for name in names if name.isdecimal()})
    return {name: known[int(name)] if name.isdecimal() else OTHERS for name in names}


async def _entries(
    look: Look, span: Span, currency: str, accounts: Sequence[str], given: InMoney, sign: int = -1
) -> tuple[list[Sequence[Cell]], bool]:
    """Lines of the ledger as rows; of one type or one client where that was said."""
    about = (look.connection, look.tenant, accounts, currency, *look.times(span))
    found = await stored.entries(*about, MOST_ROWS + 1)
    whose = await counting.owners(look.connection, look.tenant, {one.reference for one in found})
    names = await look.names({int(one.client) for one in whose.values() if one.client})
    client, kind = getattr(given, "client", None), getattr(given, "type", None)
    rows: list[Sequence[Cell]] = []
    for one in found[:MOST_ROWS]:
        owner = whose[one.reference]
        if (client is not None and owner.client != str(client)) or (kind is not None and owner.task_type != kind):
            continue
        rows.append((one.at, one.kind, _about(one.reference), names[int(owner.client)] if owner.client else None,
                     Money(sign * one.amount.minor, currency)))  # fmt: skip
    return rows, len(found) > MOST_ROWS


def _about(reference: str) -> Cell:
    kind, _, number = reference.partition(":")
    return Ref(kind, int(number)) if kind == "invoice" and number.isdecimal() else reference


def _earned(parts: Mapping[str, Figures], name: str) -> int:
    return parts[name].revenue if name in parts else 0


def _of(
    look: Look,
    choice: Choice,
    span: Span | None,
    figures: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    more: bool = False,
) -> Result:
    return Result(choice, span, look.now, figures, columns, rows, more, span is not None and look.goes_on(span))


async def run(look: Look, choice: Choice, query: Callable[[Look, Choice], Awaitable[Result]]) -> Result:
    """The query, with what was earned in other currencies beside the business's own."""
    found = await query(look, choice)
    if found.span is None or choice.given.given.get("currency"):
        return found
    return replace(found, others=await _others(look, found.span, look.usual))
