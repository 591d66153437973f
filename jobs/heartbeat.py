"""The job `heartbeat`: a ping to an outside dead-man's switch, sent by a worker, so that it proves the whole chain."""

import aiohttp

from bot.kernel.errors import ProviderError
from bot.services import Services


async def run(services: Services) -> str:
    """Ping HEARTBEAT_URL (a healthchecks-style address that alarms when the pings stop).

    Raises ProviderError where it does not answer.
    """
    waiting = await services.queue.waiting()
    url = services.settings.heartbeat_url
    if url is None:
        return f"alive, {waiting} tasks waiting; no HEARTBEAT_URL is set, so nobody outside would notice a stop"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session,
            session.get(url) as answer,
        ):
            answer.raise_for_status()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ProviderError("Heartbeat", f"{url} did not take the ping ({type(error).__name__})") from None
    return f"alive, {waiting} tasks waiting; ping taken"
