"""Service levels as people and machines see them: /slo, /metrics, the test brief, and the streams."""

import re
from datetime import datetime
from pathlib import Path

import aiohttp
import orjson
import pytest
from sqlalchemy import func, select

from bot.access.model import CANARY, TENANT
from bot.backups.model import Kind
from bot.kernel.clock import SystemClock
from bot.kernel.timing import Timing
from bot.ops.series import Count, Series
from bot.slo.model import HOUR, MINUTE
from handlers.vocabulary import vocabulary
from jobs.outbox.streams import Streams
from sandbox.faults import Fault
from storage.backups import restores
from storage.engine.database import Database
from storage.engine.schema import metadata
from storage.slo import counts
from storage.tables.audit import audit
from storage.tables.core import outbox
from tests.alerting import open_alerts
from tests.clock import Hands
from tests.eventually import eventually
from tests.house import House, Providers, house

TOKEN = "canary-token-of-metrics"
# Tables in which the tenant of test briefs may have rows: its own briefs, and what the machinery writes of them.
ITS_OWN = {
    *("tenants", "people", "prompts", "briefs", "quotes", "drafts", "evaluations", "decisions", "verdicts"),
    *(
        "events",
        "audit",
        "audit_unsealed",
        "audit_seals",
        "model_calls",
        "reservations",
        "spend",
        "outbox",
        "placements",
    ),
}
OF_BUSINESS = {"briefs", "drafts", "evaluations", "verdicts", "model_calls", "invoices", "postings"}
CARD = "Runs a test brief"


async def counted(database: Database, series: str) -> Count:
    """What was counted within the last hour."""
    async with database.reading() as connection:
        return (await counts.within(connection, [series], database.clock.now(), [HOUR]))[HOUR]


async def rows(database: Database, tenant: str) -> dict[str, int]:
    """How many rows the tenant has in each table that it has any in."""
    found = {}
    async with database.reading() as connection:
        for name, table in metadata.tables.items():
            query = select(func.count()).select_from(table).where(table.c.tenant == tenant)
            found[name] = int((await connection.execute(query)).scalar_one())
    return {name: number for name, number in found.items() if number}


async def told(database: Database, tenant: str) -> set[str]:
    """What became of the tenant's messages; of anything but messages nothing is told."""
    async with database.reading() as connection:
        found = await connection.execute(select(outbox.c.channel, outbox.c.state).where(outbox.c.tenant == tenant))
        rows = [(channel, state) for channel, state in found]
    assert {channel for channel, _ in rows} <= {"telegram"}
    return {state for _, state in rows}


async def check(home: House, words: str) -> str:
    """Carol has the self-check run, and reads how it ended."""
    await run_it(home)
    return await ended(home, words)


async def run_it(home: House) -> None:
    """Carol has the self-check run."""
    mark = home.carol.mark()
    await home.carol.says("/job_self_check")
    await home.carol.taps("Run now", await home.carol.sees(CARD, after=mark))


async def ended(home: House, words: str) -> str:
    """How it ended, as Carol reads it."""

    async def card() -> str:
        before = home.carol.mark()
        await home.carol.says("/job_self_check")
        return (await home.carol.sees(CARD, after=before)).text

    return await eventually(card, lambda text: words in text)


async def test_test_brief(home: House) -> None:
    """A test brief goes all the way; nobody is written to, no invoice is made, nothing comes into Notion, and the
    installation's own tenant has no row of work, quality or money for it.
    """
    database = home.running.app.services.database
    assert "delivered after" in await check(home, "delivered after")
    assert set(await rows(database, CANARY)) <= ITS_OWN
    assert set(await rows(database, TENANT)).isdisjoint(OF_BUSINESS)
    assert home.stripe.invoices == {}
    assert await eventually(lambda: told(database, CANARY), lambda states: "waiting" not in states) <= {
        "sent",
        "replaced",
    }
    await home.running.app.services.metrics.write(database)
    assert await counted(database, Series.CANARY) == Count(1, 0)


async def test_test_brief_fails(stand_ins: Providers, database_url: str) -> None:
    """Where no model answers the test brief fails in time: admins are told where it stood, and that it works again."""
    timing = Timing(first_retry=0.1, room=(0.1, 0.2), canary=6.0, left_alone=0.1)
    async with house(stand_ins, database_url, timing=timing) as home:
        await home.carol.says("/start")
        home.openai.faults.add(Fault("POST", "status", status=500, times=None))
        await check(home, "stood at drafting")
        await home.carol.sees("The hourly test brief failed")
        home.openai.faults.clear()
        await check(home, "delivered after")
        await home.carol.sees("The hourly test brief failed · Resolved")


async def test_test_brief_after_a_restore(stand_ins: Providers, database_url: str) -> None:
    """While messages wait for a decision after a restore the test brief succeeds all the same, so nobody is paged."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
    database = Database(database_url, SystemClock())
    await database.write(lambda tx: restores.add(tx, TENANT, "x", tx.now, list(Kind)))
    await database.close()
    async with house(stand_ins, database_url) as home:
        assert "delivered after" in await check(home, "delivered after")


async def test_models_are_switched_off_under_a_test_brief(stand_ins: Providers, database_url: str) -> None:
    """A test brief that is under way as models are switched off did not fail, so nobody is told that it did."""
    timing = Timing(first_retry=0.1, room=(0.1, 0.2), canary=6.0, left_alone=0.1)
    async with house(stand_ins, database_url, timing=timing) as home:
        await home.carol.says("/start")
        home.openai.faults.add(Fault("POST", "status", status=500, times=None))
        await run_it(home)
        database = home.running.app.services.database
        await eventually(lambda: rows(database, CANARY), lambda found: "briefs" in found)
        await home.carol.says("/flags model_calls off models fail")
        await ended(home, "not tried to its end: model_calls is switched off")
        assert "canary_failed" not in [one.rule for one in await open_alerts(home.running.app)]


async def test_slo(home: House) -> None:
    """An admin sees what is left of each budget, opens one, and reads what used it up; a client may not."""
    database = home.running.app.services.database
    at = database.clock.now().replace(second=0, microsecond=0) - 3 * HOUR
    found = {(Series.WEBHOOKS.value, at + n * MINUTE): Count(50, 3 * (n == 0)) for n in range(10)}
    await database.write(lambda tx: counts.put(tx, "test", found))
    await home.staff()
    mark = home.carol.mark()
    await home.carol.says("/slo")
    card = await home.carol.sees("Service levels", after=mark)
    assert "Webhooks stored: 99.40 % good (target 99.00 %), 40 % of the budget left" in card.text
    assert card.photo
    await home.carol.taps("Webhooks stored", card)
    closer = await home.carol.sees("A webhook with a valid signature", after=mark)
    assert "Budget: 3 of 5 failures used" in closer.text
    assert "3 failures in" in closer.text
    await home.carol.says("/slo turnaround")
    await home.carol.sees("Nothing has been counted yet", after=mark)
    await home.carol.says("/slo speed")
    await home.carol.sees("There is no service level “speed”", after=mark)
    await home.alice.says("/slo")
    await home.alice.sees("may read reports")


async def page(home: House, headers: dict[str, str] | None = None) -> tuple[int, str]:
    assert home.running.server is not None
    url = f"{home.running.server.url}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_metrics(home: House) -> None:
    """On the machine itself Prometheus reads what was counted: requests, updates, jobs, calls, money, what waits, the
    loop, the process; through a proxy nobody does.
    """
    await home.staff()
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    await home.stripe_has("open")
    await home.pay(number)
    await home.alice.sees(f"Brief {number} · Paid")
    await page(home)
    status, text = await page(home)
    assert status == 200
    for line in (
        r'echopilot_http_seconds_count{route="/metrics",status="200"} 1.0',
        r'echopilot_http_seconds_count{route="/webhooks/stripe",status="200"}',
        r'echopilot_update_seconds_count{kind="message",outcome="done"}',
        r'echopilot_provider_seconds_count{outcome="answered",provider="telegram",verb="sendMessage"}',
        r'echopilot_provider_seconds_count{outcome="answered",provider="models",verb="draft"} 1.0',
        r'echopilot_provider_seconds_count{outcome="answered",provider="stripe",verb="invoice"} 1.0',
        r"echopilot_model_tokens_total{model=",
        r"echopilot_model_cost_usd_total{model=",
        r'echopilot_money_minor_total{currency="USD",what="paid"} 12000.0',
        r'echopilot_outbox_total{channel="telegram",state="sent"}',
        r"echopilot_tasks_waiting ",
        r"echopilot_tasks_oldest_seconds ",
        r"echopilot_loop_lag_seconds_count ",
        r'echopilot_slo_budget_left{slo="webhooks"} 1.0',
        r"echopilot_process_resident_memory_bytes ",
    ):
        assert line in text, line
    assert (await page(home, {"X-Forwarded-For": "192.0.2.1"}))[0] == 403


async def test_metrics_by_token(stand_ins: Providers, database_url: str) -> None:
    """With METRICS_TOKEN whoever has the token reads them, and nobody else, from this machine neither."""
    async with house(stand_ins, database_url, metrics_token=TOKEN) as home:
        assert (await page(home))[0] == 401
        assert (await page(home, {"Authorization": "Bearer wrong"}))[0] == 401
        through = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.1"}
        assert (await page(home, through))[0] == 200


@pytest.mark.both_databases
async def test_streams(stand_ins: Providers, database_url: str, tmp_path: Path) -> None:
    """What happens comes into the files, each once, and a life of the program after goes on where the one before was;
    names, words and chats of people are in none of them.
    """
    folder = tmp_path / "streams"
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock, streams_path=str(folder)) as home:
        streams = _streams(home, folder)
        await streams.write_new()
        await home.staff()
        number = await home.brief()
        await home.alice.sees(f"Brief {number} · Delivered")
        await home.stripe_has("open")
        clock.ahead = 2 * MINUTE
        await streams.write_new()
    async with house(stand_ins, database_url, clock=clock, streams_path=str(folder)) as home:
        await home.carol.says("/status")
        await home.carol.sees("version")
        await eventually(lambda: _asked(home, "/status"))
        clock.ahead = 4 * MINUTE
        await _streams(home, folder).write_new()
    lines = {file.stem: [orjson.loads(one) for one in file.read_bytes().splitlines()] for file in folder.iterdir()}
    kept = lines["audit"]
    assert {"invite.made", "invite.redeemed", "brief.queued", "/status"} <= {one["action"] for one in kept}
    assert len({one["id"] for one in kept}) == len(kept)
    assert {one["purpose"] for one in lines["prompt_usage"]} >= {"draft", "judge"}
    assert all(datetime.fromisoformat(one["at"]) for one in kept)
    written = "".join(file.read_text() for file in folder.iterdir())
    assert re.search(r"Alice|Nordwind|alice@|\b100[1-5]\b(?!\")|insured", _without_ids(written)) is None
    assert TENANT in written


async def _asked(home: House, action: str) -> bool:
    """Whether it is written down that somebody asked for that."""
    async with home.running.app.services.database.reading() as connection:
        return (await connection.execute(select(audit.c.id).where(audit.c.action == action))).first() is not None


def _without_ids(written: str) -> str:
    """Our own numbers begin where those of the cast at Telegram do."""
    return re.sub(r'"(?:id|person|brief_id|subject)":(?:\d+|"[^"]*")', "", written)


def _streams(home: House, folder: Path) -> Streams:
    return Streams(home.running.app.services.database, folder, vocabulary(home.settings))
