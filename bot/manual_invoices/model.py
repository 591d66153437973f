"""Invoices that the team makes by hand: what they may hold, and how it is read from what people write. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.model import Person
from bot.briefs.options import written_deadline
from bot.invoices.charges import CURRENCIES, check_price, check_step, smallest_charge
from bot.invoices.model import Invoice, InvoiceLine, total_of
from bot.invoices.tax import TaxRate
from bot.kernel import translation
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.text.storable import says_something, visible
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.prices.amounts import read_amount
from bot.tenants.office_hours import OfficeHours

# https://docs.stripe.com/api/invoiceitems: of an invoice, and of a line as our adapter sends it
MOST_LINES, LONGEST_DESCRIPTION = 250, 500
MOST_OF_ONE = 1_000_000
MOST_DAYS = 90
DUE_OFFERED = (0, 7, 14, 30, 60, 90)
# Between the parts of a line; a comma only where a space follows, since amounts have commas too.
_BETWEEN = re.compile(r"\s*[;|\t؛；｜]\s*|\s*[,،，](?:\s+|$)")
_TIMES = re.compile(r"[x×*]\s*|\s*[x×*]$", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])([A-Za-z]{3})(?![A-Za-z])")
_DAYS = re.compile(r"(\d{1,3})\D{0,12}")


@dataclass(frozen=True, slots=True)
class Order:
    """An invoice to be made. due_days: None as INVOICE_DAYS says."""

    client_id: int
    lines: tuple[InvoiceLine, ...]
    due_days: int | None = None

    @property
    def total(self) -> Money:
        """What its lines add up to."""
        return total_of(self.lines)


@dataclass(frozen=True, slots=True)
class Made:
    """A row of `manual_invoices`: an invoice that somebody made by hand."""

    id: int
    tenant: str
    client_id: int
    made_by: int


@dataclass(frozen=True, slots=True)
class Payer:
    """Whom an invoice goes to. email: whether they gave one, without which it has no due day.

    currencies: those of their newest invoices. taxed: whether Stripe has a tax rate for where they are; tax: what it
    says of that one, None where it does not answer.
    """

    client: Person
    email: bool
    currencies: frozenset[str]
    taxed: bool = False
    tax: TaxRate | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An invoice that was taken back, and what it asked for, to be changed."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    client: Person


def check(order: Order) -> None:
    """Raise Refusal for what Stripe would refuse, before anybody says yes."""
    if not order.lines:
        raise Refusal(_("The invoice has no lines yet. Write one like this: {example}", example=example()))
    check_count(len(order.lines))
    check_price(order.total)
    if not order.total.minor:
        raise Refusal(_("The lines add up to nothing, and nobody can pay that. Write what it costs."))


def check_count(count: int) -> None:
    """Raise Refusal for more lines than an invoice holds."""
    if count > MOST_LINES:
        raise Refusal(
            _(
                "An invoice holds {most} lines, and these would be {n}. Put the rest on another one.",
                most=number(MOST_LINES),
                n=number(count),
            )
        )


def example(currency: str = "USD") -> str:
    """A line as it is written, in the reader's figures."""
    unit = Money.parse("50", currency).plain
    return _("Advice on the launch, 3, {price}", price=unit)


def currency_in(text: str) -> str | None:
    """The currency that the prices of the lines name, where they name one; the first of several."""
    for line in text.splitlines():
        found: list[str] = _CODE.findall(_BETWEEN.split(line.strip())[-1])
        known = next((code.upper() for code in found if code.upper() in CURRENCIES), None)
        if known is not None:
            return known
    return None


def read_lines(text: str, currency: str) -> tuple[InvoiceLine, ...]:
    """Lines as people write them, one to a line: what it is for, how many, what one costs.

    Raises Refusal, with the line and an example, for what cannot be read: then none of them is taken.
    """
    written = [line.strip(" \u2022-–") for line in visible(text).splitlines()]
    written = [line for line in written if line]
    if not written:
        raise Refusal(_("I see no line in that. Write one like this: {example}", example=example(currency)))
    check_count(len(written))
    return tuple(_line(line, currency) for line in written)


def _line(written: str, currency: str) -> InvoiceLine:
    parts = [part for part in _BETWEEN.split(written) if part]
    if len(parts) < 3:
        raise Refusal(
            _(
                "In “{line}” I do not see what it is for, how many, and what one costs. Write it like this: {example}",
                line=written[:60],
                example=example(currency),
            )
        )
    *_said, quantity, price = parts
    description = _description(written[: written.rindex(quantity, 0, written.rindex(price))])
    unit = read_amount(price, currency)
    check_step(unit)
    line = InvoiceLine(description, _quantity(quantity, currency), unit)
    if line.amount.minor >= smallest_charge(currency).minor:  # less is too little for an invoice, not for a line of it
        check_price(line.amount)
    return line


def _description(said: str) -> str:
    description = " ".join(said.strip(" ,;|\t،؛，；｜").split())
    if not says_something(description):
        raise Refusal(_("Say what it is for, in words. For example: {example}", example=example()))
    if len(description) > LONGEST_DESCRIPTION:
        raise Refusal(
            _(
                "A line's description has at most {most} characters; “{start}…” has {n}. Please shorten it.",
                most=number(LONGEST_DESCRIPTION),
                start=description[:30],
                n=number(len(description)),
            )
        )
    return description


def _quantity(said: str, currency: str) -> int:
    plain = _TIMES.sub("", said.strip())
    if not plain.isdecimal() or not 1 <= len(plain) <= 7 or not 1 <= int(plain) <= MOST_OF_ONE:
        raise Refusal(
            _(
                "“{said}” is no quantity. Write a whole number from 1 to {most}; what comes in parts goes into the "
                "price. For example: {example}",
                said=said[:40],
                most=number(MOST_OF_ONE),
                example=example(currency),
            )
        )
    return int(plain)


def read_currency(words: str) -> str:
    """The code of a currency that Stripe charges in. Raises Refusal for anything else."""
    code = words.strip().upper()
    if code not in CURRENCIES:
        raise Refusal(
            _(
                "“{words}” is no currency that Stripe charges in. Write its code, like EUR or USD.",
                words=words.strip()[:40],
            )
        )
    return code


def in_currency(lines: Sequence[InvoiceLine], currency: str) -> tuple[InvoiceLine, ...]:
    """The same figures in another currency. Raises Refusal where it has no such amount: 50.25 are no yen."""
    changed = tuple(
        InvoiceLine(line.description, line.quantity, Money.parse(str(line.unit.decimal), currency)) for line in lines
    )
    for line in changed:
        check_step(line.unit)
    return changed


def read_due(words: str, now: datetime, hours: OfficeHours) -> int:
    """In how many days it is due: "30", "30 days", "Friday", or a date. Raises Refusal for anything else."""
    days = _DAYS.fullmatch(words.strip())
    if days is not None:
        found = int(days[1])
    else:
        deadline = written_deadline(words, now, hours)
        found = (translation.local(deadline).date() - translation.local(now).date()).days
    if not 0 <= found <= MOST_DAYS:
        raise Refusal(
            _(
                "An invoice is due within {most} days. Write a number of days or a date, like {example}.",
                most=number(MOST_DAYS),
                example="30",
            )
        )
    return found
