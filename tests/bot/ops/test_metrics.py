"""What a process counts of itself."""

from datetime import UTC, datetime

from bot.ops.metrics import Metrics
from bot.ops.series import QUICK_SECONDS, Count, Series
from bot.slo.model import HOUR
from storage.slo import counts
from tests.clock import SimulatedClock
from tests.storage.conftest import opened


async def test_requests_by_the_minute(sqlite_url: str) -> None:
    """Requests are counted once, by how they ended and how fast; a webhook that was not meant for us says nothing."""
    clock = SimulatedClock(datetime(2026, 11, 28, 12, 0, 50, tzinfo=UTC))
    metrics = Metrics(clock)
    async with opened(sqlite_url) as database:
        metrics.request("/webhooks/stripe", 200, 0.01)
        metrics.request("/webhooks/stripe", 200, QUICK_SECONDS)
        await metrics.write(database)
        metrics.request("/webhooks/stripe", 400, 0.01)
        metrics.request("/webhooks/stripe", 503, 0.01)
        metrics.request("/healthz", 500, 0.01)
        await metrics.write(database)
        await metrics.write(database)
        async with database.reading() as connection:
            found = {
                series: (await counts.within(connection, [series], clock.now(), [HOUR]))[HOUR]
                for series in (Series.WEB, Series.WEB_QUICK, Series.WEBHOOKS)
            }
    assert found == {Series.WEB: Count(3, 2), Series.WEB_QUICK: Count(4, 1), Series.WEBHOOKS: Count(2, 1)}
