"""The registry of prompts: which text a call is made with, and the verbs to write a new one and put it in use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.prompts.model import ALL_TYPES, Details, Template, Version, Wording, check_changelog, check_system, choose
from storage.core.cache import TenantCache
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import prompts

CAME_WITH = N_("Came with the program")  # as it is stored


DRAFT = "draft"
DAYS = 30


class Prompts:
    """Verbs on the versions of prompts. Each raises Forbidden."""

    def __init__(self, database: Database, templates: Sequence[Template]) -> None:
        self._database = database
        self._templates = {template.purpose: template for template in templates}
        self._in_use = TenantCache(database, prompts.SIGNAL, prompts.active)

    @property
    def templates(self) -> Mapping[str, Template]:
        """What comes with the program, by purpose."""
        return self._templates

    async def ship(self, tenant: str) -> None:
        """Enter the texts that come with the program, where they are not there yet.

        A text that came with a newer program is put in use unless a person chose the one in use.
        """

        async with self._database.reading() as connection:
            there = [
                await prompts.same_text(connection, tenant, template.purpose, ALL_TYPES, template.system)
                for template in self._templates.values()
            ]
        if not all(there):
            await self._database.write(lambda tx: ship_in(tx, tenant, self._templates.values()))

    async def wording(self, tenant: str, purpose: str, task_type: str) -> Wording:
        """The text to make a call with: the type's own version in use, else the one for all types, else the code's."""
        version = choose(await self._in_use.of(tenant), purpose, task_type)
        return self._templates[purpose].shipped if version is None else version.wording

    async def in_use(self, who: Person) -> Sequence[Version]:
        """The versions in use, by purpose and type."""
        who.require(Permission.READ_PROMPTS)
        async with self._database.reading() as connection:
            return await prompts.active(connection, who.tenant)

    async def get(self, who: Person, prompt_id: int) -> Version:
        """A version; raises Refusal where there is none of that number."""
        who.require(Permission.READ_PROMPTS)
        async with self._database.reading() as connection:
            return await prompts.get(connection, who.tenant, prompt_id)

    async def page(self, who: Person, purpose: str, task_type: str, which: Page) -> Sequence[Version]:
        """A page of the versions for a purpose and type, newest first."""
        who.require(Permission.READ_PROMPTS)
        async with self._database.reading() as connection:
            return await prompts.page(connection, who.tenant, purpose, task_type, which)

    async def numbered(self, who: Person, purpose: str, task_type: str, version: int) -> Version | None:
        """The version of that number for a purpose and type, where there is one."""
        who.require(Permission.READ_PROMPTS)
        async with self._database.reading() as connection:
            return await prompts.numbered(connection, who.tenant, purpose, task_type, version)

    async def details(self, who: Person, version: Version) -> Details:
        """The version with its author, how it did, and what it may be compared with."""
        who.require(Permission.READ_PROMPTS)
        since = self._database.clock.now() - timedelta(days=DAYS)
        drafts = version.purpose == DRAFT

        async def read(connection: Connection) -> Details:
            group = (version.purpose, version.task_type)
            by = (await people.by_id(connection, who.tenant, version.author_id)).name if version.author_id else ""
            return Details(
                version,
                by,
                await prompts.active(connection, who.tenant),
                await prompts.numbered(connection, who.tenant, *group, version.version - 1),
                record=await prompts.record(connection, version) if drafts else None,
                calls=0 if drafts else await prompts.calls_since(connection, version, since),
                days=DAYS,
            )

        return await self._database.snapshot(read)

    async def check(self, who: Person, purpose: str, task_type: str, text: str) -> str:
        """The text as it would be kept; raises Refusal where it lacks what the code relies on, or is there already."""
        who.require(Permission.CHANGE_PROMPTS)
        text = check_system(self._templates[purpose], task_type, text)
        async with self._database.reading() as connection:
            same = await prompts.same_text(connection, who.tenant, purpose, task_type, text)
        if same is not None:
            raise Refusal(
                _(
                    "That is version {version}, word for word: /prompt_{prompt}. Nothing was added.",
                    version=same.version,
                    prompt=same.id,
                )
            )
        return text

    async def add(self, who: Person, purpose: str, task_type: str, text: str, changelog: str) -> Version:
        """Keep a new version, not in use; the same text again is the version that is there.

        Raises Refusal where the text lacks what the code relies on, or the changelog is no line.
        """
        who.require(Permission.CHANGE_PROMPTS)
        text = check_system(self._templates[purpose], task_type, text)
        changelog = check_changelog(changelog)

        async def work(tx: Transaction) -> Version:
            version, new = await _keep(tx, who.tenant, purpose, task_type, text, changelog, who.id)
            if new:
                await _note(tx, who, "added", version)
            return version

        return await self._database.write(work)

    async def use(self, who: Person, prompt_id: int, instead_of: int) -> Version:
        """Put a version in use; `instead_of` is the number of the one that the person saw in use (0: none).

        Raises Stale where another was put in use in the meantime.
        """
        who.require(Permission.CHANGE_PROMPTS)

        async def work(tx: Transaction) -> Version:
            version = await prompts.get(tx.connection, who.tenant, prompt_id)
            used = await prompts.in_use(tx, who.tenant, version.purpose, version.task_type)
            if (used.version if used else 0) != instead_of:
                raise Stale(
                    _("Another version was put in use in the meantime. See /prompt_{prompt}.", prompt=prompt_id)
                )
            await prompts.put_in_use(tx, version)
            await _note(tx, who, "used", version)
            return replace(version, active=True)

        return await self._database.write(work)

    async def retire(self, who: Person, prompt_id: int) -> Version:
        """Take a type's own version out of use, so that the one for all types serves again.

        Raises Refusal for a version for all types, Stale where it is not in use.
        """
        who.require(Permission.CHANGE_PROMPTS)

        async def work(tx: Transaction) -> Version:
            version = await prompts.get(tx.connection, who.tenant, prompt_id)
            if version.task_type == ALL_TYPES:
                raise Refusal(_("One version must be in use for all types. Open another version and use that."))
            used = await prompts.in_use(tx, who.tenant, version.purpose, version.task_type)
            if used is None or used.id != version.id:
                raise Stale(_("That version is not in use any more. See /prompt_{prompt}.", prompt=prompt_id))
            await prompts.take_out_of_use(tx, version)
            await _note(tx, who, "rested", version)
            return replace(version, active=False)

        return await self._database.write(work)


async def ship_in(tx: Transaction, tenant: str, templates: Iterable[Template]) -> None:
    """Enter the tenant's texts that come with the program; see `Prompts.ship`."""
    for template in templates:
        group = (tenant, template.purpose, ALL_TYPES)
        used = await prompts.in_use(tx, *group)
        version, new = await _keep(tx, *group, template.system, CAME_WITH, None)
        if new and (used is None or used.author_id is None):
            await prompts.put_in_use(tx, version)


async def _keep(
    tx: Transaction, tenant: str, purpose: str, task_type: str, system: str, changelog: str, author_id: int | None
) -> tuple[Version, bool]:
    """Keep a text under the next number, or find the version that says exactly this; tells which (True: new)."""
    group = (tenant, purpose, task_type)
    row = {"tenant": tenant, "purpose": purpose, "task_type": task_type, "system": system, "changelog": changelog}
    while True:
        # The number before the text: who takes it in between has their text seen, or leaves the number taken.
        number = 1 + await prompts.latest(tx.connection, *group)
        same = await prompts.same_text(tx.connection, *group, system)
        if same is not None:
            return same, False
        version = await prompts.add(tx, {**row, "version": number, "author_id": author_id})
        if version is not None:
            return version, True


async def _note(tx: Transaction, who: Person, what: str, version: Version) -> None:
    await record(tx, who.tenant, who, f"prompt.{what}", f"prompt:{version.id}", prompt=version.name)
