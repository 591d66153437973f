"""Settings of partners and their programs."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from bot.config.reading import ReadSettings
from bot.config.types import split_commas
from bot.partners.model import Tier


def _hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        if "/" in one or any(letter.isspace() for letter in one):
            raise ValueError("has what is no host; write the names alone, such as 127.0.0.1, with commas between")
    return value


class PartnerSettings(ReadSettings):
    """Partners"""

    api_calls_per_minute: int = Field(
        default=10,
        ge=1,
        le=100_000,
        description="Calls of the API that a partner may make in 60 seconds; of the tier Plus three times, of Premium "
        "ten times as many.",
    )
    api_orders_per_minute: int = Field(
        default=5, ge=1, le=100_000, description="Briefs that a partner may order in 60 seconds; by tier as the calls."
    )
    api_sign_ins_per_minute: int = Field(
        default=5, ge=1, le=100_000, description="Times that one address may exchange a key for a token in 60 seconds."
    )
    api_status_per_minute: int = Field(
        default=30, ge=1, le=100_000, description="Times that one address may ask for the public status in 60 seconds."
    )
    partner_discount_plus: int = Field(
        default=0, ge=0, le=90, description="Percent off the prices for partners of the tier Plus."
    )
    partner_discount_premium: int = Field(
        default=0, ge=0, le=90, description="Percent off the prices for partners of the tier Premium."
    )
    partner_key_hours: int = Field(
        default=24, ge=0, le=720, description="Hours for which a partner's old key still counts once it was replaced."
    )
    partner_webhook_hosts: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(split_commas), AfterValidator(_hosts)
    ] = Field(
        default=(),
        description="Hosts that partners' programs may be told at although they are private, or without https: for "
        "trying it out. Empty: public addresses by https alone.",
    )

    def discount_of(self, tier: Tier) -> int:
        """Percent off the prices."""
        return {Tier.PLUS: self.partner_discount_plus, Tier.PREMIUM: self.partner_discount_premium}.get(tier, 0)
