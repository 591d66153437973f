"""Mail by Gmail's API: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send"""

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.adapters.google.access import TIMEOUT, GoogleAccess, body_of
from bot.adapters.mail.message import addressed, built
from bot.config.mail_addresses import MailAddress
from bot.google.model import MAIL_SCOPE as SCOPE
from bot.google.ports import ConsentEnded
from bot.kernel.errors import ProviderError
from bot.messages.mails import MailMessage

PROVIDER = "Gmail"
PASSING = {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded", "backendError"}
# Nothing goes out until a person sees to the project or the consent.
OF_THE_ACCOUNT = {"insufficientPermissions", "accessNotConfigured", "SERVICE_DISABLED", "domainPolicy"}


class GmailMail:
    """See `bot.reports.ports.Mail`. sender: Gmail writes another in its place, unless it is the account or an alias."""

    def __init__(self, access: GoogleAccess, url: str, sender: str) -> None:
        self._access = access
        self._url = f"{url.rstrip('/')}/upload/gmail/v1/users/me/messages/send?uploadType=media"
        self._sender = MailAddress.parse(sender)

    async def send(self, recipient: str, mail: MailMessage, message_id: str) -> None:
        """Send a mail. Gmail may give it another id, so ours stands in a header of its own as well: a bounce has both.

        Raises ProviderError; ConsentEnded where nothing goes until somebody gives consent anew.
        """
        made = built(self._sender, addressed(recipient), mail, message_id)
        made["X-EchoPilot-Id"] = made["Message-ID"]
        data = made.as_bytes()
        status, said, seconds = await self._post(data, await self._access.headers())
        if status == 401:
            status, said, seconds = await self._post(data, await self._access.headers(anew=True))
        if status != 200:
            raise _refused(status, said, seconds)

    async def probe(self) -> None:
        """See that Google gives us access to send; nothing is sent to try it."""
        await self._access.headers(anew=True)
        if self._access.scopes and SCOPE not in self._access.scopes:
            raise ConsentEnded(PROVIDER, f"the consent does not cover sending mail ({SCOPE}); give it anew")

    async def _post(self, data: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, Any], float | None]:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.post(self._url, data=data, headers={**headers, "Content-Type": "message/rfc822"}) as answer,
            ):
                wait = answer.headers.get("Retry-After", "")
                return answer.status, await body_of(answer), float(wait) if wait.isdecimal() else None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ProviderError(PROVIDER, f"no answer ({type(error).__name__})", unknown=True) from None


def _refused(status: int, said: Mapping[str, Any], seconds: float | None) -> ProviderError:
    """What Gmail's refusal means: https://developers.google.com/workspace/gmail/api/guides/handle-errors"""
    found = said.get("error")
    error: Mapping[str, Any] = found if isinstance(found, dict) else {}
    listed = [one for key in ("errors", "details") for one in error.get(key, ()) if isinstance(one, dict)]
    reasons = {str(one.get("reason")) for one in listed}
    words = f"{status} {error.get('message', 'refused')}"
    if status == 429 or status >= 500 or reasons & PASSING:
        return ProviderError(PROVIDER, words, retry_after=seconds, unknown=status >= 500)
    withheld = reasons & OF_THE_ACCOUNT or error.get("status") == "PERMISSION_DENIED"
    if status == 401 or (status == 403 and withheld):
        return ConsentEnded(PROVIDER, f"{words}; see that the consent covers sending mail, and that Gmail's API is on")
    return ProviderError(PROVIDER, words, permanent=True)
