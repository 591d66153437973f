"""The partner API over HTTP: what it answers, and how it says that something is wrong."""

from typing import Any

import pytest

from bot.flags.model import Change, Flag, Mode
from storage.core.pages import Page
from tests.bot.partners.partner import ORDER, another_partner
from tests.clock import SimulatedClock
from tests.house import Providers
from tests.web.program import OFTEN, TEXT, program

PROBLEM = "application/problem+json"


def kind(answer: Any) -> str:
    """The name of a problem, which is one in every other respect too."""
    assert answer.headers["Content-Type"].startswith(PROBLEM), answer.text
    assert answer.json["status"] == answer.status
    assert answer.json["title"]
    return str(answer.json["type"].removeprefix("urn:echopilot:problem:"))


async def test_order_and_follow(stand_ins: Providers, database_url: str) -> None:
    """An order has its own address, is told as it stands, counts in the month, and has no result yet."""
    async with program(stand_ins, database_url) as it:
        made = await it.order(type="research", due_in_hours=48)
        assert made.status == 201, made.text
        assert (made.json["state"], made.json["type"]) == ("queued", "research")
        assert made.json["price"] == {"amount_minor": 18_000, "currency": "USD"}
        number = made.json["id"]
        assert made.headers["Location"] == f"/api/v1/briefs/{number}"
        assert made.headers["Cache-Control"] == "no-store"
        shown = await it.call("GET", f"/briefs/{number}")
        assert (shown.status, shown.json) == (200, made.json)
        month = (await it.call("GET", "/stats")).json
        assert (month["quota"], month["used"], month["left"], month["briefs"]) == (100, 1, 99, {"queued": 1})
        waits = await it.call("GET", f"/briefs/{number}/result")
        assert (waits.status, kind(waits), waits.headers["Retry-After"]) == (409, "not-ready", "60")


async def test_replayed(stand_ins: Providers, database_url: str) -> None:
    """The same key again has the same answer to the letter, and says so; another order under it is refused."""
    async with program(stand_ins, database_url) as it:
        first, second = await it.order(), await it.order()
        assert (second.status, second.text) == (201, first.text)
        assert "Idempotency-Replayed" not in first.headers
        assert second.headers["Idempotency-Replayed"] == "true"
        other = await it.order(type="other")
        assert (other.status, kind(other)) == (422, "key-reused")


async def test_another_price(stand_ins: Providers, database_url: str) -> None:
    """Whoever expects another price hears which one it is."""
    async with program(stand_ins, database_url) as it:
        answer = await it.order(expected_price={"amount_minor": 1, "currency": "USD"})
        assert (answer.status, kind(answer)) == (409, "other-price")
        assert answer.json["price"] == {"amount_minor": 12_000, "currency": "USD"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": "… !"}, "/text"),
        ({"text": 5}, "/text"),
        ({"text": "x" * 50_001}, "/text"),
        ({"text": TEXT, "type": "transcription"}, "/type"),
        ({"text": TEXT, "price": 1}, "/price"),
        ({"text": TEXT, "due_in_hours": "2"}, "/due_in_hours"),
        ({"text": TEXT, "due_in_hours": 0}, "/due_in_hours"),
        ({"text": TEXT, "expected_price": {"amount_minor": 1.5, "currency": "USD"}}, "/expected_price/amount_minor"),
    ],
)
async def test_invalid_bodies(stand_ins: Providers, database_url: str, body: Any, pointer: str) -> None:
    """What is wrong with a body is told by where it stands, without what was sent."""
    async with program(stand_ins, database_url) as it:
        answer = await it.call("POST", "/briefs", json=body, Idempotency_Key="one")
        assert (answer.status, kind(answer)) == (422, "invalid")
        assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("data", "headers", "status", "name"),
    [
        (b"{}", {"Content_Type": "text/plain", "Idempotency_Key": "a"}, 415, "no-json-type"),
        (b"{", {"Content_Type": "application/json", "Idempotency_Key": "a"}, 400, "no-json"),
        (b'{"text": "\\ud800"}', {"Content_Type": "application/json", "Idempotency_Key": "a"}, 400, "no-json"),
        (b"\xff\xfe", {"Content_Type": "application/json", "Idempotency_Key": "a"}, 400, "no-json"),
        (b"[" * 300_000, {"Content_Type": "application/json", "Idempotency_Key": "a"}, 400, "no-json"),
        (b" " * 400_001, {"Content_Type": "application/json", "Idempotency_Key": "a"}, 413, "too-large"),
        (b"{}", {"Content_Type": "application/json"}, 400, "no-key"),
        (b"{}", {"Content_Type": "application/json", "Idempotency_Key": "two words"}, 400, "no-key"),
        (b"{}", {"Content_Type": "application/json", "Idempotency_Key": "a" * 256}, 400, "no-key"),
    ],
)
async def test_what_is_no_order(
    stand_ins: Providers, database_url: str, data: bytes, headers: dict[str, str], status: int, name: str
) -> None:
    """What is no JSON, too large, or without a key is told apart."""
    async with program(stand_ins, database_url) as it:
        answer = await it.call("POST", "/briefs", data=data, **headers)
        assert (answer.status, kind(answer)) == (status, name)


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer a b", f"Bearer {'x' * 3_000}"])
async def test_not_signed_in(stand_ins: Providers, database_url: str, shown: str) -> None:
    """Without a token that counts nothing is told, whatever stands in its place."""
    async with program(stand_ins, database_url) as it:
        it.token = ""
        answer = await it.call("GET", "/stats", **({"Authorization": shown} if shown else {}))
        assert (answer.status, kind(answer)) == (401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_others_briefs(stand_ins: Providers, database_url: str) -> None:
    """Another partner's brief, another tenant's, and one that never was, are answered alike."""
    async with program(stand_ins, database_url) as it:
        services, number = it.home.app.services, (await it.order()).json["id"]
        await services.tenants.found("acme", "Acme Studio")
        frank = await another_partner(services, "acme")
        carol = await it.home.person(it.home.carol)
        from_here = (await it.call("GET", f"/briefs/{number + 1}")).text
        ordered = await services.partners.ordering.order(frank, "one", ORDER, lambda brief: str(brief.id))
        assert (await services.partners.partners.page(carol, Page())) != []
        for path in (f"/briefs/{ordered.brief_id}", f"/briefs/{ordered.brief_id}/result"):
            answer = await it.call("GET", path)
            assert (answer.status, kind(answer), answer.text) == (404, "no-such-brief", from_here)


async def test_what_is_not_there(stand_ins: Providers, database_url: str) -> None:
    """Other paths and methods are problems too, and say what there is."""
    async with program(stand_ins, database_url) as it:
        assert kind(await it.call("GET", "/brief")) == "not-found"
        assert kind(await it.call("GET", "/briefs/0")) == "not-found"
        assert kind(await it.call("GET", "/briefs/x%00")) == "not-found"
        answer = await it.call("DELETE", "/briefs")
        assert (kind(answer), answer.headers["Allow"]) == ("method-not-allowed", "POST")
        assert answer.headers["Server"] == ""


async def test_calls_are_counted(stand_ins: Providers, database_url: str) -> None:
    """Five orders and ten other calls a minute are answered; each says what is left, the next when to come again."""
    clock = SimulatedClock()
    async with program(stand_ins, database_url, clock) as it:
        for left in range(4, -1, -1):
            answer = await it.order(f"key-{left}")
            assert answer.headers.getall("RateLimit")[1] == f'"orders";r={left};t=60', answer.headers
        assert answer.headers.getall("RateLimit-Policy")[1] == '"orders";q=5;w=60'
        assert answer.headers.getall("RateLimit")[0].startswith('"month";r=95;')
        refused = await it.order("one-too-many")
        assert (refused.status, kind(refused), refused.headers["Retry-After"]) == (429, "too-many", "60")
        for _ in range(10):
            assert (await it.call("GET", "/stats")).status == 200
        assert (await it.call("GET", "/stats")).status == 429
        clock.passes(seconds=60)
        assert (await it.order("one-too-many")).status == 201


async def test_a_used_quota(stand_ins: Providers, database_url: str) -> None:
    """When the month's briefs are all ordered, the answer says when the next begins."""
    async with program(stand_ins, database_url, **OFTEN) as it:
        verbs, carol = it.home.app.services.partners.partners, await it.home.person(it.home.carol)
        await verbs.set_quota(carol, (await verbs.page(carol, Page()))[0].id, "1")
        await it.order()
        answer = await it.order("two")
        assert (answer.status, kind(answer)) == (429, "quota-used")
        assert 0 < int(answer.headers["Retry-After"]) <= 31 * 86_400
        assert (await it.order()).status == 201  # what was ordered is answered as before


async def test_status_is_for_everybody(stand_ins: Providers, database_url: str) -> None:
    """Everybody may ask how well it runs, thirty times a minute, and hears nothing new while nothing changed."""
    async with program(stand_ins, database_url) as it:
        it.token = ""
        answer = await it.call("GET", "/status")
        assert (answer.status, answer.json) == (200, {"status": "operational"})
        assert answer.headers["Cache-Control"] == "public, max-age=15"
        again = await it.call("GET", "/status", If_None_Match=answer.headers["ETag"])
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", answer.headers["ETag"])
        carol = await it.home.person(it.home.carol)
        await it.home.app.services.flags.switch(carol, Flag.INTAKE, Change(Mode.OFF), "a test")
        changed = await it.call("GET", "/status", If_None_Match=answer.headers["ETag"])
        assert (changed.status, changed.json) == (200, {"status": "closed"})
        for _ in range(27):
            assert (await it.call("GET", "/status")).status == 200
        assert (await it.call("GET", "/status")).status == 429


async def test_switched_off(stand_ins: Providers, database_url: str) -> None:
    """While partner_api is off, programs are told to come again, and nothing of who did that."""
    async with program(stand_ins, database_url) as it:
        carol = await it.home.person(it.home.carol)
        await it.home.app.services.flags.switch(carol, Flag.PARTNER_API, Change(Mode.OFF), "a test")
        answer = await it.order()
        assert (answer.status, kind(answer), answer.headers["Retry-After"]) == (503, "switched-off", "300")
        assert "Carol" not in answer.text


async def test_the_document_is_cached(stand_ins: Providers, database_url: str) -> None:
    """The document is served to everybody, and not again to whoever has it."""
    async with program(stand_ins, database_url) as it:
        it.token = ""
        answer = await it.call("GET", "/openapi.json")
        assert (answer.status, answer.json["openapi"]) == (200, "3.1.0")
        assert (await it.call("GET", "/openapi.json", If_None_Match=answer.headers["ETag"])).status == 304
