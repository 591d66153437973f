"""The pages say what the chat says, to the cent, of a played studio with years of business."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.access.model import Role
from bot.kernel.translation import reading_as
from bot.quality.model import CRITERIA
from handlers.catalog import BY_NAME
from handlers.routing.request import Request
from sandbox.history.studio import ADMIN
from storage.engine.types import EPOCH
from storage.people import people
from tests.clock import SimulatedClock
from tests.house import Providers
from tests.pages import Looker, Window, window

pytestmark = pytest.mark.wire
EVENING = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)  # a working day that has its figures
TILE = re.compile(
    r'<li class="tile[^>]*>\s*<h2>(?:<a[^>]*>)?([^<]+).*?<bdi>([^<]*)</bdi></p>\s*(?:<p class="note">)?([^<]*)',
    re.DOTALL,
)


async def said(shown: Window, name: str, words: str = "") -> str:
    """What the command answers to the admin."""
    who = await shown.person(ADMIN)
    with reading_as(who.reader):
        asked = Request(ADMIN, 1, words, source_key=f"test:{name}")
        return (await BY_NAME[name].handler(who, asked, shown.home.app.services)).text


async def tiles(carol: Looker, path: str) -> dict[str, tuple[str, str]]:
    """The tiles of a page: figure and note by label."""
    return {label: (figure, note) for label, figure, note in TILE.findall((await carol.opens(path)).text)}


async def test_overview(stand_ins: Providers, database_url: str) -> None:
    """Briefs, queue, revenue, cost and quality of today stand on the overview as in /report, /status and /queue."""
    async with window(stand_ins, database_url, SimulatedClock(EVENING), briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        seen, report = await tiles(carol, "/overview"), await said(shown, "report", "day")
        status, queue = await said(shown, "status"), await said(shown, "queue")
        (handed, delivered), (decide, oldest) = seen["Briefs today"], seen["To decide"]
        (revenue, paid), (models, _), (quality, alone) = seen["Revenue today"], seen["Models today"], seen["Quality"]
        assert f"{handed} briefs handed in: {delivered}," in report
        assert f"To decide: {decide}, {oldest.replace('for', 'waits')}" in report
        assert f"To decide: {decide}, /brief_1981 waits {oldest.removeprefix('the oldest for ')}" in status
        assert queue.startswith(f"<b>{decide} to decide</b>")
        assert f"Revenue {revenue} (" in report
        assert f"paid {paid.removesuffix(' paid')}; models cost {models}" in report
        assert f"Quality {quality} on average; {alone}" in report
        assert (int(handed), revenue) > (0, "0.00 USD")
        costs = await tiles(carol, "/costs")
        assert costs["Models"][0] == models


async def test_money(stand_ins: Providers, database_url: str) -> None:
    """Revenue, margin and balances are those of /finance and /ledger; the file of paid invoices adds up to the ledger's
    revenue, and that of all briefs has as many rows as there are.
    """
    async with window(stand_ins, database_url, SimulatedClock(EVENING), briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        figures, finance, ledger = (
            await tiles(carol, "/money/figures"),
            await said(shown, "finance"),
            await said(shown, "ledger"),
        )
        assert f"Revenue {figures['Revenue'][0]}" in finance
        assert f"Margin {figures['Margin'][0]}, {figures['Margin'][1]}" in finance
        page = (await carol.opens("/money/ledger")).text
        earned = re.search(r"revenue ([\d,.]+),.* refunds -([\d,.]+)", ledger)
        assert earned is not None
        assert f"{earned[1]} USD" in page
        assert f"-{earned[2]} USD" in page
        file = (await carol.opens("/money?file=csv&state=paid")).text.removeprefix("\ufeff")
        total = sum(Decimal(row["Amount"]) for row in csv.DictReader(io.StringIO(file)))
        assert f"{total:,.2f}" == earned[1]
        invoices = await said(shown, "invoices")
        listed = re.findall(r">((?:INV|HND)\d+)<", (await carol.opens("/money")).text)
        assert listed[:10] == re.findall(r"(?:INV|HND)\d+", invoices)[:10]


async def test_quality(stand_ins: Providers, database_url: str) -> None:
    """How the check does is told in the same figures as by /quality, and where these are too few in neither."""
    async with window(stand_ins, database_url, SimulatedClock(EVENING), briefs=1_000) as shown:
        carol = await shown.signed_in(await shown.person(ADMIN))
        seen, quality = await tiles(carol, "/quality"), await said(shown, "quality")
        assert f"{seen['Drafts checked'][0]} drafts checked in 90 days" in quality
        assert f"Check and people agree on {seen['Check and people agree'][0]}" in quality
        bad, (most, _, _) = seen["Blind checks"][0], seen["Blind checks"][1].partition(" of what passes")
        assert re.search(rf"Blind checks: {bad}, .*{re.escape(most)}", quality)


async def test_scores_by_criterion(stand_ins: Providers, sqlite_url: str) -> None:
    """Week by week the mean of what the judge gave a criterion is that of the rows; another tenant has none."""
    async with window(stand_ins, sqlite_url, SimulatedClock(EVENING), briefs=1_000) as shown:
        services, who = shown.home.app.services, await shown.person(ADMIN)
        weeks = await services.calibration.weeks(who)
        assert len(weeks) == 12
        rows = text(
            "SELECT avg(json_extract(e.results, '$[0].score')), count(*) FROM verdicts v JOIN evaluations e"
            " ON e.draft_id = v.draft_id AND e.look = 1 WHERE v.created_at >= :since AND v.created_at < :until"
        )
        older = weeks[-1]  # one of few drafts, so that none is left out
        given = {"since": _micros(older.since), "until": _micros(older.since + timedelta(days=7))}
        async with services.database.reading() as connection:
            mean, count = (await connection.execute(rows, given)).one()
        assert older.drafts == count
        assert older.scores[CRITERIA[0]] == pytest.approx(mean)
        carol = await shown.signed_in(who)
        page = (await carol.opens("/quality")).text
        assert f"{weeks[0].drafts} drafts of the week from" in page
        await services.tenants.found("acme", "Acme Studio")
        frank = await services.database.write(lambda tx: people.enroll(tx, "acme", 1006, "Frank", Role.ADMIN, "en"))
        assert sum(week.drafts for week in await services.calibration.weeks(frank)) == 0


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
