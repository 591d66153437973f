"""Access to Google's APIs by one refresh token: https://developers.google.com/identity/protocols/oauth2/native-app"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.google.ports import ConsentEnded
from bot.kernel.errors import ProviderError

TIMEOUT = aiohttp.ClientTimeout(total=30)
EARLY_SECONDS = 60  # an access that ends so soon is not begun with
ENDED = (
    "Google no longer accepts our consent ({why}): it was revoked, or the consent screen is in “Testing”, where it "
    "ends after 7 days. Publish the screen, and give consent anew: python -m bot google-login"
)


class GoogleAccess:
    """Gives out the headers of a call; for calls at the same time one access is asked for.

    provider: for which of Google's services, as errors call it. refresh_seconds: how long the consent holds, as far as
    Google says so.
    """

    def __init__(self, client_id: str, client_secret: str, refresh_token: str, token_url: str, provider: str) -> None:
        self._asked = {"client_id": client_id, "client_secret": client_secret, "refresh_token": refresh_token}
        self._url, self._provider = token_url, provider
        self._token, self._until, self.scopes = "", 0.0, frozenset[str]()
        self.refresh_seconds: int | None = None
        self._turn = asyncio.Lock()

    async def headers(self, *, anew: bool = False) -> Mapping[str, str]:
        """What a call carries. anew: the access that there is was refused. Raises ConsentEnded, ProviderError."""
        known = self._token
        async with self._turn:
            if time.monotonic() >= self._until or (anew and self._token == known):
                form = self._asked | {"grant_type": "refresh_token"}
                self._take(*await asked(self._provider, self._url, form))
            return {"Authorization": f"Bearer {self._token}"}

    def _take(self, status: int, said: Mapping[str, Any]) -> None:
        why = str(said.get("error", status))
        if why in {"invalid_grant", "unauthorized_client"}:
            raise ConsentEnded(self._provider, ENDED.format(why=why))
        if why in {"invalid_client", "deleted_client"}:
            raise ConsentEnded(self._provider, f"Google does not know our client ({why}); check GOOGLE_CLIENT_ID")
        if status != 200 or "access_token" not in said:
            raise ProviderError(self._provider, f"no access ({why})", unknown=True)
        self._token, seconds = str(said["access_token"]), int(said.get("expires_in", 0))
        self._until = time.monotonic() + seconds - EARLY_SECONDS
        self.scopes = frozenset(str(said.get("scope", "")).split())
        ends = said.get("refresh_token_expires_in")
        self.refresh_seconds = int(ends) if ends is not None else None


async def asked(provider: str, url: str, form: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
    """What Google's token endpoint says to that, and with which status. Raises ProviderError where nothing comes."""
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.post(url, data=dict(form)) as answer:
            return answer.status, await body_of(answer)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ProviderError(provider, f"no answer ({type(error).__name__})", unknown=True) from None


async def body_of(answer: aiohttp.ClientResponse) -> Mapping[str, Any]:
    """What an answer says; nothing where that is no JSON object."""
    try:
        said = await answer.json(content_type=None)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
