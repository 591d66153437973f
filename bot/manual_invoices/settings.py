"""Settings of invoices by hand."""

from pydantic import Field

from bot.config.reading import ReadSettings


class ManualInvoiceSettings(ReadSettings):
    """Invoices by hand"""

    invoice_grace_minutes: int = Field(
        default=5,
        ge=0,
        le=1_440,
        description="Minutes in which an invoice that was made by hand can be changed or cancelled, before Stripe "
        "and the client get it; 0: at once. Those of briefs are made at once.",
    )
