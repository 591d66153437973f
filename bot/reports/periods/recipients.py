"""Who gets reports by mail, and in which language."""

from collections.abc import Mapping
from email.utils import parseaddr

from bot.access.model import GRANTS, TENANT, Permission, Role
from bot.kernel.translation import Reader, reader
from storage.engine.database import Database
from storage.people import people

READERS = tuple(role for role in Role if Permission.READ_REPORTS in GRANTS[role])


class Recipients:
    """The addresses that get the installation's reports; none without a mail server."""

    def __init__(self, database: Database, addresses: tuple[str, ...]) -> None:
        self._database = database
        self._addresses = addresses

    async def of(self, tenant: str) -> Mapping[str, Reader]:
        """Each address with how it reads: as who of the team has it, else as the installation does."""
        if tenant != TENANT or not self._addresses:
            return {}
        async with self._database.reading() as connection:
            known = await people.by_mail(connection, tenant, *READERS)
        whose = {to: known.get(parseaddr(to)[1].lower()) for to in self._addresses}
        return {to: reader() if person is None else person.reader for to, person in whose.items()}
