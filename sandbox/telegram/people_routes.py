"""The people's side over HTTP, for a chat page: JSON and Server-Sent Events, open to whoever can connect."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.telegram.errors import ApiError
from sandbox.telegram.methods.commands import visible_commands
from sandbox.telegram.params import Params, read_params
from sandbox.telegram.people import Person
from sandbox.telegram.rendering import safe_html
from sandbox.telegram.state import Chat, ChatEvent, Json, Message, World

_PING_SECONDS = 15.0
_STREAMED = {
    "new": "message",
    "file": "message",
    "edit": "message",
    "delete": "deleted",
    "action": "action",
    "toast": "toast",
    "draft": "draft",
    "commands": "commands",
    "reaction": "reaction",
}

_ENDED = b"event: ended\ndata: {}\n\n"

Stream = asyncio.Queue[bytes | None]


class Town(Protocol):
    """Who lives here."""

    @property
    def world(self) -> World: ...

    @property
    def people(self) -> Mapping[int, Person]: ...

    def person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        id: int | None = None,  # noqa: A002
        language_code: str | None = None,
    ) -> Person: ...


class PeopleRoutes:
    """Handlers below `people` and `bot`. A View is Telegram's Message plus `html`, `mine` and `edited`."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._world = town.world
        self._streams: dict[int, set[Stream]] = {}
        self._world.on_change.append(self._spread)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/bot", _telling(self._bot)),
            web.get("/people", _telling(self._everyone)),
            web.post("/people", _telling(self._arrive)),
            web.get(r"/people/{id:\d+}/messages", _telling(self._messages)),
            web.post(r"/people/{id:\d+}/messages", _telling(self._write)),
            web.post(r"/people/{id:\d+}/messages/{message_id:\d+}", _telling(self._edit)),
            web.post(r"/people/{id:\d+}/taps", _telling(self._tap)),
            web.post(r"/people/{id:\d+}/{what:block|unblock}", _telling(self._block)),
            web.get(r"/people/{id:\d+}/commands", _telling(self._commands)),
            web.get(r"/people/{id:\d+}/files/{file_id}", _telling(self._file)),
            web.get(r"/people/{id:\d+}/stream", _telling(self._stream)),
        ]

    def close(self) -> None:
        """End every stream, with a last word: whoever listens knows that it is no fault of the line."""
        for streams in self._streams.values():
            for stream in streams:
                stream.put_nowait(_ENDED)
                stream.put_nowait(None)

    async def _bot(self, _: web.Request) -> web.Response:
        return _json({"username": self._world.bot.username, "first_name": self._world.bot.first_name})

    async def _everyone(self, _: web.Request) -> web.Response:
        return _json({"people": [person.account.user() for person in self._town.people.values()]})

    async def _arrive(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        if not params.text("first_name"):
            raise _refused(400, "first_name is missing")
        person = self._town.person(
            params.text("first_name"),
            last_name=params.text("last_name") or None,
            username=params.text("username") or None,
            id=params.integer("id") or None,
            language_code=params.text("language_code") or None,
        )
        return _json(person.account.user())

    async def _messages(self, request: web.Request) -> web.Response:
        person = self._person(request)
        chat = self._chat(person, await read_params(request))
        return _json({"messages": [view(message, person.id) for message in chat.messages.values()]})

    async def _write(self, request: web.Request) -> web.Response:
        person, params = self._person(request), await read_params(request)
        chat = self._chat(person, params)
        upload = params.uploads.get("file")
        answered = chat.messages.get(params.integer("reply_to_message_id"))
        thread = params.integer("message_thread_id") or None
        try:
            if upload is not None:
                caption = params.text("caption") or None
                message = person.app.send_file(_kind(params), upload, caption, chat, reply_to=answered)
            elif words := params.text("voice"):
                message = person.app.speak(words, chat, answered)
            else:
                message = person.app.write(params.text("text"), chat, answered, thread)
        except ValueError as error:
            raise _refused(409, str(error)) from None
        return _json(view(message, person.id))

    async def _edit(self, request: web.Request) -> web.Response:
        person, params = self._person(request), await read_params(request)
        message = self._chat(person, params).messages.get(int(request.match_info["message_id"]))
        if message is None:
            raise _refused(404, "no such message")
        try:
            changed = person.app.edit(message, params.text("text"))
        except ValueError as error:
            raise _refused(409, str(error)) from None
        return _json(view(changed, person.id))

    async def _tap(self, request: web.Request) -> web.Response:
        person, params = self._person(request), await read_params(request)
        message = self._chat(person, params).messages.get(params.integer("message_id"))
        if message is None or not params.text("data"):
            raise _refused(400, "message_id or data is missing or unknown")
        person.app.tap(message, params.text("data"), params.text("data"))
        return _json({"ok": True})

    async def _block(self, request: web.Request) -> web.Response:
        self._person(request).app.set_blocked(request.match_info["what"] == "block")
        return _json({"ok": True})

    async def _commands(self, request: web.Request) -> web.Response:
        person = self._person(request)
        chat = self._chat(person, await read_params(request))
        return _json({"commands": visible_commands(self._world, chat, person.account)})

    async def _file(self, request: web.Request) -> web.Response:
        self._person(request)
        stored = self._world.files.get(request.match_info["file_id"])
        if stored is None:
            raise _refused(404, "no such file")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}",
            "Content-Type": stored.mime_type,
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=stored.data, headers=headers)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        stream: Stream = asyncio.Queue()
        self._streams.setdefault(person.id, set()).add(stream)
        try:
            await answer.prepare(request)
            await answer.write(b": open\n\n")
            while (chunk := await _next(stream)) is not None:
                await answer.write(chunk)
            await answer.write_eof()
        except ConnectionResetError:
            pass
        finally:
            self._streams[person.id].discard(stream)
        return answer

    def _spread(self, event: ChatEvent) -> None:
        name = _STREAMED.get(event.kind)
        if name is None:
            return
        for number in event.audience:
            streams = self._streams.get(number)
            if streams:
                data = orjson.dumps(self._streamed(event, number))
                for stream in streams:
                    stream.put_nowait(b"id: %d\nevent: %s\ndata: %s\n\n" % (event.seq, name.encode(), data))

    def _streamed(self, event: ChatEvent, viewer: int) -> Json:
        if event.message is not None and event.kind in {"new", "file", "edit"}:
            return view(event.message, viewer)
        if event.kind == "commands":
            person = self._town.people[viewer]
            chat = self._world.chats[event.chat_id]
            return {"chat_id": chat.id, "commands": visible_commands(self._world, chat, person.account)}
        number = {} if event.message is None else {"message_id": event.message.id}
        return {"chat_id": event.chat_id, **number, **event.detail}

    def _person(self, request: web.Request) -> Person:
        person = self._town.people.get(int(request.match_info["id"]))
        if person is None:
            raise _refused(404, "no such person")
        return person

    def _chat(self, person: Person, params: Params) -> Chat:
        chat = self._world.chats.get(params.integer("chat_id", person.chat_id))
        if chat is None or person.id not in chat.members:
            raise _refused(404, "no such chat")
        return chat


def view(message: Message, viewer: int) -> Json:
    """A message as a chat page shows it to this person; `keyboard` is its reply keyboard, if any."""
    keyboard = {} if message.keyboard is None else {"keyboard": message.keyboard}
    return {
        **message.body,
        **keyboard,
        "html": safe_html(message.text, message.entities),
        "mine": message.sender_id == viewer,
        "edited": message.edited,
    }


async def _next(stream: Stream) -> bytes | None:
    try:
        async with asyncio.timeout(_PING_SECONDS):
            return await stream.get()
    except TimeoutError:
        return b": ping\n\n"


def _telling(handler: Handler) -> Handler:
    """The handler with the stand-in's refusals as JSON answers."""

    async def telling(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            raise _refused(error.code, error.description) from None

    return telling


def _kind(params: Params) -> str:
    content_type = params.uploads["file"].content_type
    if content_type.startswith("audio/ogg"):
        return "voice"
    return "audio" if content_type.startswith("audio/") else "document"


def _json(data: Any) -> web.Response:
    return web.Response(body=orjson.dumps(data), content_type="application/json")


def _refused(status: int, reason: str) -> web.HTTPException:
    kinds = {404: web.HTTPNotFound, 409: web.HTTPConflict}
    body = orjson.dumps({"error": reason}).decode()
    return kinds.get(status, web.HTTPBadRequest)(text=body, content_type="application/json")
