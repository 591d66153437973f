"""/reconcile by hand: its pages, the words of each class, and corrections that are dated into a closed day."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import TENANT
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.ledger.model import Account, Line, Posting
from bot.locale import catalogs
from bot.reconciliation import cards
from bot.reconciliation.figures import Details
from bot.reconciliation.model import Figure, Found, Kind, Mismatch
from storage.ledger import postings
from storage.reconciliation import mismatches
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers

NOW = datetime(2026, 11, 28, 2, 10, tzinfo=UTC)
HERE, THERE = Figure(-2_000, 0, "USD"), Figure(-2_500, 30, "EUR")


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=Hands()) as made:
        yield made


def found(kind: Kind, number: int = 1) -> Found:
    return Found(kind, f"refund:re_{number}", f"txn_{number}", HERE, THERE, entry=1_007)


@pytest.mark.parametrize("language", ["en", "es", "ur"])
@pytest.mark.parametrize("kind", Kind)
def test_each_class_has_its_sentence(kind: Kind, language: str) -> None:
    """Every class is named in one sentence, with what it is about and the figures of both sides, in each language."""
    catalogs.install_all()
    with reading_as(Reader(language)):
        mismatch = Mismatch(1_001, TENANT, found(kind), NOW)
        sentence = cards.sentence(mismatch)
        card = cards.details(Details(mismatch))
    sides = ("30", "0") if kind is Kind.FEE else ("20", "25")
    assert "re_1" in sentence
    assert all(side in sentence for side in sides)
    assert "\n" not in sentence
    assert "/entry_1007" in card.text


async def test_pages(here: Desk) -> None:
    """Of 12 that are open ten are shown, then two, each with the number by which it is opened."""
    for number in range(12):
        one = found(Kind.AMOUNT, number)
        await here.app.services.database.write(lambda tx, one=one: mismatches.keep(tx, TENANT, one))  # type: ignore[misc]
    first = await here.says(here.carol, "/reconcile")
    assert first.text.splitlines()[0].endswith("12 mismatches</b>")
    second = (await here.taps(here.carol, "Older", first)).card
    assert second is not None
    assert [card.text.count("/mismatch_") for card in (first, second)] == [10, 2]


async def test_who_may(here: Desk) -> None:
    """An operator neither compares, nor repairs, nor leaves anything."""
    bob, verbs = await here.person(here.bob), here.app.services.reconciliation
    for verb in (verbs.comparing.standing(bob), verbs.comparing.ask(bob), verbs.repairing.repair(bob, 1_001, 1)):
        with pytest.raises(Forbidden):
            await verb
    with pytest.raises(Forbidden):
        await verbs.repairing.leave(bob, 1_001, 1)


async def test_a_correction_in_its_day(here: Desk) -> None:
    """Of an entry whose day is closed the card offers a correction for today, and one that counts for that day."""
    lines = (Line(Account.RECEIVABLE, Money(100, "USD")), Line(Account.REVENUE, Money(-100, "USD")))
    posting = Posting("1", "invoice", "invoice:1", lines)
    number = await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting))
    assert labels(await here.says(here.carol, f"/entry_{number}")) == ["Take it back"]
    clock = here.app.services.database.clock
    assert isinstance(clock, Hands)
    clock.ahead += timedelta(hours=25)
    await here.app.services.reconciliation.closing.close_yesterday(TENANT)
    card = await here.says(here.carol, f"/entry_{number}")
    assert labels(card) == ["Take it back", "Take it back, with that day's date"]
    await here.taps(here.carol, "with that day", card)
    await here.says(here.carol, "wrong client")
    async with here.app.services.database.reading() as connection:
        entry = await postings.by_id(connection, TENANT, number or 0)
        made = await postings.by_key(connection, TENANT, f"correction:{number}")
    assert entry is not None
    assert made is not None
    assert made.posted_at == entry.posted_at
    assert "Written: " in (await here.says(here.carol, f"/entry_{made.id}")).text


def labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]
