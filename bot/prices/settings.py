"""Settings of prices."""

from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator

from bot.config.reading import ReadSettings
from bot.config.types import Price, in_names
from bot.invoices.charges import chargeable, check_currency
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.prices.model import Prices


class PriceSettings(ReadSettings):
    """Money"""

    currency: str = Field(default="USD", description="Currency of prices, ISO 4217; one that Stripe charges in.")
    price_research: Price = Field(default=Decimal(180), description="Price of a Research brief, in CURRENCY.")
    price_drafting: Price = Field(default=Decimal(120), description="Price of a Drafting brief.")
    price_data_transform: Price = Field(default=Decimal(90), description="Price of a Data-transform brief.")
    price_transcription: Price = Field(default=Decimal(60), description="Price of a Transcription brief.")
    price_other: Price = Field(default=Decimal(100), description="Price of any other brief.")
    price_transcription_minute: Price = Field(
        default=Decimal(2),
        description="Price of each minute begun of a recording to transcribe, in place of PRICE_TRANSCRIPTION; "
        "a short one costs the least that Stripe can charge.",
    )

    changes: Literal["free", "priced", "asked"] = Field(
        default="asked",
        description="How a client has something changed in delivered work. free: one change of each brief costs "
        "nothing; priced: each costs CHANGE_PERCENT; asked: the team reads what they write. One or two stars open one "
        "revision for free in any case.",
    )
    change_percent: int = Field(
        default=30, ge=1, le=100, description="What a priced change costs, in percent of the brief's price."
    )
    economy_percent: int = Field(
        default=0,
        ge=0,
        le=90,
        description="How much less a brief costs that may wait for the next morning, in percent of its price. Its "
        "client chooses that at the quote; it starts at 08:00 by the clocks of the business. 0: not offered.",
    )
    prices_for_strangers: bool = Field(
        default=False, description="Whether people whom nobody invited may read /prices; else it is for clients."
    )
    quote_days: int = Field(
        default=14, ge=1, le=365, description="Days after which a quote that nobody said yes to ends by itself."
    )

    @field_validator("currency")
    @classmethod
    def _currency_to_charge(cls, value: str) -> str:
        try:
            check_currency(value)
        except Refusal as refusal:
            raise ValueError(str(refusal).removesuffix(".")) from None
        return value

    def price_of(self, task_type: TaskType) -> Money:
        """The price of a brief of that type.

        Raises Refusal where the price has more decimals than the currency.
        """
        amount: Decimal = getattr(self, f"price_{in_names(task_type)}")
        return Money.parse(str(amount), self.currency)

    def change_of(self, price: Money) -> Money:
        """What a priced change of a brief of that price costs; of one that was free, nothing."""
        if not price.minor:
            return price
        return chargeable(Money(-(-price.minor * self.change_percent // 100), price.currency))

    def prices(self) -> Prices:
        """Every price that a client may be quoted."""
        minute = Money.parse(str(self.price_transcription_minute), self.currency)
        return Prices({task_type: self.price_of(task_type) for task_type in TaskType}, minute)
