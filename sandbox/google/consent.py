"""Google's consents and tokens, as the stand-ins of its APIs take them.

https://developers.google.com/identity/protocols/oauth2/native-app. It refuses what Google refuses: another client, a
code that was used, a verifier that is not the challenge's, another redirect, a consent that was revoked or ended.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web

TESTING_SECONDS = 604_799  # as Google says it of a consent screen in “Testing”


@dataclass
class GoogleConsent:
    """One account's consent. client, refresh_token: what is taken; refresh_seconds: until when, None: without an end.

    granted: how many accesses were given out. codes: what was asked for with each that nobody used yet.
    """

    scope: str
    client: tuple[str, str] = ("client.apps.googleusercontent.com", "client-secret")
    refresh_token: str = "1//refresh-token"
    refresh_seconds: int | None = None
    granted: int = 0
    _valid: set[str] = field(default_factory=set)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def revoke(self) -> None:
        """End the consent, as its owner may, and as Google does after 7 days of “Testing”."""
        self.refresh_token = ""
        self._valid.clear()

    def expire(self) -> None:
        """End every access that was given out."""
        self._valid.clear()

    def takes(self, request: web.Request) -> bool:
        """Whether the request carries an access that counts."""
        return request.headers.get("Authorization", "").removeprefix("Bearer ") in self._valid

    async def authorise(self, request: web.Request) -> web.Response:
        """The page on which somebody gives consent: here they do at once, and are sent back with a code."""
        asked = request.query
        wrong = self._wrong(asked)
        if wrong:
            return web.Response(status=400, text=f"Error 400: {wrong}")
        code = f"4/{secrets.token_urlsafe(16)}"
        self.codes[code] = dict(asked)
        back = urlencode({"state": asked.get("state", ""), "code": code, "scope": asked["scope"]})
        raise web.HTTPFound(f"{asked['redirect_uri']}?{back}")

    def _wrong(self, asked: Mapping[str, str]) -> str:
        if asked.get("client_id") != self.client[0]:
            return "invalid_client"
        if asked.get("response_type") != "code" or not asked.get("scope"):
            return "invalid_request"
        if not asked.get("redirect_uri", "").startswith("http://127.0.0.1:"):
            return "redirect_uri_mismatch"
        if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            return "invalid_request"
        return ""

    async def token(self, request: web.Request) -> web.Response:
        """Give out an access, for a refresh token or for a code."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return _refused(401, "invalid_client", "The OAuth client was not found.")
        match form.get("grant_type"):
            case "refresh_token":
                if not self.refresh_token or form.get("refresh_token") != self.refresh_token:
                    return _refused(400, "invalid_grant", "Token has been expired or revoked.")
                return self._given({})
            case "authorization_code":
                return self._for_code(form)
        return _refused(400, "unsupported_grant_type", "Invalid grant_type")

    def _for_code(self, form: Mapping[str, str]) -> web.Response:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            return _refused(400, "invalid_grant", "Bad Request")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return _refused(400, "invalid_grant", "Invalid code verifier.")
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return _refused(400, "redirect_uri_mismatch", "Bad Request")
        if asked.get("access_type") != "offline" or asked.get("prompt") != "consent":
            return self._given({})  # a second consent brings no refresh token unless it is asked for
        self.refresh_token = f"1//{secrets.token_urlsafe(16)}"
        self.scope = asked["scope"]
        return self._given({"refresh_token": self.refresh_token})

    def _given(self, more: Mapping[str, str]) -> web.Response:
        self.granted += 1
        token = f"ya29.{secrets.token_urlsafe(16)}"
        self._valid.add(token)
        given: dict[str, object] = {"access_token": token, "expires_in": 3599, "scope": self.scope}
        if self.refresh_seconds is not None:
            given["refresh_token_expires_in"] = self.refresh_seconds
        return web.json_response({**given, **more, "token_type": "Bearer"})


def _refused(status: int, error: str, words: str) -> web.Response:
    return web.json_response({"error": error, "error_description": words}, status=status)


def api_error(code: int, message: str, reason: str, status: str = "") -> web.Response:
    """An error as Google's APIs say it."""
    error: dict[str, object] = {"code": code, "message": message}
    error["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    return web.json_response({"error": error | ({"status": status} if status else {})}, status=code)
