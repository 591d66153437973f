"""The pages before those who mean no good, and owners who are out of luck."""

import asyncio
import re

import aiohttp
import pytest
from sqlalchemy import text

from bot.access.model import Role
from bot.sessions.service import Caller
from sandbox.history.studio import ADMIN
from storage.people import people
from tests.clock import SimulatedClock
from tests.house import Providers
from tests.pages import HTML, Looker, window
from web.server import WebServer, application

pytestmark = pytest.mark.wire
ODD = (b"\xff\xfe", b'"a\\"b', b"x" * 5_000, b"%00", b"", "۱۲۳ 😀".encode(), b"a b", b"\xed\xa0\x80")
FORM = b"Content-Type: application/x-www-form-urlencoded"
ADDRESSES = [
    "/costs?day=0001-01-01",
    "/costs?day=9999-12-31",
    "/costs?day=1000-02-30",
    "/briefs?before=0&after=-1",
    "/briefs?q=%00%ED%A0%80&state=paid&order=oldest",
    "/briefs?state=paid&state=x&order=x",
    "/briefs?q=" + "%F0%9F%98%80" * 200,
    "/money?state=%ff&before=9007199254740991",
    "/money?state=quoted",
    "/clients?q=%D8%B9%D9%84%DB%8C&order=oldest",
    "/clients?q=%22%27*%29",
    "/audit?q=%25&before=1&after=1",
    "/reliability?level=%00&incidents=x",
    "/jobs?group=%00&show=x",
    "/quality?type=%00",
    "/overview?file=csv",
    "/?lang=%00",
    "/about?lang=" + "z" * 3_000,
]


async def test_odd_bytes(stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie or a token of any bytes is that of a stranger: no page, form or sign-in stumbles over it."""
    monkeypatch.setattr("web.site.strangers.A_MINUTE", 1_000)
    async with window(stand_ins, database_url, metrics_token="right-right-right-right") as shown:
        for odd in ODD:
            for path in ("/", "/overview", "/sign-in", "/nothing", "/live"):
                for name in (b"echopilot", b"echopilot-form"):
                    status = await raw(shown.url, f"GET {path}", b"Cookie: " + name + b"=" + odd)
                    assert status in {200, 204, 303, 404}, (odd[:20], path)
            for path in ("/sign-in", "/sign-out", "/sign-in/a-code"):
                cookie = b"Cookie: echopilot=" + odd + b"; echopilot-form=" + odd
                assert await raw(shown.url, f"POST {path}", cookie, FORM) in {303, 400, 403}, (odd[:20], path)
            assert await raw(shown.url, "GET /metrics", b"Authorization: Bearer " + odd) == 401


async def raw(url: str, begins: str, header: bytes, *more: bytes) -> int:
    """The status of what is answered to such a request, as a browser would send it."""
    head = (f"{begins} HTTP/1.1".encode(), b"Host: x", b"Accept: text/html", b"Connection: close", header, *more)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(b"\r\n".join(head) + b"\r\n\r\n")
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(said.split(b" ", 2)[1])


async def test_signed_out_by_another_site(stand_ins: Providers, database_url: str) -> None:
    """A form that another site sends brings no cookie along, and the answer takes none away."""
    async with window(stand_ins, database_url) as shown:
        answer = await shown.looker().sends("/sign-out", {}, HTML | {"Sec-Fetch-Site": "cross-site"})
        assert answer.status == 303
        assert "Set-Cookie" not in answer.headers


async def test_odd_addresses(stand_ins: Providers, database_url: str) -> None:
    """Whatever stands behind an address, the page is shown: what it does not know is as if it were not there."""
    async with window(stand_ins, database_url) as shown:
        carol = await shown.signed_in(await shown.home.person(shown.home.carol))
        for path in ADDRESSES:
            assert (await carol.opens(path)).status == 200, path


async def test_letters_that_are_no_figures_here(stand_ins: Providers, database_url: str) -> None:
    """A number in an address is of the figures 0 to 9, so that each page has one address."""
    async with window(stand_ins, database_url, briefs=100) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        assert (await carol.opens("/briefs/1050")).status == 200
        assert (await carol.opens("/briefs/١٠٥٠")).status == 404


async def test_whatever_people_write(stand_ins: Providers, database_url: str) -> None:
    """HTML, formulas, marks that turn the line round, Arabic and emoji stand on pages as they were written, and in a
    file as words that no spreadsheet works out.
    """
    nasty = "</title><script>alert(1)</script>\"'{{7*7}}&amp;"
    formula = '\u200f=HYPERLINK("https://evil.example")'
    async with window(stand_ins, database_url, briefs=100) as shown:
        database = shown.home.app.services.database
        for statement, given in {
            "UPDATE people SET name = :words WHERE telegram_id <> 200001": "علی 😀 " + nasty,
            "UPDATE briefs SET title = :words, text = :words, reason = :words": nasty,
            "UPDATE briefs SET title = :words WHERE id = 1100": formula,
            "UPDATE drafts SET text = :words": nasty,
            "UPDATE refunds SET reason = :words": nasty,
            "UPDATE invoice_lines SET description = :words": nasty,
            "UPDATE job_runs SET result = :words": nasty,
            "UPDATE incidents SET title = :words": nasty,
        }.items():
            await database.write(lambda tx, one=statement, words=given: tx.run(text(one), {"words": words}))  # type: ignore[misc]
        carol = await shown.signed_in(await shown.person(ADMIN))
        for path in ("/overview", "/briefs", "/briefs/1050", "/money", "/money/1050", "/money/refunds", "/clients",
                     "/clients/1002", "/jobs", "/jobs/heartbeat", "/costs", "/reliability", "/reliability/1100",
                     "/audit", "/quality", "/money/figures"):  # fmt: skip
            page = (await carol.opens(path)).text
            assert "<script>alert" not in page, path
            assert "49&" not in page, path
        file = (await carol.opens("/briefs?file=csv")).text
        assert "'\u200f=HYPERLINK" in file
        assert re.search(r"(?m)^[^\r\n]*,\"?\s*[=@]", file) is None


async def test_a_whole_list_as_a_file(stand_ins: Providers, database_url: str) -> None:
    """A file has every row of the list once, from whichever page it is asked for, with amounts that can be added up."""
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        for path in ("/briefs?file=csv", "/briefs?before=1500&file=csv", "/briefs?order=oldest&after=1500&file=csv"):
            lines = (await carol.opens(path)).text.removeprefix("\ufeff").splitlines()
            assert lines[0] == "Brief,Title,State,Since,Invoice"
            numbers = [int(line.partition(",")[0]) for line in lines[1:]]
            assert numbers == sorted(range(1001, 2001), reverse="oldest" not in path)
        head, first, *_ = (await carol.opens("/money?file=csv&state=paid")).text.splitlines()
        assert head.startswith("\ufeffInvoice,Client,For,Amount,Currency,State")
        assert re.search(r",\d+\.00,USD,Paid,", first)


async def test_a_file_of_somebody_who_is_let_out(
    stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose reader's session ends meanwhile is cut off, so that what came never passes for all."""
    monkeypatch.setattr("web.pages.briefs.IN_A_FILE", 10)
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        who = await shown.person(ADMIN)
        carol, asked = await shown.signed_in(who), shown.home.app.services.reports.lists.briefs

        async def counted(*given: object) -> object:
            await shown.home.app.services.sessions.end_all(who)
            return await asked(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(shown.home.app.services.reports.lists, "briefs", counted)
        with pytest.raises(aiohttp.ClientPayloadError):
            await carol.opens("/briefs?file=csv")


async def test_others_get_their_turn(stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a file is, between its pieces whoever else waits is served."""
    monkeypatch.setattr("web.pages.briefs.IN_A_FILE", 50)
    turns, read_at = 0, []
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        carol, lists = await shown.signed_in(await shown.person(ADMIN)), shown.home.app.services.reports.lists
        asked = lists.briefs

        async def noted(*given: object) -> object:
            read_at.append(turns)
            return await asked(*given)  # type: ignore[arg-type]

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        monkeypatch.setattr(lists, "briefs", noted)
        task = asyncio.create_task(others())
        await carol.opens("/briefs?file=csv")
        task.cancel()
        assert len(read_at) == len(set(read_at)) == 20


async def test_nobody_is_given_a_file_by_head(stand_ins: Providers, database_url: str) -> None:
    """HEAD says what a page is, and has no body, whatever stands behind the address."""
    async with window(stand_ins, database_url, briefs=100) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        cookie = {"Cookie": f"echopilot={carol.cookies['echopilot']}", "Accept": "text/html"}
        async with shown.session.head(f"{shown.url}/briefs?file=csv", headers=cookie) as answer:
            assert (answer.status, await answer.text()) == (200, "")
        async with shown.session.head(f"{shown.url}/live", headers=cookie) as answer:
            assert answer.status == 405


async def test_search_and_filters_together(stand_ins: Providers, database_url: str) -> None:
    """What has words is found in every state, newest first, and the page says so; its pages go on in that order."""
    async with window(stand_ins, database_url, briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        page = (await carol.opens("/briefs?q=landing&state=failed&order=oldest")).text
        assert "in every state, newest first" in page
        seen = [int(one) for one in re.findall(r'href="/briefs/(\d+)"', page)]
        assert seen == sorted(seen, reverse=True)
        on = re.search(r'href="(/briefs\?[^"]*before=[^"]*)"', page)
        assert on is not None
        further = (await carol.opens(on[1].replace("&amp;", "&"))).text
        assert max(map(int, re.findall(r'href="/briefs/(\d+)"', further))) < min(seen)
        assert 'value="paid" selected' in (await carol.opens("/money?state=paid")).text
        void = (await carol.opens("/money?state=void")).text
        assert len(re.findall(r">(?:INV|HND)\d+<", void)) == void.count(">Void<") - 1 > 0  # one is the choice itself
        assert "No invoice is like that" in (await carol.opens("/money?state=open")).text
        assert "Customer7" in (await carol.opens("/clients?q=customer7")).text
        assert "Nobody is called that" in (await carol.opens("/clients?q=nobody")).text


async def test_every_open_incident(stand_ins: Providers, database_url: str) -> None:
    """An incident that goes on is on the overview, however many newer ones are over; the list pages and narrows."""
    async with window(stand_ins, database_url, briefs=3_000) as shown:
        database = shown.home.app.services.database
        await database.write(lambda tx: tx.run(text("UPDATE incidents SET closed_at = opened_at WHERE id > 1100")))
        await database.write(lambda tx: tx.run(text("UPDATE incidents SET closed_at = NULL WHERE id = 1100")))
        carol = await shown.signed_in(await shown.person(ADMIN))
        assert 'href="/reliability/1100"' in (await carol.opens("/overview")).text
        first = (await carol.opens("/reliability")).text
        assert 'href="/reliability/1100"' not in first
        assert "before=" in first
        assert re.findall(r'href="/reliability/(\d+)"', (await carol.opens("/reliability?incidents=open")).text) == [
            "1100"
        ]


async def test_a_session_ends_while_somebody_pages(stand_ins: Providers, database_url: str) -> None:
    """In the middle of a list a session that grew old leads to the way in; the back button finds nothing kept."""
    clock = SimulatedClock()
    async with window(stand_ins, database_url, clock, briefs=100) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        page = await carol.opens("/briefs?before=1080")
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
        clock.passes(minutes=30)
        again = await carol.opens("/briefs?before=1060")
        assert (again.status, again.headers["Location"], again.headers["Cache-Control"]) == (
            303,
            "/sign-in",
            "no-store",
        )


async def test_live_figures_end_with_the_session(
    stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures stop coming to whoever is another by now or whose session is over, and to look on keeps none open."""
    monkeypatch.setattr("web.pages.live.EVERY_SECONDS", 0.01)
    clock = SimulatedClock()
    async with window(stand_ins, database_url, clock) as shown:
        services, carol = shown.home.app.services, await shown.home.person(shown.home.carol)
        token = (await shown.signed_in(carol)).cookies["echopilot"]
        cookie = {"Cookie": f"echopilot={token}"}
        async with asyncio.timeout(20), shown.session.get(f"{shown.url}/live", headers=cookie) as stream:
            assert b"figures" in await stream.content.readuntil(b"\n\n")
            clock.passes(minutes=29)
            for _more in range(3):
                await stream.content.readuntil(b"\n\n")
            clock.passes(minutes=1)
            assert (await stream.content.read()).endswith(b"event: over\ndata: \n\n")
        async with shown.session.get(f"{shown.url}/live", headers=cookie) as answer:
            assert answer.status == 204
        token = (await services.sessions.by_link(await services.sessions.link(carol), Caller("x"))).token
        cookie = {"Cookie": f"echopilot={token}"}
        async with asyncio.timeout(20), shown.session.get(f"{shown.url}/live", headers=cookie) as stream:
            await stream.content.readuntil(b"\n\n")
            await services.database.write(lambda tx: people.set_role(tx, carol, Role.CLIENT))
            assert (await stream.content.read()).endswith(b"event: over\ndata: \n\n")


async def test_many_look_on(stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many look on, the day is asked for once; a fourth page of a session is told to stop."""
    asked = 0
    async with window(stand_ins, database_url) as shown:
        days, who = shown.home.app.services.reports.days, await shown.home.person(shown.home.carol)
        today = days.today

        async def counted(*given: object) -> object:
            nonlocal asked
            asked += 1
            return await today(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(days, "today", counted)
        cookies = [f"echopilot={(await shown.signed_in(who)).cookies['echopilot']}" for _ in range(4)]
        streams = [await shown.session.get(f"{shown.url}/live", headers={"Cookie": cookie}) for cookie in cookies * 3]
        assert [stream.status for stream in streams] == [200] * 12
        for stream in streams:
            assert b"figures" in await stream.content.readuntil(b"\n\n")
        assert asked == 1
        async with shown.session.get(f"{shown.url}/live", headers={"Cookie": cookies[0]}) as fourth:
            assert fourth.status == 204
        shown.home.app.services.draining.set()
        for stream in streams:
            await stream.content.read()


async def test_strangers_of_several_processes(stand_ins: Providers, postgres_url: str) -> None:
    """Where several processes serve, the looks of one address count together, whichever of them answers."""
    async with window(stand_ins, postgres_url) as shown:
        other = application(shown.home.app.services, shown.home.app.payments)
        async with WebServer(other, "127.0.0.1", 0) as server:
            here, there = shown.looker(), Looker(server.url, shown.session)
            statuses = [(await who.opens("/about")).status for _ in range(16) for who in (here, there)]
            assert statuses == [200] * 30 + [429] * 2
            refused = await there.opens("/sign-in")
            assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (429, True)


async def test_callers_behind_a_proxy(stand_ins: Providers, database_url: str) -> None:
    """Behind a proxy of ours each caller is counted by itself: one that is refused holds nobody else back."""
    async with window(stand_ins, database_url, trusted_proxies="127.0.0.1", api_status_per_minute=2) as shown:
        for path, most in (("/", 30), ("/api/v1/status", 2)):
            eve = HTML | {"X-Forwarded-For": "8.8.8.8"}
            statuses = [(await shown.looker().opens(path, eve)).status for _look in range(most + 1)]
            assert statuses == [200] * most + [429]
            assert (await shown.looker().opens(path, HTML | {"X-Forwarded-For": "9.9.9.9"})).status == 200
        form = await shown.looker().opens("/sign-in", {"X-Forwarded-For": "9.9.9.9"})
        assert form.status == 200
