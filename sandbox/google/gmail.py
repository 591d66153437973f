"""Gmail's API as far as mail is sent by it, and Google's tokens: https://developers.google.com/workspace/gmail/api

It refuses what Google refuses: a consent that ended, an access that is over or covers something else, too much at once,
and mails that are none. As Google does, it writes the account's address in place of a sender that is not its own.
"""

import asyncio
import secrets
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiohttp import web

from sandbox.faults import Faults
from sandbox.google.consent import GoogleConsent
from sandbox.google.consent import api_error as _error

SCOPE = "https://www.googleapis.com/auth/gmail.send"
LARGEST = 35 << 20
UNITS_A_MAIL, UNITS = 100, 15_000


class GmailStandIn(GoogleConsent):
    """The stand-in below `/gmail`. account: whose mailbox it is."""

    name = "gmail"

    def __init__(self, account: str = "studio@example.org") -> None:
        super().__init__(SCOPE)
        self.account = account
        self.url = ""
        self.faults = Faults()
        self.mails: list[EmailMessage] = []
        self.units = UNITS
        self._arrival = asyncio.Condition()

    async def received(self, count: int) -> list[EmailMessage]:
        """Wait until so many mails were taken."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.mails) >= count)
        return self.mails

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.faults.middleware], client_max_size=2 * LARGEST)
        application.router.add_post("/token", self.token)
        application.router.add_post("/upload/gmail/v1/users/me/messages/send", self._send)
        return application

    async def close(self) -> None:
        """Nothing runs by itself here."""

    async def _send(self, request: web.Request) -> web.Response:
        if not self.takes(request):
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
