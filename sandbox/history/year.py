"""A year of a small studio, of which the demo goes on with HISTORY=1."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.kernel.clock import SystemClock
from bot.kernel.text.words import count
from sandbox.history.at_stripe import UNKNOWN, AtStripe
from sandbox.history.lives import micros
from sandbox.history.seed import play
from sandbox.history.studio import Named, Studio
from sandbox.history.truths import QUESTIONS, broken_at
from storage.engine.database import Database
from storage.migrations.migrate import migrate

Tell = Callable[[Studio, datetime], Awaitable[AtStripe]]
BRIEFS, YEAR = 1_500, timedelta(days=365)
FIRST_CLIENT = 1_101  # Telegram ids of the clients beside Alice
CLIENTS = (
    "Nordwind GmbH", "Solar Lamp Co", "Casa Verde", "Atlas Freight", "Lotus Textiles", "Harbour Books", "Alpine Tea",
    "Brightside Dental", "Karachi Spice House", "Riverside Yoga", "Kite Robotics", "Old Mill Bakery", "Fern & Field",
    "Blue Door Hostel", "Metro Cycles", "Pine Street Law", "Juniper Games",
)  # fmt: skip
LEAVERS = (6, 0.5), (12, 0.75), (17, 0.92)  # of the clients, by their place
JOINERS = (14, 0.93, 26), (15, 0.97, 12)  # likewise, with how many days ago they came
TITLES = (
    "Landing page text for the spring offer", "Product page, two hundred words", "Newsletter on delivery times",
    "Summary of last week's interviews", "Price list as a clean table", "Answers to common questions",
    "Press note on the new branch", "Minutes of the planning call", "Market notes on three rivals",
)  # fmt: skip


def year(
    client: Named, team: tuple[Named, Named, Named], seed: int = 1, language: str = "en", *, owing: bool = False
) -> Studio:
    """Clients who have been there for a year, the first of them that one. team: operator, admin and another admin.

    owing: see `Studio`.
    """
    operator, admin, other_admin = team
    clients = [client, *(Named(FIRST_CLIENT + n, name) for n, name in enumerate(CLIENTS))]
    return Studio(
        BRIEFS, 1 + len(clients), YEAR, seed, partners=2, waiting=6, spread=5, counted_days=32, runs=40, owing=owing,
        leavers=LEAVERS, joiners=JOINERS, deferred=2, forecasts=31,
        currencies=("USD", "USD", "EUR"), admin=admin, operator=operator, other_admin=other_admin, clients=clients,
        titles=TITLES, language=language,
    )  # fmt: skip


async def make(database: Path, studio: Studio, told: Tell | None = None) -> Sequence[str]:
    """Play the studio into a new database, and look whether it is true; returns lines about it.

    told: has the payment provider's stand-in know what is still open.
    """
    url, began, now = f"sqlite:///{database}", time.monotonic(), datetime.now(UTC)
    made = Database(url, SystemClock())
    try:
        await migrate(made)
    finally:
        await made.close()
    known = UNKNOWN if told is None else await told(studio, now)
    await asyncio.to_thread(play, url, studio, now, known)
    wrong = await asyncio.to_thread(broken_at, url, micros(now))
    took = time.monotonic() - began
    held = count(len(QUESTIONS) + 2 - len(wrong), "truth")
    return [
        f"A played year lies behind it: {studio.briefs:,} briefs of {len(studio.clients)} clients, made in {took:.1f} "
        f"s; {held} about its books and events hold.",
        *(f"  Does not hold: {one}" for one in wrong),
    ]
