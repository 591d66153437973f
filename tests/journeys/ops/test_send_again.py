"""Whatever a provider refuses for good: somebody hears of it, sees it in /failed, and sends it again by a tap."""

from bot.access.model import TENANT
from bot.kernel.card import Card, to_payload
from bot.messages.mails import MAIL
from bot.mirror.service import CHANNEL
from sandbox.faults import Fault
from sandbox.notion.errors import planned
from storage.core import outbox
from storage.engine.database import Transaction
from tests.eventually import eventually, nothing
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
    told = await home.carol.sees(f"{named} · Not delivered")
    assert "Send again" in told.labels
    mark = home.carol.mark()
    await home.carol.says("/failed")
    listed = await home.carol.sees("not delivered", after=mark)
    assert named in listed.text
    clear(home)
    await home.carol.taps(f"Send again, {named.removeprefix('to ')}", listed)


def clear(home: House) -> None:
    for stand_in in (home.telegram, home.notion):
        stand_in.faults.clear()
    home.providers.mail.refused.clear()


async def nothing_failed(home: House) -> None:
    mark = home.carol.mark()
    await home.carol.says("/failed")
    await home.carol.sees("No failures to handle.", after=mark)


async def on_their_way(home: House) -> int:
    """How many rows of the mirror wait."""
    async with home.running.app.services.database.reading() as connection:
        return (await outbox.counts(connection, TENANT)).get((CHANNEL, "waiting"), 0)


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
    await home.alice.sees("To pay")
    await eventually(lambda: on_their_way(home), nothing)  # as long as a newer row may arrive, nothing is missed
    await send_again(home, "to Job Log")
    await home.notion.wait_for("Job Log", lambda rows: len(rows) == 1)
