"""Google Drive as far as files are kept in it: https://developers.google.com/workspace/drive/api/reference/rest/v3

One account's Drive, of which an app with the scope drive.file sees what it made itself. It refuses what Google
refuses: an access that is over or covers something else, ids that it did not give out or that are taken, folders that
are gone, pieces of no whole 256 KiB, more than there is room for, sharing that the organisation forbids, too much at
once.
"""

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.google.consent import GoogleConsent, api_error

SCOPE = "https://www.googleapis.com/auth/drive.file"
FOLDER = "application/vnd.google-apps.folder"
PIECE = 256 * 1024
ROOM = 15_000_000_000
LONGEST_PROPERTY = 124  # bytes of key and value together
_HAS = re.compile(r"appProperties has \{ key='([^']*)' and value='([^']*)' \} and trashed = false")
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


@dataclass
class DriveFile:
    """A file or a folder. shared: whether everybody with its link may read it."""

    id: str
    name: str
    kind: str
    parent: str
    properties: Mapping[str, str]
    data: bytes = b""
    trashed: bool = False
    shared: bool = False

    @property
    def is_folder(self) -> bool:
        return self.kind == FOLDER


@dataclass
class _Session:
    made: DriveFile
    size: int
    received: bytearray = field(default_factory=bytearray)


class DriveStandIn(GoogleConsent):
    """The stand-in below `/drive`. limit: bytes of room, 0 as a service account has; forbids: of link sharing."""

    name = "drive"

    def __init__(self, account: str = "studio@example.org") -> None:
        super().__init__(SCOPE)
        self.account = account
        self.url = ""
        self.limit, self.others = ROOM, 0
        self.forbids_sharing = False
        self.busy = False
        self.faults = Faults()
        self.files: dict[str, DriveFile] = {}
        self.calls: list[str] = []
        self._given_out: set[str] = set()
        self._gone: set[str] = set()  # ids of what was deleted for good
        self._sessions: dict[str, _Session] = {}
        self._arrival = asyncio.Condition()

    @property
    def used(self) -> int:
        """Bytes that are taken: by what is in the trash too, and by the owner's own files."""
        return self.others + sum(len(one.data) for one in self.files.values())

    @property
    def documents(self) -> list[DriveFile]:
        """Files that are no folders, and not in the trash."""
        return [one for one in self.files.values() if not one.is_folder and not self.is_trashed(one)]

    def folder(self, name: str) -> DriveFile:
        """The one folder of that name that is not in the trash."""
        (found,) = (one for one in self.files.values() if one.is_folder and one.name == name and not one.trashed)
        return found

    def is_trashed(self, one: DriveFile) -> bool:
        """Whether it or a folder around it is in the trash."""
        parent = self.files.get(one.parent)
        return one.trashed or (parent is not None and self.is_trashed(parent))

    def path(self, one: DriveFile) -> str:
        """Its name behind those of the folders around it."""
        parent = self.files.get(one.parent)
        return one.name if parent is None else f"{self.path(parent)}/{one.name}"

    def fill(self) -> None:
        """Leave no room, as its owner's own files do."""
        self.others = self.limit - self.used

    def trash(self, one: DriveFile) -> None:
        """Move it to the trash, as a person does."""
        one.trashed = True

    def delete(self, one: DriveFile) -> None:
        """Delete it for good, with all that is in it; its id is never free again."""
        for inner in [other for other in self.files.values() if other.parent == one.id]:
            self.delete(inner)
        self.files.pop(one.id, None)
        self._gone.add(one.id)

    def forget_sessions(self) -> None:
        """End every upload that was begun, as a week does."""
        self._sessions.clear()

    async def received(self, count: int) -> list[DriveFile]:
        """Wait until there are so many files."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.documents) >= count)
        return self.documents

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.faults.middleware, self._checked])
        routes = application.router
        routes.add_get("/auth", self.authorise)
        routes.add_post("/token", self.token)
        routes.add_get("/drive/v3/about", self._about)
        routes.add_get("/drive/v3/files/generateIds", self._generate)
        routes.add_get("/drive/v3/files", self._list)
        routes.add_post("/drive/v3/files", self._create)
        routes.add_get("/drive/v3/files/{id}", self._get)
        routes.add_patch("/drive/v3/files/{id}", self._change)
        routes.add_delete("/drive/v3/files/{id}", self._delete)
        routes.add_post("/drive/v3/files/{id}/permissions", self._share)
        routes.add_post("/upload/drive/v3/files", self._begin)
        routes.add_put("/upload/drive/v3/files", self._piece)
        return application

    async def close(self) -> None:
        """Nothing runs by itself here."""

    @web.middleware
    async def _checked(self, request: web.Request, handler: Any) -> web.StreamResponse:
        where = request.path.partition("/drive")[2]
        if where.startswith(("/token", "/auth")):
            return await handler(request)  # type: ignore[no-any-return]
        self.calls.append(f"{request.method} {where}")
        if not self.takes(request):
            return api_error(401, "Request had invalid authentication credentials.", "authError", "UNAUTHENTICATED")
        if SCOPE not in self.scope.split():
            words = "Request had insufficient authentication scopes."
            return api_error(403, words, "insufficientPermissions", "PERMISSION_DENIED")
        if self.busy:
            return api_error(403, "User Rate Limit Exceeded", "userRateLimitExceeded")
        return await handler(request)  # type: ignore[no-any-return]

    async def _about(self, request: web.Request) -> web.Response:
        if "fields" not in request.query:
            return api_error(400, "The 'fields' parameter is required for this method.", "required")
        quota = {"limit": str(self.limit), "usage": str(self.used)}
        return web.json_response({"user": {"emailAddress": self.account}, "storageQuota": quota})

    async def _generate(self, request: web.Request) -> web.Response:
        count = int(request.query.get("count", 10))
        if not 1 <= count <= 1000:
            return api_error(400, "Invalid value for count", "invalidParameter")
        ids = [f"1{secrets.token_urlsafe(24)}" for _ in range(count)]
        self._given_out |= set(ids)
        return web.json_response({"kind": "drive#generatedIds", "space": "drive", "ids": ids})

    async def _list(self, request: web.Request) -> web.Response:
        asked = _HAS.fullmatch(request.query.get("q", ""))
        if asked is None:
            return api_error(400, "Invalid Value", "invalid")
        key, value = asked.groups()
        found = [one for one in self.files.values() if one.properties.get(key) == value and not self.is_trashed(one)]
        return web.json_response({"files": [self._said(one) for one in found]})

    async def _create(self, request: web.Request) -> web.Response:
        made = self._new(await request.json())
        if isinstance(made, web.Response):
            return made
        self.files[made.id] = made
        return web.json_response(self._said(made))

    def _new(self, given: Mapping[str, Any]) -> DriveFile | web.Response:
        """What these metadata are to make, or why not."""
        number, parents = given.get("id", ""), given.get("parents", [])
        properties = given.get("appProperties", {})
        if any(len(f"{key}{value}".encode()) > LONGEST_PROPERTY for key, value in properties.items()):
            return api_error(403, "The maximum size of a property was exceeded", "propertyTooLarge")
        if number in self._given_out and (number in self.files or number in self._gone):
            return api_error(409, "A file already exists with the provided ID.", "fileIdInUse")
        if number and number not in self._given_out:
            return api_error(400, "The provided file ID is not usable.", "fileIdInvalid")
        for parent in parents:
            if parent not in self.files:
                return api_error(404, f"File not found: {parent}.", "notFound")
        number = number or secrets.token_urlsafe(24)
        kind = given.get("mimeType", "application/octet-stream")
        self._given_out.add(number)
        return DriveFile(number, given.get("name", "Untitled"), kind, (parents or ["root"])[0], properties)

    async def _get(self, request: web.Request) -> web.Response:
        one = self.files.get(request.match_info["id"])
        return self._not_found(request) if one is None else web.json_response(self._said(one))

    async def _change(self, request: web.Request) -> web.Response:
        one = self.files.get(request.match_info["id"])
        if one is None:
            return self._not_found(request)
        given = await request.json()
        one.name, one.trashed = given.get("name", one.name), given.get("trashed", one.trashed)
        return web.json_response(self._said(one))

    async def _delete(self, request: web.Request) -> web.Response:
        one = self.files.get(request.match_info["id"])
        if one is None:
            return self._not_found(request)
        self.delete(one)
        return web.Response(status=204)

    async def _share(self, request: web.Request) -> web.Response:
        one = self.files.get(request.match_info["id"])
        if one is None:
            return self._not_found(request)
        if await request.json() != {"type": "anyone", "role": "reader"}:
            return api_error(400, "The permission type field is required.", "required")
        if self.forbids_sharing:
            words = "The domain administrators have disabled publishing outside the domain."
            return api_error(403, words, "publishOutNotPermitted")
        one.shared = True
        return web.json_response({"kind": "drive#permission", "id": "anyoneWithLink", "type": "anyone"})

    async def _begin(self, request: web.Request) -> web.Response:
        if request.query.get("uploadType") != "resumable":
            return api_error(400, "Bad Request", "badRequest")
        made, size = self._new(await request.json()), int(request.headers["X-Upload-Content-Length"])
        if isinstance(made, web.Response):
            return made
        if self.used + size > self.limit:
            if not self.limit:
                words = "Service Accounts do not have storage quota. Leverage shared drives, or use OAuth delegation."
                return api_error(403, words, "storageQuotaExceeded")
            return api_error(403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded")
        upload = secrets.token_urlsafe(16)
        self._sessions[upload] = _Session(made, size)
        where = f"{self.url}/upload/drive/v3/files?uploadType=resumable&upload_id={upload}"
        return web.Response(headers={"Location": where})

    async def _piece(self, request: web.Request) -> web.Response:
        session = self._sessions.get(request.query.get("upload_id", ""))
        if session is None:
            return web.Response(status=404, text="Not Found")
        asked = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
        if asked is None or int(asked[3]) != session.size:
            return web.Response(status=400, text="Invalid Content-Range")
        data = await request.read()
        if asked[1] is not None:
            first, last = int(asked[1]), int(asked[2])
            if len(data) != last - first + 1 or first != len(session.received):
                return web.Response(status=400, text="Invalid range")
            if last + 1 < session.size and len(data) % PIECE:
                return web.Response(status=400, text="Pieces are multiples of 256 KiB")
            session.received += data
        if len(session.received) < session.size:
            known = {"Range": f"bytes=0-{len(session.received) - 1}"} if session.received else {}
            return web.Response(status=308, headers=known)
        return await self._kept(session)

    async def _kept(self, session: _Session) -> web.Response:
        """All of it came: from now on there is a file; asked again it says so again."""
        if session.made.id not in self.files:
            if session.made.id in self._gone:
                return api_error(409, "A file already exists with the provided ID.", "fileIdInUse")
            session.made.data = bytes(session.received)
            async with self._arrival:
                self.files[session.made.id] = session.made
                self._arrival.notify_all()
        return web.json_response(self._said(session.made))

    def _said(self, one: DriveFile) -> dict[str, Any]:
        return {"id": one.id, "name": one.name, "mimeType": one.kind, "trashed": self.is_trashed(one)}

    def _not_found(self, request: web.Request) -> web.Response:
        return api_error(404, f"File not found: {request.match_info['id']}.", "notFound")
