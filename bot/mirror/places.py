"""Where the mirror's tables are: kept by id, known as ours by our code, made anew where they are gone."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace

from bot.mirror.model import MirrorTable, Place, Seen, Trouble, fitting
from bot.mirror.ports import Gone, Mirror, Withheld
from bot.mirror.service import CHANNEL
from storage.core import bindings, outbox
from storage.core.installation import installation_code
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

_NO_SUCH_COLUMN = "is not a property that exists"
_ANY_MARK = re.compile(r"EchoPilot [0-9a-f]{12} · ")


class Places:
    """The tables of this database at the provider. One process at a time uses it."""

    def __init__(self, database: Database, mirror: Mirror) -> None:
        self._database, self._mirror = database, mirror
        self._codes: dict[str, str] = {}

    async def code(self, tenant: str) -> str:
        """By which the tenant's tables and rows are told from those of another installation."""
        if tenant not in self._codes:
            self._codes[tenant] = await installation_code(self._database, tenant)
        return self._codes[tenant]

    async def kept(self, tenant: str, table: MirrorTable) -> Place | str | None:
        """See `kept_place`."""
        async with self._database.reading() as connection:
            return await kept_place(connection, tenant, table)

    async def of(self, tenant: str, table: MirrorTable) -> Place:
        """Where the table is; it is made where there is none of ours. Raises ProviderError."""
        kept = await self.kept(tenant, table)
        if isinstance(kept, Place):
            return kept if table.columns.keys() <= kept.columns.keys() else await self.mend(tenant, table, kept)
        adopted = None if kept is None else await self._adopted(tenant, table, kept)
        return adopted or await self._found_or_made(tenant, table)

    async def mend(self, tenant: str, table: MirrorTable, place: Place, refusal: str = "") -> Place:
        """The place as it should be, after Notion refused something there: the same one where nothing was wrong.

        Deleted columns are made again; a table that is gone is looked for below our page, and else made anew.
        """
        try:
            seen = await self._mirror.see(place.source)
        except Gone:
            return await self._found_or_made(tenant, table)
        if seen.below_our_page:  # what is in a page that is in the trash does not say so itself
            await self._see_page()
        fitted = await self._fitted(tenant, table, place, seen)
        if fitted != place or place.by_name or _NO_SUCH_COLUMN not in refusal:
            return fitted
        names = {name: seen.columns[at][0] for name, at in place.columns.items()}
        return await self._fitted(tenant, table, replace(place, columns=names, by_name=True), seen, anew=True)

    async def _see_page(self) -> None:
        try:
            await self._mirror.parent()
        except Gone as error:
            raise Withheld("Notion", str(error), Trouble.NOT_SHARED) from None

    async def _found_or_made(self, tenant: str, table: MirrorTable) -> Place:
        mark = table.mark(await self.code(tenant))
        try:
            source = await self._mirror.find_table(table, mark)
            if source is None:
                source = await self._mirror.make_table(table, mark, await self._links(tenant, table))
            seen = await self._mirror.see(source)
        except Gone as error:
            raise Withheld("Notion", str(error), Trouble.NOT_SHARED) from None
        return await self._fitted(tenant, table, Place(seen.database, source, {}), seen)

    async def _links(self, tenant: str, table: MirrorTable) -> dict[str, str]:
        """The data sources whose rows its relations name; each is made where there is none."""
        return {name: (await self.of(tenant, other)).source for name, other in table.relations.items()}

    async def _adopted(self, tenant: str, table: MirrorTable, source: str) -> Place | None:
        """The place of a table from before the time of codes, marked as ours; None where it cannot be ours alone."""
        mark = table.mark(await self.code(tenant))
        try:
            seen = await self._mirror.see(source)
        except Gone:
            return None
        if mark not in seen.description:
            if _ANY_MARK.search(seen.description) or not seen.below_our_page:
                return None
            await self._mirror.describe(seen.database, f"{seen.description} {mark}".strip())
        return await self._fitted(tenant, table, Place(seen.database, source, {}, adopted=True), seen)

    async def _fitted(self, tenant: str, table: MirrorTable, place: Place, seen: Seen, *, anew: bool = False) -> Place:
        links = await self._links(tenant, table)
        columns, missing = fitting(table, place.ids(seen), seen, links)
        if place.by_name:
            columns = {name: seen.columns[at][0] for name, at in columns.items()}
        if missing:
            wanted = {called: table.columns[name] for name, called in missing.items()}
            to = {called: links[name] for name, called in missing.items() if name in links}
            made = await self._mirror.add_columns(place.source, wanted, to)
            columns |= missing if place.by_name else {name: made[called] for name, called in missing.items()}
        fitted = replace(place, database=seen.database, columns=columns)
        if anew or fitted != place:
            await self._database.write(lambda tx: _keep(tx, tenant, table, fitted))
        return fitted


async def kept_place(connection: Connection, tenant: str, table: MirrorTable) -> Place | str | None:
    """Where the table is as far as we know; of one from before the time of codes only the id of its data source."""
    kept = await bindings.get(connection, tenant, CHANNEL, table.name)
    return Place(**json.loads(kept)) if kept is not None and kept.startswith("{") else kept


async def _keep(tx: Transaction, tenant: str, table: MirrorTable, place: Place) -> None:
    """Keep the place; rows that were shown elsewhere are not there any more."""
    before = await kept_place(tx.connection, tenant, table)
    if (before.source if isinstance(before, Place) else before) != place.source:
        await outbox.forget_places(tx, tenant, CHANNEL, f"{table.name}:")
    await bindings.put(tx, tenant, CHANNEL, table.name, json.dumps(asdict(place)))


async def kept_sources(connection: Connection, tenant: str, tables: Mapping[str, MirrorTable]) -> dict[str, str | None]:
    """The data source that each of the tables is kept with; None where it has none yet."""
    kept = {name: await kept_place(connection, tenant, table) for name, table in tables.items()}
    return {name: at.source if isinstance(at, Place) else at for name, at in kept.items()}
