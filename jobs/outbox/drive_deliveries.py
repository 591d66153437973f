"""How finished work and reports are kept in Google Drive, and how what is erased goes from there."""

import mimetypes
from datetime import date
from functools import partial

from bot.access.model import Person
from bot.alerts.raising import clear, raise_
from bot.alerts.rules.deliveries import DRIVE_FULL, DRIVE_WITHHELD
from bot.briefs.model import Brief
from bot.briefs.progress import tell_client
from bot.drive import cards, model
from bot.drive.model import REPORTS_FOLDER, TENANT_FOLDER, New, link_of, named
from bot.drive.places import Places
from bot.drive.ports import Drive, Full
from bot.google.ports import ConsentEnded
from bot.kernel.card import Document
from bot.kernel.errors import ProviderError
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.services import Services
from bot.tenants.service import BRAND
from jobs.outbox.sender import Deliver
from storage.alerts.undelivered import delivery_key
from storage.briefs import briefs, drafts
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Transaction
from storage.people import people
from storage.queue.tries import backoff

PLAIN = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "md": "text/markdown",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
}


class FileKeeper:
    """Keeps files, one at a time."""

    def __init__(self, services: Services, drive: Drive) -> None:
        self._services, self._drive = services, drive
        self._database = services.database
        self._places = Places(services.database, drive)
        self._told: set[str] | None = None  # alerts that are open; None: not known yet

    async def deliver(self, item: OutboxRow, placed: str | None) -> Delivery:  # noqa: ARG002 - nothing is shown in slots
        """See `jobs.outbox.sender.Deliver`."""
        try:
            await self._done(item)
        except ConsentEnded as error:
            await self._raise(DRIVE_WITHHELD, error)
            raise _heard(error, backoff(item.attempts + 1, self._database.timing)) from None
        except Full as error:
            await self._raise(DRIVE_FULL, error)
            raise _heard(error) from None
        await self._clear(DRIVE_WITHHELD, *([DRIVE_FULL] if {model.BRIEF, model.REPORT} & item.payload.keys() else []))
        return Delivery(item)

    async def _done(self, item: OutboxRow) -> None:
        match item.payload:
            case {model.BRIEF: number}:
                await self._keep_work(item.tenant, int(number))
            case {model.REPORT: day}:
                await self._keep_report(item.tenant, date.fromisoformat(day))
            case {model.DELETE: number}:
                await self._drive.delete(str(number))
            case {model.HIDE: number, "name": name}:
                await self._drive.hide(str(number), str(name))
            case _:
                raise ProviderError("Google Drive", "nothing is known of what is to be kept", permanent=True)

    async def _keep_work(self, tenant: str, number: int) -> None:
        name = f"brief:{number}"
        brief, client, text = await self._work(tenant, number)
        if not text:
            return  # it was erased
        kept = await self._places.kept(tenant, name)
        if kept is None:
            file = (await self._services.drafting.finished_file(brief, text)).document
            called = f"{named(f'{brief.id} {brief.title}')}.{_ending(file)}"
            kept = await self._keep(tenant, name, called, file, (f"person:{client.id}", f"{client.name} · {client.id}"))
        if kept is None or self._services.settings.google_drive_sharing != "link":
            return
        await self._drive.share(kept)
        show = partial(cards.with_link, brief, link_of(kept))
        await self._database.write(lambda tx: tell_client(tx, brief, show, slot=delivery_key(brief.id, 0)))

    async def _work(self, tenant: str, number: int) -> tuple[Brief, Person, str]:
        """The brief, its client, and the text that was delivered; "" where it is gone."""
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, number)
            client = await people.by_id(connection, tenant, brief.client_id)
            if brief.draft_id is None:
                return brief, client, ""
            return brief, client, (await drafts.get_draft(connection, tenant, brief.draft_id)).text

    async def _keep_report(self, tenant: str, day: date) -> None:
        name = f"report:{day.isoformat()}"
        if await self._places.kept(tenant, name) is None:
            file = await self._services.reports.sending.file(tenant, day)
            await self._keep(tenant, name, file.name, file, (REPORTS_FOLDER, "Reports"))

    async def _keep(self, tenant: str, name: str, called: str, file: Document, folder: tuple[str, str]) -> str | None:
        """The id of the file, in its folder within the tenant's; None where it was forgotten meanwhile."""
        brand = await self._services.tenants.brand(tenant) or BRAND
        within = await self._folder(tenant, TENANT_FOLDER, brand, "")
        parent = await self._folder(tenant, *folder, within or "")
        if parent is None:
            return None
        data, kind = file.data, _kind(file)

        async def make(new: New) -> None:
            await self._drive.upload(new, kind, data)

        return await self._places.made(tenant, name, called, parent, make)

    async def _folder(self, tenant: str, name: str, called: str, within: str) -> str | None:
        number, anew = await self._places.folder(tenant, name, called, within)
        if anew:
            show = partial(cards.folder_anew, called)
            await self._database.write(lambda tx: notify_roles(tx, tenant, ADMINS, Topic.TROUBLE, show))
        return number

    async def _raise(self, rule: str, error: ProviderError) -> None:
        await self._database.write(lambda tx: raise_(tx, rule, reason=str(error)))
        self._told = {*(self._told or ()), rule}

    async def _clear(self, *rules: str) -> None:
        """It goes again: what stood in the way is over."""
        over = [rule for rule in rules if self._told is None or rule in self._told]
        if not over:
            return

        async def work(tx: Transaction) -> None:
            for rule in over:
                await clear(tx, rule)

        await self._database.write(work)
        self._told = (self._told or {DRIVE_FULL}) - set(rules)


def _ending(file: Document) -> str:
    return file.name.rpartition(".")[2]


def _kind(file: Document) -> str:
    return KINDS.get(_ending(file)) or mimetypes.guess_type(file.name)[0] or PLAIN


def _heard(error: ProviderError, seconds: float | None = None) -> ProviderError:
    """What stands in the way of all files: an alert says so."""
    heard = ProviderError(error.provider, str(error).partition(": ")[2], retry_after=seconds)
    heard.outage = True
    return heard


def to_drive(services: Services, drive: Drive) -> Deliver:
    """Files: one that was kept before a crash is there once, and is found again."""
    return FileKeeper(services, drive).deliver
