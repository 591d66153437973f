"""Stripe's events, each told twice and in any order: `python -m tests.money events orders` has as many as there are."""

import pytest

from tests.house import Providers
from tests.money.flood import flood
from tests.money.orders import HISTORIES, in_any_order

EVENTS, ORDERS = 300, 24


@pytest.mark.both_databases
async def test_kept_once(stand_ins: Providers, database_url: str) -> None:
    """Delivered twice and shuffled, each is a row once; what is malformed among them is answered 400, and no row."""
    kept = await flood(stand_ins, database_url, EVENTS, 0.05, seed=7)
    assert kept.rows == EVENTS
    assert kept.sound == {200: 2 * EVENTS}
    assert set(kept.malformed) == {400}


@pytest.mark.both_databases
@pytest.mark.timeout(300)
async def test_one_state_in_the_end(stand_ins: Providers, database_url: str) -> None:
    """Whatever is done to an invoice, in the dashboard too, and in whichever order its seven events come: the same
    stands of it here in the end.
    """
    ended = await in_any_order(stand_ins, database_url, ORDERS, seed=7)
    assert set(ended) == set(HISTORIES)
    for states in ended.values():
        assert list(states.values()) == [ORDERS // len(HISTORIES)]
