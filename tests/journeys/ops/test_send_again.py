"""Whatever a provider refuses for good: somebody hears of it, sees it in /failed, and sends it again by a tap."""

import re

from bot.kernel.card import Card, to_payload
from bot.reports.service import MAIL
from sandbox.faults import Fault
from sandbox.notion.errors import planned
from sandbox.telegram.seen import Seen
from storage.core import outbox
from storage.engine.database import Transaction
from tests.eventually import eventually
from tests.house import House

REFUSED = (
    '{"ok":false,"error_code":400,"description":"Bad Request: not enough rights to send text messages to the chat"}'
)


async def send(home: House, channel: str, to: str, payload: object) -> None:
    async def work(tx: Transaction) -> None:
        await outbox.add(tx, "main", channel, to, payload)

    await home.running.app.services.database.write(work)


async def send_again(home: House, named: str) -> None:
    """The admin hears of it, finds it in /failed, and taps; then it is gone from there."""
    told = await home.carol.sees("Not delivered")
    assert named in told.text
    assert "Send again" in told.labels
    listed = await eventually(lambda: failed(home), lambda found: named in found.text)  # a newer row may be on its way
    clear(home)
    await home.carol.taps(f"Send again, {named.removeprefix('to ')}", listed)


async def failed(home: House) -> Seen:
    mark = home.carol.mark()
    await home.carol.says("/failed")
    return await home.carol.sees(re.compile("not delivered|Nothing failed that waits for you"), after=mark)


def clear(home: House) -> None:
    for stand_in in (home.telegram, home.notion):
        stand_in.faults.clear()
    home.providers.mail.refused.clear()


async def nothing_failed(home: House) -> None:
    mark = home.carol.mark()
    await home.carol.says("/failed")
    await home.carol.sees("No failures to handle.", after=mark)


async def test_a_message(home: House) -> None:
    """A message that Telegram refuses for good arrives when it is sent again."""
    await home.staff()
    home.telegram.faults.add(Fault("POST .*/sendMessage", "status", status=400, body=REFUSED))
    await send(home, "telegram", str(home.alice.id), to_payload(Card("for Alice")))
    await send_again(home, "to Alice")
    await home.alice.sees("for Alice")
    await nothing_failed(home)


async def test_a_mail(home: House) -> None:
    """A mail whose recipient the server does not know likewise."""
    home.providers.mail.refuse("eve@example.org")
    await send(home, MAIL, "eve@example.org", {"subject": "Tuesday", "text": "Hello"})
    await send_again(home, "to eve@example.org")
    await home.providers.mail.received(1)
    await nothing_failed(home)


async def test_a_row_of_the_mirror(home: House) -> None:
    """A row that Notion refuses for good likewise."""
    await home.staff()
    home.notion.faults.add(planned("(POST|PATCH) .*/pages", 400, times=None))
    await home.brief()
    await send_again(home, "to Job Log")
    await home.notion.wait_for("Job Log", lambda rows: len(rows) == 1)
