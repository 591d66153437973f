"""The hosted invoice page: where a customer sees an invoice, pays it with a test card, and gets the PDF."""

from collections.abc import Callable
from uuid import uuid4

from aiohttp import web

from sandbox.stripe.cards import Card, card_of
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.pages import invoice_page, invoice_text
from sandbox.stripe.pdf import pdf
from sandbox.stripe.store import Store

Pay = Callable[[Json, Card], None]


class Hosted:
    """Serves `/i/<account>/<token>`. `public_url` is where the stand-in is seen from, learned unless it is given."""

    def __init__(self, store: Store, public_url: str | None) -> None:
        self._store = store
        self._fixed = public_url is not None
        self._url = (public_url or "").rstrip("/")
        self._invoices: dict[str, str] = {}

    def learn(self, request: web.Request) -> None:
        """Take the public address from an API request, unless it was given."""
        if not self._fixed:
            self._url = f"{request.url.origin()}{request.path.partition('/v1/')[0]}"

    def address(self, invoice_id: str) -> str:
        """A new unguessable URL for an invoice's page."""
        token = f"test_{uuid4().hex}"
        self._invoices[token] = invoice_id
        return f"{self._url}/i/{self._store.account_id}/{token}"

    def add_routes(self, app: web.Application, pay: Pay) -> None:
        async def show(request: web.Request) -> web.Response:
            return _html(invoice_page(self._invoice(request), request.path))

        async def take(request: web.Request) -> web.Response:
            invoice = self._invoice(request)
            if invoice["status"] in ("open", "uncollectible"):
                try:
                    pay(invoice, card_of(str((await request.post()).get("card", ""))))
                except StripeError as error:
                    return _html(invoice_page(invoice, request.path, str(error)), status=error.status)
            raise web.HTTPSeeOther(request.path)

        async def download(request: web.Request) -> web.Response:
            invoice = self._invoice(request)
            name = f"Invoice-{invoice['number']}.pdf"
            return web.Response(
                body=pdf(invoice_text(invoice)),
                content_type="application/pdf",
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )

        app.router.add_get("/i/{account}/{token}", show)
        app.router.add_post("/i/{account}/{token}", take)
        app.router.add_get("/i/{account}/{token}/pdf", download)

    def _invoice(self, request: web.Request) -> Json:
        invoice_id = self._invoices.get(request.match_info["token"])
        if invoice_id is None:
            raise web.HTTPNotFound(text="This invoice link is not valid.")
        return self._store.invoices.find(invoice_id)


def _html(page: str, status: int = 200) -> web.Response:
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
    return web.Response(status=status, text=page, content_type="text/html", headers={"Content-Security-Policy": policy})
