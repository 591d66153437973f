"""Amounts of key figures as people write them: "85", "4.5", "5,000", "1200 EUR". Pure."""

from decimal import Decimal, InvalidOperation

from bot.decisions.values import Unit
from bot.governance.model import Kpi
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _

MICRO = 1_000_000
MOST = Decimal(1_000_000_000)
TIMES = {Unit.COUNT: 1, Unit.SHARE: 1, Unit.TENTHS: 10, Unit.USD: MICRO}
HIGHEST = {"quality": 100, "margin": 100, "untouched": 100, "stars": 5}


def settled(kpi: Kpi, amount: Decimal, currency: str) -> int:
    """The amount in the figure's unit; at least the smallest that there is."""
    if kpi.unit is Unit.MONEY:
        return max(1, Money.parse(str(amount), currency).minor)
    return max(1, round(amount * TIMES[kpi.unit]))


def read(kpi: Kpi, words: str, currency: str) -> int:
    """What somebody wrote, in the figure's unit. Raises Refusal."""
    text = words.strip().removesuffix("%").removesuffix(currency).removesuffix("USD" if kpi.unit is Unit.USD else "")
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise _no_amount(kpi) from None
    if not amount.is_finite() or not 0 < amount <= HIGHEST.get(kpi.name, MOST):
        raise _no_amount(kpi)
    return settled(kpi, amount, currency)


def _no_amount(kpi: Kpi) -> Refusal:
    said = _("“{name}” needs a number above 0, for example /kpis {name} {example}.",
             name=kpi.name, example=EXAMPLES[kpi.name])  # fmt: skip
    if kpi.name in HIGHEST:
        said = f"{said} {_('{most} is the most.', most=HIGHEST[kpi.name])}"
    return Refusal(f"{said} {_('/kpis {name} off takes the target away.', name=kpi.name)}")


EXAMPLES = {
    "revenue": "5000",
    "margin": "60",
    "delivered": "40",
    "quality": "85",
    "untouched": "70",
    "stars": "4.5",
    "cost": "0.05",
}
