"""Routers: every file of handlers is joined, no name occurs twice, and every button fits."""

import importlib
import pkgutil

import pytest

import handlers
from bot.access.buttons import ButtonSigner, Tap
from bot.access.issued_keys import held
from bot.kernel.card import Button, Card, from_payload, to_payload
from bot.locale.catalogs import template
from handlers.catalog import ACTIONS, COMMANDS, REPLIES, ROUTERS, STEPS, WITH_SUBJECT
from handlers.routing.router import LAST, Router, joined
from jobs.catalog import JOBS

SIGNER = ButtonSigner(held(b"a-key-for-the-tests-of-the-signatures"))
CHAT, LARGEST, CHECKSUM = -(10**13), 36**5 - 1, 2**32 - 1


def _routers() -> dict[str, Router]:
    """The router of every module of handlers that has one."""
    modules = [one.name for one in pkgutil.walk_packages(handlers.__path__, "handlers.") if not one.ispkg]
    found = {name: getattr(importlib.import_module(name), "router", None) for name in modules}
    return {name: router for name, router in found.items() if isinstance(router, Router)}


def test_every_router_is_joined() -> None:
    """No file of handlers is forgotten in the catalogue, and none is joined twice."""
    forgotten = [name for name, router in _routers().items() if not any(router is one for one in ROUTERS)]
    assert forgotten == []
    assert len(ROUTERS) == len({id(router) for router in ROUTERS}) == len(_routers())


def test_nothing_is_lost_in_joining() -> None:
    """Whatever a router says is in the catalogue's tables."""
    parts = [(len(r.commands), len(r.subjects), len(r.actions), len(r.replies), len(r.questions)) for r in ROUTERS]
    joined_ones = [len(table) for table in (COMMANDS, WITH_SUBJECT, ACTIONS, REPLIES, STEPS)]
    assert [sum(column) for column in zip(*parts, strict=True)] == joined_ones


def test_a_name_twice_is_refused() -> None:
    """Two handlers under one name, be it a command, a button, an old button or a question, stop the start."""
    with pytest.raises(ValueError, match="two handlers answer to “retry”"):
        joined([("retry", 1), ("again", 2), ("retry", 3)])


def test_replies_are_to_buttons_that_exist() -> None:
    """An answer to one of our messages is known by a button, so there must be that button."""
    assert REPLIES.keys() <= ACTIONS.keys()


def test_what_is_said_can_be_translated() -> None:
    """The words that stand beside a handler or a job, and are translated when they are shown, are extracted."""
    known = {message.id for message in template()}
    beside = [command.summary for command in COMMANDS] + [action.instead for action in ACTIONS.values()]
    beside += [job.summary for job in JOBS] + [question.again for question in STEPS.values()]
    assert set(beside) - known == set()


def test_ranks() -> None:
    """No two commands that say their rank say the same one, so that /help does not hang on the order of files."""
    ranks = [command.rank for command in COMMANDS if command.rank != LAST]
    assert sorted(ranks) == sorted(set(ranks))


def test_every_button_fits() -> None:
    """Each choice of each button packs into 64 bytes beside large numbers, and comes back as it was."""
    for tap in (Tap(one.name, LARGEST, CHECKSUM, choice) for one in ACTIONS.values() for choice in one.choices):
        assert SIGNER.unpack(SIGNER.pack(tap, chat_id=CHAT), chat_id=CHAT) == tap


@pytest.mark.parametrize("choice", ["Data-transform", "a.b", "é", "two words", "a" * 40, "a\n"])
def test_no_name(choice: str) -> None:
    """A choice that is no short name is refused when the button is packed, not when somebody taps it."""
    with pytest.raises(ValueError, match=r"choice|bytes"):
        SIGNER.pack(Tap("jrun", 1, 1, choice), chat_id=CHAT)


def test_a_choice_cannot_be_put_in() -> None:
    """A genuine button without a choice does not become one with a choice, nor with another."""
    plain, named = (SIGNER.pack(Tap("jrun", 1, 1, choice), chat_id=CHAT) for choice in ("", "heartbeat"))
    said, _, mac = plain.rpartition(".")
    assert SIGNER.unpack(f"{said}.heartbeat.{mac}", chat_id=CHAT) is None
    assert SIGNER.unpack(named.replace("heartbeat", "retention"), chat_id=CHAT) is None
    assert SIGNER.unpack(named.replace(".heartbeat", ""), chat_id=CHAT) is None


def test_a_choice_waits_in_the_outbox() -> None:
    """A card that waits to be sent keeps its buttons' choices, and one that a version before put there can be read."""
    card = Card("Job", ((Button("Run now", "jrun", choice="heartbeat"), Button("Open", "queue", 3, 4)),))
    payload = to_payload(card)
    assert from_payload(payload) == card
    payload["rows"] = [[["Yes, start", "start", 1042, 7, ""]]]
    assert from_payload(payload).rows == ((Button("Yes, start", "start", 1042, 7),),)
