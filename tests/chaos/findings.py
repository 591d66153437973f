"""What was lost or doubled, counted where it shows: in the people's chats, at Stripe and in Notion; then the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from bot.databases import queue_of
from sandbox.telegram.people import Person
from storage.engine.database import Database
from storage.tables.core import inbox, outbox
from tests.chaos import money
from tests.chaos.counted import Findings
from tests.chaos.people import Story, invoice_shown, receipt_shown
from tests.chaos.refunds import Back
from tests.house import Providers

PRICE_MINOR = 12_000


async def examine(stories: Sequence[Story], backs: Sequence[Back], providers: Providers, database_url: str) -> Findings:
    """Look everywhere. The program has stopped."""
    findings = Findings()
    for story in stories:
        _chat(findings, story)
    _stripe(findings, stories, providers)
    _notion(findings, stories, providers)
    money.refunds(findings, backs, providers.stripe)
    await money.ledger(findings, providers.stripe, database_url)
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
