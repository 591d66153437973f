"""Two crews: what is quick does not wait behind what waits for models."""

import pytest

from tests.house import Providers, house

pytestmark = pytest.mark.both_databases


async def test_receipt_while_models_are_busy(stand_ins: Providers, database_url: str) -> None:
    """A client who pays reads the receipt while all places at models are taken."""
    async with house(stand_ins, database_url, worker_concurrency=1) as home:
        await home.staff()
        first = await home.brief()
        await home.alice.sees("To pay")
        home.openai.latency = 1.0
        second = await home.brief("Write a note about bread for the bakery's window, 50 words.")
        await home.alice.sees(f"Brief {second} · Being drafted")
        await home.pay(first)
        await home.alice.sees("Received 120.00 USD")
        assert not [m for m in home.alice.messages() if f"Brief {second} · Delivered" in m.text]
        home.openai.latency = 0.0
        await home.alice.sees(f"for brief {second}", timeout=20)
