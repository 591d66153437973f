"""The audit pack, to admins by chat and to addresses by mail: once for each week, and whenever one asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.access.model import GRANTS, Permission, Person, Role
from bot.governance.packs import cards, papers
from bot.governance.packs.gathering import DAY, Evidence, Gathering, week_before
from bot.governance.packs.model import Pack
from bot.governance.service import Governance
from bot.kernel.card import Card
from bot.kernel.translation import Reader, reading_as
from bot.messages.mails import MAIL, mail_of, to_payload
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.pdf.service import Pdf
from bot.reports.periods.recipients import Recipients
from bot.tenants.service import BRAND, Tenants
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people

READERS = tuple(role for role in Role if Permission.GOVERN in GRANTS[role])


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the pack comes from and how it is printed. recipients: who gets reports by mail."""

    evidence: Evidence
    pdf: Pdf
    recipients: Recipients


class Packs:
    """Verbs on packs."""

    def __init__(self, database: Database, tenants: Tenants, governance: Governance, sources: Sources) -> None:
        self._database, self._tenants, self._sources = database, tenants, sources
        self._gathering = Gathering(database, governance, sources.evidence)

    async def now(self, who: Person) -> Card:
        """The pack of the last seven days, today among them, for whoever asks. Raises Forbidden."""
        who.require(Permission.GOVERN)
        zone = await self._tenants.zone(who.tenant)
        today = self._database.clock.now().astimezone(zone).date()
        return await self._card(await self._gathering.pack(who.tenant, today - 6 * DAY, today), who.tenant)

    async def send(self, tenant: str, due: datetime) -> str:
        """Send the pack of the seven days before the one on which it was due; returns a line for the job's record."""
        first, last = week_before(due, await self._tenants.zone(tenant))
        pack = await self._gathering.pack(tenant, first, last)
        readers = await self._sources.recipients.of(tenant)
        async with self._database.reading() as connection:
            admins = await people.with_roles(connection, tenant, *READERS)
        shown = {
            one: await self._read_by(one, pack, tenant) for one in {*(a.reader for a in admins), *readers.values()}
        }
        key = f"auditpack:{first.isoformat()}"

        async def work(tx: Transaction) -> None:
            for admin in admins:
                await _tell(tx, admin, shown, key)
            for to, its in readers.items():
                with reading_as(its):
                    payload: dict[str, Any] = to_payload(mail_of(cards.title(pack), shown[its]))
                await outbox.add(tx, tenant, MAIL, to, payload, key=f"{key}:{to}")

        await self._database.write(work)
        return f"the pack of {first} to {last} goes to {len(admins)} by chat, {len(readers)} by mail"

    async def _read_by(self, whose: Reader, pack: Pack, tenant: str) -> Card:
        with reading_as(whose):
            return await self._card(pack, tenant)

    async def _card(self, pack: Pack, tenant: str) -> Card:
        paper = papers.paper(pack, await self._tenants.brand(tenant) or BRAND)
        return await self._sources.pdf.below(cards.card(pack), paper, f"audit-pack-{pack.last:%Y-%m-%d}")


async def _tell(tx: Transaction, admin: Person, shown: Mapping[Reader, Card], key: str) -> None:
    show = partial(replace, shown[admin.reader])
    await notify(tx, admin, Topic.REPORTS, show, key=f"{key}:{admin.telegram_id}")
