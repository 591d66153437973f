"""Forums: what is asked in a topic is answered there, and what follows comes there too."""

from typing import Any

import pytest

from bot.kernel.card import Card
from sandbox.faults import Fault
from sandbox.telegram.methods.chats import close_forum_topic, delete_forum_topic
from sandbox.telegram.params import Params
from sandbox.telegram.state import Chat
from tests.house import BRIEF, House, number_in

pytestmark = pytest.mark.wire

TOPIC = 17


def forum(home: House) -> tuple[Chat, list[dict[str, Any]]]:
    """A forum with Bob and Alice, and what is sent there from now on."""
    group = home.telegram.group("Studio", [home.carol, home.bob, home.alice], forum=True)
    group.topics[TOPIC] = {"name": "Work", "closed": False}
    sent: list[dict[str, Any]] = []

    def watch(method: str, params: Any) -> None:
        if method.startswith("send") and str(params.get("chat_id")) == str(group.id):
            sent.append({"method": method, **params})

    home.telegram.on_call.append(watch)
    return group, sent


async def test_forum_topic(home: House) -> None:
    """A command in a topic of a forum is answered in that topic; one outside of topics, outside of them."""
    await home.staff()
    group, sent = forum(home)
    mark = home.bob.mark()
    await home.bob.says("/queue", chat_id=group.id, thread=TOPIC)
    await home.bob.sees("Nothing waits for a decision", chat_id=group.id, after=mark)
    assert [call["message_thread_id"] for call in sent] == [str(TOPIC)]
    mark = home.bob.mark()
    await home.bob.says("/queue", chat_id=group.id)
    await home.bob.sees("Nothing waits for a decision", chat_id=group.id, after=mark)
    assert "message_thread_id" not in sent[1]


async def test_a_thread_of_answers_is_no_topic(home: House) -> None:
    """In a group without topics the number of a thread of answers is not sent back."""
    await home.staff()
    group = home.telegram.group("Studio", [home.carol, home.bob], supergroup=True)
    home.bob.app.send({"text": "/queue", "message_thread_id": 5}, group)
    await home.bob.sees("Nothing waits for a decision", chat_id=group.id)


async def test_a_brief_from_a_topic(home: House) -> None:
    """The quote, the work, its file and the question about it come to the topic that the brief was handed in at; the
    invoice to the client's private chat, and the topic is told so once.
    """
    await home.staff()
    group, sent = forum(home)
    await home.alice.says(f"/brief {BRIEF}", chat_id=group.id, thread=TOPIC)
    quote = await home.alice.sees("Nothing is spent until you say yes", chat_id=group.id)
    number = number_in(await home.alice.taps("Yes, start", quote))
    await home.alice.sees(f"Brief {number}, the whole text", chat_id=group.id, timeout=40)
    await home.alice.sees(f"The invoice of brief {number} is in your private chat", chat_id=group.id, timeout=40)
    await home.alice.sees("To pay", timeout=40)
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")
    await home.alice.sees(f"The receipt of brief {number} is in your private chat", chat_id=group.id)
    shown = [seen.text for seen in home.alice.messages(group.id) if seen.from_bot]
    assert [text for text in shown if "Invoice" in text or "Received" in text] == []
    assert len([text for text in shown if "is in your private chat" in text]) == 2
    assert {"sendMessage", "sendDocument"} <= {call["method"] for call in sent}
    assert {call.get("message_thread_id") for call in sent} == {str(TOPIC)}


async def test_an_answer_that_waits(home: House) -> None:
    """An answer that Telegram does not take just now comes to its topic later."""
    await home.staff()
    group, sent = forum(home)
    home.telegram.faults.add(Fault("POST .*/sendMessage", "status", times=1, status=502))
    await home.bob.says("/queue", chat_id=group.id, thread=TOPIC)
    await home.bob.sees("Nothing waits for a decision", chat_id=group.id, timeout=20)
    assert {call["message_thread_id"] for call in sent} == {str(TOPIC)}


async def test_a_topic_that_is_gone(home: House) -> None:
    """What belongs in a deleted topic comes to the forum itself."""
    await home.staff()
    group, _ = forum(home)
    delete_forum_topic(home.telegram.world, _named(group))
    services = home.running.app.services
    assert await services.chat.send(group.id, Card("still here"), topic=TOPIC)
    await home.bob.sees("still here", chat_id=group.id)


async def test_a_closed_topic(home: House) -> None:
    """A topic that was closed takes nothing: the admins hear of it."""
    await home.staff()
    group, _ = forum(home)
    close_forum_topic(home.telegram.world, _named(group))
    await home.bob.says("/queue", chat_id=group.id, thread=TOPIC)
    told = await home.carol.sees(f"Message to group {group.id} · Not delivered")
    assert "Topic_closed" in told.text


def _named(group: Chat) -> Params:
    return Params({"chat_id": group.id, "message_thread_id": TOPIC}, {})
