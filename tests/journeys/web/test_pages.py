"""The pages of the dashboard: what stands on them, whose it is, and what every answer says to browsers."""

import re

import pytest
from sqlalchemy import text

from bot.access.model import Role
from sandbox.history.studio import ADMIN, CLIENT
from storage.people import people
from tests.house import Providers
from tests.pages import window
from web.pages.routes import PAGES

pytestmark = pytest.mark.wire
NUMBERS = {"/briefs": 1500, "/money": 1520, "/money/ledger": 1520, "/clients": 1002}


def paths() -> list[str]:
    """Every page that a played studio has something for."""
    found = []
    for path in PAGES:
        base = path.partition("/{")[0]
        if "{number" in path and base in NUMBERS:
            found.append(f"{base}/{NUMBERS[base]}")
        elif "{name" in path:
            found.append(f"{base}/heartbeat")
        elif "{" not in path:
            found.append(path)
    return found


async def test_every_page(stand_ins: Providers, database_url: str) -> None:
    """An admin of a studio with years of business opens every page, and every list as a file; none has a fault."""
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        for path in paths():
            page = await carol.opens(path)
            assert page.status == 200, path
            assert "<h1>" in page.text
            if "?file=csv" in page.text:
                file = await carol.opens(f"{path}?file=csv")
                assert file.headers["Content-Type"] == "text/csv; charset=utf-8", path
                assert file.headers["Content-Disposition"].startswith("attachment; filename="), path
                assert file.text.count("\r\n") > 1, path
        listed = await carol.opens("/briefs?state=in_review&order=oldest")
        assert set(re.findall(r'class="pill warn">([^<]+)', listed.text)) == {"In review"}
        on = re.search(r'href="(/briefs\?[^"]*before=[^"]*)"', (await carol.opens("/briefs")).text)
        assert on is not None
        assert (await carol.opens(on[1].replace("&amp;", "&"))).text.count('href="/briefs/') > 10
        assert "Nothing is recorded about that" in (await carol.opens("/audit?q=brief:7")).text


async def test_lists_of_money_are_narrowed(stand_ins: Providers, database_url: str) -> None:
    """Refunds by state, entries by what happened, mismatches by how they ended: nothing else is shown, nor in the file,
    and the way on keeps to it; what the address says beyond that narrows nothing.
    """
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        for path, all_, some, words in (
            ("/money/refunds", "", "state=succeeded", "sent back"),
            ("/money/ledger", "", "kind=payment", "Payment"),
            ("/money/reconciliation", "state=gone", "state=gone", "On its way"),
        ):
            of = [line.split(",") for line in (await carol.opens(f"{path}?{some}&file=csv")).text.splitlines()[1:]]
            assert of, path
            assert all(words in line for line in of), path
            whole = (await carol.opens(f"{path}?{all_}&file=csv")).text.splitlines()[1:]
            assert len(of) == sum(words in line.split(",") for line in whole), path
            if on := re.search(rf'href="({path}[?][^"]*before=[^"]*)"', (await carol.opens(f"{path}?{some}")).text):
                assert some in on[1], path
        assert "No mismatch is like that" in (await carol.opens("/money/reconciliation?state=left")).text
        assert "No refund is like that" in (await carol.opens("/money/refunds?state=unknown")).text
        beyond = "kind=nonsense&state=nonsense"
        for path in ("/money/refunds", "/money/ledger", "/money/reconciliation"):
            assert (await carol.opens(f"{path}?{beyond}")).text.count("<tr") == (await carol.opens(path)).text.count(
                "<tr"
            )


async def test_a_client_sees_their_own(stand_ins: Providers, database_url: str) -> None:
    """A client finds their own briefs and invoices; those of another client, or tenant, are not there for them."""
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        services = shown.home.app.services
        dana = await shown.signed_in(await shown.person(CLIENT))
        own = set(map(int, re.findall(r'href="/briefs/(\d+)"', (await dana.opens("/briefs")).text)))
        assert own
        page = await dana.opens(f"/briefs/{min(own)}")
        assert page.status == 200
        assert "Cost of models" not in page.text
        assert "What happened" not in page.text
        others = next(number for number in range(1_100, 1_200) if number not in own)
        for path in (f"/briefs/{others}", f"/money/{others}", "/briefs/999999", "/money/999999"):
            assert (await dana.opens(path)).status == 404, path
        await services.tenants.found("acme", "Acme Studio")
        frank = await services.database.write(lambda tx: people.enroll(tx, "acme", 1006, "Frank", Role.ADMIN, "en"))
        foreign = await shown.signed_in(frank)
        for path in ("/briefs/1500", "/money/1520", "/money/ledger/1520", "/clients/1002", "/jobs/heartbeat"):
            assert (await foreign.opens(path)).status == 404, path
        for path in ("/briefs", "/money", "/money/refunds", "/clients", "/audit?q=brief:1500"):
            assert "/1" not in re.sub(r".*<main", "", (await foreign.opens(path)).text, flags=re.DOTALL), path


async def test_a_blind_draft_shows_no_score(stand_ins: Providers, database_url: str) -> None:
    """Where a draft is to be judged without its scores, its page shows none of them and no story that would tell."""
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        services, number = shown.home.app.services, 1_990
        audited = "UPDATE verdicts SET weighted = 9000, passed = 1, audited = 1, blind = 1 WHERE brief_id = :n"
        await services.database.write(lambda tx: tx.run(text(audited), {"n": number}))
        bob = await shown.signed_in(await shown.home.person(shown.home.bob))
        page = await bob.opens(f"/briefs/{number}")
        assert page.status == 200
        assert "Scores hidden" in page.text
        assert 'class="share"' not in page.text
        assert "What happened" not in page.text


async def test_headers(stand_ins: Providers, database_url: str) -> None:
    """Every answer says what browsers must not do with it; private pages are kept nowhere, hashed files for ever."""
    async with window(stand_ins, database_url) as shown:
        carol = await shown.signed_in(await shown.home.person(shown.home.carol))
        landing = await carol.opens("/")
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', (await carol.opens("/overview")).text)
        assert len(files) == 4
        for path in ("/", "/about", "/sign-in", "/overview", "/nothing", "/healthz", *files):
            headers = (await carol.opens(path)).headers
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; ")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
            assert "camera=()" in headers["Permissions-Policy"]
            assert headers["Server"] == ""
            kept = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
            assert headers["Cache-Control"] == kept
        assert "style=" not in landing.text
        assert "Strict-Transport-Security" not in landing.headers


async def test_what_is_not_there(stand_ins: Providers, database_url: str) -> None:
    """A browser reads in words that nothing is there, in its language; a program reads what it always did."""
    async with window(stand_ins, database_url) as shown:
        eve = shown.looker()
        page = await eve.opens("/nothing", {"Accept": "text/html", "Accept-Language": "es-MX,en;q=0.5"})
        assert page.status == 404
        assert '<html lang="es"' in page.text
        assert "Aquí no hay nada" in page.text
        assert (await eve.opens("/nothing", {"Accept": "*/*"})).text == "404: Not Found"
        for path in ("/static/pages.css", "/static/..%2f..%2fserver.py", "/briefs/x", "/sign-in/%00"):
            assert (await eve.opens(path)).status in {303, 404}
        assert 'dir="rtl"' in (await eve.opens("/?lang=ur")).text


async def test_strangers_are_counted(stand_ins: Providers, database_url: str) -> None:
    """Of one address so many looks at the first page are answered in a minute, then it is told when to come again."""
    async with window(stand_ins, database_url) as shown:
        eve, statuses = shown.looker(), []
        for _look in range(31):
            answer = await eve.opens("/")
            statuses.append(answer.status)
        assert 429 in statuses
        assert int(answer.headers["Retry-After"]) >= 1


async def test_live_figures(stand_ins: Providers, database_url: str) -> None:
    """While somebody looks at the overview its figures come along; a stranger's browser is told not to ask again."""
    async with window(stand_ins, database_url) as shown:
        carol = await shown.signed_in(await shown.home.person(shown.home.carol))
        assert (await shown.looker().opens("/live")).status == 204
        cookie = {"Cookie": f"echopilot={carol.cookies['echopilot']}"}
        async with shown.session.get(f"{shown.url}/live", headers=cookie) as stream:
            assert stream.headers["Content-Type"] == "text/event-stream"
            event = (await stream.content.readuntil(b"\n\n")).decode()
            assert event.startswith("event: figures\ndata: {")
            assert '"queue":{"figure":"0"' in event
        shown.home.app.services.draining.set()
