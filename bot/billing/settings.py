"""Settings of the payment provider."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config import keys
from bot.config.reading import ReadSettings
from bot.config.types import Address
from bot.invoices.tax import tax_rates_in


def _tax_rates(value: str) -> str:
    tax_rates_in(value)
    return value


class BillingSettings(ReadSettings):
    """Payments"""

    invoice_days: int = Field(default=14, ge=0, le=90, description="Days until an invoice is due.")
    tax_rates: Annotated[str, AfterValidator(_tax_rates)] = Field(
        default="",
        description="Stripe's tax rates that invoices bear, by the payer's country; one without a country is for all "
        "others. Stripe adds the tax, or takes it out of the price where the rate is inclusive. Empty: no tax. "
        "Example: DE txr_1a2b3c, txr_7g8h9i",
    )
    stripe_secret_key: keys.StripeKey = Field(description="Stripe's secret key (sk_test_… to try).")
    stripe_webhook_secret: keys.StripeWebhookSecrets = Field(
        description="Signing secret (whsec_…) of the webhook that calls PUBLIC_URL/webhooks/stripe; while "
        "rotating, two separated by a comma."
    )
    stripe_api_url: Address = Field(default="https://api.stripe.com", description="Where Stripe's API is.")
