"""Rows that were there before the measurement begins, written as EchoPilot itself would have written them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.access.model import TENANT, Role
from bot.invoices.payer import BillingDetails, Given
from bot.kernel.clock import SystemClock
from bot.kernel.ids import content_hash
from storage.billing import details as billing_details
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import migrate
from storage.people import people
from storage.tables.briefs import briefs, drafts, evaluations
from storage.tables.core import events, placements

TEXT = "Write a landing page text for Nordwind, a bicycle courier in Hamburg. Delivery takes 48 hours. " * 4
DRAFT = "Nordwind brings your parcel by bicycle, insured up to 500 EUR, within 48 hours. " * 12


def sqlite_url(folder: Path, name: str = "echopilot") -> str:
    return f"sqlite:///{folder}/{name}.db"


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Database]:
    """The migrated database, closed afterwards."""
    database = Database(database_url, SystemClock())
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


async def add_clients(database_url: str, telegram_ids: Sequence[int], *, briefs_each: int = 0) -> None:
    """Make these Telegram users clients who said where invoices go, each with so many delivered briefs."""

    async def work(tx: Transaction) -> None:
        for number, telegram_id in enumerate(telegram_ids):
            name = f"Client {number + 1}"
            person = await people.enroll(tx, TENANT, telegram_id, name, Role.CLIENT, "en")
            details = BillingDetails(name, f"client{number + 1}@example.org", "DE")
            await billing_details.keep(tx, person, Given.DETAILS, details, 1)
            if briefs_each:
                rows = [_brief(tx, person.id, telegram_id, f"{number}:{n}", "delivered") for n in range(briefs_each)]
                await tx.run(briefs.insert(), rows)

    async with opened(database_url) as database:
        await database.write(work)


async def add_operators(database_url: str, telegram_ids: Sequence[int]) -> None:
    """Make these Telegram users operators."""

    async def work(tx: Transaction) -> None:
        for number, telegram_id in enumerate(telegram_ids):
            await people.enroll(tx, TENANT, telegram_id, f"Clerk {number + 1}", Role.OPERATOR, "en")

    async with opened(database_url) as database:
        await database.write(work)


async def add_waiting(database_url: str, telegram_id: int, count: int) -> None:
    """So many briefs of one client in review, each with its text, draft, judgement, events and progress message."""

    async def work(tx: Transaction) -> None:
        client = await people.enroll(tx, TENANT, telegram_id, "Client 1", Role.CLIENT, "en")
        first = 1_001
        numbers = range(first, first + count)
        base = {"tenant": TENANT, "created_at": tx.now}
        await tx.run(
            briefs.insert(),
            [
                _brief(tx, client.id, telegram_id, str(n), "in_review")
                | {"id": n, "draft_id": n, "in_review_at": tx.now}
                for n in numbers
            ],
        )
        draft = base | {"attempt": 1, "text": DRAFT, "content_hash": content_hash(DRAFT), "model": "gpt-6-luna"}
        await tx.run(drafts.insert(), [draft | {"id": n, "brief_id": n} for n in numbers])
        names = ("clarity", "accuracy", "completeness", "tone")
        results = [{"criterion": name, "score": 76, "reason": "plain enough", "quote": ""} for name in names]
        look = base | {"look": 1, "results": results, "weighted": 7_600, "passed": False, "model": "gpt-6-luna"}
        await tx.run(evaluations.insert(), [look | {"brief_id": n, "draft_id": n} for n in numbers])
        for name in ("quoted", "queued", "drafting", "drafted", "in_review"):
            event: dict[str, Any] = {"tenant": TENANT, "name": name, "data": {}, "person_id": None, "at": tx.now}
            await tx.run(events.insert(), [event | {"subject": f"brief:{n}"} for n in numbers])
        place = {"tenant": TENANT, "channel": "telegram", "updated_at": tx.now}
        rows = [place | {"slot": f"brief:{n}:progress", "external_id": str(n)} for n in numbers]
        await tx.run(placements.insert(), rows)

    async with opened(database_url) as database:
        await database.write(work)


def _brief(tx: Transaction, client_id: int, chat_id: int, source: str, state: str) -> dict[str, object]:
    return {
        "tenant": TENANT,
        "client_id": client_id,
        "chat_id": chat_id,
        "source_key": f"seed:{source}",
        "task_type": "Drafting",
        "title": TEXT[:60],
        "text": TEXT,
        "state": state,
        "qa_target": 80,
        "language": "en",
        "attempt": 1,
        "price_minor": 12_000,
        "currency": "USD",
        "created_at": tx.now,
        "updated_at": tx.now,
    }
