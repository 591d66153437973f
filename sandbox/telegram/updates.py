"""Updates on their way to the bot: the queue, long polling, and the settings of the webhook.

Source: https://core.telegram.org/bots/api#getting-updates
"""

import asyncio
import ipaddress
import re
import time
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from sandbox.memory import Remembering
from sandbox.telegram.errors import ApiError, BadRequest
from sandbox.telegram.params import Params
from sandbox.telegram.state import Json
from sandbox.telegram.webhook import WebhookPusher

_LONGEST_POLL = 50
_KEPT_SECONDS = {"callback_query": 150.0}  # tdlib/telegram-bot-api, add_update: a tap is soon too old to be answered
_KEPT_OTHERWISE = 24 * 3600.0
_MOST_CONNECTIONS = 100
_CONNECTIONS = 40
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_PORTS = frozenset({None, 443, 80, 88, 8443})
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Updates(Remembering):
    """The updates of one bot, in order, until they are confirmed."""

    REMEMBERED = ("_pending", "_next_id")

    def __init__(self, first_retry: float = 0.1, longest_retry: float = 5.0) -> None:
        self._pending: deque[Json] = deque()
        self._until: dict[int, float] = {}
        self._passed = 0.0
        self._next_id = 1000
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[None] | None = None
        self._retry = (first_retry, longest_retry)
        self._webhook: WebhookPusher | None = None

    def push(self, kind: str, payload: Json) -> int | None:
        """Queue an update; returns its id, or None when the bot has not asked for updates of this kind."""
        if kind not in self._allowed if self._allowed is not None else kind in _ON_REQUEST:
            return None
        self._next_id += 1
        self._pending.append({"update_id": self._next_id, kind: payload})
        self._until[self._next_id] = self._now() + _KEPT_SECONDS.get(kind, _KEPT_OTHERWISE)
        self._announce()
        return self._next_id

    def number_from(self, number: int) -> None:
        """Number what comes after this number."""
        self._next_id = number

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew; what waits there waits for a day from now."""
        super().remember(memory)
        self._until = {update["update_id"]: self._now() + _KEPT_OTHERWISE for update in self._pending}

    @property
    def pending(self) -> int:
        self._forget_old()
        return len(self._pending)

    def let_pass(self, seconds: float) -> None:
        """Have so much time go by for the updates that wait: a tap is gone after 150 s, all else after a day."""
        self._passed += seconds
        self._forget_old()

    async def get_updates(self, params: Params) -> list[Json]:
        """Long polling; raises ApiError 409 while a webhook is set and when another poll takes over."""
        if self._webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._remember_allowed(params)
        self._confirm(params.integer("offset"))
        self._forget_old()
        self._end_poll()
        if not self._pending:
            await self._wait(min(max(params.integer("timeout"), 0), _LONGEST_POLL))
        limit = min(max(params.integer("limit", 100), 1), 100)
        return list(islice(self._pending, limit))

    async def set_webhook(self, params: Params) -> bool:
        url = params.text("url")
        if not url:
            return await self.delete_webhook(params)
        secret = params.text("secret_token")
        if not _acceptable(url):
            raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
        if urlsplit(url).scheme == "https":
            _check_reachable(url)
        if secret and not _SECRET.fullmatch(secret):
            raise BadRequest("secret token contains unallowed characters")
        await self._drop_webhook()
        self._remember_allowed(params)
        if params.flag("drop_pending_updates"):
            self._pending.clear()
        self._end_poll()
        at_once = min(max(params.integer("max_connections", _CONNECTIONS), 1), _MOST_CONNECTIONS)
        self._webhook = WebhookPusher(url, secret, self._pending, *self._retry, at_once=at_once)
        self._webhook.wake()
        return True

    async def delete_webhook(self, params: Params) -> bool:
        await self._drop_webhook()
        if params.flag("drop_pending_updates"):
            self._pending.clear()
        return True

    def webhook_info(self, _: Params) -> Json:
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._pending)}
        if self._webhook is not None:
            info |= {"url": self._webhook.url, "max_connections": self._webhook.at_once}
            if self._webhook.last_error is not None:
                info |= {
                    "last_error_date": int(self._webhook.last_error_at),
                    "last_error_message": self._webhook.last_error,
                }
        if self._allowed is not None:
            info["allowed_updates"] = sorted(self._allowed)
        return info

    async def close(self) -> None:
        """Stop pushing, and end a poll that waits."""
        await self._drop_webhook()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _now(self) -> float:
        return time.monotonic() + self._passed

    def _forget_old(self) -> None:
        now = self._now()
        fresh = [update for update in self._pending if self._until[update["update_id"]] > now]
        if len(fresh) < len(self._pending):
            self._pending.clear()
            self._pending.extend(fresh)
        self._until = {update["update_id"]: self._until[update["update_id"]] for update in fresh}

    def _announce(self) -> None:
        if self._webhook is not None:
            self._webhook.wake()
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _remember_allowed(self, params: Params) -> None:
        if "allowed_updates" in params:
            self._allowed = frozenset(map(str, params.array("allowed_updates"))) or None

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while offset > 0 and self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def _end_poll(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )

    async def _wait(self, seconds: int) -> None:
        if not seconds:
            return
        mine = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await mine
        except TimeoutError:
            pass
        finally:
            if self._poll is mine:
                self._poll = None

    async def _drop_webhook(self) -> None:
        if self._webhook is not None:
            await self._webhook.close()
            self._webhook = None


def _acceptable(url: str) -> bool:
    """HTTPS anywhere; plain HTTP to loopback only, as a local Bot API server allows."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http" or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def _check_reachable(url: str) -> None:
    parts = urlsplit(url)
    if parts.port not in _PORTS:
        raise BadRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    host = parts.hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if "." not in host:
            raise BadRequest("bad webhook: Failed to resolve host: Name or service not known") from None
        return
    if address.version == 6:
        raise BadRequest("bad webhook: IPv6-only addresses are not allowed")
    if not address.is_global:
        raise BadRequest(f"bad webhook: IP address {host} is reserved")
