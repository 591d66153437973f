"""Waiting for what nobody tells of: it is read again until it is as wanted."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")
PAUSE_SECONDS = 0.02


@overload
async def eventually(
    read: Callable[[], Awaitable[T]], wanted: Callable[[T], object] = bool, *, within: float = 30.0
) -> T: ...
@overload
async def eventually(read: Callable[[], T], wanted: Callable[[T], object] = bool, *, within: float = 30.0) -> T: ...
async def eventually(read: Callable[[], Any], wanted: Callable[[Any], object] = bool, *, within: float = 30.0) -> Any:
    """Read until `wanted` holds of what is read, and return that.

    Raises AssertionError, with what was read last, where that takes longer than `within` seconds.
    """
    end = asyncio.get_running_loop().time() + within
    while True:
        made = read()
        found = await made if inspect.isawaitable(made) else made
        if wanted(found):
            return found
        assert asyncio.get_running_loop().time() < end, f"not within {within} s; last read: {found!r}"
        await asyncio.sleep(PAUSE_SECONDS)


def nothing(found: object) -> bool:
    """As the second argument of `eventually`: wait until there is none."""
    return not found
