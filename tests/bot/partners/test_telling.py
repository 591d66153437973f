"""What a partner's program is told, and what becomes of it where the program does not take it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.adapters.partner_door import PartnerDoor
from bot.audit.service import record
from bot.kernel.errors import ProviderError
from bot.partners.model import CHANNEL, Caller, Message
from bot.partners.telling import Telling
from sandbox.faults import Fault
from sandbox.partner import PartnerStandIn
from sandbox.server import Sandbox
from storage.briefs import briefs
from storage.core import outbox
from storage.core.outbox import OutboxRow
from storage.core.pages import Page
from storage.engine.database import Transaction
from tests.bot.partners.partner import ORDER, caller_of
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers


@asynccontextmanager
async def told_partner(
    stand_ins: Providers, database_url: str, path: str = "hook"
) -> AsyncIterator[tuple[Desk, Caller, PartnerStandIn, Hands]]:
    """A partner whose program listens, and who ordered a brief that is being drafted now."""
    clock, program = Hands(), PartnerStandIn()
    async with Sandbox(program) as sandbox, desk(stand_ins, database_url, clock) as home:
        caller, verbs = await caller_of(home), home.app.services.partners
        carol = await home.person(home.carol)
        await verbs.partners.set_address(carol, caller.partner.id, f"{sandbox.url}/partner/{path}")
        program.secret = (await verbs.partners.standing(carol, caller.partner.id)).partner.webhook_secret
        number = (await verbs.ordering.order(caller, "one", ORDER, lambda brief: str(brief.id))).brief_id
        await says(home, caller, number, "drafting")
        yield home, caller, program, clock


async def says(home: Desk, caller: Caller, number: int, event: str) -> None:
    """Something happened to the brief."""
    tenant = caller.partner.tenant

    async def said(tx: Transaction) -> None:
        brief = await briefs.get(tx.connection, tenant, number)
        await record(tx, tenant, None, f"brief.{event}", f"brief:{number}", thing=brief)

    await home.app.services.database.write(said)


async def waiting(home: Desk) -> list[OutboxRow]:
    async with home.app.services.database.reading() as connection:
        return await outbox.due(connection, CHANNEL, home.app.services.database.clock.now(), 10)


async def tell(home: Desk, item: OutboxRow, *but: str) -> None:
    await Telling(home.app.services.database, PartnerDoor(but or ("127.0.0.1",))).tell(item)


async def log_of(home: Desk, caller: Caller) -> Message:
    """The newest message."""
    carol = await home.person(home.carol)
    return (await home.app.services.partners.partners.told(carol, caller.partner.id, Page()))[1][0]


async def test_a_change_is_told_once(stand_ins: Providers, database_url: str) -> None:
    """A change is told with the brief as it is; told twice it is one message, by its id."""
    async with told_partner(stand_ins, database_url) as (home, caller, program, _):
        (item,) = await waiting(home)
        await tell(home, item)
        await tell(home, item)
        assert (program.types(), program.calls, program.refused) == (["brief.drafting"], 2, [])
        data = program.messages[0]["data"]
        assert (data["type"], data["price"]) == ("drafting", {"amount_minor": 12_000, "currency": "USD"})
        log = await log_of(home, caller)
        assert (log.state, log.status, log.attempts, log.name) == ("delivered", 204, 2, program.messages[0]["id"])


async def test_what_is_not_told(stand_ins: Providers, database_url: str) -> None:
    """Nothing is told of briefs from the chat, and nothing of what the team does among itself."""
    async with told_partner(stand_ins, database_url) as (home, caller, _, __):
        chatted = await home.delivered(home.alice)
        await says(home, caller, chatted.id, "paid")
        ordered = (await log_of(home, caller)).payload["data"]
        await says(home, caller, ordered["id"], "claimed")
        assert len(await waiting(home)) == 1


@pytest.mark.parametrize(
    ("status", "days", "permanent", "state"),
    [(500, 0, False, "waiting"), (404, 0, False, "waiting"), (503, 2.9, False, "waiting"), (500, 3.1, True, "given up"),
     (410, 0, True, "given up")],
)  # fmt: skip
async def test_refused(
    stand_ins: Providers, database_url: str, status: int, days: float, permanent: bool, state: str
) -> None:
    """What the program refuses is tried for three days, but no more once it says that it is gone for good."""
    async with told_partner(stand_ins, database_url) as (home, caller, program, clock):
        (item,) = await waiting(home)
        program.faults.add(Fault("POST", "status", status=status, retry_after=5))
        clock.ahead += timedelta(days=days)
        with pytest.raises(ProviderError) as raised:
            await tell(home, item)
        assert (raised.value.permanent, raised.value.retry_after) == (permanent, 5)
        log = await log_of(home, caller)
        assert (log.state, log.status, log.error) == (state, status, f"answered {status}")


async def test_another_secret(stand_ins: Providers, database_url: str) -> None:
    """A program that knows another secret refuses, and takes it once it knows the new one."""
    async with told_partner(stand_ins, database_url) as (home, caller, program, _):
        (item,) = await waiting(home)
        verbs, carol = home.app.services.partners.partners, await home.person(home.carol)
        secret = await verbs.new_webhook_secret(carol, caller.partner.id)
        with pytest.raises(ProviderError, match="answered 401"):
            await tell(home, item)
        assert program.refused == ["the signature is wrong"]
        program.secret = secret
        await tell(home, item)
        assert program.types() == ["brief.drafting"]


async def test_redirects_are_refusals(stand_ins: Providers, database_url: str) -> None:
    """A program that sends us elsewhere has taken nothing, and elsewhere is not called."""
    async with told_partner(stand_ins, database_url, "moved") as (home, _, program, __):
        (item,) = await waiting(home)
        with pytest.raises(ProviderError, match="answered 307"):
            await tell(home, item)
        assert (program.calls, program.types()) == (1, [])


async def test_private_addresses_are_given_up(stand_ins: Providers, database_url: str) -> None:
    """An address that may not be called is given up at once, with the reason in the log."""
    async with told_partner(stand_ins, database_url) as (home, caller, program, _):
        (item,) = await waiting(home)
        with pytest.raises(ProviderError) as raised:
            await tell(home, item, "elsewhere.example")
        assert raised.value.permanent
        log = await log_of(home, caller)
        assert (log.state, log.error, program.calls) == ("given up", "only https is called", 0)


async def test_sent_again(stand_ins: Providers, database_url: str) -> None:
    """What was told is told again by a tap, under the same id."""
    async with told_partner(stand_ins, database_url) as (home, caller, program, _):
        (item,) = await waiting(home)
        await tell(home, item)
        await home.app.services.partners.partners.send_again(
            await home.person(home.carol), (await log_of(home, caller)).id
        )
        again = (await waiting(home))[-1]
        assert again.id != item.id
        await tell(home, again)
        assert (program.calls, program.types()) == (2, ["brief.drafting"])


async def test_switched_off_meanwhile(stand_ins: Providers, database_url: str) -> None:
    """Who was switched off is told nothing any more, also not what waited."""
    async with told_partner(stand_ins, database_url) as (home, caller, program, _):
        (item,) = await waiting(home)
        verbs, carol = home.app.services.partners.partners, await home.person(home.carol)
        version = (await verbs.standing(carol, caller.partner.id)).partner.version
        await verbs.switch(carol, caller.partner.id, version, on=False)
        await tell(home, item)
        assert (program.calls, (await log_of(home, caller)).state) == (0, "refused")
        ordered = (await log_of(home, caller)).payload["data"]

        async def change(tx: Transaction) -> None:
            brief = await briefs.get(tx.connection, caller.partner.tenant, ordered["id"])
            await briefs.change(tx, brief, note="x")

        await home.app.services.database.write(change)
        await says(home, caller, ordered["id"], "invoiced")
        assert len(await waiting(home)) == 1
