"""Idempotency keys: one effect per key, however often it is sent (https://docs.stripe.com/api/idempotent_requests)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.stripe.errors import Json, StripeError


@dataclass
class Answer:
    """A stored answer: the status and the body's bytes exactly as first sent, and the request that caused them."""

    status: int
    body: bytes
    request_id: str


@dataclass
class _Entry:
    path: str
    params: Json
    answer: Answer | None = None


class Keys:
    """The keys that were used. As at Stripe, what fails validation stores nothing; what began executing does, errors
    included. Stripe keeps them for at least 24 hours; here they are kept until `forget`.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def forget(self) -> None:
        """Let every key be new again."""
        self._entries.clear()

    def replay(self, key: str, path: str, params: Json) -> Answer | None:
        """The stored answer to the same request, or None for a new key.

        Raises StripeError: `idempotency_error` (400) for another request under the same key, and
        `idempotency_key_in_use` (409) while the first is still executing.
        """
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.path != path:
            raise _misused(f"for the same endpoint they were first used for ('{entry.path}' vs '{path}')", key)
        if entry.params != params:
            raise _misused("with the same parameters they were first used with", key)
        if entry.answer is None:
            raise StripeError(
                "There is currently another in-progress request using this Idempotent Key (that probably means you "
                f"submitted twice, and the other request is still going through): {key}. Please try again later.",
                status=409,
                kind="idempotency_error",
                code="idempotency_key_in_use",
            )
        return entry.answer

    @contextmanager
    def executing(self, key: str, path: str, params: Json) -> Iterator[list[Answer]]:
        """Hold the key while the request executes; append the answer to the list to store it, or the key is free."""
        entry = self._entries[key] = _Entry(path, params)
        answers: list[Answer] = []
        try:
            yield answers
        finally:
            if answers:
                entry.answer = answers[0]
            else:
                self._entries.pop(key, None)


def _misused(rule: str, key: str) -> StripeError:
    return StripeError(
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than '{key}' if you meant to "
        "execute a different request.",
        kind="idempotency_error",
    )
