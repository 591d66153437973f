"""Who was erased after a backup was made: the newer backups of its installation say so, wherever they lie.

A place that cannot be read when one is put back is gone through as soon as it can.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access.model import TENANT
from bot.backups.model import FOLDER, SECOND_PLACE, Manifest
from bot.backups.ports import BackupRefused, Vault
from bot.privacy.erasing import erase_again
from bot.privacy.model import Erased, out_of_a_line
from storage.core import bindings
from storage.engine.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Unread:
    """A place that could not be read. why: a sentence, which names it."""

    place: str
    why: str


async def erased_since(vault: Vault, installation: str) -> tuple[list[Erased], list[Unread]]:
    """Whoever was erased, as far as backups of the installation know of it, and the places that cannot be read."""
    found: list[Erased] = []
    unread: list[Unread] = []
    for place in (FOLDER, *([SECOND_PLACE] if vault.second else [])):
        try:
            found += _erased_in([one for one in await vault.listed(place) if one.installation == installation])
        except BackupRefused as refusal:
            unread.append(Unread(place, str(refusal)))
    return found, unread


async def to_read(tx: Transaction, vault: Vault, unread: Sequence[Unread]) -> None:
    """Keep in mind the places that could not be read."""
    for one in unread:
        await bindings.put(tx, TENANT, "backups", _name_of(vault, one.place), one.place)


async def read_at_last(database: Database, vault: Vault, place: str, ours: Sequence[Manifest]) -> int:
    """Erase those of whom the place tells, if it could not be read when a backup was put back; says how many."""
    name = _name_of(vault, place)
    async with database.reading() as connection:
        if await bindings.get(connection, TENANT, "backups", name) is None:
            return 0
    erased = await erase_again(database, _erased_in(ours))
    await database.write(lambda tx: bindings.drop(tx, TENANT, "backups", name))
    return erased


def _erased_in(manifests: Sequence[Manifest]) -> list[Erased]:
    return [erased for one in manifests for erased in out_of_a_line(one.erased)]


def _name_of(vault: Vault, place: str) -> str:
    """Another second place is another one to read."""
    return f"erased in {FOLDER if place == FOLDER else vault.second}"
