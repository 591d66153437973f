"""A person's data as a file: what the rows say as JSON, and what they sent."""

import asyncio
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from bot.kernel.errors import EchoPilotError
from bot.messages.ports import Files

MOST_BYTES = 20_000_000  # of files: a chat takes no more than 50 MB, and they may not shrink
AT_ONCE = 4
WITHIN_SECONDS = 20.0
AS_TEXT = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS  # names of columns are strings of a kind of their own
_PLAIN = re.compile(r"[^\w.() -]")


async def packed(sections: Mapping[str, Sequence[Mapping[str, Any]]], files: Files, now: datetime) -> bytes:
    """The zip. What was too large, or could not be had in time, is named in it."""
    chosen, left = _chosen(sections["files"])
    had = await _had(chosen, files)
    lacking = [*left, *(one["name"] for one in chosen if one["id"] not in had)]
    return await asyncio.to_thread(_zipped, sections, had, lacking, now)


def _chosen(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[str]]:
    """Those that fit, the newest first, and the names of the others."""
    room, chosen, left = MOST_BYTES, [], []
    for row in sorted(rows, key=lambda one: -int(one["id"])):
        if row["size"] <= room:
            room -= row["size"]
            chosen.append(row)
        else:
            left.append(str(row["name"]))
    return chosen, left


async def _had(rows: Sequence[Mapping[str, Any]], files: Files) -> dict[int, bytes]:
    """The files by the number of their row, as far as they come in time."""
    had: dict[int, bytes] = {}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(row: Mapping[str, Any]) -> None:
        async with gate:
            try:
                had[row["id"]] = await files.download(row["file_id"])
            except EchoPilotError:
                return

    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            await asyncio.gather(*(one(row) for row in rows))
    except TimeoutError:
        pass
    return had


def _zipped(
    sections: Mapping[str, Sequence[Mapping[str, Any]]], had: Mapping[int, bytes], lacking: Sequence[str], now: datetime
) -> bytes:
    names = {row["id"]: f"files/{row['id']}-{_PLAIN.sub('_', str(row['name']))[-80:]}" for row in sections["files"]}
    rows = {name: [*map(dict, found)] for name, found in sections.items()}
    for row in rows["files"]:
        row["in_this_zip"] = names[row["id"]] if row["id"] in had else None
        del row["file_id"]
    said = {"made_at": now, "files_left_out": lacking, **rows}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", orjson.dumps(said, default=str, option=AS_TEXT))
        for number, data in had.items():
            archive.writestr(names[number], data)
    return out.getvalue()
