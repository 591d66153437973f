"""What does not arrive is an alert by where it was to go: told once until something arrives, and over once it is missed
no more.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.access.model import TENANT
from bot.alerts.late_messages import late_before
from bot.kernel.card import Card, to_payload
from bot.messages.mails import MAIL
from jobs.outbox.undelivered import LATE_TRIES, settle
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Transaction
from tests.alerting import alert_of, open_alerts, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

REFUSED = "Bad Request: chat not found"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def waits(here: Desk, channel: str, to: str) -> OutboxRow:
    """Something new waits for the place, and nothing else that this test settles."""
    payload = to_payload(Card("for you"))
    await here.app.services.database.write(lambda tx: outbox.add(tx, TENANT, channel, to, payload))
    async with here.app.services.database.reading() as connection:
        due = await outbox.due(connection, channel, here.app.services.database.clock.now(), 100)
    return [row for row in due if row.destination == to][-1]


async def ends(here: Desk, item: OutboxRow, state: str, error: str | None = REFUSED) -> None:
    await here.app.services.database.write(lambda tx: settle(tx, [Delivery(item, state, error=error)]))


async def test_once_until_something_arrives(here: Desk) -> None:
    """Of what is refused again nothing new is told, also where the words differ; after something arrived it is."""
    alice = str(here.alice.id)
    for words in ("one", "two"):
        await ends(here, await waits(here, "telegram", alice), "undeliverable", words)
    alert = await alert_of(here.app, "message_refused", f"telegram:{alice}")
    assert alert is not None
    assert (alert.nags, alert.times, alert.facts["reason"]) == (1, 1, "one")
    await ends(here, await waits(here, "telegram", alice), "sent", None)
    await ends(here, await waits(here, "telegram", alice), "undeliverable", "three")
    alert = await alert_of(here.app, "message_refused", f"telegram:{alice}")
    assert alert is not None
    assert (alert.openings, alert.facts["reason"]) == (2, "three")
    carol = await here.person(here.carol)
    assert await here.app.services.alerts.late_messages.let_go(carol, int(alert.facts["row"])) == 3
    assert await open_alerts(here.app) == []


async def test_who_cannot_be_reached_is_not_told_of_it(here: Desk) -> None:
    """That the only admin cannot be reached is an alert that is sent to nobody."""
    carol = str(here.carol.id)
    await ends(here, await waits(here, "telegram", carol), "undeliverable")
    assert [one.told for one in await open_alerts(here.app)] == [()]
    assert len(await here.told(here.carol.id)) == 1


async def test_late_and_then_there(here: Desk, clock: SimulatedClock) -> None:
    """What is late is over once it arrived, which the next look sees; as long as it waits it is not."""

    async def others(tx: Transaction) -> None:
        await outbox.add(tx, TENANT, MAIL, "dan@example.org", {"subject": "x", "text": "x"})

    late = await waits(here, MAIL, "eve@example.org")
    await here.app.services.database.write(others)
    clock.passes(minutes=20)
    async with here.app.services.database.reading() as connection:
        (dan,) = [row for row in await outbox.due(connection, MAIL, clock.now(), 100) if "dan" in row.destination]
    await ends(here, dan, "sent", None)
    tried = replace(late, attempts=LATE_TRIES - 1)
    await ends(here, tried, "waiting", "Greylisted")
    assert [(one.rule, one.facts["to"]) for one in await open_alerts(here.app)] == [("mail_late", "eve@example.org")]
    assert late.created_at < late_before(clock.now())
    await runs(here.app, "alerts")
    assert len(await open_alerts(here.app)) == 1
    await ends(here, tried, "sent", None)
    assert "1 places take messages again" in await runs(here.app, "alerts")
    assert await open_alerts(here.app) == []


@pytest.mark.parametrize(("chat", "words"), [(-1004, "group -1004"), (77, "chat 77"), (0, "Alice")])
async def test_who_it_was_for(here: Desk, chat: int, words: str) -> None:
    """A group or a chat of which only the number is known is named so, in the reader's language."""
    await ends(here, await waits(here, "telegram", str(chat or here.alice.id)), "undeliverable")
    (alert,) = await open_alerts(here.app)
    card = await here.says(here.carol, f"/alert_{alert.id}")
    assert f"Warning · Message to {words} · Not delivered" in card.text
    assert card.rows[0][0].label == "Send again"
