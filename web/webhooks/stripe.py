"""POST /webhooks/stripe: verified, kept, and only then answered with 200; everything else happens later.

https://docs.stripe.com/webhooks
"""

from aiohttp import web

from bot.kernel.errors import Refusal
from web.bodies import body_of
from web.keys import EVENTS, PAYMENTS, SERVICES


async def receive(request: web.Request) -> web.Response:
    """400 for what Stripe did not sign, so that it shows up in Stripe's dashboard; 200 once the event is kept."""
    signature = request.headers.get("Stripe-Signature", "")
    if not signature.isascii():
        return web.Response(status=400, text="The webhook's signature has letters that no signature has.\n")
    payload = await body_of(request)
    now = request.app[SERVICES].database.clock.now()
    try:
        event = request.app[PAYMENTS].verify(payload, signature, now)
    except Refusal as refusal:
        return web.Response(status=400, text=f"{refusal}\n")
    await request.app[EVENTS].add(event)
    return web.Response(text="kept\n")
