"""The replay of a brief: what happened to it, step by step, from the rows alone."""

from collections.abc import Sequence

from bot.access.model import Permission, Person
from bot.briefs.model import State
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.replay.timeline import Place, Rows, Step, steps
from storage.briefs import briefs
from storage.briefs import timeline as history
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.quality import verdicts


class Replay:
    """Reads histories; for those who see every brief."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def step(self, who: Person, brief_id: int, number: int) -> Place:
        """Step `number` of the brief's history, from 1; the nearest there is.

        Raises Refusal where there is no such brief, or where its history would tell what is kept back from those who
        decide: what the gate said of a draft that is to be decided on blind.
        """
        named, told = await self.whole(who, brief_id)
        number = min(max(number, 1), len(told))
        return Place(named, told[number - 1], number, len(told))

    async def whole(self, who: Person, brief_id: int) -> tuple[int, Sequence[Step]]:
        """The brief's number and all of its steps. Raises as `step` does."""
        who.require(Permission.SEE_ALL)

        async def read(connection: Connection) -> tuple[int, Rows]:
            brief = await briefs.get(connection, who.tenant, brief_id)
            waits = brief.state is State.IN_REVIEW and brief.draft_id is not None
            if waits and await verdicts.is_blind(connection, brief.tenant, brief.draft_id or 0):
                raise Refusal(
                    _(
                        "The replay of brief {brief} opens after the decision: until then its scores are hidden.",
                        brief=brief.id,
                    )
                )
            return brief.id, await history.of_brief(connection, who.tenant, brief.id, brief.quote_id)

        named, rows = await self._database.snapshot(read)
        told = steps(rows)
        if not told:
            raise Refusal(_("Nothing is recorded about brief {brief}.", brief=named))
        return named, told
