"""What is added up of a played business: what models cost by day, ceilings, payouts, and comparisons with Stripe."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import Connection, text

from bot.ledger import books
from sandbox.history.lives import DAY, HOUR, SECOND, micros
from sandbox.history.sheet import Sheet
from storage.engine.types import EPOCH

EVERY = 6 * HOUR  # as the job finance_reconcile does
COSTS = (
    "SELECT c.created_at / :day, b.client_id, sum(c.cost_micro_usd) FROM model_calls c JOIN briefs b"
    " ON b.id = c.brief_id WHERE c.tenant = 'main' GROUP BY c.created_at / :day, b.client_id"
)
MOVES = (
    "SELECT created_at / :every, count(*), min(account), min(mode) FROM balance_moves WHERE tenant = 'main'"
    " GROUP BY created_at / :every ORDER BY 1"
)
PAYOUTS = (
    "SELECT payout, currency, sum(gross_minor - fee_minor), max(created_at), min(account), min(mode) FROM balance_moves"
    " WHERE tenant = 'main' AND category <> 'payout' GROUP BY payout, currency"
    " HAVING sum(gross_minor - fee_minor) > 0 AND max(created_at) < :until ORDER BY 1"
)
LATELY = timedelta(days=3)  # what came in since is not paid out yet


def add_up(connection: Connection, sheet: Sheet, now: datetime) -> None:
    """Write what follows from all that is there."""
    _models(connection, sheet, now)
    _payouts(connection, sheet, now)
    sheet.write(connection)
    for slot, moves, account, mode in connection.execute(text(MOVES), {"every": EVERY}).all():
        until = min((int(slot) + 1) * EVERY, micros(now))
        base = {"since": int(slot) * EVERY, "moves": moves, "ended_at": until}
        sheet.add("reconciliations", **base, account=account, mode=mode)


def _models(connection: Connection, sheet: Sheet, now: datetime) -> None:
    """What models cost: booked for each day that is over, and taken from the ceilings of days, months and clients."""
    days, scopes = defaultdict[int, int](int), defaultdict[str, int](int)
    for day, client, cost in connection.execute(text(COSTS), {"day": DAY}).all():
        date = (EPOCH + timedelta(days=int(day))).date()
        days[int(day)] += int(cost)
        for scope in (f"day:{date}", f"month:{date:%Y-%m}", f"client:{client}:{date:%Y-%m}"):
            scopes[scope] += int(cost)
    for scope, cost in sorted(scopes.items()):
        sheet.add("spend", scope=scope, used_micro_usd=cost)
    for day, cost in sorted(days.items()):
        date, lines = (EPOCH + timedelta(days=day)).date(), books.models(cost)
        if (day + 1) * DAY + HOUR < micros(now) and lines[0].amount.minor:
            reference, minor = books.of_models(date), lines[0].amount.minor
            said = orjson.dumps([[one.account.value, one.amount.minor, "USD"] for one in lines]).decode()
            at = micros(datetime(date.year, date.month, date.day, tzinfo=UTC)) + DAY + HOUR
            sheet.add("postings", key=f"{reference}:models:{minor}", kind="models", reference=reference, posted_at=at,
                      lines=said)  # fmt: skip


def _payouts(connection: Connection, sheet: Sheet, now: datetime) -> None:
    """What Stripe paid out to the bank, some payments at a time."""
    found = connection.execute(text(PAYOUTS), {"until": micros(now - LATELY)}).all()
    for payout, currency, net, last, account, mode in found:
        at, move, reference = int(last) + DAY, f"txn_{payout}", f"payout:{payout}"
        said = orjson.dumps([["bank", int(net), currency], ["stripe balance", -int(net), currency]]).decode()
        sheet.add("postings", key=f"{reference}:{move}", kind="payout", reference=reference, posted_at=at, lines=said)
        sheet.happened("payout.changed", reference, at, amount=f"{int(net) / 100:.2f} {currency}")
        sheet.add(
            "balance_moves", stripe_id=move, category="payout", owner="account", books="main", about=reference,
            gross_minor=-int(net), fee_minor=0, currency=currency, face_minor=-int(net), face_currency=currency,
            source=payout, intent="", payout=payout, description="payout", created_at=at + SECOND, account=account,
            mode=mode,
        )  # fmt: skip
