"""Settings of the payment provider."""

from pydantic import Field

from bot.config import keys
from bot.config.reading import ReadSettings
from bot.config.types import Address


class BillingSettings(ReadSettings):
    """Payments"""

    invoice_days: int = Field(default=14, ge=0, le=90, description="Days until an invoice is due.")
    stripe_secret_key: keys.StripeKey = Field(description="Stripe's secret key (sk_test_… to try).")
    stripe_webhook_secret: keys.StripeWebhookSecrets = Field(
        description="Signing secret (whsec_…) of the webhook that calls PUBLIC_URL/webhooks/stripe; while "
        "rotating, two separated by a comma."
    )
    stripe_api_url: Address = Field(default="https://api.stripe.com", description="Where Stripe's API is.")
