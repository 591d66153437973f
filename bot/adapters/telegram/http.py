"""python-telegram-bot's requests by aiohttp.

The library's own client, httpx, spends more processor time on a message than all of EchoPilot does. How another
is put in its place: https://docs.python-telegram-bot.org/en/stable/telegram.request.baserequest.html
"""

import time
from collections.abc import Callable
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.adapters.proxies import proxy_for

# Of the four ways to send parameters the cheapest to write: https://core.telegram.org/bots/api#making-requests
JSON = {"Content-Type": "application/json"}
UPLOAD_SECONDS = 60.0
# Hears of each request: the method, "answered" or "not answered", and the seconds that it took.
Seen = Callable[[str, str, float], None]
CONNECT_SECONDS = 10.0


class AiohttpRequest(BaseRequest):
    """At most `connections` requests at a time to `api_url`, through the proxy that the environment names, if any.

    read_timeout: seconds. No error's text holds the URL, since that has the token in it.
    """

    def __init__(self, api_url: str, connections: int, read_timeout: float) -> None:
        self._proxy = proxy_for(api_url)
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self.seen: Seen = _nobody

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The answer's status and body. Raises TimedOut, NetworkError."""
        del write_timeout, pool_timeout  # aiohttp knows none; an upload has a time for the whole of it
        assert self._session is not None, "initialize() comes first"
        read = self._read_timeout if isinstance(read_timeout, DefaultValue) else read_timeout
        connect = CONNECT_SECONDS if isinstance(connect_timeout, DefaultValue) else connect_timeout
        uploads = request_data is not None and request_data.contains_files
        timeout = aiohttp.ClientTimeout(
            total=UPLOAD_SECONDS if uploads else None,
            sock_connect=connect,
            sock_read=UPLOAD_SECONDS if uploads else read,
        )
        sent: Any = None
        headers = None
        if uploads:
            assert request_data is not None
            sent = _multipart(request_data)
        elif request_data is not None:
            sent, headers = request_data.json_payload, JSON
        began, outcome = time.perf_counter(), "not answered"
        try:
            async with self._session.request(
                method, URL(url, encoded=True), data=sent, headers=headers, timeout=timeout
            ) as response:
                body = await response.read()
                outcome = "answered" if response.status < 500 else outcome
                return response.status, body
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        finally:
            self.seen(url.rpartition("/")[2], outcome, time.perf_counter() - began)


def _nobody(method: str, outcome: str, seconds: float) -> None:
    """Nobody hears of it."""


def _multipart(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form
