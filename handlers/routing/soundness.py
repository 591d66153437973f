"""Whether what came is an update at all, and what was read from it fit to go on with, whoever sent it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

Read = TypeVar("Read")
WIDEST = 2**62  # no number of Telegram's comes near, and every database keeps it
# https://core.telegram.org/bots/api#update; those that we do not ask for may come all the same.
_KINDS = """
message edited_message channel_post edited_channel_post business_connection business_message edited_business_message
deleted_business_messages message_reaction message_reaction_count inline_query chosen_inline_result callback_query
shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request
chat_boost removed_chat_boost
"""
KNOWN = frozenset(_KINDS.split())
PLAIN = {"str": str, "int": int, "bool": bool, "datetime": datetime}


class NotAnUpdate(ValueError):
    """It cannot be read; the words say what is wrong, and hold nothing of what came."""


def check_kind(update: Any) -> None:
    """Raise NotAnUpdate for what is none of the kinds of update that Telegram has."""
    if not isinstance(update, Mapping):
        raise NotAnUpdate(f"not an update but a {type(update).__name__}")
    kinds = KNOWN & update.keys()
    if not kinds:
        raise NotAnUpdate("a kind of update that EchoPilot does not know")
    if not all(isinstance(update[kind], Mapping) for kind in kinds):
        raise NotAnUpdate("not as Telegram writes it (no object)")


def checked(read: Read) -> Read:
    """The same, once every field has the type that it says; raises NotAnUpdate."""
    kind: Any = type(read)
    for name, wanted in _wanted(kind):
        value: Any = getattr(read, name)
        if wanted is None:
            if is_dataclass(value):
                checked(value)
        elif type(value) is not wanted or (isinstance(value, int) and abs(value) > WIDEST):
            raise NotAnUpdate(f"not as Telegram writes it ({name})")
    return read


@cache  # for every update is looked at by it
def _wanted(kind: Any) -> tuple[tuple[str, type | None], ...]:
    """The fields of a dataclass, with the plain type of each that has one."""
    named = ((field.name, getattr(field.type, "__name__", str(field.type))) for field in fields(kind))
    return tuple((name, PLAIN.get(what)) for name, what in named)
