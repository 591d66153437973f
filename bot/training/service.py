"""The training audit: once a week admins read whether what the automatic check learnt from people still stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.access.model import Permission, Person, Role
from bot.calibration.figures import Decision, TypeTarget, standing, versions, week
from bot.calibration.service import EVIDENCE, LOOK_BACK, PAST, WEEK, WEEKS, Quality
from bot.kernel.card import Card
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.messages.mails import MAIL, MailMessage, mail_of, to_payload
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.pdf.service import Pdf
from bot.quality.model import Floors
from bot.reports.periods.recipients import Recipients
from bot.tenants.service import BRAND, Tenants
from bot.training import cards, papers
from bot.training.model import Audit
from storage.briefs import mornings
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import calibration, criteria, folds, prompts

KIND = "training"
OF_A_WEEK = 100  # drafts whose scores by criterion are read


class Training:
    """Verbs. quality: what the targets are; floors: of the criteria."""

    def __init__(
        self,
        database: Database,
        tenants: Tenants,
        quality: Quality,
        floors: Floors,
        pdf: Pdf,
        recipients: Recipients,
    ) -> None:
        self._database, self._tenants, self._quality = database, tenants, quality
        self._floors, self._pdf, self._recipients = floors, pdf, recipients

    async def look(self, who: Person) -> Audit:
        """The audit of the last seven days. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return await self._audit(who.tenant, self._database.clock.now())

    async def printed(self, who: Person) -> Card:
        """The same with its PDF below. Raises Forbidden."""
        return await self._card(await self.look(who), who.tenant)

    async def send(self, tenant: str, due: datetime) -> str:
        """Send the audit of the week before it was due, once; returns a line for the job's record."""
        day = due.astimezone(await self._tenants.zone(tenant)).date().isoformat()
        async with self._database.reading() as connection:
            if await mornings.done(connection, tenant, day, KIND):
                return f"the audit of {day} was sent before"
            admins = await people.with_roles(connection, tenant, Role.ADMIN)
        of = await self._audit(tenant, due)
        if of.empty:
            return "nothing to audit: no draft was checked"
        readers = await self._recipients.of(tenant)
        shown = {one: await self._shown(one, of, tenant) for one in {*(admin.reader for admin in admins)}}
        mails = {one: await self._mail(one, of, tenant) for one in set(readers.values())}

        async def work(tx: Transaction) -> bool:
            if not await mornings.once(tx, tenant, day, KIND):
                return False
            for admin in admins:
                await notify(tx, admin, Topic.QUALITY, lambda admin=admin: shown[admin.reader])  # type: ignore[misc]
            for to, whose in readers.items():
                payload: dict[str, Any] = to_payload(mails[whose])
                await outbox.add(tx, tenant, MAIL, to, payload, key=f"{KIND}:{day}:{to}")
            return True

        if not await self._database.write(work):
            return f"the audit of {day} was sent before"
        found = f"{len(of.labelled)} examples, {len(of.findings)} points to look at"
        return f"{found}; sent to {len(admins)} by chat, {len(readers)} by mail"

    async def _shown(self, whose: Reader, of: Audit, tenant: str) -> Card:
        with reading_as(whose):
            return await self._card(of, tenant)

    async def _mail(self, whose: Reader, of: Audit, tenant: str) -> MailMessage:
        """With the examples beside the PDF."""
        with reading_as(whose):
            mail = mail_of(cards.title(of), await self._card(of, tenant))
            return cards.with_examples(mail, of)

    async def _card(self, of: Audit, tenant: str) -> Card:
        brand = await self._tenants.brand(tenant) or BRAND
        return await self._pdf.below(cards.audit(of), papers.paper(of, brand), cards.filename(of))

    async def _audit(self, tenant: str, until: datetime) -> Audit:
        """As it was known then; figures are of the days before."""
        since = folds.day_of(until - LOOK_BACK)
        targets = await self._quality.targets_of(tenant)
        there = until.astimezone(await self._tenants.zone(tenant))

        async def read(connection: Connection) -> Audit:
            floors, known = self._floors, (connection, tenant)
            tallies = await calibration.tallies(*known, since, floors)
            recent = await calibration.tallies(*known, folds.day_of(until - PAST), floors)
            probes = await calibration.probes_caught(*known, since, floors)
            decisions = await calibration.decided(*known, since)
            in_use = await prompts.active(*known)
            ends = [until - n * WEEK for n in range(WEEKS)]
            return Audit(
                first=(there - WEEK).date(),
                days=LOOK_BACK.days,
                standing=standing(tallies, probes, {}),
                recent=standing(recent, (0, 0), {}),
                fresh=sum(one.human is not None and one.created_at >= until - WEEK for one in decisions),
                decisions=decisions,
                learnt=await self._learnt(connection, tenant, since, targets, decisions),
                targets=targets,
                prompts=in_use,
                changed=sum(one.created_at >= until - WEEK for one in in_use),
                versions=versions(tallies),
                weeks=[week(end - WEEK, await criteria.scores(*known, end - WEEK, end, OF_A_WEEK)) for end in ends],
                at=self._database.clock.now(),
            )

        return await self._database.snapshot(read)

    async def _learnt(
        self,
        connection: Connection,
        tenant: str,
        since: datetime,
        targets: Sequence[TypeTarget],
        decisions: Sequence[Decision],
    ) -> set[int]:
        """Those that a target follows from: the score alone decided, by the judge of today, since it was adopted."""
        decides = await calibration.where_the_line_decides(connection, tenant, since, self._floors)
        begins: Mapping[TaskType, datetime] = {
            one.task_type: one.adopted.at for one in targets if one.adopted is not None
        }
        judges = {
            one.task_type: await calibration.judge_of(connection, tenant, since - EVIDENCE, one.task_type)
            for one in targets
        }
        return {
            one.id
            for one in decisions
            if one.id in decides
            and one.judge_model == judges[one.task_type]
            and one.created_at >= begins.get(one.task_type, since)
        }
