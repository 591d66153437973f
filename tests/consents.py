"""What Alice allows, for tests that are about what is done once she does."""

from bot.access.model import TENANT
from bot.consents.model import ASKED
from bot.services import Services
from storage.people import people
from tests.house import ALICE, House


async def allows_all(home: House) -> None:
    """Alice says yes to whatever somebody is asked for."""
    services = home.running.app.services
    alice = await services.people.joining.identify(ALICE, "Alice", "en")
    for purpose in ASKED:
        await services.consents.say(alice, purpose, given=True)


async def client_allows(services: Services, client_id: int) -> None:
    """The client does."""
    async with services.database.reading() as connection:
        client = await people.by_id(connection, TENANT, client_id)
    for purpose in ASKED:
        await services.consents.say(client, purpose, given=True)
