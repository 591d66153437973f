"""Gmail's API as far as mail is sent by it, and Google's tokens: https://developers.google.com/workspace/gmail/api

It refuses what Google refuses: a consent that ended, an access that is over or covers something else, too much at once,
and mails that are none. As Google does, it writes the account's address in place of a sender that is not its own.
"""

import asyncio
import secrets
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiohttp import web

from sandbox.faults import Faults

SCOPE = "https://www.googleapis.com/auth/gmail.send"
LARGEST = 35 << 20
UNITS_A_MAIL, UNITS = 100, 15_000


class GmailStandIn:
    """The stand-in below `/gmail`. account: whose mailbox it is; client, refresh_token: what is taken."""

    name = "gmail"

    def __init__(self, account: str = "studio@example.org") -> None:
        self.account = account
        self.url = ""
        self.client = ("client.apps.googleusercontent.com", "client-secret")
        self.refresh_token = "1//refresh-token"
        self.scope = SCOPE
        self.faults = Faults()
        self.mails: list[EmailMessage] = []
        self.granted = 0
        self.units = UNITS
        self._valid: set[str] = set()
        self._arrival = asyncio.Condition()

    def revoke(self) -> None:
        """End the consent, as its owner may, and as Google does after 7 days of “Testing”."""
        self.refresh_token = ""
        self._valid.clear()

    def expire(self) -> None:
        """End every access that was given out."""
        self._valid.clear()

    async def received(self, count: int) -> list[EmailMessage]:
        """Wait until so many mails were taken."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.mails) >= count)
        return self.mails

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.faults.middleware], client_max_size=2 * LARGEST)
        application.router.add_post("/token", self._token)
        application.router.add_post("/upload/gmail/v1/users/me/messages/send", self._send)
        return application

    async def close(self) -> None:
        """Nothing runs by itself here."""

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            said = {"error": "invalid_client", "error_description": "The OAuth client was not found."}
            return web.json_response(said, status=401)
        if form.get("grant_type") != "refresh_token":
            said = {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}
            return web.json_response(said, status=400)
        if not self.refresh_token or form.get("refresh_token") != self.refresh_token:
            said = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return web.json_response(said, status=400)
        self.granted += 1
        token = f"ya29.{secrets.token_urlsafe(16)}"
        self._valid.add(token)
        given = {"access_token": token, "expires_in": 3599, "scope": self.scope, "token_type": "Bearer"}
        return web.json_response(given)

    async def _send(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._valid:
            return _error(401, "Request had invalid authentication credentials.", "authError", "UNAUTHENTICATED")
        if SCOPE not in self.scope.split():
            words = "Request had insufficient authentication scopes."
            return _error(403, words, "insufficientPermissions", "PERMISSION_DENIED")
        if self.units < UNITS_A_MAIL:
            return _error(403, "Quota exceeded for quota metric 'Queries'", "rateLimitExceeded", "RESOURCE_EXHAUSTED")
        if request.query.get("uploadType") != "media" or request.content_type != "message/rfc822":
            return _error(400, "Media type is not supported. Valid media types: [message/rfc822]", "badContent")
        data = await request.read()
        if len(data) > LARGEST:
            return _error(413, "Request entity too large", "uploadTooLarge")
        mail = message_from_bytes(data, policy=default)
        if not mail["To"]:
            return _error(400, "Recipient address required", "invalidArgument", "INVALID_ARGUMENT")
        if not mail["To"].addresses or not mail["To"].addresses[0].domain:
            return _error(400, "Invalid To header", "invalidArgument", "INVALID_ARGUMENT")
        self.units -= UNITS_A_MAIL
        if self.account not in str(mail["From"]):
            mail.replace_header("From", self.account)
        async with self._arrival:
            self.mails.append(mail)
            self._arrival.notify_all()
        return web.json_response({"id": secrets.token_hex(8), "threadId": secrets.token_hex(8), "labelIds": ["SENT"]})


def _error(code: int, message: str, reason: str, status: str = "") -> web.Response:
    error: dict[str, Any] = {"code": code, "message": message}
    error["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    return web.json_response({"error": error | ({"status": status} if status else {})}, status=code)
