"""The replay of a brief: what happened to it, step by step, from the rows alone."""

from bot.access.model import Permission, Person
from bot.briefs.history import Rows, steps
from bot.briefs.model import Brief
from bot.briefs.replay_cards import step_card
from bot.kernel.card import Card
from storage import briefs, history
from storage.connection import Connection
from storage.database import Database


class Replay:
    """Reads histories; for those who see every brief."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def card(self, who: Person, brief_id: int, number: int) -> Card:
        """Step `number` of the brief's history, from 1; the nearest there is. Raises Refusal where there is no brief.

        Nothing in it tells whether a draft is before people as a blind audit.
        """
        who.require(Permission.SEE_ALL)

        async def read(connection: Connection) -> tuple[Brief, Rows]:
            brief = await briefs.get(connection, who.tenant, brief_id)
            return brief, await history.of_brief(connection, who.tenant, brief_id)

        brief, rows = await self._database.snapshot(read)
        told = steps(rows)
        number = min(max(number, 1), len(told))
        return step_card(brief, told[number - 1], number, len(told))
