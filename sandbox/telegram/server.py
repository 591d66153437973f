"""The Telegram stand-in: a Bot API server, with people to talk to.

The unmodified `telegram.Bot` uses it with `base_url=f"{sandbox}/telegram/bot"` and
`base_file_url=f"{sandbox}/telegram/file/bot"`. Source: https://core.telegram.org/bots/api
"""

import inspect
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.faults import Faults
from sandbox.memory import Memory
from sandbox.telegram.app import App
from sandbox.telegram.errors import ApiError
from sandbox.telegram.limits import Limits, LimitViolation, SendingGate
from sandbox.telegram.methods import chats, commands, editing, files, profile, sending
from sandbox.telegram.params import Params, read_params
from sandbox.telegram.people import Person
from sandbox.telegram.people_routes import PeopleRoutes
from sandbox.telegram.state import Account, Chat, ChatEvent, Json, World
from sandbox.telegram.updates import Updates

_SUPERGROUP_BASE = -1_000_000_000_000
_MODULES = (sending, files, editing, chats, commands, profile)


class TelegramStandIn:
    """One bot, its token, and the people and groups that it knows.

    `calls` counts every bot call by method, `sent` those that were served. `on_call` observers get each call's method
    and decoded parameters before it is served; `on_change` observers get what people see happen.
    """

    name = "telegram"

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        token: str = "1234567890:AAHsandboxsandboxsandboxsandbox-1234",
        username: str = "echopilot_bot",
        first_name: str = "EchoPilot",
        reads_all_group_messages: bool = False,
        query_seconds: float = 30.0,
        webhook_retry: tuple[float, float] = (0.1, 5.0),
    ) -> None:
        bot = Account(int(token.partition(":")[0]), first_name, username=username, is_bot=True)
        self.token = token
        self.faults = Faults()
        self.world = World(bot, reads_all_group_messages=reads_all_group_messages, query_seconds=query_seconds)
        self.updates = Updates(*webhook_retry)
        self.people: dict[int, Person] = {}
        self.calls: Counter[str] = Counter()
        self.on_call: list[Callable[[str, Mapping[str, object]], None]] = []
        self._served: Counter[str] = Counter()
        self._gate = SendingGate(limits)
        self._routes = PeopleRoutes(self)
        self._methods = self._all_methods()

    @property
    def on_change(self) -> list[Callable[[ChatEvent], None]]:
        return self.world.on_change

    @property
    def limit_violations(self) -> list[LimitViolation]:
        return self._gate.violations

    def sent(self, method: str) -> int:
        """How many calls of this method were served with `ok`."""
        return self._served[method]

    def person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        id: int | None = None,  # noqa: A002
        language_code: str | None = None,
    ) -> Person:
        """A person with Telegram's app; the same id again is the same person. They have not written to the bot yet."""
        number = 7_000_000_000 + self.world.fresh_id() if id is None else id
        if number not in self.people:
            account = Account(number, first_name, last_name, username, language_code)
            statuses = {number: "member", self.world.bot.id: "member"}
            self.world.accounts[number] = account
            self.world.chats[number] = Chat(number, "private", person=account, members=statuses)
            self.people[number] = Person(self.world, account, App(self.world, self.updates, account))
        return self.people[number]

    def was_used(self, people: Iterable[Person], number: int = 100_000) -> None:
        """These people have written to the bot before; numbers of updates and messages go on from `number`."""
        self.world.number_from(number)
        self.updates.number_from(number)
        for person in people:
            person.account.started = True

    def memory(self) -> Memory:
        """All that it knows: people, chats, files, and updates that wait."""
        return {"world": self.world.memory(), "updates": self.updates.memory()}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew."""
        self.world.remember(memory["world"])
        self.updates.remember(memory["updates"])
        for account in self.world.accounts.values():
            if not account.is_bot:
                self.people[account.id] = Person(self.world, account, App(self.world, self.updates, account))

    def group(
        self,
        title: str,
        members: Iterable[Person],
        *,
        forum: bool = False,
        supergroup: bool = False,
        bot_admin: bool | None = None,
    ) -> Chat:
        """A group with the bot, created by the first member. In a forum the bot is an administrator by default."""
        statuses = {person.id: "member" if index else "creator" for index, person in enumerate(members)}
        statuses[self.world.bot.id] = "administrator" if (forum if bot_admin is None else bot_admin) else "member"
        if forum or supergroup:
            return self._add(Chat(self._supergroup_id(), "supergroup", title, is_forum=forum, members=statuses))
        return self._add(Chat(-self.world.fresh_id(), "group", title, members=statuses))

    def migrate(self, group: Chat) -> Chat:
        """Upgrade a group to a supergroup: its old id is refused with `migrate_to_chat_id` from now on.

        The bot hears that it joined the supergroup, and never that it left the group
        (https://github.com/tdlib/telegram-bot-api/issues/266).
        """
        upgraded = self._add(Chat(self._supergroup_id(), "supergroup", group.title, members=dict(group.members)))
        group.migrated_to = upgraded.id
        creator = self.world.accounts[next(iter(group.members))]
        for chat, content in (
            (group, {"migrate_to_chat_id": upgraded.id}),
            (upgraded, {"migrate_from_chat_id": group.id}),
        ):
            self.updates.push("message", self.world.post(chat, creator, content).body)
        joined = {"chat": upgraded.json(), "from": creator.user(), "date": int(time.time())}
        joined |= {"old_chat_member": chats.member(self.world.bot, "left")}
        self.updates.push("my_chat_member", joined | {"new_chat_member": chats.member(self.world.bot, "member")})
        return upgraded

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._faulty(self._bot_call))
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._faulty(self._download))
        app.add_routes(self._routes.routes())
        return app

    async def close(self) -> None:
        self._routes.close()
        await self.updates.close()

    def _faulty(self, handler: Handler) -> Handler:
        middleware = self.faults.middleware

        async def guarded(request: web.Request) -> web.StreamResponse:
            return await middleware(request, handler)

        return guarded

    async def _bot_call(self, request: web.Request) -> web.StreamResponse:
        try:
            result = await self._serve(request)
        except ApiError as error:
            answer: Json = {"ok": False, "error_code": error.code, "description": error.description}
            if error.parameters:
                answer["parameters"] = error.parameters
            return _json(answer, error.code)
        return _json({"ok": True, "result": result})

    async def _serve(self, request: web.Request) -> Any:
        self._authorize(request)
        name = request.match_info["method"]
        spelled = self._spelling.get(name.lower())
        if spelled is None:
            raise ApiError(404, "Not Found: method not found")
        params = await read_params(request)
        self.calls[spelled] += 1
        for observer in self.on_call:
            observer(spelled, params.decoded)
        chat = params.text("chat_id")
        self._gate.check(chat, spelled)
        result = self._methods[spelled](params)
        if inspect.isawaitable(result):
            result = await result
        self._gate.count(chat, spelled, files.message_count(spelled, params))
        self._served[spelled] += 1
        return result

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._authorize(request)
        except ApiError as error:
            return _json({"ok": False, "error_code": error.code, "description": error.description}, error.code)
        stored = self.world.paths.get(request.match_info["path"])
        if stored is None:
            return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _authorize(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token == self.token:
            return
        number, _, secret = token.partition(":")
        raise ApiError(401, "Unauthorized") if number.isdigit() and secret else ApiError(404, "Not Found")

    def _all_methods(self) -> dict[str, Callable[[Params], Awaitable[Any] | Any]]:
        found: dict[str, Callable[[Params], Awaitable[Any] | Any]] = {
            "getUpdates": self.updates.get_updates,
            "setWebhook": self.updates.set_webhook,
            "deleteWebhook": self.updates.delete_webhook,
            "getWebhookInfo": self.updates.webhook_info,
        }
        for module in _MODULES:
            found |= {name: partial(method, self.world) for name, method in module.METHODS.items()}
        self._spelling = {name.lower(): name for name in found}
        return found

    def _supergroup_id(self) -> int:
        return _SUPERGROUP_BASE - self.world.fresh_id()

    def _add(self, chat: Chat) -> Chat:
        self.world.chats[chat.id] = chat
        return chat


def _json(data: Json, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(data), status=status, content_type="application/json")
