"""The audit trail, for those who read it. It says what was done; that nothing was taken out of it, it cannot say."""

from collections.abc import Sequence

from bot.access.model import Permission, Person
from storage.audit import entries
from storage.audit.entries import Audited, Wanted
from storage.core.pages import Page
from storage.engine.database import Database

LONGEST = 100  # of what is looked for


class Trail:
    """Verbs that only read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, who: Person, which: Page, words: str = "") -> Sequence[Audited]:
        """A page of it. words: a subject such as "brief:1042", or an action such as "session.began"; "" for all.

        Raises Forbidden.
        """
        who.require(Permission.READ_REPORTS)
        asked = words.strip()[:LONGEST]
        wanted = Wanted(subject=asked) if ":" in asked else Wanted(action=asked)
        async with self._database.reading() as connection:
            return await entries.trail(connection, who.tenant, which, wanted)
