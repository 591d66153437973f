"""The area wired up: its verbs, what it says happened, and what partners' programs are told of briefs."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import Area, Core, Keep
from bot.intake import area as intake
from bot.kernel.events import Event, Reaction
from bot.partners.calls import Calls
from bot.partners.mirror import PARTNERS
from bot.partners.model import CHANNEL, TOLD, in_utc, name_of, shown
from bot.partners.ordering import Ordering
from bot.partners.ports import Tokens
from bot.partners.service import Partners
from bot.partners.settings import PartnerSettings
from bot.partners.signing_in import SignIn
from bot.partners.status import PublicStatus
from bot.rotation.service import Rotation
from storage.briefs import briefs
from storage.core import outbox
from storage.engine.database import Transaction
from storage.partners import call_counts, messages, orders, partners

MIRRORS = (PARTNERS,)
EVENTS: Mapping[str, str] = {
    "partner.made": "A client became a partner, whose programs may order briefs.",
    "partner.key_made": "It got a key; those before it end soon.",
    "partner.keys_ended": "All its keys were ended at once.",
    "partner.switched_on": "Its programs are answered again.",
    "partner.switched_off": "Its programs are answered no more.",
    "partner.tier_set": "It agreed on another tier.",
    "partner.quota_set": "It may order more or fewer briefs a month.",
    "partner.share_set": "It gets another share of what is paid by whom it brought.",
    "partner.address_set": "Its program is told of changes elsewhere, or no more.",
    "partner.secret_changed": "What its program is told is signed by another secret.",
    "partner.signed_in": "Its program exchanged its key for a token.",
    "partner.ordered": "Its program ordered a brief.",
    "partner.message_sent_again": "Somebody had its program told once more.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """Partners: by admins, by their programs, and what everybody may know."""

    partners: Partners
    sign_in: SignIn
    ordering: Ordering
    calls: Calls
    status: PublicStatus


def build(
    core: Core, settings: PartnerSettings, taken: intake.Verbs, tokens: Tokens, keys: Rotation
) -> tuple[Verbs, Area]:
    """The area on what it stands on. keys: what tokens are signed by."""
    database = core.database
    calls = Calls(database)
    verbs = Verbs(
        Partners(database, settings),
        SignIn(database, calls, tokens, keys),
        Ordering(database, settings, taken.briefs, taken.policy, core.flags),
        calls,
        PublicStatus(database, core.flags),
    )
    told = Keep("messages to partners", messages.forget)
    return verbs, Area(keeps=(told, Keep("", call_counts.forget)))


def reactions() -> Mapping[str, Reaction]:
    """Partners' programs are told what becomes of the briefs that they ordered."""
    return dict.fromkeys(TOLD, _tell)


async def _tell(tx: Transaction, event: Event) -> None:
    """Have the partner's program told, where one ordered the brief and wants to be."""
    order = await orders.of_brief(tx.connection, event.tenant, event.number)
    partner = None if order is None else await partners.get(tx.connection, event.tenant, order.partner_id)
    if partner is None or not partner.webhook_url or not partner.enabled:
        return
    brief = await briefs.get(tx.connection, event.tenant, event.number)
    payload = {"type": event.name, "timestamp": in_utc(tx.now), "data": shown(brief)}
    added = await messages.add(tx, partner, name_of(brief, event.name), event.name, payload)
    if added is not None:
        await outbox.add(tx, event.tenant, CHANNEL, str(partner.id), {"message": added})
