"""Ids that Stripe gave and no longer knows, keys that it refuses, and requests that it takes for others."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.kernel.clock import SystemClock
from sandbox.faults import Fault
from sandbox.telegram.seen import Seen
from storage.engine.database import Database, Transaction
from storage.tables.billing import customers, invoices
from tests.clock import Hands
from tests.dashboard import dashboard, invoiced, ledger, sweeps
from tests.house import BRIEF, House, Providers, house

AGAIN = f"{BRIEF} Say it once more."
ROLLED = '{"error": {"message": "Expired API Key provided: sk_test_***", "type": "invalid_request_error"}}'
NARROW = (
    '{"error": {"message": "The provided key does not have the required permissions for this endpoint.", '
    '"type": "invalid_request_error", "code": "more_permissions_required"}}'
)


async def next_is_invoiced(home: House) -> int:
    """Alice's next brief gets its invoice."""
    mark = home.alice.mark()
    number = await home.brief(AGAIN)
    await home.alice.sees(re.compile(f"To pay.*brief {number}", re.DOTALL), after=mark)
    return number


async def test_the_account_forgot_everything(stand_ins: Providers, database_url: str) -> None:
    """Where Stripe knows none of the ids that we keep, the customer is made anew, once, and the brief is invoiced."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await invoiced(home)
    stand_ins.stripe.customers.clear()
    stand_ins.stripe.invoices.clear()
    stand_ins.stripe.forget_keys()
    async with house(stand_ins, database_url) as home:
        await next_is_invoiced(home)
        assert len(home.stripe.customers) == len(home.stripe.invoices) == 1


@pytest.mark.parametrize("key", ["sk_live_sandbox_key", "sk_test_of_another_account"])
async def test_from_one_key_to_another(stand_ins: Providers, database_url: str, key: str) -> None:
    """With a live key, or another account's, the next brief is invoiced; what only the first knows asks once."""
    stand_ins.stripe.open_account("sk_test_of_another_account")
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        first, _ = await invoiced(home)
    here = stand_ins.stripe.account_of(key)
    async with house(stand_ins, database_url, stripe_secret_key=key) as home:
        await next_is_invoiced(home)
        assert (len(here.customers), len(here.invoices)) == (1, 1)
        await sweeps(home)
        card = await home.bob.sees("Stripe does not find it with the current key")
        await sweeps(home)
        assert home.bob.transcript().count("Stripe does not find it with the current key") == 1
        assert "Not found at Stripe" in (await failures(home)).text
        mark = home.alice.mark()
        await home.bob.taps("Make a new invoice", card)
        await home.alice.sees(re.compile(f"To pay.*brief {first}", re.DOTALL), after=mark)
        await home.stripe.pay(list(here.invoices)[-1])
        await home.alice.sees(f"Brief {first} · Paid")
        assert (await ledger(home))["revenue", "USD"] == -24_000


async def test_test_invoice_paid_after_going_live(stand_ins: Providers, database_url: str) -> None:
    """Play money does not settle an invoice once the key is a live one."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        _, ours = await invoiced(home)
    async with house(stand_ins, database_url, stripe_secret_key="sk_live_sandbox_key") as home:
        await home.stripe.pay(ours["id"])
        await home.bob.sees("Stripe does not find it with the current key")
        assert "thank you" not in home.alice.transcript()


async def failures(home: House) -> Seen:
    """What Bob reads in /failed."""
    mark = home.bob.mark()
    await home.bob.says("/failed")
    return await home.bob.sees("Stopped by a fault", after=mark)


async def test_customer_deleted(home: House) -> None:
    """A client whose customer was deleted at Stripe gets a new one, and the next brief is invoiced."""
    await invoiced(home)
    (customer,) = home.stripe.customers
    async with dashboard(home) as client:
        await client.v1.customers.delete_async(customer)
    await next_is_invoiced(home)
    alive = [one for one in home.stripe.customers.values() if not one.get("deleted")]
    assert len(alive) == 1
    assert len(home.stripe.invoices) == 2


async def test_key_that_is_refused(home: House) -> None:
    """A refused key is no fault of the invoice: it waits, admins hear of it once, and it goes on by itself."""
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/v1/customers", "status", times=3, status=401, body=ROLLED))
    await home.brief()
    told = await home.carol.sees("Stripe · Refuses our key")
    assert "Expired API Key provided" in told.text
    await home.alice.sees("To pay", timeout=40)
    await home.carol.sees("Stripe · Answers again")
    assert sum("Answers again" in seen.text for seen in home.carol.messages()) == 1
    assert "Refused by Stripe" not in home.bob.transcript()


async def test_key_that_may_do_too_little(home: House) -> None:
    """Nor is a key that lacks a permission: the same."""
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/v1/invoices$", "status", times=2, status=403, body=NARROW))
    await home.brief()
    await home.carol.sees("Stripe · Refuses our key")
    await home.alice.sees("To pay", timeout=40)
    assert "Refused by Stripe" not in home.bob.transcript()


async def test_key_that_may_not_tell_the_account(stand_ins: Providers, database_url: str) -> None:
    """A restricted key that may read neither the account nor events makes invoices and settles them, without alarm."""
    stand_ins.stripe.withhold("accounts_kyc_basic_read", "event_read")
    async with house(stand_ins, database_url, stripe_secret_key="rk_test_sandbox_key") as home:
        await home.carol.says("/start")
        number, _ = await invoiced(home)
        await home.pay(number)
        await home.alice.sees("thank you")
        assert (await sweeps(home)).endswith("the key may not read events")
        assert "Refuses our key" not in home.carol.transcript()


async def test_other_parameters_under_the_same_key(stand_ins: Providers, database_url: str) -> None:
    """Where INVOICE_DAYS changed between two tries, what the first one made is found and gone on with."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.staff()
        home.stripe.faults.add(Fault("POST .*/v1/invoices$", "lose_reply", times=None))
        await home.brief()
        await home.stripe_has("draft")
    stand_ins.stripe.faults.clear()
    async with house(stand_ins, database_url, invoice_days=20) as home:
        await home.alice.sees("To pay", timeout=30)
        (made,) = home.stripe.invoices.values()
        assert (made["status"], made["total"]) == ("open", 12_000)
        assert "Refused by Stripe" not in home.bob.transcript()


async def test_draft_deleted_while_it_is_made(home: House) -> None:
    """A draft that somebody deletes before its line is added is made anew."""
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/v1/invoiceitems$", "lose_request", times=3))
    await home.brief()
    await home.stripe_has("draft")
    (draft,) = home.stripe.invoices
    async with dashboard(home) as client:
        await client.v1.invoices.delete_async(draft)
    await home.alice.sees("To pay", timeout=40)
    assert [one["status"] for one in home.stripe.invoices.values()] == ["open"]


async def test_void_one_is_not_adopted(stand_ins: Providers, database_url: str) -> None:
    """An invoice that was made void while its answer was lost is not taken for the one to pay: there is a new one."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.carol.says("/start")
        await home.staff()
        home.stripe.faults.add(Fault("POST .*/finalize", "lose_reply", times=None))
        await home.brief()
        await home.stripe_has("open")
    (first,) = stand_ins.stripe.invoices
    hands.ahead += timedelta(hours=24)
    stand_ins.stripe.forget_keys()
    stand_ins.stripe.faults.clear()
    stand_ins.stripe.invoices[first]["status"] = "void"
    async with house(stand_ins, database_url, clock=hands) as home:
        await home.alice.sees("To pay", timeout=30)
        assert sorted(one["status"] for one in home.stripe.invoices.values()) == ["open", "void"]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.both_databases
async def test_invoices_of_before(stand_ins: Providers, database_url: str, known: bool) -> None:
    """What an earlier version made bears no code: a kept id stays ours, and what was only begun is found and kept."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.staff()
        if not known:
            home.stripe.faults.add(Fault("POST .*/finalize", "lose_reply", times=None))
        number = await home.brief()
        await home.stripe_has("open")
        await (home.alice.sees("To pay") if known else home.running.app.services.database.signals.wait("none", 0.05))
        before = {"marked": 0, "account": None, "mode": None}

        async def work(tx: Transaction) -> None:
            await tx.run(update(customers).values(before))
            begun = {} if known else {"attempt": invoices.c.attempt + 1, "state": "unknown"}
            await tx.run(update(invoices).values(before | begun))

    database = Database(database_url, SystemClock())
    await database.start()
    await database.write(work)
    await database.close()
    stand_ins.stripe.faults.clear()
    stand_ins.stripe.forget_keys()
    for thing in (*stand_ins.stripe.customers.values(), *stand_ins.stripe.invoices.values()):
        del thing["metadata"]["echopilot_installation"]
    async with house(stand_ins, database_url) as home:
        await home.alice.sees("To pay", timeout=30)
        await home.pay(number)
        await home.alice.sees("thank you")
        assert len(home.stripe.invoices) == len(home.stripe.customers) == 1
