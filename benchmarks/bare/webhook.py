"""The baseline of `webhook`: an aiohttp route that checks Stripe's signature and answers, and keeps nothing."""

import os

import stripe
from aiohttp import web

SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]


async def receive(request: web.Request) -> web.Response:
    """200 for what Stripe signed, 400 for the rest."""
    payload = (await request.read()).decode()
    try:
        stripe.WebhookSignature.verify_header(payload, request.headers.get("Stripe-Signature", ""), SECRET, 300)
    except stripe.SignatureVerificationError:
        return web.Response(status=400)
    return web.Response(text="verified\n")


async def alive(_: web.Request) -> web.Response:
    return web.Response()


def main() -> None:
    """Serve until stopped."""
    app = web.Application()
    app.router.add_post("/webhooks/stripe", receive)
    app.router.add_get("/readyz", alive)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["WEB_PORT"]), access_log=None, print=None)


if __name__ == "__main__":
    main()
