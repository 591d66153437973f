"""Signing in to the pages by the doors that browsers use, and what keeps others out."""

import hmac
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from bot.access.model import Role
from bot.kernel.ids import code_hash
from bot.sessions.init_data import signed
from bot.sessions.service import Caller
from storage.people import people
from tests.clock import SimulatedClock
from tests.house import Providers
from tests.pages import HTML, Looker, Window, window
from web.pages.routes import PAGES

pytestmark = pytest.mark.wire


async def link_of(shown: Window) -> str:
    """The path of the link that Carol is given in the chat."""
    card = await shown.home.says(shown.home.carol, "/dashboard")
    return urlsplit(card.rows[0][0].url).path


async def by_link(shown: Window, who: Looker) -> None:
    path = await link_of(shown)
    done = await who.sends(path, {"form": await who.form(path)})
    assert (done.status, done.headers["Location"]) == (303, "/overview")


async def test_by_the_link_of_the_chat(stand_ins: Providers, database_url: str) -> None:
    """The link of /dashboard opens the dashboard after one tap; looking at it alone uses nothing up, using it does."""
    async with window(stand_ins, database_url) as shown:
        path, preview, carol, eve = await link_of(shown), shown.looker(), shown.looker(), shown.looker()
        for _look in range(3):
            assert (await preview.opens(path)).status == 200
        assert (await carol.opens("/overview")).headers["Location"] == "/sign-in"
        done = await carol.sends(path, {"form": await carol.form(path)})
        assert (done.status, done.headers["Location"]) == (303, "/overview")
        cookie = done.headers["Set-Cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"))
        page = await carol.opens("/overview")
        assert page.status == 200
        assert "Carol" in page.text
        again = await eve.sends(path, {"form": await eve.form(path)})
        assert again.status == 403
        assert "no longer works" in again.text
        assert "echopilot" not in eve.cookies


async def test_session_is_a_new_one(stand_ins: Providers, database_url: str) -> None:
    """A cookie that somebody brought along never becomes a session: signing in always gives another one."""
    async with window(stand_ins, database_url) as shown:
        carol = shown.looker()
        carol.cookies["echopilot"] = "chosen-by-eve"
        await by_link(shown, carol)
        assert carol.cookies["echopilot"] != "chosen-by-eve"
        eve = Looker(shown.url, shown.session, {"echopilot": "chosen-by-eve"})
        assert (await eve.opens("/overview")).status == 303


async def test_forms_of_others(stand_ins: Providers, database_url: str) -> None:
    """A form without our token, with another browser's, or sent by another site signs nobody in or out."""
    async with window(stand_ins, database_url) as shown:
        path, carol, eve = await link_of(shown), shown.looker(), shown.looker()
        theirs = await eve.form(path)
        ours = await carol.form(path)
        for fields, headers in (
            ({}, HTML),
            ({"form": theirs}, HTML),
            ({"form": "é" * 64}, HTML),
            ({"form": ours}, HTML | {"Sec-Fetch-Site": "cross-site"}),
        ):
            assert (await carol.sends(path, fields, headers)).status == 403
        assert (await shown.looker().sends(path, {"form": ours})).status == 403
        assert (await carol.sends(path, {"form": ours})).status == 303
        assert (await carol.sends("/sign-out", {"form": ours})).status == 403
        assert (await carol.opens("/overview")).status == 200


async def test_out_again(stand_ins: Providers, database_url: str) -> None:
    """Who signs out is out, also by the cookie of before; and so is whose session is ended in the chat."""
    async with window(stand_ins, database_url) as shown:
        carol = shown.looker()
        await by_link(shown, carol)
        before = dict(carol.cookies)
        done = await carol.sends("/sign-out", {"form": await carol.form("/overview")})
        assert (done.status, done.headers["Location"]) == (303, "/")
        assert (await Looker(shown.url, shown.session, before).opens("/overview")).status == 303
        await by_link(shown, carol)
        card = await shown.home.says(shown.home.carol, "/sessions")
        assert "1 open session" in card.text
        await shown.home.taps(shown.home.carol, "End all", card)
        assert (await carol.opens("/overview")).status == 303


async def test_many_sessions(stand_ins: Providers, database_url: str) -> None:
    """Whoever is signed in at twelve places is told so, and finds the two oldest, and the way to end them, beyond."""
    async with window(stand_ins, database_url) as shown:
        sessions, who = shown.home.app.services.sessions, await shown.home.person(shown.home.carol)
        made = [
            (await sessions.by_link(await sessions.link(who), Caller(f"203.0.113.{n}"))).session.id for n in range(12)
        ]
        card = await shown.home.says(shown.home.carol, "/sessions")
        assert "12 open sessions" in card.text
        older = (await shown.home.taps(shown.home.carol, "Older ▶", card)).card
        assert older is not None
        assert [button.label for button in older.rows[0]] == [f"End {made[1]}", f"End {made[0]}"]
        left = (await shown.home.taps(shown.home.carol, f"End {made[0]}", older)).card
        assert left is not None
        assert "11 open sessions" in left.text


async def test_by_the_key(stand_ins: Providers, database_url: str) -> None:
    """The key of /dashboard key signs in; the sixth wrong one within a minute is told when to come again."""
    async with window(stand_ins, database_url) as shown:
        card = await shown.home.says(shown.home.carol, "/dashboard key")
        key = next(line for line in card.text.splitlines() if line.startswith("<code>"))[6:-7]
        carol = shown.looker()
        assert (await carol.sends("/sign-in", {"form": await carol.form("/sign-in"), "key": key})).status == 303
        eve = shown.looker()
        form, statuses = await eve.form("/sign-in"), []
        for number in range(6):
            told = await eve.sends("/sign-in", {"form": form, "key": f"ep_{number}"})
            statuses.append(told.status)
        assert statuses == [403] * 4 + [429] * 2
        assert 1 <= int(told.headers["Retry-After"]) <= 60
        assert "Too many tries" in told.text


async def test_inside_telegram(stand_ins: Providers, database_url: str) -> None:
    """What Telegram signed of who opens the page is exchanged for a session; anything else is refused."""
    clock = SimulatedClock()
    async with window(stand_ins, database_url, clock) as shown:
        token = shown.home.app.services.settings.telegram_bot_token.get_secret_value()
        fields = {"auth_date": str(int(clock.now().timestamp())), "user": json.dumps({"id": shown.home.carol.id})}
        page = await shown.looker().opens("/telegram")
        assert "frame-ancestors https://web.telegram.org" in page.headers["Content-Security-Policy"]
        carol = shown.looker()
        done = await carol.hands_on("/telegram", {"init_data": urlencode(signed(fields, token))})
        assert (done.status, (await carol.opens("/overview")).status) == (204, 200)
        wrong: list[Any] = [{"init_data": urlencode(signed(fields, f"{token}x"))}, {"init_data": 7}, [], "x"]
        for given in wrong:
            eve = shown.looker()
            assert (await eve.hands_on("/telegram", given)).status == 403
            assert eve.cookies == {}
        assert (await shown.looker().sends("/telegram", {"init_data": "x"})).status == 415


async def test_https(stand_ins: Providers, database_url: str) -> None:
    """Where the address is https, cookies are the host's alone, browsers keep to https, and links have the path."""
    address = "https://studio.echopilot.test/desk"
    async with window(stand_ins, database_url, public_url=address) as shown:
        card = await shown.home.says(shown.home.carol, "/dashboard")
        assert card.rows[0][0].url.startswith(f"{address}/sign-in/")
        assert card.rows[1][0].web_app == f"{address}/telegram"
        path, carol = urlsplit(card.rows[0][0].url).path, shown.looker()
        done = await carol.sends(path, {"form": await carol.form(path)})
        assert (done.status, done.headers["Location"]) == (303, "/desk/overview")
        assert list(carol.cookies) == ["__Host-echopilot"]
        assert "Secure" in done.headers["Set-Cookie"]
        assert done.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        for served in ("/desk/overview", "/overview"):  # the proxy keeps the path, or takes it off
            page = await carol.opens(served)
            assert page.status == 200
            assert 'href="/desk/briefs"' in page.text
            assert 'href="/briefs"' not in page.text


@pytest.mark.parametrize("role", [Role.CLIENT, Role.ANALYST, Role.OPERATOR])
async def test_what_a_role_sees(stand_ins: Providers, database_url: str, role: Role) -> None:
    """A role sees the pages of its permissions in its menu, and is refused by every other one, in words."""
    async with window(stand_ins, database_url) as shown:
        database = shown.home.app.services.database
        who = await database.write(lambda tx: people.enroll(tx, "main", 1009, "Dana", role, "en"))
        dana = await shown.signed_in(who)
        menu = (await dana.opens("/overview")).text
        open_to = {
            Role.CLIENT: {"/briefs", "/money"},
            Role.ANALYST: {"/briefs", "/money", "/quality", "/clients", "/costs", "/reliability", "/audit"},
            Role.OPERATOR: {"/briefs", "/money", "/quality", "/clients", "/costs", "/reliability", "/audit", "/jobs"},
        }[role]
        for path in ("/briefs", "/money", "/quality", "/clients", "/costs", "/reliability", "/audit", "/jobs"):
            assert (f'href="{path}"' in menu) is (path in open_to), path
            page = await dana.opens(path)
            assert page.status == (200 if path in open_to else 403), path
        assert (await dana.opens("/money/ledger")).status == 403


async def test_an_analyst_changes_nothing(stand_ins: Providers, database_url: str) -> None:
    """No page takes what is sent to it, whoever sends it: who tries is told that it is only to be looked at."""
    async with window(stand_ins, database_url) as shown:
        database = shown.home.app.services.database
        who = await database.write(lambda tx: people.enroll(tx, "main", 1009, "Dana", Role.ANALYST, "en"))
        dana = await shown.signed_in(who)
        form = await dana.form("/overview")
        for path in (*(path for path in PAGES if "{" not in path), "/briefs/1", "/money/1", "/jobs/heartbeat"):
            assert (await dana.sends(path, {"form": form})).status == 405, path


async def test_secrets_are_compared_in_constant_time(
    stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key, form, what Telegram signed, and the token of /metrics are compared by what takes as long for any guess."""
    token = "right-right-right-right"
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def noted(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return compare(one, other)

    async with window(stand_ins, database_url, metrics_token=token) as shown:
        key = await shown.home.app.services.sessions.key(await shown.home.person(shown.home.carol))
        carol = shown.looker()
        form = await carol.form("/sign-in")
        monkeypatch.setattr("hmac.compare_digest", noted)
        for given, expected in ((key, 303), ("ep_wrong", 403)):
            assert (await carol.sends("/sign-in", {"form": form, "key": given})).status == expected
        assert (form.encode(), form.encode()) in compared
        assert (code_hash(key).encode(),) * 2 in compared
        compared.clear()
        assert (await shown.looker().hands_on("/telegram", {"init_data": "hash=guess"})).status == 403
        assert [other for _, other in compared] == [b"guess"]
        compared.clear()
        assert (await shown.looker().opens("/metrics", {"Authorization": "Bearer guess"})).status == 401
        assert compared == [(b"guess", token.encode())]
