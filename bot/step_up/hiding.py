"""Codes on their way through the inbox: what looks like one is kept encrypted, so that no code lies in the database.

Whether it is a code or a sum of money is not known before it is dealt with, so it is not thrown away.
"""

from collections.abc import Mapping
from typing import Any

from bot.access.sealing import Sealer
from bot.step_up.codes import is_typed

ABOUT = "inbox"
SEALED = "sealed_text"
MESSAGES = ("message", "edited_message")
INSIDE = ("reply_to_message", "quote")  # where the words of another message stand once more


def hidden(update: Any, sealer: Sealer) -> Any:
    """The update with what looks like a code encrypted."""
    if not isinstance(update, Mapping):
        return update
    return _each(update, MESSAGES, lambda message: _hidden(message, sealer))


def shown(update: Any, sealer: Sealer) -> Any:
    """The update as it came; without the words where the secret is gone by which they were encrypted."""
    if not isinstance(update, Mapping):
        return update
    return _each(update, MESSAGES, lambda message: _shown(message, sealer))


def _hidden(message: Mapping[str, Any], sealer: Sealer) -> Mapping[str, Any]:
    inner = _each(message, INSIDE, lambda one: _hidden(one, sealer))
    words = inner.get("text")
    if not isinstance(words, str) or not is_typed(words):
        return inner
    return {**inner, "text": "", SEALED: sealer.seal(words, ABOUT)}


def _shown(message: Mapping[str, Any], sealer: Sealer) -> Mapping[str, Any]:
    inner = _each(message, INSIDE, lambda one: _shown(one, sealer))
    if SEALED not in inner:
        return inner
    plain = {name: value for name, value in inner.items() if name != SEALED}
    return {**plain, "text": sealer.open(str(inner[SEALED]), ABOUT) or ""}


def _each(of: Mapping[str, Any], names: tuple[str, ...], change: Any) -> Mapping[str, Any]:
    found = {name: change(of[name]) for name in names if isinstance(of.get(name), Mapping)}
    changed = any(found[name] is not of[name] for name in found)
    return {**of, **found} if changed else of
