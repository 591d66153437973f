"""What was lost or doubled, counted where it shows: in the people's chats, at Stripe and in Notion; then the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.databases import queue_of
from bot.kernel.clock import SystemClock
from bot.ledger.model import Account
from sandbox.telegram.people import Person
from storage.engine.database import Database
from storage.tables.core import inbox, outbox
from storage.tables.ledger import posting_lines, postings
from tests.chaos.people import Story, invoice_shown, receipt_shown
from tests.house import Providers

PRICE_MINOR = 12_000


@dataclass
class Findings:
    """wrong: what must not be, by kind, with one line for each case. repeated: messages that came more than once."""

    wrong: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    repeated: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(map(len, self.wrong.values()))

    def expect(self, kind: str, case: str, *, expected: object, actual: object) -> None:
        """Keep a line unless the two are equal."""
        if expected != actual:
            self.wrong[kind].append(f"{case}: expected {expected}, found {actual}")


async def examine(stories: Sequence[Story], providers: Providers, database_url: str) -> Findings:
    """Look everywhere. The program has stopped."""
    findings = Findings()
    for story in stories:
        _chat(findings, story)
    _stripe(findings, stories, providers)
    _notion(findings, stories, providers)
    await _database(findings, providers, database_url)
    return findings


def _chat(findings: Findings, story: Story) -> None:
    case = f"brief {story.number or '?'} ({story.code})"
    if not story.said_yes:
        findings.wrong["lost brief"].append(f"{case}: never quoted")
        return
    shown = [message for message in story.client.messages() if message.from_bot]
    texts = [message.text for message in shown]
    files = [message.document.name for message in shown if message.document is not None]
    delivered = sum(text.startswith(f"Brief {story.number} · Delivered\n") and story.code in text for text in texts)
    receipts = sum(receipt_shown(story.number).search(text) is not None for text in texts)
    counts = {
        "delivered text": delivered,
        "delivered file": files.count(f"brief-{story.number}.md"),
        "receipt": receipts if story.paid else 1,
    }
    for kind, count in counts.items():
        findings.expect(f"lost {kind}", case, expected=True, actual=count > 0)
        findings.repeated[kind] += max(0, count - 1)
    findings.expect("lost invoice card", case, expected=True, actual=bool(story.invoice_url))
    paid = any(text.startswith(f"Brief {story.number} · Paid") for text in texts)
    findings.expect("progress stuck", case, expected=story.paid, actual=paid)
    pattern = invoice_shown(story.number)
    cards = sum(text.startswith("Invoice") and f"for brief {story.number}:" in text for text in texts)
    findings.repeated["invoice card"] += max(0, cards - 1)
    findings.repeated["of these still to pay"] += sum(pattern.search(text) is not None for text in texts)
    numbers = {text.split()[1] for text in texts if text.startswith("Brief ") and story.code in text}
    findings.expect("doubled brief", case, expected={str(story.number)}, actual=numbers)
    findings.expect("unfinished story", case, expected=True, actual=story.done)


def _stripe(findings: Findings, stories: Sequence[Story], providers: Providers) -> None:
    stripe = providers.stripe
    by_brief = defaultdict(list)
    for invoice in stripe.invoices.values():
        by_brief[invoice["metadata"].get("echopilot_brief", "none")].append(invoice)
    for story in stories:
        found = by_brief.pop(str(story.number), [])
        final = [invoice for invoice in found if invoice["status"] in {"open", "paid"}]
        case = f"brief {story.number} ({story.code})"
        if story.said_yes:
            kind = "lost invoice" if not final else "doubled invoice"
            findings.expect(kind, case, expected=1, actual=len(final))
            findings.expect("draft invoice left", case, expected=len(final), actual=len(found))
        for invoice in final:
            findings.expect("wrong amount", case, expected=PRICE_MINOR, actual=invoice["total"])
    for number, found in by_brief.items():
        findings.wrong["invoice of no brief"].append(f"brief {number}: {len(found)} invoices")
    charged = Counter(charge["payment_intent"] for charge in stripe.charges.values() if charge["paid"])
    for intent, count in charged.items():
        findings.expect("charged twice", str(intent), expected=1, actual=count)
    people = Counter(customer["metadata"].get("echopilot_person") for customer in stripe.customers.values())
    _once_each(findings, "doubled customer", people)


def _notion(findings: Findings, stories: Sequence[Story], providers: Providers) -> None:
    sources = Counter(source.name for source in providers.notion._store.sources.values())
    _once_each(findings, "doubled Notion table", sources)
    log = _rows(providers, "Job Log") if "Job Log" in sources else []
    finance = _rows(providers, "Finance") if "Finance" in sources else []
    logged = Counter(_key(row) for row in log)
    states = {_key(row): row["State"] for row in log}
    billed = Counter(row["Brief"] for row in finance)
    money = {row["Brief"]: row["State"] for row in finance}
    for story in stories:
        if story.paid:
            case = f"brief {story.number} ({story.code})"
            key = f"brief:{story.number}"
            findings.expect("Job Log row", case, expected=(1, "paid"), actual=(logged[key], states.get(key)))
            number = str(story.number)
            findings.expect("Finance row", case, expected=(1, "paid"), actual=(billed[number], money.get(number)))


def _rows(providers: Providers, title: str) -> list[dict[str, object]]:
    return providers.notion.rows(title)


def _key(row: dict[str, object]) -> str:
    """Our id of the row, without the installation's code before it."""
    return str(row["EchoPilot id"]).partition(":")[2]


def _once_each(findings: Findings, kind: str, counted: Counter[str]) -> None:
    for name, count in counted.items():
        findings.expect(kind, str(name), expected=1, actual=count)


async def _database(findings: Findings, providers: Providers, url: str) -> None:
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
            ledger = {account: int(amount) for account, amount in await connection.execute(by_account)}
            once = select(postings.c.reference, postings.c.kind, func.count()).group_by(
                postings.c.reference, postings.c.kind
            )
            for reference, kind, count in await connection.execute(once):
                findings.expect("doubled posting", f"{reference} {kind}", expected=1, actual=count)
            earned = select(postings.c.reference, total).join(postings, postings.c.id == posting_lines.c.posting_id)
            earned = earned.where(posting_lines.c.account == Account.REVENUE).group_by(postings.c.reference)
            booked = {reference: -int(amount) for reference, amount in await connection.execute(earned)}
    finally:
        await database.close()
    _ledger(findings, providers, ledger, booked)


def _ledger(findings: Findings, providers: Providers, ledger: dict[str, int], booked: dict[str, int]) -> None:
    """What stands on each account, and what each invoice earned, beside what Stripe has."""
    stripe = providers.stripe
    invoices = [one for one in stripe.invoices.values() if one["status"] in {"open", "paid"}]
    taken = sum(charge["amount"] for charge in stripe.charges.values() if charge["paid"])
    owed = sum(one["total"] for one in invoices)
    seen = ledger.get(Account.STRIPE_BALANCE, 0) + ledger.get(Account.STRIPE_FEES, 0)
    findings.expect("ledger: money taken", "Stripe and the ledger", expected=taken, actual=seen)
    kept = sum(one["net"] for one in stripe.test.store.transactions.things.values())
    at_stripe = ledger.get(Account.STRIPE_BALANCE, 0)
    findings.expect("ledger: balance at Stripe", "Stripe and the ledger", expected=kept, actual=at_stripe)
    findings.expect("ledger: revenue", "Stripe and the ledger", expected=owed, actual=-ledger.get(Account.REVENUE, 0))
    findings.expect("ledger: owed", "the ledger", expected=owed - taken, actual=ledger.get(Account.RECEIVABLE, 0))
    findings.expect("ledger: in all", "the ledger", expected=0, actual=sum(ledger.values()))
    wanted = {f"invoice:{one['metadata'].get('echopilot_invoice')}": one["total"] for one in invoices}
    for reference in sorted({*wanted, *booked}):
        of_both = {"expected": wanted.get(reference, 0), "actual": booked.get(reference, 0)}
        findings.expect("ledger: invoice", reference, **of_both)


async def left_to_do(database: Database) -> int:
    """How much the program still has to do by its own rows."""
    waiting = (
        select(func.count()).select_from(outbox).where(outbox.c.state == "waiting"),
        select(func.count()).select_from(inbox).where(inbox.c.processed_at.is_(None)),
    )
    async with database.reading() as connection:
        counts = [(await connection.execute(query)).scalar_one() for query in waiting]
    return int(sum(counts)) + await queue_of(database).waiting()


def repeated_among(people: Iterable[Person]) -> int:
    """How many messages of the bot in these chats say, word for word, what an earlier one there said."""
    count = 0
    for person in people:
        said = Counter((m.text, m.document.name if m.document else "") for m in person.messages() if m.from_bot)
        count += sum(number - 1 for number in said.values())
    return count
