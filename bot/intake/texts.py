"""What the parts of a long text become: a quote, the text of a guided brief, or a draft that was written anew."""

from collections.abc import Sequence
from dataclasses import replace

from bot.access.model import Person
from bot.briefs.model import Brief, State
from bot.intake.long_texts import Part, follows, may_go_on, separator
from storage.briefs import briefs, text_parts
from storage.core import conversations
from storage.core.conversations import Conversation
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

GUIDED, TYPE = "brief", "brief.type"  # the dialog that puts a brief together, and its first step, which has no text


class Texts:
    """Verbs on the messages that a text came in. Each person sees their own alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def gather(self, who: Person, part: Part, *, rest: bool, followed: bool) -> Sequence[Part]:
        """Keep a message that is a part of a longer text, and return all parts of it by now; none where it is no part.

        rest: whether it may be the rest of a text. followed: whether its own rest is here, and comes next.
        """

        async def work(tx: Transaction) -> list[Part]:
            placed = await _placed(tx.connection, who, part, rest=rest)
            if placed is None:
                return []
            await text_parts.add(tx, who, placed)
            await text_parts.take(tx, who, placed.source_key, taken=not followed)
            return await text_parts.of_text(tx.connection, who, placed.source_key)

        async with self._database.reading() as connection:
            if await _placed(connection, who, part, rest=rest) is None:
                return []
        return await self._database.write(work)

    async def became(self, who: Person, chat_id: int, source_key: str) -> Brief | Conversation | None:
        """The quote, the guided brief, or the brief with the draft that the text is; None where it cannot grow."""
        async with self._database.reading() as connection:
            return await _became(connection, who, chat_id, source_key)

    async def reword(self, who: Person, chat_id: int, message_id: int, text: str) -> Sequence[Part]:
        """Take over the words of a part whose message was edited, and return the whole; none where it is no part."""

        async def work(tx: Transaction) -> list[Part]:
            part = await text_parts.newest(tx.connection, who, chat_id, message_id)
            if part is None or part.message_id != message_id:
                return []
            await text_parts.reword(tx, who, part, text)
            return await text_parts.of_text(tx.connection, who, part.source_key)

        return await self._database.write(work)

    async def bind(self, who: Person, source_key: str, brief: Brief) -> None:
        """The text took the place of the words of a brief of theirs."""

        async def work(tx: Transaction) -> None:
            await text_parts.bind(tx, who, source_key, await briefs.id_now(tx, brief))

        await self._database.write(work)


async def _placed(connection: Connection, who: Person, part: Part, *, rest: bool) -> Part | None:
    """The message as a part: the rest of the text before it, or one that may have a rest; None where it is neither."""
    before = await text_parts.newest(connection, who, part.chat_id, part.message_id)
    if before is not None and before.message_id == part.message_id:
        return before
    if before is not None and rest and follows(before, part) and await _open(connection, who, before):
        return replace(part, source_key=before.source_key, separator=separator(before.text, part.text))
    return part if may_go_on(part.text) else None


async def _open(connection: Connection, who: Person, before: Part) -> bool:
    """Whether the text still waits for its rest, or what it became can still have it."""
    if not before.taken:
        return True
    return await _became(connection, who, before.chat_id, before.source_key) is not None


async def _became(connection: Connection, who: Person, chat_id: int, source_key: str) -> Brief | Conversation | None:
    parts = await text_parts.of_text(connection, who, source_key)
    bound = next((part.brief_id for part in parts if part.brief_id is not None), None)
    if bound is not None:
        brief: Brief | None = await briefs.get(connection, who.tenant, bound)
    else:
        brief = await briefs.by_source(connection, who.tenant, source_key)
    if brief is not None:
        return brief if brief.client_id != who.id or brief.state is State.QUOTED else None
    waits = await conversations.of_dialog(connection, who, chat_id, GUIDED)
    return waits if waits is not None and _has_text(waits, source_key) else None


def _has_text(waits: Conversation, source_key: str) -> bool:
    """Whether it is a guided brief whose text came with that message."""
    return waits.step != TYPE and "words" in waits.data and waits.data.get("source_key") == source_key
