"""What comes in place of an answer, with status 200: a proxy's page, half a thing, another API behind the address."""

import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import structlog

from bot.kernel.errors import ProviderError

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger(__name__)
# What the SDKs and our reading raise where something in an answer is missing or of another type.
ODD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def answered_by(provider: str) -> Callable[[Callable[P, Coroutine[Any, Any, T]]], Callable[P, Coroutine[Any, Any, T]]]:
    """A verb of an adapter whose answers may be of any shape: what is none is unknown, and asked for again."""

    def decorate(verb: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        @functools.wraps(verb)
        async def call(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return await verb(*args, **kwargs)
            except ODD as error:
                log.warning("an answer that cannot be read", provider=provider, verb=verb.__name__, exc_info=True)
                words = f"an answer that cannot be read ({type(error).__name__})"
                raise ProviderError(provider, words, unknown=True) from None

        return call

    return decorate
