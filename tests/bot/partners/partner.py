"""Alice as a partner, for tests of what her program may do."""

from bot.access.model import TENANT, Role
from bot.kernel.task_type import TaskType
from bot.partners.model import Caller, NewOrder, Partner, Tier
from bot.partners.standard_webhooks import new_secret
from bot.services import Services
from storage.engine.database import Transaction
from storage.partners import partners
from storage.people import people
from tests.desk import Desk

ORDER = NewOrder("Write a landing page text for Nordwind, a bicycle courier in Hamburg.", TaskType.DRAFTING)


async def partner_of(home: Desk) -> tuple[Partner, str]:
    """Alice is a partner with a key."""
    verbs, carol = home.app.services.partners.partners, await home.person(home.carol)
    made = await verbs.make(carol, (await home.person(home.alice)).id)
    return await verbs.new_key(carol, made.id)


async def caller_of(home: Desk) -> Caller:
    """Her program, signed in."""
    partner, _ = await partner_of(home)
    return Caller(partner, await home.person(home.alice))


async def another_partner(services: Services, tenant: str = TENANT, telegram_id: int = 1007) -> Caller:
    """Frank, a client who is a partner too, perhaps of another tenant."""

    async def work(tx: Transaction) -> Caller:
        frank = await people.enroll(tx, tenant, telegram_id, "Frank", Role.CLIENT, "en")
        await partners.add(tx, tenant, frank.id, Tier.STANDARD, new_secret())
        made = await partners.of_client(tx.connection, tenant, frank.id)
        assert made is not None
        return Caller(made, frank)

    return await services.database.write(work)
