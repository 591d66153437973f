"""Telegram's sending limits, as the real SDK meets them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from sandbox.telegram.errors import ApiError
from sandbox.telegram.limits import Limits, SendingGate
from sandbox.telegram.server import TelegramStandIn
from tests.contract.telegram_desk import open_desk


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def send(gate: SendingGate, chat: str = "1", method: str = "sendMessage") -> int:
    """The `retry_after` of a call, 0 when it is served."""
    try:
        gate.check(chat, method)
    except ApiError as refused:
        return refused.parameters["retry_after"]
    gate.count(chat, method, 1)
    return 0


async def test_the_sdk_is_told_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second send or edit within the second is 429 with `retry_after`, does nothing, and is recorded."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with open_desk(TelegramStandIn(Limits())) as desk:
        sent = await desk.bot.send_message(desk.alice.id, "one")
        with pytest.raises(RetryAfter) as refused:
            await desk.bot.send_message(desk.alice.id, "two")
        assert refused.value.retry_after == timedelta(seconds=1)
        with pytest.raises(RetryAfter):
            await sent.edit_text("two")
        await desk.bot.send_chat_action(desk.alice.id, "typing")
        assert desk.alice.last.text == "one"
        assert [violation.method for violation in desk.stand_in.limit_violations] == ["sendMessage", "editMessageText"]


async def test_a_refused_text_takes_no_slot() -> None:
    """A call that Telegram refuses for another reason does not count as sent."""
    async with open_desk(TelegramStandIn(Limits())) as desk:
        with pytest.raises(Exception, match=r"(?i)can't parse entities"):
            await desk.bot.send_message(desk.alice.id, "<b>", "HTML")
        await desk.bot.send_message(desk.alice.id, "<b>")
        assert desk.stand_in.limit_violations == []


def test_a_chat_has_one_message_a_second(clock: Clock) -> None:
    """With 5 % of tolerance; another chat is not affected."""
    gate = SendingGate(Limits(), clock)
    assert [send(gate), send(gate, "2")] == [0, 0]
    clock.now += 0.96
    assert send(gate) == 0
    clock.now += 0.9
    assert send(gate) == 1


def test_sending_on_during_retry_after_is_a_violation(clock: Clock) -> None:
    """Until `retry_after` has run, every further send is refused and recorded."""
    gate = SendingGate(Limits(), clock)
    assert [send(gate), send(gate)] == [0, 1]
    clock.now += 0.99
    assert send(gate) == 1
    clock.now += 1.0
    assert send(gate) == 0
    assert len(gate.violations) == 2


def test_a_group_has_twenty_messages_a_minute(clock: Clock) -> None:
    """The 21st message within the minute waits for the first to leave the window."""
    gate = SendingGate(Limits(), clock)
    for _ in range(20):
        assert send(gate, "-100") == 0
        clock.now += 1
    assert send(gate, "-100") == 37
    clock.now += 37
    assert send(gate, "-100") == 0


def test_the_bot_has_thirty_messages_a_second(clock: Clock) -> None:
    """Over all chats together."""
    gate = SendingGate(Limits(), clock)
    answers: Iterator[int] = (send(gate, str(chat)) for chat in range(1, 32))
    assert list(answers) == [0] * 30 + [1]


def test_without_enforcement_violations_are_only_recorded(clock: Clock) -> None:
    """`enforce=False` measures and serves."""
    gate = SendingGate(Limits(enforce=False), clock)
    assert [send(gate), send(gate)] == [0, 0]
    assert [(violation.chat, violation.time) for violation in gate.violations] == [("1", 1000.0)]
