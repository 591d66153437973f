"""Google Drive: https://developers.google.com/workspace/drive/api/reference/rest/v3

With the scope drive.file, which shows us what we made ourselves and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.adapters.google.access import TIMEOUT, GoogleAccess, body_of
from bot.drive.model import Account, New, Seen
from bot.drive.ports import Full, Gone, Taken
from bot.google.model import DRIVE_SCOPE as SCOPE
from bot.google.ports import ConsentEnded
from bot.kernel.errors import ProviderError

PROVIDER = "Google Drive"
FOLDER = "application/vnd.google-apps.folder"
MARK = "echopilot"
PIECE = 32 * 256 * 1024  # pieces are multiples of 256 KiB
TRIES = 3  # of one upload before it waits for its next turn
PASSING = {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "sharingRateLimitExceeded",
           "backendError", "internalError"}  # fmt: skip
NO_ROOM = {"storageQuotaExceeded", "quotaExceeded", "teamDriveFileLimitExceeded"}
# Nothing goes there until a person sees to the project or the consent.
OF_THE_ACCOUNT = {"insufficientPermissions", "accessNotConfigured", "SERVICE_DISABLED", "domainPolicy", "authError"}
NO_SHARING = {"publishOutNotPermitted", "sharingNotPermitted", "cannotShareOutsideDomain"}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    said: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def fine(self) -> bool:
        return self.status < 300


@dataclass
class GoogleDrive:
    """See `bot.drive.ports.Drive`. piece: how much is sent at once.

    What was begun and not ended is known in memory: a next try goes on where it stands, and where it is forgotten, an
    upload is begun anew.
    """

    access: GoogleAccess
    url: str
    piece: int = PIECE
    _begun: dict[str, str] = field(default_factory=dict)

    async def account(self) -> Account:
        said = await self._ask("GET", "/drive/v3/about", {"fields": "user(emailAddress),storageQuota(limit,usage)"})
        if self.access.scopes and SCOPE not in self.access.scopes:
            raise ConsentEnded(PROVIDER, f"the consent does not cover files ({SCOPE}); give it anew")
        quota = said.get("storageQuota", {})
        limit = quota.get("limit")
        mail = str(said.get("user", {}).get("emailAddress", ""))
        return Account(mail, None if limit is None else int(limit), int(quota.get("usage", 0)))

    async def new_id(self) -> str:
        said = await self._ask("GET", "/drive/v3/files/generateIds", {"count": "1", "space": "drive"})
        ids = said.get("ids")
        if not isinstance(ids, list) or not ids:
            raise ProviderError(PROVIDER, "gave no id", unknown=True)
        return str(ids[0])

    async def find(self, mark: str) -> str | None:
        query = f"appProperties has {{ key='{MARK}' and value='{mark}' }} and trashed = false"
        said = await self._ask("GET", "/drive/v3/files", {"q": query, "fields": "files(id)", "spaces": "drive"})
        return next((str(one["id"]) for one in said.get("files", ())), None)

    async def see(self, file_id: str) -> Seen | None:
        try:
            said = await self._ask("GET", f"/drive/v3/files/{file_id}", {"fields": "id,trashed"})
        except Gone:
            return None
        return Seen(bool(said.get("trashed")))

    async def make_folder(self, new: New) -> None:
        await self._ask("POST", "/drive/v3/files", {"fields": "id"}, _metadata(new, FOLDER))

    async def upload(self, new: New, kind: str, data: bytes) -> None:
        for left in reversed(range(TRIES)):
            try:
                await self._upload(new, kind, data)
            except ProviderError as error:
                if not error.unknown or not left:
                    raise
            else:
                return

    async def share(self, file_id: str) -> None:
        anyone = {"type": "anyone", "role": "reader"}
        await self._ask("POST", f"/drive/v3/files/{file_id}/permissions", {"fields": "id"}, anyone)

    async def hide(self, folder_id: str, name: str) -> None:
        try:
            await self._ask("PATCH", f"/drive/v3/files/{folder_id}", {"fields": "id"}, {"name": name, "trashed": True})
        except Gone:
            return

    async def delete(self, file_id: str) -> None:
        self._begun.pop(file_id, None)
        try:
            await self._ask("DELETE", f"/drive/v3/files/{file_id}", {})
        except Gone:
            return

    async def _upload(self, new: New, kind: str, data: bytes) -> None:
        """https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable"""
        where = self._begun.get(new.id)
        answer = await self._put(where, f"bytes */{len(data)}") if where is not None else None
        if where is None or answer is None or answer.status in {400, 404, 410}:  # it lives for a week at most
            where, answer = await self._begin(new, kind, len(data)), None
        sent = 0
        while answer is None or not answer.fine:
            if answer is not None and answer.status != 308:
                raise self._refused(answer)
            first = _received(answer)
            if first < sent:
                raise ProviderError(PROVIDER, "takes no more of an upload", unknown=True)
            piece = data[first : first + self.piece]
            sent = first + max(1, len(piece))
            part = f"{first}-{first + len(piece) - 1}" if piece else "*"
            answer = await self._put(where, f"bytes {part}/{len(data)}", piece)
        self._begun.pop(new.id, None)

    async def _begin(self, new: New, kind: str, size: int) -> str:
        asked = {"X-Upload-Content-Type": kind, "X-Upload-Content-Length": str(size)}
        options = {"uploadType": "resumable", "fields": "id"}
        answer = await self._call("POST", "/upload/drive/v3/files", options, json=_metadata(new, kind), headers=asked)
        if not answer.fine:
            raise self._refused(answer)
        self._begun[new.id] = where = answer.headers.get("Location", "")
        if not where:
            raise ProviderError(PROVIDER, "says nowhere to upload to", unknown=True)
        return where

    async def _put(self, where: str, content_range: str, piece: bytes = b"") -> _Answer:
        """Where an upload stands, or a piece of it. A fault in passing is raised, anything else is an answer."""
        answer = await self._call("PUT", where, {}, data=piece, headers={"Content-Range": content_range})
        if answer.status == 429 or answer.status >= 500:
            raise self._refused(answer)
        return answer

    async def _ask(self, verb: str, path: str, options: Mapping[str, str], body: Any = None) -> Mapping[str, Any]:
        answer = await self._call(verb, path, options, json=body)
        if not answer.fine:
            raise self._refused(answer)
        return answer.said

    async def _call(
        self, verb: str, path: str, options: Mapping[str, str], *, headers: Mapping[str, str] | None = None, **body: Any
    ) -> _Answer:
        """The answer; an access that Google ended early is asked for anew, once."""
        more = dict(headers or {})
        answer = await self._once(verb, path, options, {**more, **await self.access.headers()}, body)
        if answer.status == 401:
            answer = await self._once(verb, path, options, {**more, **await self.access.headers(anew=True)}, body)
        return answer

    async def _once(
        self, verb: str, path: str, options: Mapping[str, str], headers: Mapping[str, str], body: Mapping[str, Any]
    ) -> _Answer:
        where = path if path.startswith("http") else f"{self.url.rstrip('/')}{path}"
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.request(
                    verb, where, params=dict(options), headers=headers, allow_redirects=False, **body
                ) as answer,
            ):
                return _Answer(answer.status, await body_of(answer), dict(answer.headers))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ProviderError(PROVIDER, f"no answer ({type(error).__name__})", unknown=True) from None

    def _refused(self, answer: _Answer) -> ProviderError:
        """What the refusal means: https://developers.google.com/workspace/drive/api/guides/handle-errors"""
        found = answer.said.get("error")
        error: Mapping[str, Any] = found if isinstance(found, dict) else {}
        listed = [one for key in ("errors", "details") for one in error.get(key, ()) if isinstance(one, dict)]
        reasons, status = {str(one.get("reason")) for one in listed}, answer.status
        words = f"{status} {error.get('message', 'refused')}"
        wait = answer.headers.get("Retry-After", "")
        if status == 429 or status >= 500 or reasons & PASSING:
            seconds = float(wait) if wait.isdecimal() else None
            return ProviderError(PROVIDER, words, retry_after=seconds, unknown=status >= 500)
        if reasons & NO_ROOM:
            return Full(PROVIDER, words)
        if status == 404:
            return Gone(PROVIDER, words)
        if status == 409:
            return Taken(PROVIDER, words)
        if reasons & NO_SHARING:
            return ProviderError(
                PROVIDER, f"{words} Set GOOGLE_DRIVE_SHARING=nobody, or allow it there", permanent=True
            )
        if status == 401 or (
            status == 403 and (reasons & OF_THE_ACCOUNT or error.get("status") == "PERMISSION_DENIED")
        ):
            hint = "see that the consent covers files, and that Google Drive's API is on"
            return ConsentEnded(PROVIDER, f"{words}; {hint}")
        return ProviderError(PROVIDER, words, permanent=True)


def _metadata(new: New, kind: str) -> dict[str, Any]:
    parents = {"parents": [new.parent]} if new.parent else {}
    return {"id": new.id, "name": new.name, "mimeType": kind, "appProperties": {MARK: new.mark}, **parents}


def _received(answer: _Answer | None) -> int:
    """How many bytes of an upload Drive has."""
    known = "" if answer is None else answer.headers.get("Range", "")
    return int(known.rpartition("-")[2]) + 1 if known else 0
