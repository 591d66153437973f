"""Verbs of admins on partners: made, switched off and on, their keys, tier and quota, and where their programs are."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.access.model import Permission, Person, Role
from bot.audit.service import record
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.partners import standard_webhooks
from bot.partners.model import (
    CHANNEL,
    Message,
    Partner,
    Standing,
    Tier,
    check_address,
    check_quota,
    check_share,
    hash_of,
    month_of,
    new_secret,
    written,
)
from bot.partners.settings import PartnerSettings
from storage.core import outbox
from storage.core.pages import Page
from storage.engine.database import Database, Transaction
from storage.partners import messages, orders, partners
from storage.people import people


class Partners:
    """Verbs of admins. Each raises Forbidden, and Refusal where there is no such partner of their tenant."""

    def __init__(self, database: Database, settings: PartnerSettings) -> None:
        self._database = database
        self._settings = settings

    async def page(self, who: Person, which: Page) -> Sequence[Partner]:
        """A page of the partners."""
        who.require(Permission.MANAGE_PARTNERS)
        async with self._database.reading() as connection:
            return await partners.page(connection, who.tenant, which)

    async def standing(self, who: Person, partner_id: int) -> Standing:
        """A partner with its keys, and how much of the month is used."""
        who.require(Permission.MANAGE_PARTNERS)
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            partner = _found(await partners.get(connection, who.tenant, partner_id), partner_id)
            keys = await partners.keys(connection, who.tenant, partner_id, now)
            used = await orders.used(connection, who.tenant, partner_id, month_of(now)[0])
        return Standing(partner, tuple(keys), used)

    def discount(self, tier: Tier) -> int:
        """Percent off the prices."""
        return self._settings.discount_of(tier)

    async def make(self, who: Person, client_id: int) -> Partner:
        """Make a client a partner, without a key yet; who is one already stays what they are."""
        who.require(Permission.MANAGE_PARTNERS)

        async def work(tx: Transaction) -> Partner:
            client = await people.find(tx.connection, who.tenant, client_id)
            if client is None or client.role is not Role.CLIENT:
                raise Refusal(_("There is no client {id}. /clients lists them.", id=client_id))
            new = await partners.add(tx, who.tenant, client.id, Tier.STANDARD, standard_webhooks.new_secret())
            partner = await partners.of_client(tx.connection, who.tenant, client.id)
            assert partner is not None
            if new:
                await record(tx, who.tenant, who, "partner.made", f"partner:{partner.id}", client=client.id)
            return partner

        return await self._database.write(work)

    async def new_key(self, who: Person, partner_id: int) -> tuple[Partner, str]:
        """A key that nobody sees again; those before it count for PARTNER_KEY_HOURS more."""
        who.require(Permission.MANAGE_PARTNERS)
        secret, overlap = new_secret(), timedelta(hours=self._settings.partner_key_hours)

        async def work(tx: Transaction) -> tuple[Partner, str]:
            partner = await _locked(tx, who, partner_id)
            await partners.end_keys(tx, who.tenant, partner_id, tx.now + overlap)
            number = await partners.add_key(tx, who.tenant, partner_id, hash_of(secret))
            await record(tx, who.tenant, who, "partner.key_made", f"partner:{partner_id}", key=number)
            return partner, written(number, secret)

        return await self._database.write(work)

    async def end_keys(self, who: Person, partner_id: int) -> None:
        """All keys of the partner count no more, from this moment, and so do the tokens that came of them."""
        who.require(Permission.MANAGE_PARTNERS)

        async def work(tx: Transaction) -> None:
            await _locked(tx, who, partner_id)
            await partners.end_keys(tx, who.tenant, partner_id, tx.now)
            await record(tx, who.tenant, who, "partner.keys_ended", f"partner:{partner_id}")

        await self._database.write(work)

    async def switch(self, who: Person, partner_id: int, version: int, *, on: bool) -> None:
        """Switch a partner off or on. Raises Stale where somebody was first."""
        await self._change(who, partner_id, version, "switched_on" if on else "switched_off", enabled=on)

    async def set_tier(self, who: Person, partner_id: int, version: int, tier: Tier) -> None:
        """Set the tier; a quota that is the tier's own becomes the new one's. Raises Stale where somebody was first."""
        standing = await self.standing(who, partner_id)
        usual = standing.partner.monthly_quota == standing.partner.tier.quota
        quota = tier.quota if usual else standing.partner.monthly_quota
        await self._change(who, partner_id, version, "tier_set", tier=tier, monthly_quota=quota)

    async def set_quota(self, who: Person, partner_id: int, words: str) -> None:
        """Set how many briefs the partner may order a month. Raises Refusal where that is no number."""
        await self._change(who, partner_id, None, "quota_set", monthly_quota=check_quota(words))

    async def set_share(self, who: Person, partner_id: int, words: str) -> None:
        """Set what the partner gets of payments from now on. Raises Refusal where that is no share."""
        await self._change(who, partner_id, None, "share_set", share_bp=check_share(words))

    async def set_address(self, who: Person, partner_id: int, words: str) -> None:
        """Set where its program is told of changes; "": nowhere. Raises Refusal where that is no address."""
        url = check_address(words) if words else ""
        await self._change(who, partner_id, None, "address_set", webhook_url=url)

    async def new_webhook_secret(self, who: Person, partner_id: int) -> str:
        """Another secret that signs what the program is told; the one before signs nothing any more."""
        secret = standard_webhooks.new_secret()
        await self._change(who, partner_id, None, "secret_changed", webhook_secret=secret)
        return secret

    async def _change(self, who: Person, partner_id: int, version: int | None, event: str, **values: Any) -> None:
        who.require(Permission.MANAGE_PARTNERS)

        async def work(tx: Transaction) -> None:
            partner = await _locked(tx, who, partner_id)
            if version not in {None, partner.version} or not await partners.change(tx, partner, **values):
                raise Stale(_("{name} was changed by somebody else just now. /partners shows how it stands.",
                              name=partner.name))  # fmt: skip
            said = {name: value for name, value in values.items() if name != "webhook_secret"}
            await record(tx, who.tenant, who, f"partner.{event}", f"partner:{partner_id}", **said)

        await self._database.write(work)

    async def told(self, who: Person, partner_id: int, which: Page) -> tuple[Partner, Sequence[Message]]:
        """A page of what the partner's program was told."""
        who.require(Permission.MANAGE_PARTNERS)
        async with self._database.reading() as connection:
            partner = _found(await partners.get(connection, who.tenant, partner_id), partner_id)
            return partner, await messages.page(connection, who.tenant, partner_id, which)

    async def send_again(self, who: Person, message_id: int) -> Message:
        """Have a message told once more, under the same `webhook-id`."""
        who.require(Permission.MANAGE_PARTNERS)

        async def work(tx: Transaction) -> Message:
            message = await messages.get(tx.connection, who.tenant, message_id)
            if message is None:
                raise Refusal(_("That message is no longer kept. /partners leads to those that are."))
            await outbox.add(tx, who.tenant, CHANNEL, str(message.partner_id), {"message": message.id})
            subject = f"partner:{message.partner_id}"
            await record(tx, who.tenant, who, "partner.message_sent_again", subject, message=message.name)
            return message

        return await self._database.write(work)


async def _locked(tx: Transaction, who: Person, partner_id: int) -> Partner:
    return _found(await partners.locked(tx, who.tenant, partner_id), partner_id)


def _found(partner: Partner | None, partner_id: int) -> Partner:
    if partner is None:
        raise Refusal(_("There is no partner {id}. /partners lists them.", id=partner_id))
    return partner
