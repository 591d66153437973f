"""What Alice allows, for tests that are about what is done once she does."""

from bot.consents.model import ASKED
from tests.house import ALICE, House


async def allows_all(home: House) -> None:
    """Alice says yes to whatever somebody is asked for."""
    services = home.running.app.services
    alice = await services.people.joining.identify(ALICE, "Alice", "en")
    for purpose in ASKED:
        await services.consents.say(alice, purpose, given=True)
