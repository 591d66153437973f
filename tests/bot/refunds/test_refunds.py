"""Refunds at the verb: asked for, approved, sent, and what becomes of them."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from bot.access.model import TENANT, Role
from bot.billing.mirror import FINANCE
from bot.billing.webhooks import SOURCE
from bot.flags.model import Change, Flag, Mode
from bot.invoices.ports import PaymentEvent
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.tasks import RunAgain, Task
from bot.refunds.model import SEND_REFUND, Refund, RefundState
from jobs.worker.giving_up import Watcher
from storage.core import inbox
from storage.ledger import postings
from storage.people import people
from storage.queue import failed_tasks
from storage.refunds import refunds
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from tests.mirror import row_of
from tests.refunds import (
    approval_of,
    approved,
    dashboard,
    now,
    of_invoice,
    paid,
    requested,
    sent_back,
)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, refund_fuse_minutes=0, refund_solo_limit="USD 120") as made:
        yield made


async def ledger(here: Desk) -> dict[str, int]:
    async with here.app.services.database.reading() as connection:
        balances = await postings.balances(connection, TENANT)
    return {account: minor for (account, _), minor in balances.items() if minor}


async def in_the_mirror(here: Desk, invoice_id: int) -> Mapping[str, object]:
    """The invoice's row in Finance."""
    async with here.app.services.database.reading() as connection:
        return await row_of(connection, FINANCE, invoice_id)


async def told(here: Desk, chat_id: int) -> str:
    return "\n".join(card.text for card in await here.told(chat_id))


@pytest.mark.both_databases
async def test_sent_and_booked_once(here: Desk, stand_ins: Providers) -> None:
    """An approved refund is sent once, however often it is carried out, and booked; the client and who asked hear."""
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    before = await ledger(here)
    refund = await approved(here, await requested(here, invoice, 2_000), carol)
    assert refund.state is RefundState.APPROVED
    for _ in range(3):
        await here.app.services.refunds.sending.carry_out(refund.id)
    assert (await now(here, refund)).state is RefundState.SUCCEEDED
    assert sent_back(stand_ins) == 2_000
    assert (await in_the_mirror(here, invoice.id))["Refunded"] == 20.0
    after = await ledger(here)
    assert after["refunds"] == 2_000
    assert after["stripe balance"] == before["stripe balance"] - 2_000
    assert "Refund of 20.00 USD · Sent" in await told(here, here.alice.id)
    assert "Sent back" in await told(here, here.bob.id)


async def test_more_than_is_left(here: Desk, stand_ins: Providers) -> None:
    """What was asked for counts as refunded at once; what was refused is free again."""
    services, carol = here.app.services, await here.person(here.carol)
    invoice = await paid(here, stand_ins)
    first = await requested(here, invoice, 9_000)
    with pytest.raises(Refusal, match=r"40\.00 USD is more than the 30\.00 USD that is left"):
        await requested(here, invoice, 4_000)
    bob = await here.person(here.bob)
    shown = (await services.approvals.waiting(bob))[0].approval
    await services.approvals.refuse(carol, shown.id, shown.mark)
    assert (await now(here, first)).state is RefundState.CANCELLED
    assert (await requested(here, invoice, 10_000)).state is RefundState.REQUESTED


async def test_a_refund_in_the_dashboard_counts(here: Desk, stand_ins: Providers) -> None:
    """What somebody refunded at Stripe is among the invoice's refunds, and less is left, also without a webhook."""
    invoice = await paid(here, stand_ins)
    (charge,) = stand_ins.stripe.charges.values()
    async with dashboard(here) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 5_000})
    bob = await here.person(here.bob)
    of = await here.app.services.refunds.refunds.look(bob, invoice.id)
    assert of.left == Money(7_000, "USD")
    assert [(one.amount.minor, one.asked_by) for one in of.refunds] == [(5_000, None)]
    async with dashboard(here) as client:
        await client.v1.refunds.create_async({"charge": charge["id"]})
    with pytest.raises(Refusal, match="All of this payment was refunded"):
        await here.app.services.refunds.refunds.look(bob, invoice.id)


async def test_a_disputed_payment(here: Desk, stand_ins: Providers) -> None:
    """A disputed payment says so before anybody is asked."""
    invoice = await paid(here, stand_ins)
    (charge,) = stand_ins.stripe.charges.values()
    stand_ins.stripe.dispute(charge["id"])
    with pytest.raises(Refusal, match="disputes this payment"):
        await here.app.services.refunds.refunds.look(await here.person(here.bob), invoice.id)
    assert list(await of_invoice(here, invoice)) == []


async def test_disputed_meanwhile(here: Desk, stand_ins: Providers) -> None:
    """Disputed between the yes and the call: Stripe refuses, nothing is sent, and the team reads why."""
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    refund = await approved(here, await requested(here, invoice, 2_000), carol)
    (charge,) = stand_ins.stripe.charges.values()
    stand_ins.stripe.dispute(charge["id"])
    await here.app.services.refunds.sending.carry_out(refund.id)
    failed = await now(here, refund)
    assert failed.state is RefundState.FAILED
    assert "charged back" in str(failed.error)
    assert f"Charge {charge['id']} has been charged back" in await told(here, here.bob.id)
    assert stand_ins.stripe.refunds == {}


async def test_refunded_in_the_dashboard_meanwhile(here: Desk, stand_ins: Providers) -> None:
    """What the dashboard refunded between the yes and the call is not sent once more, whichever check sees it."""
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    refund = await approved(here, await requested(here, invoice, 10_000), carol)
    assert refund.state is RefundState.APPROVED
    (charge,) = stand_ins.stripe.charges.values()
    async with dashboard(here) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 5_000})
    await here.app.services.refunds.sending.carry_out(refund.id)
    assert (await now(here, refund)).state is RefundState.FAILED
    assert sent_back(stand_ins) == 5_000


async def test_why_in_their_language(here: Desk, stand_ins: Providers) -> None:
    """Why it failed is read in one's own language, also where another one's words were written down before."""
    invoice, carol, bob = await paid(here, stand_ins), await here.person(here.carol), await here.person(here.bob)
    services = here.app.services
    await services.database.write(lambda tx: people.set_languages(tx, bob, "es", ""))
    first, second = [await approved(here, await requested(here, invoice, minor), carol) for minor in (5_000, 7_000)]
    (charge,) = stand_ins.stripe.charges.values()
    async with dashboard(here) as client:
        made = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 1_000})
    await tells(here, "refund.created", made.id)
    await services.refunds.sending.carry_out(second.id)
    assert "Why: less than that is left of the payment" in await told(here, here.carol.id)
    assert "Motivo: queda menos que eso del pago" in await told(here, here.bob.id)
    await services.refunds.sending.carry_out(first.id)
    theirs = str((await now(here, first)).stripe_id)
    stand_ins.stripe.settle_refund(theirs, fails=True)
    await tells(here, "refund.failed", theirs)
    assert "Why: the client's card has expired or was cancelled" in await told(here, here.carol.id)
    assert "Motivo: la tarjeta del cliente venció o se canceló" in await told(here, here.bob.id)


@pytest.mark.both_databases
async def test_failing_days_later(here: Desk, stand_ins: Providers) -> None:
    """A refund that succeeded and fails later is booked back, is free to be sent anew, and is told to all."""
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    before, services = await ledger(here), here.app.services
    refund = await approved(here, await requested(here, invoice, 2_000), carol)
    await services.refunds.sending.carry_out(refund.id)
    theirs = str((await now(here, refund)).stripe_id)
    stand_ins.stripe.settle_refund(theirs, fails=True)
    await tells(here, "refund.failed", theirs)
    failed = await now(here, refund)
    assert (failed.state, failed.error) == (RefundState.FAILED, "expired_or_canceled_card")
    assert await ledger(here) == before
    assert "Did not arrive" in await told(here, here.alice.id)
    assert f"Refund {refund.id} · Failed" in await told(here, here.bob.id)
    assert f"Refund {refund.id} · Failed" in await told(here, here.carol.id)
    of = await services.refunds.refunds.look(await here.person(here.bob), invoice.id)
    assert of.left == Money(12_000, "USD")


async def tells(here: Desk, kind: str, theirs: str) -> None:
    """Stripe's webhook comes and is dealt with."""
    services = here.app.services
    event = PaymentEvent(f"evt_{kind}_{theirs}", kind, {"id": theirs})
    await services.database.write(lambda tx: services.billing.invoices.webhooks.receive(tx, [event]))
    async with services.database.reading() as connection:
        waiting = await inbox.waiting(connection, SOURCE, 10)
    for arrival in waiting:
        await services.billing.invoices.webhooks.apply_event(arrival.id)


async def test_pending_then_cancelled(here: Desk, stand_ins: Providers) -> None:
    """A refund that waits counts as spent, and its client reads that it is under way and not sent; cancelled at Stripe,
    its money is free again, and the client reads that no bank refused it.
    """
    stand_ins.stripe.keep_refunds_pending("requires_action")
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    refund = await approved(here, await requested(here, invoice, 10_000), carol)
    await here.app.services.refunds.sending.carry_out(refund.id)
    waits = await now(here, refund)
    assert waits.state is RefundState.PENDING
    assert "Refund of 100.00 USD · Under way" in await told(here, here.alice.id)
    assert "· Sent" not in await told(here, here.alice.id)
    with pytest.raises(Refusal, match=r"more than the 20\.00 USD"):
        await requested(here, invoice, 3_000)
    async with dashboard(here) as client:
        await client.v1.refunds.cancel_async(str(waits.stripe_id))
    await tells(here, "refund.updated", str(waits.stripe_id))
    assert (await now(here, refund)).state is RefundState.CANCELLED
    assert "It was cancelled before it reached you." in await told(here, here.alice.id)
    assert (await requested(here, invoice, 3_000)).state is RefundState.REQUESTED


async def test_switched_off(here: Desk, stand_ins: Providers) -> None:
    """While payments are switched off an approved refund waits, who asked is told, and then it is sent."""
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    services = here.app.services
    await services.flags.switch(carol, Flag.PAYMENTS, Change(Mode.OFF), "books are checked")
    refund = await approved(here, await requested(here, invoice, 2_000), carol)
    for _ in range(2):
        with pytest.raises(RunAgain):
            await services.refunds.sending.carry_out(refund.id)
    assert (await told(here, here.bob.id)).count("Approved, waits") == 1
    assert stand_ins.stripe.refunds == {}
    await services.flags.switch(carol, Flag.PAYMENTS, Change(Mode.ON), "done")
    assert await services.queue.waiting() > 0
    await services.refunds.sending.carry_out(refund.id)
    assert (await now(here, refund)).state is RefundState.SUCCEEDED


async def carried_on(here: Desk) -> set[str]:
    """What the janitor takes up again an hour later."""
    services = here.app.services
    later = services.database.clock.now() + timedelta(hours=1)
    async with services.database.reading() as connection:
        found = [await look(connection, later) for area in services.brought for look in area.stalled]
    return {task.key for stalled in found for task in stalled.tasks}


async def test_given_up_by_a_person(here: Desk, stand_ins: Providers) -> None:
    """What somebody gave up is sent by nothing but their tap in /failed: not by the janitor, nor when payments are
    switched on again.
    """
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    services = here.app.services
    refund = await approved(here, await requested(here, invoice, 2_000), carol)
    task = Task(SEND_REFUND, refund.id)
    assert task.key in await carried_on(here)
    await Watcher(services).given_up(task, "given up by Carol")
    await services.alerts.failed_tasks.stop(carol, task)
    assert task.key not in await carried_on(here)
    before = await services.queue.waiting()
    await services.flags.switch(carol, Flag.PAYMENTS, Change(Mode.OFF), "books are checked")
    await services.flags.switch(carol, Flag.PAYMENTS, Change(Mode.ON), "done")
    assert await services.queue.waiting() == before
    async with services.database.reading() as connection:
        failed = await failed_tasks.of(connection, task)
    assert failed is not None
    await services.alerts.failed_tasks.retry(carol, failed.id)
    assert await services.queue.waiting() == before + 1


@pytest.mark.parametrize("role", [Role.CLIENT, Role.REMOVED])
async def test_asker_is_of_the_team_no_more(here: Desk, stand_ins: Providers, role: Role) -> None:
    """Whoever asked and is no operator any more hears no word of clients and their money; the refund goes its way."""
    invoice, carol, bob = await paid(here, stand_ins), await here.person(here.carol), await here.person(here.bob)
    services = here.app.services
    first, second = [await requested(here, invoice, minor) for minor in (2_000, 3_000)]
    await services.database.write(lambda tx: people.set_role(tx, bob, role))
    before = len(await here.told(here.bob.id))
    await approved(here, first, carol)
    await services.flags.switch(carol, Flag.PAYMENTS, Change(Mode.OFF), "books are checked")
    with pytest.raises(RunAgain):
        await services.refunds.sending.carry_out(first.id)
    await services.flags.switch(carol, Flag.PAYMENTS, Change(Mode.ON), "done")
    await services.refunds.sending.carry_out(first.id)
    approval = await approval_of(here, second)
    await services.approvals.refuse(carol, approval.id, approval.mark)
    assert (await now(here, first)).state is RefundState.SUCCEEDED
    assert len(await here.told(here.bob.id)) == before


async def as_if_sent(here: Desk, refund: Refund) -> None:
    """Stripe has the refund, and nothing here knows of it."""
    order = await here.app.services.refunds.sending._order(refund)
    marks = {"echopilot_refund": str(refund.id), "echopilot_installation": order.attempt.installation}
    metadata = {**marks, "echopilot_row": refund.mark}
    async with dashboard(here) as client:
        await client.v1.refunds.create_async(
            {"payment_intent": refund.intent, "amount": refund.amount.minor, "metadata": metadata}
        )


@pytest.mark.parametrize("state", [RefundState.APPROVED, RefundState.RESERVED])
async def test_a_backup_put_back(stand_ins: Providers, database_url: str, state: RefundState) -> None:
    """What was sent after the backup was made that stands here now is not sent again, though Stripe forgot its key."""
    clock = SimulatedClock()
    async with desk(stand_ins, database_url, clock, refund_fuse_minutes=0) as here:
        invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
        services = here.app.services
        refund = await approved(here, await requested(here, invoice, 2_000), carol)
        await services.database.write(lambda tx: refunds.change(tx, refund, state=state))
        await as_if_sent(here, refund)
        stand_ins.stripe.forget_keys()
        clock.passes(days=2)
        await services.refunds.sending.carry_out(refund.id)
        assert (await now(here, refund)).state is RefundState.SUCCEEDED
        assert sent_back(stand_ins) == 2_000
        assert (await ledger(here))["refunds"] == 2_000


async def test_crash_after_the_call(here: Desk, stand_ins: Providers) -> None:
    """Killed between the call and writing down its answer: it is looked for, and nothing is sent twice."""
    invoice, carol = await paid(here, stand_ins), await here.person(here.carol)
    services = here.app.services
    refund = await approved(here, await requested(here, invoice, 2_000), carol)
    sent = await services.refunds.sending._reserved(refund)
    assert sent is not None
    await as_if_sent(here, sent)
    stand_ins.stripe.forget_keys()
    await services.refunds.sending.carry_out(refund.id)
    assert (await now(here, refund)).state is RefundState.SUCCEEDED
    assert sent_back(stand_ins) == 2_000
