"""Money in the count: what went back, by what Stripe has and what people were told; and the ledger against Stripe."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select

from bot.invoices.events import OUR_REFUND
from bot.kernel.clock import SystemClock
from bot.ledger.model import Account
from sandbox.stripe.server import StripeStandIn
from storage.engine.database import Database
from storage.tables.ledger import posting_lines, postings
from tests.chaos.books import PLANTED
from tests.chaos.counted import Findings
from tests.chaos.refunds import APPROVE, STOP, Back, shown_to_client

GONE = {"Sent back": "succeeded", "Under way": "pending", "Failed": "failed"}
MOVED_BACK = {"refund", "refund_failure"}
BY_ITSELF = and_(postings.c.key.not_like(f"{PLANTED}%"), postings.c.kind != "repair")


def refunds(findings: Findings, backs: Sequence[Back], stripe: StripeStandIn) -> None:
    """Each refund that was to be is at Stripe once, as its clerk was told, and no other is; its client was told."""
    ours: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    back: Counter[str] = Counter()
    for one in stripe.refunds.values():
        ours[one["metadata"].get(OUR_REFUND, "")].append(one)
        back[one["charge"]] += one["amount"] if one["status"] not in {"failed", "canceled"} else 0
    ours.pop("", None)  # of the dashboard
    for asked in backs:
        _refund(findings, asked, ours.pop(str(asked.number), []))
    for number, found in ours.items():
        findings.wrong["refund that nobody asked for"].append(f"refund {number}: {len(found)} at Stripe")
    for charge in stripe.charges.values():
        over = max(0, back[charge["id"]] - charge["amount"])
        findings.expect("more sent back than came in", charge["id"], expected=0, actual=over)


def _refund(findings: Findings, asked: Back, found: Sequence[dict[str, Any]]) -> None:
    case = f"refund {asked.number or '?'} ({asked.code}) of brief {asked.story.number}"
    if not asked.done:
        findings.wrong["unfinished refund"].append(f"{case}: {asked.told or 'asked for'}")
        return
    if asked.wish != STOP:  # a stop may come too late; then it is as if nobody had tried
        given = asked.told != "Refused"
        findings.expect("refund not as approved", case, expected=asked.wish == APPROVE, actual=given)
    gone = asked.told in GONE
    kind = "doubled refund" if len(found) > 1 else "lost refund" if gone else "refund that was not to be"
    findings.expect(kind, case, expected=int(gone), actual=len(found))
    for one in found:
        findings.expect("wrong amount back", case, expected=asked.minor, actual=one["amount"])
        findings.expect("refund told otherwise", case, expected=GONE.get(asked.told), actual=one["status"])
    texts = [message.text for message in asked.story.client.messages() if message.from_bot]
    told = sum(shown_to_client(asked).search(text) is not None for text in texts)
    findings.expect("lost refund notice", case, expected=gone, actual=told > 0)
    findings.repeated["refund notice"] += max(0, told - 1)


async def ledger(findings: Findings, stripe: StripeStandIn, url: str) -> None:
    """The ledger by itself, then beside what Stripe has."""
    database = Database(url, SystemClock())
    try:
        async with database.reading() as connection:
            total = func.sum(posting_lines.c.amount_minor)
            where = posting_lines.c.posting_id, posting_lines.c.currency
            for posting, currency, amount in await connection.execute(select(*where, total).group_by(*where)):
                findings.expect(
                    "posting out of balance", f"posting {posting} {currency}", expected=0, actual=int(amount)
                )
            by_account = select(posting_lines.c.account, total).group_by(posting_lines.c.account)
            accounts = {account: int(amount) for account, amount in await connection.execute(by_account)}
            once = select(postings.c.reference, postings.c.kind, func.count()).where(BY_ITSELF)
            grouped = once.group_by(postings.c.reference, postings.c.kind)
            for reference, kind, count in await connection.execute(grouped):
                moved = _movements(stripe, reference) if kind == "refund" else 1
                findings.expect("doubled posting", f"{reference} {kind}", expected=moved, actual=count)
            earned = select(postings.c.reference, total).join(postings, postings.c.id == posting_lines.c.posting_id)
            earned = earned.where(posting_lines.c.account == Account.REVENUE).group_by(postings.c.reference)
            booked = {reference: -int(amount) for reference, amount in await connection.execute(earned)}
    finally:
        await database.close()
    _beside_stripe(findings, stripe, accounts, booked)


def _movements(stripe: StripeStandIn, reference: str) -> int:
    """How often the balance at Stripe moved for a refund: out, and back where it failed."""
    name = reference.partition(":")[2]
    return sum(one["source"] == name for one in stripe.test.store.transactions.things.values())


def _beside_stripe(findings: Findings, stripe: StripeStandIn, ledger: dict[str, int], booked: dict[str, int]) -> None:
    """What stands on each account, and what each invoice earned, beside what Stripe has."""
    invoices = [one for one in stripe.invoices.values() if one["status"] in {"open", "paid"}]
    taken = sum(charge["amount"] for charge in stripe.charges.values() if charge["paid"])
    owed = sum(one["total"] for one in invoices)
    moves = stripe.test.store.transactions.things.values()
    back = -sum(one["amount"] for one in moves if one["type"] in MOVED_BACK)
    at_stripe, fees = ledger.get(Account.STRIPE_BALANCE, 0), ledger.get(Account.STRIPE_FEES, 0)
    seen = at_stripe + fees + ledger.get(Account.REFUNDS, 0)
    both = "Stripe and the ledger"
    findings.expect("ledger: money taken", both, expected=taken, actual=seen)
    findings.expect("ledger: money sent back", both, expected=back, actual=ledger.get(Account.REFUNDS, 0))
    findings.expect("ledger: balance at Stripe", both, expected=sum(one["net"] for one in moves), actual=at_stripe)
    findings.expect("ledger: revenue", both, expected=owed, actual=-ledger.get(Account.REVENUE, 0))
    findings.expect("ledger: owed", "the ledger", expected=owed - taken, actual=ledger.get(Account.RECEIVABLE, 0))
    findings.expect("ledger: in all", "the ledger", expected=0, actual=sum(ledger.values()))
    wanted = {f"invoice:{one['metadata'].get('echopilot_invoice')}": one["total"] for one in invoices}
    for reference in sorted({*wanted, *booked}):
        of_both = {"expected": wanted.get(reference, 0), "actual": booked.get(reference, 0)}
        findings.expect("ledger: invoice", reference, **of_both)
