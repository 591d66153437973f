"""Which page stands where. With PUBLIC_URL's path in front as well, for a proxy that leaves it there."""

import time
from collections import Counter
from collections.abc import Mapping

from aiohttp import web

from bot.services import Services
from web.pages import (
    audit,
    briefs,
    clients,
    costs,
    front,
    jobs,
    live,
    money,
    overview,
    quality,
    reliability,
    sign_in,
)
from web.rates import Rate
from web.site import assets, own_data, strangers, visits
from web.site.rendering import prefix
from web.site.showing import page
from web.site.visits import Handler, MakePage

NUMBER = "{number:[0-9]{1,15}}"
PAGES: Mapping[str, MakePage] = {
    "/overview": overview.page,
    "/briefs": briefs.page,
    f"/briefs/{NUMBER}": briefs.one,
    "/money": money.invoices,
    f"/money/{NUMBER}": money.invoice,
    "/money/refunds": money.refunds,
    "/money/figures": money.figures,
    "/money/ledger": money.ledger,
    f"/money/ledger/{NUMBER}": money.entry,
    "/money/reconciliation": money.reconciliation,
    "/jobs": jobs.page,
    "/jobs/{name:[a-z_]{1,50}}": jobs.one,
    "/quality": quality.page,
    "/clients": clients.page,
    f"/clients/{NUMBER}": clients.one,
    "/reliability": reliability.page,
    f"/reliability/{NUMBER}": reliability.one,
    "/costs": costs.page,
    "/audit": audit.page,
}
SEEN: Mapping[str, Handler] = {
    "/": front.landing,
    "/about": front.about,
    "/sign-in": sign_in.sign_in,
    "/sign-in/{code:[A-Za-z0-9_-]{1,64}}": sign_in.link,
    "/telegram": sign_in.telegram,
    "/my-data/{code:[A-Za-z0-9_-]{1,64}}": own_data.page,
    "/live": live.stream,
    "/static/{name:[a-z0-9.-]{1,80}}": assets.serve,
    **{path: page(make) for path, make in PAGES.items()},
}
SENT: Mapping[str, Handler] = {
    "/sign-in": sign_in.by_key,
    "/sign-in/{code:[A-Za-z0-9_-]{1,64}}": sign_in.by_link,
    "/telegram": sign_in.by_telegram,
    "/my-data/{code:[A-Za-z0-9_-]{1,64}}": own_data.file,
    "/sign-out": sign_in.sign_out,
}


def mount(app: web.Application, services: Services) -> None:
    """Give the application its pages."""
    app[front.STATUS] = front.Status()
    app[strangers.RATE] = strangers.rate()
    app[visits.RATE] = Rate(visits.PAGES_A_MINUTE, time.monotonic)
    app[live.OPEN] = Counter()
    app[live.DAYS] = live.Days()
    for base in dict.fromkeys(("", prefix(services.settings.public_url))):
        for path, handler in SEEN.items():
            app.router.add_get(base + path, handler, allow_head=path != "/live")
        for path, handler in SENT.items():
            app.router.add_post(base + path, handler)
