"""An album: Telegram sends a message for each of its files, and the words stand under any of them, mostly the first.

Whoever deals with one of the files has to know the words of all, so the others are given a moment to come. The inbox
has them all, whether they were dealt with or not.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from handlers.routing.update import Update, read
from jobs.worker.updates import SOURCE
from storage.core import inbox
from storage.core.inbox import InboxRow
from storage.engine.database import Database

MOMENT = timedelta(seconds=0.6)  # apps send the files of an album at once; a caption that comes later is added then
LOOK_SECONDS = 0.1
NEAR = 200  # updates before and after: the files of an album come together, other chats' updates between them
EARLIER, LATER = timedelta(minutes=1), timedelta(days=1)  # than Telegram's date a message may be kept here


async def whole(database: Database, arrival: InboxRow, update: Update) -> Update:
    """The message with the words of its album, and the keys of those of the album's messages that are here."""
    if update.kind == "edit":
        return await _edited(database, arrival, update)
    made = update
    for _ in range(round(MOMENT.total_seconds() / LOOK_SECONDS) + 1):
        async with database.reading() as connection:
            rows = await inbox.near(connection, SOURCE, arrival.id, NEAR, update.album)
        made = _with(update, _messages(update, rows))
        come = made.text and len(made.album_keys) > 1
        if come or database.clock.now() >= arrival.received_at + MOMENT:
            break
        await asyncio.sleep(LOOK_SECONDS)
    return made


async def _edited(database: Database, arrival: InboxRow, update: Update) -> Update:
    """The words of the album with the edited message's as they are now; and as they were, where that is known."""
    since, until = update.sent_at - EARLIER, update.sent_at + LATER
    async with database.reading() as connection:
        rows = await inbox.between(connection, SOURCE, since, until, update.album)
    before = _messages(update, [row for row in rows if row[0] < arrival.id])
    if update.message_id not in before:
        return update
    return replace(_with(update, before | {update.message_id: update}), words_before=_words(before.values()))


def _messages(update: Update, rows: Iterable[inbox.Kept]) -> dict[int, Update]:
    """The album's messages by their numbers, each as it was last edited."""
    read_rows = (read(payload) for _, payload in rows)
    ours = {one.message_id: one for one in read_rows if (one.chat_id, one.album) == (update.chat_id, update.album)}
    return dict(sorted(ours.items()))


def _with(update: Update, messages: dict[int, Update]) -> Update:
    messages = dict(sorted(({update.message_id: update} | messages).items()))
    keys = tuple(one.source_key for one in messages.values())
    return replace(update, text=_words(messages.values()), album_keys=keys)


def _words(messages: Iterable[Update]) -> str:
    return "\n\n".join(dict.fromkeys(one.text.strip() for one in messages if one.text.strip()))
