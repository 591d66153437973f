"""Reading updates: whatever comes, reading it raises nothing, and what was read is of the types that it says."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from handlers.dispatch import _about
from handlers.routing.request import Request
from handlers.routing.soundness import WIDEST
from handlers.routing.update import read
from storage.core.arriving import arrival_of, number_of

ALICE = {"id": 1001, "is_bot": False, "first_name": "Alice", "last_name": "Adams", "language_code": "de"}
CHAT = {"id": 1001, "type": "private"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 9}
OURS = {"message_id": 3, "date": 1, "chat": CHAT, "text": "shown",
        "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "vgo.1.1.x"}]]}}  # fmt: skip
MESSAGE: dict[str, Any] = {
    "message_id": 7,
    "date": 1,
    "chat": CHAT,
    "from": ALICE,
    "caption": "a brief",
    "document": FILE,
    "media_group_id": "9",
    "message_thread_id": 5,
    "is_topic_message": True,
    "forward_origin": {"type": "user", "date": 1, "sender_user": ALICE},
    "reply_to_message": OURS,
    "quote": {"text": "part", "position": 1},
}
VOICE = {"message_id": 8, "date": 1, "chat": CHAT, "from": ALICE, "voice": {"file_id": "v", "duration": 3}}
PHOTO = {"message_id": 9, "date": 1, "chat": CHAT, "from": ALICE, "photo": [{"file_id": "p", "file_size": 1}]}
RICH = {"message_id": 9, "date": 1, "chat": CHAT, "from": ALICE, "rich_message": {"blocks": [
    {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": ["a", {"text": "b"}]}]}]},
    {"type": "table", "cells": [[{"text": "c"}]], "caption": {"text": "d"}}]}}  # fmt: skip
TASKS = {"message_id": 9, "date": 1, "chat": CHAT, "from": ALICE,
         "checklist": {"title": "a", "tasks": [{"id": 1, "text": "b"}]}}  # fmt: skip
TAP = {"id": "1", "from": ALICE, "chat_instance": "1", "data": "start.1.1.x", "message": OURS}
MEMBER = {"chat": CHAT, "from": ALICE, "date": 1, "new_chat_member": {"status": "kicked", "user": ALICE}}
SAMPLES: list[dict[str, Any]] = [
    {"update_id": 1, "message": MESSAGE},
    {"update_id": 2, "edited_message": MESSAGE},
    {"update_id": 3, "message": VOICE},
    {"update_id": 4, "message": PHOTO},
    {"update_id": 5, "callback_query": TAP},
    {"update_id": 6, "my_chat_member": MEMBER},
    {"update_id": 7, "message": RICH},
    {"update_id": 8, "message": TASKS},
]
ODD: list[Any] = [None, True, -1, 7, 1.5, 2**70, float("inf"), "", "x", "\ud800", [], [7], {}, {"id": {}}]
PLAIN = {"chat_id": int, "private": bool, "user_id": int, "user_name": str, "language": str, "message_id": int,
         "text": str, "callback_id": str, "data": str, "album": str, "forwarded_from": str, "shown": str,
         "replied_data": str, "quote": str, "topic": int}  # fmt: skip


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in it."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*before, step)
        yield from paths(inner, (*before, step))


def changed(sample: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(sample)
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return made


def test_samples_are_read() -> None:
    """The updates that are spoiled one place at a time are read as they are."""
    kinds = ["message", "edit", "message", "message", "tap", "blocked", "message", "message"]
    assert [read(sample).kind for sample in SAMPLES] == kinds


def test_odd_values_anywhere(measured: Callable[[str], None]) -> None:
    """Any value at any place of an update, or none there: it is read, or unreadable, and the reason holds no words."""
    count = unreadable = 0
    for sample in SAMPLES:
        for path in paths(sample):
            for value in (*ODD, KeyError):
                update = changed(sample, path, value)
                found = read(update)
                count += 1
                unreadable += found.kind == "unreadable"
                assert (found.fault != "") == (found.kind == "unreadable")
                assert "Alice" not in found.fault
                for name, kind in PLAIN.items():
                    assert type(getattr(found, name)) is kind, (path, value, name)
                    assert kind is not int or abs(getattr(found, name)) <= WIDEST
                assert arrival_of("main", update).external_id
    measured(f"{count} spoiled updates read without a fault, {unreadable} of them unreadable")


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "update",
    [None, 7, "x", [], {}, {"update_id": 1}, {"update_id": 1, "future_thing": {}}, {"update_id": 1, "message": 0},
     {"update_id": 1, "message": []}, {"update_id": 1, "message": nested(300)}],
)  # fmt: skip
def test_what_is_no_update(update: Any) -> None:
    """Any JSON is kept under a key of its own, the same twice under the same one, and is unreadable."""
    first, second = arrival_of("main", update), arrival_of("main", copy.deepcopy(update))
    assert first.external_id == second.external_id
    assert read(first.payload).kind == "unreadable"


def test_numbers_of_updates() -> None:
    """Only a whole number that every database keeps is an update's number."""
    odd: Any
    for odd in (None, "5", 1.5, True, -1, 2**70, [], {}):
        assert number_of({"update_id": odd}) is None
    assert number_of({"update_id": 5}) == 5


@pytest.mark.parametrize("digits", ["²", "①", "९९९९९९९९९९९९९९९९९९९", "9" * 20, "9" * 5000, "0", "x", "٣²", "1_0"])
def test_odd_numbers_in_commands(digits: str) -> None:
    """What stands behind a command's underscore is a number that a row may have, or 0."""
    assert _about(Request(1, 1), digits).subject in {0, *range(10)}
    assert _about(Request(1, 1), "٣").subject == 3
