"""What a brief costs its client: a price by type, or a rate a minute where a recording is transcribed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.invoices.charges import chargeable, check_step, largest_charge
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType

LONGEST_RECORDING_MINUTES = 444  # the 20 MB that Telegram hands to bots, as speech of 6 kbit/s


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a brief of each type, and of each minute of a recording that is to be transcribed."""

    by_type: Mapping[TaskType, Money]
    transcription_minute: Money


def price_of(task_type: TaskType, prices: Prices, audio_seconds: int | None = None) -> Money:
    """The price of a brief.

    audio_seconds: the length of the recordings that it brought, None where it brought none. They set the price of a
    transcription, by minutes begun and at least one, but never to less or more than can be charged at all; every
    other type has its one price.
    """
    if task_type is not TaskType.TRANSCRIPTION or audio_seconds is None:
        return prices.by_type[task_type]
    minutes = max(1, -(-audio_seconds // 60))
    return chargeable(Money(minutes * prices.transcription_minute.minor, prices.transcription_minute.currency))


def discounted(price: Money, percent: int) -> Money:
    """The price with so many percent off, as it can be charged."""
    return chargeable(price.share(Decimal(100 - percent))) if percent and price.minor else price


def check_rate(rate: Money) -> None:
    """Raise Refusal for a rate a minute at which a recording could not be charged."""
    check_step(rate)
    longest, most = Money(rate.minor * LONGEST_RECORDING_MINUTES, rate.currency), largest_charge(rate.currency)
    if longest.minor > most.minor:
        raise Refusal(
            f"{rate} a minute cannot be charged: {LONGEST_RECORDING_MINUTES} minutes, the longest recording, would be "
            f"{longest}, and Stripe takes up to {most}."
        )
