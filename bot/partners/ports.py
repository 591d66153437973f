"""What partners need from outside: calls to their programs, and tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Reply:
    """What a partner's program answered. retry_after: seconds that it wants to be left alone, if it said so."""

    status: int
    took_ms: int
    retry_after: float | None = None


class RefusedAddress(Exception):
    """The address may not be called: it is private, or not by https. The text says why."""


class Door(Protocol):
    """Calls a partner's program: no redirects are followed, and nothing private is reached."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Raises RefusedAddress, or ProviderError where no answer came."""
        ...


class Tokens(Protocol):
    """Signed tokens: https://www.rfc-editor.org/rfc/rfc7519."""

    def sign(self, claims: Mapping[str, Any], key: bytes, key_id: str) -> str:
        """A token with these claims."""
        ...

    def key_id_in(self, token: str) -> str:
        """Which key it says that it was signed by; "" where it is no token of ours. Not to be trusted yet."""
        ...

    def read(self, token: str, key: bytes, audience: str) -> Mapping[str, Any] | None:
        """The claims of a token that this key signed for that audience; None otherwise. Its times are not looked at."""
        ...
