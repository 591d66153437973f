"""/security: every finding with its fix, and when it was looked for."""

from datetime import UTC, datetime

from bot.alerts.raising import raise_
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.handlers.ops.test_jobs import ran
from tests.house import Providers

THURSDAY = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)


async def test_security(stand_ins: Providers, database_url: str) -> None:
    """Findings come with their fixes; what was never looked up is not called safe; an operator is refused."""
    async with desk(stand_ins, database_url, SimulatedClock(THURSDAY)) as home:
        none = (await home.says(home.carol, "/security")).text
        assert none.startswith("<b>Security · No weakness found</b>")
        assert "No scan has finished yet." in none
        assert "Packages have never been checked" in none
        await ran(home, "security_scan", "done", THURSDAY)
        await home.app.services.database.write(lambda tx: raise_(tx, "one_admin"))
        card = await home.says(home.carol, "/security")
        assert card.text.startswith("<b>Security · 1 to fix</b>")
        assert "Fix: /people." in card.text
        assert "Scanned Thu 26 Nov, 10:02 UTC." in card.text
        sent = (await home.taps(home.carol, "List of packages", card)).card
        assert sent is not None
        assert sent.document is not None
        assert sent.document.name.endswith(".cdx.json")
        assert "Only admins may manage people" in (await home.says(home.bob, "/security")).text
