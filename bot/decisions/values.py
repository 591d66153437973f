"""Figures of several units as a row keeps them, in one text each, and as a reader reads them. Pure."""

from decimal import Decimal
from enum import StrEnum

from bot.kernel.money import Money
from bot.kernel.text.words import usd
from bot.kernel.translation import decimal, number, percent


class Unit(StrEnum):
    """What a figure counts. MONEY: minor units of a currency; SHARE: hundredths; TENTHS: of stars; USD: millionths of a
    dollar.
    """

    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    TENTHS = "tenths"
    USD = "usd"


def value(unit: Unit, amount: float, currency: str = "") -> str:
    """As a row keeps it: "money 12000 USD", "share 85"."""
    return f"{unit.value} {round(amount)} {currency}".strip()


def shown(kept: str) -> str:
    """As a reader reads it."""
    unit, amount, *currency = kept.split()
    whole = int(amount)
    match Unit(unit):
        case Unit.MONEY:
            return str(Money(whole, currency[0]))
        case Unit.SHARE:
            return percent(whole / 100)
        case Unit.TENTHS:
            return decimal(Decimal(whole) / 10, 1)
        case Unit.USD:
            return usd(whole)
    return number(whole)
