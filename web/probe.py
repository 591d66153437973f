"""Probe of the web part: whether it can listen, or does so already."""

import asyncio
import errno

import aiohttp
from yarl import URL

from bot.kernel.probe import Finding
from bot.ops.settings import RunSettings
from web.server import why_not


async def probe(settings: RunSettings) -> Finding:
    """Whether the address is free, or a running EchoPilot has it."""
    host, port = settings.web_host, settings.web_port
    where = f"{host} port {port}" if port else f"{host}, any port"
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE and await _alive(settings):
            return Finding("fine", f"a running EchoPilot answers at {where}{_shared(settings)}")
        return Finding("problem", why_not(host, port, error))
    server.close()
    return Finding("fine", f"{where} is free{_shared(settings)}")


def _shared(settings: RunSettings) -> str:
    """What it means that a proxy, which https needs, is not named."""
    if not (settings.public_url or "").startswith("https:") or settings.trusted_proxies:
        return ""
    return "; TRUSTED_PROXIES does not name the proxy of PUBLIC_URL, so whoever comes through it counts as one caller"


async def _alive(settings: RunSettings) -> bool:
    """Whether it is an EchoPilot that has the port."""
    url = URL.build(scheme="http", host=settings.web_host, port=settings.web_port, path="/healthz")
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session, session.get(url) as answer:
            return await answer.text() == "alive\n"
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        return False
