"""The hosted invoice page: where a customer sees an invoice, pays it with a test card, and gets the PDF."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

from aiohttp import web

from sandbox.memory import Memory
from sandbox.stripe.cards import Card, card_of
from sandbox.stripe.errors import Json, StripeError
from sandbox.stripe.pages import bank_page, invoice_page, invoice_text
from sandbox.stripe.pdf import pdf
from sandbox.stripe.store import Store

DAY = 86_400


class Till(Protocol):
    """What takes a customer's money."""

    def charge(self, invoice: Json, card: Card, amount: int | None = None) -> None:
        """Pay by card; raises StripeError."""
        ...

    def is_challenged(self, invoice: Json) -> bool:
        """Whether the card's bank waits for the customer's answer."""
        ...

    def authenticate(self, invoice: Json, *, passed: bool) -> None:
        """Answer the bank; raises StripeError."""
        ...


@dataclass(frozen=True)
class Link:
    """Where a token leads: an invoice of an account in one mode, and how it is paid there."""

    store: Store
    invoice_id: str
    till: Till
    ends: float

    def invoice(self) -> Json:
        return self.store.invoices.find(self.invoice_id)


class Hosted:
    """Serves `/i/<account>/<token>`. `public_url` is where the stand-in is seen from, learned unless it is given."""

    def __init__(self, public_url: str | None) -> None:
        self._fixed = public_url is not None
        self._url = (public_url or "").rstrip("/")
        self._links: dict[str, Link] = {}
        self._newest: dict[str, str] = {}

    def learn(self, request: web.Request) -> None:
        """Take the public address from an API request, unless it was given."""
        if not self._fixed:
            self._url = f"{request.url.origin()}{request.path.partition('/v1/')[0]}"

    def address(self, store: Store, invoice_id: str, till: Till) -> str:
        """A new unguessable URL for an invoice's page; it ends 30 days after the due date, after 120 at the latest."""
        invoice, now = store.invoices.find(invoice_id), store.clock()
        return self._new(store, invoice_id, till, min((invoice["due_date"] or now) + 30 * DAY, now + 120 * DAY))

    def renewed(self, store: Store, invoice: Json) -> str:
        """The URL that a read of the invoice shows: the newest, or another one where that ends within ten days."""
        token, soon = self._newest[invoice["id"]], store.clock() + 10 * DAY
        if self._links[token].ends >= soon:
            return str(invoice["hosted_invoice_url"])
        return self._new(store, invoice["id"], self._links[token].till, soon)

    def memory(self) -> Memory:
        """Where each address leads, and until when."""
        links = {token: (link.invoice_id, link.ends) for token, link in self._links.items()}
        return {"links": links, "newest": self._newest}

    def remember(self, memory: Mapping[str, Any], store: Store, till: Till) -> None:
        """Know the addresses of another one, all of which lead to invoices in this store."""
        self._newest = memory["newest"]
        self._links = {token: Link(store, invoice, till, ends) for token, (invoice, ends) in memory["links"].items()}

    def end_links(self) -> None:
        """Let every link so far come to its end."""
        self._links = {token: replace(link, ends=float("-inf")) for token, link in self._links.items()}

    def _new(self, store: Store, invoice_id: str, till: Till, ends: float) -> str:
        token = f"{'live' if store.livemode else 'test'}_{uuid4().hex}"
        self._links[token] = Link(store, invoice_id, till, ends)
        self._newest[invoice_id] = token
        return f"{self._url}/i/{store.account_id}/{token}"

    def add_routes(self, app: web.Application) -> None:
        """Serve the page, what the card's bank asks, and the PDF."""
        page = "/i/{account}/{token}"
        app.router.add_get(page, self._show)
        app.router.add_post(page, self._take)
        app.router.add_get(f"{page}/bank", self._ask)
        app.router.add_post(f"{page}/bank", self._hear)
        app.router.add_get(f"{page}/pdf", self._download)

    async def _show(self, request: web.Request) -> web.Response:
        return _html(invoice_page(self._link(request).invoice(), request.path))

    async def _take(self, request: web.Request) -> web.Response:
        link = self._link(request)
        invoice = link.invoice()
        if invoice["status"] in ("open", "uncollectible"):
            try:
                link.till.charge(invoice, card_of(str((await request.post()).get("card", ""))))
            except StripeError as error:
                if link.till.is_challenged(invoice):
                    raise web.HTTPSeeOther(f"{request.path}/bank") from None
                return _html(invoice_page(invoice, request.path, str(error)), status=error.status)
        raise web.HTTPSeeOther(request.path)

    async def _ask(self, request: web.Request) -> web.Response:
        link = self._link(request)
        if not link.till.is_challenged(link.invoice()):
            raise web.HTTPSeeOther(_page_of(request))
        return _html(bank_page(link.invoice(), request.path))

    async def _hear(self, request: web.Request) -> web.Response:
        link, invoice = self._link(request), self._link(request).invoice()
        if not link.till.is_challenged(invoice):
            raise web.HTTPSeeOther(_page_of(request))
        try:
            link.till.authenticate(invoice, passed=(await request.post()).get("answer") == "complete")
        except StripeError as error:
            return _html(invoice_page(invoice, _page_of(request), str(error)), status=error.status)
        raise web.HTTPSeeOther(_page_of(request))

    async def _download(self, request: web.Request) -> web.Response:
        invoice = self._link(request).invoice()
        name = f"Invoice-{invoice['number']}.pdf"
        return web.Response(
            body=pdf(invoice_text(invoice)),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _link(self, request: web.Request) -> Link:
        link = self._links.get(request.match_info["token"])
        if link is None:
            raise web.HTTPNotFound(text="This invoice link is not valid.")
        if link.ends < link.store.clock():
            raise web.HTTPGone(text="This invoice link has expired. Ask the sender for another one.")
        return link


def _page_of(request: web.Request) -> str:
    """The path of the invoice's page whose bank is asked."""
    return request.path.removesuffix("/bank")


def _html(page: str, status: int = 200) -> web.Response:
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
    return web.Response(status=status, text=page, content_type="text/html", headers={"Content-Security-Policy": policy})
