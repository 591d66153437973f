"""Buttons, links and answers of one tenant in the hands of another's admin: nothing is seen, nothing is changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.access.buttons import Tap
from bot.access.model import TENANT, Role
from bot.alerts.raising import raise_
from bot.briefs.material import Submission
from bot.briefs.model import State
from bot.invoices.model import InvoiceLine
from bot.invoices.remote import RemoteCharge
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Task
from bot.manual_invoices.model import Order
from bot.reconciliation.deed import terms_of as terms_of_repair
from bot.reconciliation.model import Figure, Found, Kind
from bot.recordings.service import TRANSCRIBE
from bot.refunds.deed import terms_of
from bot.sessions.service import Caller
from handlers.catalog import ACTIONS, WITH_SUBJECT
from storage.approvals import approvals
from storage.billing import invoices, mismatches
from storage.briefs import briefs, drafts
from storage.core import outbox
from storage.engine.database import Transaction
from storage.engine.schema import metadata
from storage.governance import proposals
from storage.partners import messages
from storage.people import people
from storage.privacy import erasures
from storage.reconciliation import mismatches as unlike
from storage.reconciliation import repairs
from storage.refunds import refunds
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

FRANK = 1006
NAMES = re.compile(r"Alice|Bob\b|Carol|up to 500|hush")
MOST_CHOICES = 6
# Rows of the machinery, which carry the installation's name whoever caused them.
MACHINERY = {"inbox", "tasks", "installation", "tenants"}


async def rows_of_main(home: Desk) -> dict[str, list[Any]]:
    """Every row of the installation's own tenant."""
    found = {}
    async with home.app.services.database.reading() as connection:
        for name, table in metadata.tables.items():
            if name not in MACHINERY:
                query = select(table).where(table.c.tenant == TENANT).order_by(table.c.id)
                found[name] = [tuple(row) for row in await connection.execute(query)]
    return found


async def furnish(home: Desk) -> None:
    """Give the installation's own tenant something of everything that has a button."""
    services, alice, carol = home.app.services, await home.person(home.alice), await home.person(home.carol)
    delivered = await home.delivered(home.alice)
    quoted = await services.intake.briefs.submit(
        alice, home.alice.id, "test:quote", Submission(f"{BRIEF} hush", TaskType.DRAFTING)
    )
    await services.people.joining.invite(carol, Role.OPERATOR)
    await services.people.rooms.toggle(carol, -100_1, "hush room", 5)
    await services.prompts.ship(TENANT)
    await services.support.threads.open(alice, "A hush question", brief_id=quoted.id)

    await services.sessions.by_link(await services.sessions.link(carol), Caller("203.0.113.7", "hush browser"))
    await services.sessions.key(carol)
    bob = await home.person(home.bob)
    await services.incidents.incidents.open(carol, "A hush incident")
    await services.incidents.duty.begin(bob)
    await services.incidents.duty.hand_over(bob, carol.id)
    hush = InvoiceLine("Secret advice", 1, Money(5_000, "USD"))
    await services.manual_invoices.make(bob, Order(alice.id, (hush,)), "test:1")

    partner = await services.partners.partners.make(carol, alice.id)
    await services.partners.partners.new_key(carol, partner.id)

    async def work(tx: Transaction) -> None:
        await messages.add(tx, partner, "msg_hush", "brief.paid", {"hush": "hush"})
        await raise_(tx, "job_failed", "hush", job="hush", reason="hush reason")
        for number, state in enumerate((State.IN_REVIEW, State.FAILED)):
            handed = (await briefs.values_of(tx.connection, quoted)) | {"title": f"hush {number}"}
            brief, _ = await briefs.add(tx, f"test:{state}", handed)
            brief = await briefs.move(tx, await briefs.move(tx, brief, State.QUEUED), State.DRAFTING)
            draft = await drafts.add_draft(tx, brief, 1, "A hush draft for Nordwind", "gpt-6-luna")
            brief = await briefs.change(tx, brief, draft_id=draft.id, attempt=1)
            if state is State.IN_REVIEW:
                await briefs.move(tx, await briefs.move(tx, brief, State.JUDGING), State.IN_REVIEW)
            else:
                await briefs.move(tx, brief, State.FAILED, failed_from=State.DRAFTING, reason="hush")
        await services.alerts.failed_tasks.keep(tx, TENANT, Task(TRANSCRIBE, 1001), "hush reason")
        invoice, amount = await invoices.invoice_for(tx, delivered), Money(5_000, "USD")
        charge = RemoteCharge("pi_1", invoice.amount)
        refund = await refunds.add(tx, alice, invoice.id, charge, amount, "hush reason", "key")
        await approvals.add(tx, alice, terms_of(refund), 1, timedelta())
        await mismatches.add(tx, TENANT, "key", "refund", "re_1", "hush reason", None)
        figure = Figure(5_000, 0, "USD")
        found = await unlike.keep(tx, TENANT, Found(Kind.MISSING_HERE, "payout:hush", "txn_1", None, figure))
        assert found is not None
        repair = await repairs.add(tx, carol, found, found.found.most)
        await approvals.add(tx, carol, terms_of_repair(repair), 1, timedelta())
        await outbox.add(tx, TENANT, "telegram", str(home.alice.id), {"text": "hush"})
        facts: dict[str, str | int] = {"name": "hush", "person": "1001", "days": 30, "deeds": 3, "refused": 0}
        await proposals.add(tx, TENANT, "role_less", "hush", facts)
        await erasures.add(tx, TENANT, alice.id, tx.now + timedelta(days=1))
        for item in await outbox.due(tx.connection, "telegram", tx.now, 1):
            await outbox.settle(tx, [outbox.Delivery(item, "undeliverable", error="hush error")])

    await services.database.write(work)


@pytest.mark.timeout(400)  # it walks everything that there is
@pytest.mark.parametrize("role", [Role.ADMIN, Role.CLIENT])
async def test_forged_buttons(stand_ins: Providers, database_url: str, role: Role) -> None:
    """Whatever button of the other tenant's things somebody makes up or taps, all of its rows stay as they were."""
    async with desk(stand_ins, database_url) as home:
        services = home.app.services
        await furnish(home)
        await services.tenants.found("acme", "Acme Studio")
        frank = stand_ins.telegram.person("Frank", id=FRANK)
        await services.database.write(lambda tx: people.enroll(tx, "acme", FRANK, "Frank", role, "en"))
        before = await rows_of_main(home)
        versions = {row[0]: row[list(metadata.tables["briefs"].c.keys()).index("version")] for row in before["briefs"]}
        for action in ACTIONS.values():
            for choice in list(action.choices)[:MOST_CHOICES]:
                for subject in {*range(1001, 1006), *versions}:
                    tap = Tap(action.name, subject, versions.get(subject, 1), choice)
                    data = home.app.signer.pack(tap, chat_id=FRANK)
                    answer = await home.tapped(frank, data, FRANK)
                    said = answer.card.text + str(answer.card.rows) if answer.card is not None else ""
                    assert NAMES.search(said.replace("/target Alice", "")) is None, (action.name, choice, subject, said)
        assert await rows_of_main(home) == before


async def test_links(stand_ins: Providers, database_url: str) -> None:
    """No /brief_1001 or other link with a number shows anything of the other tenant."""
    async with desk(stand_ins, database_url) as home:
        await furnish(home)
        await home.app.services.tenants.found("acme", "Acme Studio")
        frank = stand_ins.telegram.person("Frank", id=FRANK)
        enroll = people.enroll
        await home.app.services.database.write(lambda tx: enroll(tx, "acme", FRANK, "Frank", Role.ADMIN, "en"))
        before = await rows_of_main(home)
        for name in WITH_SUBJECT:
            for number in range(1001, 1006):
                card = await home.says(frank, f"/{name}_{number}")
                assert NAMES.search(card.text + str(card.rows)) is None, (name, number, card.text)
        assert await rows_of_main(home) == before
