"""Every setting, once: the areas' settings as one frozen class, read from the environment, `.env`, or `*_FILE` secrets.

`docs/settings.md` and `.env.example` are generated from it (`python -m bot docs`).
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationInfo, field_validator

from bot import settings_together
from bot.audit.settings import AuditSettings
from bot.backups.settings import BackupSettings
from bot.billing.settings import BillingSettings
from bot.capacity.settings import CapacitySettings
from bot.dunning.settings import DunningSettings
from bot.finance.settings import FinanceSettings
from bot.google.settings import GoogleSettings
from bot.governance.settings import GovernanceSettings
from bot.ledger.settings import LedgerSettings
from bot.limits.settings import LimitSettings
from bot.mailbox.settings import MailboxSettings
from bot.manual_invoices.settings import ManualInvoiceSettings
from bot.messages.settings import ChatSettings
from bot.mirror.settings import MirrorSettings
from bot.models.settings import ModelSettings
from bot.ops.settings import RunSettings
from bot.partners.settings import PartnerSettings
from bot.prices.settings import PriceSettings
from bot.quality.settings import QualitySettings
from bot.reconciliation.settings import ReconciliationSettings
from bot.referrals.settings import ReferralSettings
from bot.refunds.settings import RefundSettings
from bot.reports.settings import MailSettings
from bot.review.settings import ReviewSettings
from bot.rotation.settings import RotationSettings
from bot.security.settings import SecuritySettings
from bot.tenants.settings import WordSettings

# In the order in which people read them.
GROUPS = (
    ChatSettings,
    WordSettings,
    ModelSettings,
    QualitySettings,
    ReviewSettings,
    PriceSettings,
    BillingSettings,
    ManualInvoiceSettings,
    DunningSettings,
    ReferralSettings,
    LimitSettings,
    RefundSettings,
    LedgerSettings,
    ReconciliationSettings,
    FinanceSettings,
    PartnerSettings,
    MirrorSettings,
    GoogleSettings,
    MailSettings,
    MailboxSettings,
    CapacitySettings,
    GovernanceSettings,
    SecuritySettings,
    RotationSettings,
    AuditSettings,
    BackupSettings,
    RunSettings,
)


class Settings(  # the last is read first
    RunSettings,
    BackupSettings,
    AuditSettings,
    RotationSettings,
    SecuritySettings,
    GovernanceSettings,
    CapacitySettings,
    MailboxSettings,
    MailSettings,
    GoogleSettings,
    MirrorSettings,
    PartnerSettings,
    FinanceSettings,
    ReconciliationSettings,
    LedgerSettings,
    RefundSettings,
    LimitSettings,
    ReferralSettings,
    DunningSettings,
    ManualInvoiceSettings,
    BillingSettings,
    PriceSettings,
    ReviewSettings,
    QualitySettings,
    ModelSettings,
    WordSettings,
    ChatSettings,
):
    """What can be set. A name here in capitals is the environment variable; empty means not set."""

    @field_validator("*")
    @classmethod
    def _together(cls, value: Any, info: ValidationInfo) -> Any:
        if found := settings_together.problems(str(info.field_name), value, info.data):
            raise ValueError("\n".join(found))
        return value

    @property
    def bot_number(self) -> str:
        """The number of our bot at Telegram, by which it is told from others; no secret."""
        return self.telegram_bot_token.get_secret_value().partition(":")[0]

    @property
    def telegram_webhook_url(self) -> str:
        """Where Telegram is to send updates."""
        return f"{self.public_url}/webhooks/telegram"

    def secrets(self) -> list[str]:
        """Every secret value, so that logs can be kept free of them."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        addresses = (self.database_url, self.database_pooler_url or "")
        passwords = {urlsplit(address).password or "" for address in addresses}
        return [*found, *(secret for secret in passwords | {*map(unquote, passwords)} if secret)]
