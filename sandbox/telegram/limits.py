"""Telegram's sending limits, measured and, on request, enforced.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.telegram.errors import ApiError

_TOLERANCE = 0.05
DRAFTS = "sendMessageDraft"
LIMITED = frozenset(
    {
        "sendMessage",
        "sendDocument",
        "sendPhoto",
        "sendVoice",
        "sendAudio",
        "sendMediaGroup",
        "forwardMessage",
        "copyMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
        "editMessageMedia",
    }
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a bot may send. Without `enforce` a violation is recorded but served.

    In one chat a `burst` may come at once, as Telegram bears for a short time; then the pace holds again. Drafts have
    the same pace of their own: how many are too many is documented nowhere.

    A group's messages count towards `per_group_per_minute` besides the limits that hold for every chat.
    """

    per_chat_per_second: float = 1.0
    overall_per_second: float = 30.0
    per_group_per_minute: int = 20
    burst: int = 1
    enforce: bool = True


@dataclass(frozen=True, slots=True)
class LimitViolation:
    """A send or edit beyond a limit; `time` in seconds of the gate's clock, `retry_after` in whole seconds."""

    chat: str
    method: str
    time: float
    retry_after: int


@dataclass(slots=True)
class _Pace:
    free_at: float = -math.inf
    refused_until: float = -math.inf
    minute: deque[float] = field(default_factory=deque)


class SendingGate:
    """Applies `Limits` to the calls of one bot; with None everything passes."""

    def __init__(self, limits: Limits | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.violations: list[LimitViolation] = []
        self._limits = limits
        self._clock = clock
        self._paces: dict[str, _Pace] = {}
        self._second: deque[float] = deque()

    def check(self, chat: str, method: str) -> None:
        """Raise ApiError 429 with `retry_after` (s) when this call is beyond a limit and limits are enforced."""
        if self._limits is None or method not in LIMITED | {DRAFTS}:
            return
        now = self._clock()
        pace = self._pace(chat, method)
        wait = max(self._chat_wait(pace, now, self._limits), self._overall_wait(now, self._limits))
        if method == DRAFTS:
            wait = self._chat_wait(pace, now, self._limits)
        elif chat.startswith("-"):
            wait = max(wait, self._group_wait(pace, now, self._limits))
        if wait <= 0:
            return
        retry_after = max(1, math.ceil(wait))
        self.violations.append(LimitViolation(chat, method, now, retry_after))
        if self._limits.enforce:
            pace.refused_until = max(pace.refused_until, now + retry_after)
            raise ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)

    def count(self, chat: str, method: str, messages: int) -> None:
        """Record that a call was served which put this many messages into the chat."""
        if self._limits is None or method not in LIMITED | {DRAFTS}:
            return
        now = self._clock()
        pace = self._pace(chat, method)
        gap = 1 / self._limits.per_chat_per_second
        pace.free_at = max(pace.free_at, now - gap * (self._limits.burst - 1)) + gap
        if method == DRAFTS:
            return
        self._second.extend([now] * messages)
        if chat.startswith("-"):
            pace.minute.extend([now] * messages)

    def _pace(self, chat: str, method: str) -> _Pace:
        return self._paces.setdefault(f"draft:{chat}" if method == DRAFTS else chat, _Pace())

    def _chat_wait(self, pace: _Pace, now: float, limits: Limits) -> float:
        if now < pace.refused_until:
            return pace.refused_until - now
        return pace.free_at - _TOLERANCE / limits.per_chat_per_second - now

    def _overall_wait(self, now: float, limits: Limits) -> float:
        return _window_wait(self._second, now, 1.0, limits.overall_per_second)

    def _group_wait(self, pace: _Pace, now: float, limits: Limits) -> float:
        return _window_wait(pace.minute, now, 60.0, limits.per_group_per_minute)


def _window_wait(times: deque[float], now: float, seconds: float, allowed: float) -> float:
    start = now - seconds * (1 - _TOLERANCE)
    while times and times[0] <= start:
        times.popleft()
    return times[0] - start if len(times) >= allowed else 0.0
