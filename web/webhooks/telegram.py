"""POST /webhooks/telegram: kept, and only then answered with 200. https://core.telegram.org/bots/api#setwebhook"""

import hmac
from collections.abc import Sequence

from aiohttp import web

from bot.access.model import TENANT
from bot.kernel.text.storable import read_json
from bot.services import Services
from storage.core import inbox
from storage.core.arriving import arrival_of, number_of
from storage.core.inbox import Arrival
from storage.engine.database import Transaction
from web.bodies import body_of
from web.keys import SERVICES, UPDATES

NO_UPDATE = "This is not a Telegram update.\n"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


async def receive(request: web.Request) -> web.Response:
    """404 unless webhooks are on; 401 without the secret; 400 for what is no update."""
    services = request.app[SERVICES]
    if services.settings.telegram_updates != "webhook":
        raise web.HTTPNotFound
    given = request.headers.get(SECRET_HEADER, "")
    if not given.isascii():
        raise web.HTTPBadRequest(text="The secret has letters that no secret has.\n")
    if not await _is_genuine(services, given):
        raise web.HTTPUnauthorized
    try:
        update = read_json(await body_of(request))
    except ValueError:
        raise web.HTTPBadRequest(text=NO_UPDATE) from None
    if number_of(update) is None:
        raise web.HTTPBadRequest(text=NO_UPDATE)
    await request.app[UPDATES].add(arrival_of(TENANT, services.step_up.hide(update)))
    return web.Response()


async def _is_genuine(services: Services, given: str) -> bool:
    secret = services.settings.telegram_webhook_secret
    if secret is None:
        return await services.rotation.is_webhook_secret(given)
    return hmac.compare_digest(given.encode(), secret.get_secret_value().encode())


async def store(tx: Transaction, arrivals: Sequence[Arrival]) -> None:
    """Keep updates, each once."""
    await inbox.store(tx, arrivals)
