"""The area wired up: its verbs, what it says happened, and how it follows money."""

from collections.abc import Mapping

from bot.core import Core
from bot.kernel.events import Event, Reaction
from bot.referrals import crediting
from bot.referrals.mirror import REFERRALS
from bot.referrals.service import Referrals
from bot.referrals.settings import ReferralSettings
from storage.engine.database import Transaction

MIRRORS = (REFERRALS,)
EVENTS: Mapping[str, str] = {
    "referral.came": "Somebody came in by a client's link.",
    "referral.earned": "They paid their first invoice, and whoever referred them got a credit.",
    "referral.set_aside": "Some of the credit was taken off an invoice that is being made.",
    "referral.used": "That invoice is at the payment provider.",
    "referral.returned": "That invoice is void or cancelled, and the credit is there again.",
    "referral.clawed": "Some of the credit was taken back, since the money that it is a share of went back.",
}


def reactions(percent: int) -> Mapping[str, Reaction]:
    """Credits follow invoices and refunds. percent: what of a newcomer's first paid invoice is credited."""

    async def earn(tx: Transaction, event: Event) -> None:
        await crediting.earn(tx, event, percent)

    return {
        "invoice.paid": earn,
        "invoice.opened": crediting.opened,
        "invoice.void": crediting.given_back,
        "invoice.cancelled": crediting.given_back,
        "invoice.retried": crediting.asked_anew,
        "invoice.dispute": crediting.disputed,
        "refund.succeeded": crediting.refunded,
        "refund.failed": crediting.refunded,
        "refund.cancelled": crediting.refunded,
    }


def build(core: Core, settings: ReferralSettings) -> Referrals:
    """The area on what it stands on."""
    return Referrals(core.database, settings.referral_percent)
