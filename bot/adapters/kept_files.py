"""What people sent, kept where every host reads it: a bucket of any S3-compatible store, or a folder that they share.

The chat gives a file out by its id as long as the bot has its token; what was kept is there after that, and while the
chat is away. A store that fails costs nothing but that: the file comes from the chat, as without one.
https://developmentseed.org/obstore
"""

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.adapters.backups.places import Second, store_of
from bot.kernel.errors import ProviderError
from bot.kernel.probe import Finding
from bot.messages.ports import Files, Needed

log = structlog.get_logger(__name__)
NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")  # as Telegram's ids are, which name nothing outside of the place
ONLY_OURS = 0o700
TRIED = "try-out"
BATCH = 500


class KeptFiles:
    """See `Files` and `Store` of `bot.messages.ports`."""

    def __init__(self, chat: Files, place: Second) -> None:
        self._chat = chat
        self._place = place
        self._opened: Any = None

    async def download(self, file_id: str) -> bytes:
        """The file from where it is kept, else from the chat, and then it is kept."""
        if not NAME.fullmatch(file_id):
            return await self._chat.download(file_id)
        kept = await self._read(file_id)
        if kept is not None:
            return kept
        data = await self._chat.download(file_id)
        await self._keep(file_id, data)
        return data

    async def forget(self, file_ids: Collection[str]) -> None:
        import obstore

        try:
            for name in filter(NAME.fullmatch, file_ids):
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store(), name)
        except _faults() as error:
            raise ProviderError("The store of files", _reason(error)) from None

    async def sweep(self, needed: Needed, before: datetime) -> int:
        try:
            return await self._swept(needed, before)
        except _faults() as error:
            raise ProviderError("The store of files", _reason(error)) from None

    async def _swept(self, needed: Needed, before: datetime) -> int:
        import obstore

        gone = 0
        async for batch in obstore.list(self._store(), chunk_size=BATCH):
            old = [str(one["path"]) for one in batch if one["last_modified"] < before]
            for name in {*old} - {*await needed(old)} if old else ():
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store(), name)
                    gone += 1
        return gone

    async def probe(self) -> Finding:
        """Keep a few letters, and delete them."""
        import obstore

        try:
            await obstore.put_async(self._store(), TRIED, b"EchoPilot")
            await obstore.delete_async(self._store(), TRIED)
        except _faults() as error:
            return Finding("problem", f"{self._place.address}: {_reason(error)}. See FILES_PLACE.")
        return Finding("fine", f"what people send is kept at {self._place.address}")

    async def _read(self, name: str) -> bytes | None:
        import obstore

        try:
            answer = await obstore.get_async(self._store(), name)
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            return None
        except _faults() as error:
            log.warning("a kept file cannot be read; it comes from the chat", error=_reason(error))
            return None

    async def _keep(self, name: str, data: bytes) -> None:
        import obstore

        try:
            await obstore.put_async(self._store(), name, data)
        except _faults() as error:
            log.warning("a file cannot be kept; the chat has it", error=_reason(error))

    def _store(self) -> Any:
        if self._opened is None:
            if not self._place.address.startswith("s3://"):
                Path(self._place.address).mkdir(ONLY_OURS, parents=True, exist_ok=True)
            self._opened = store_of(self._place)
        return self._opened


def _faults() -> tuple[type[Exception], ...]:
    from obstore import exceptions

    return OSError, exceptions.BaseError


def _reason(error: BaseException) -> str:
    return " ".join(str(error).partition("Debug source")[0].split())[:200]
