"""/ledger by hand: pages of entries, currencies apart, and what a correction may and may not do."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.access.model import TENANT
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.ledger import cards
from bot.ledger.figures import Details, Standing, Table, trials
from bot.ledger.model import CORRECTION, Account, Entry, Line, Posting
from storage.ledger import postings
from tests.desk import Desk, desk
from tests.house import Providers
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


def moved(minor: int, currency: str) -> tuple[Line, ...]:
    return Line(Account.RECEIVABLE, Money(minor, currency)), Line(Account.REVENUE, Money(-minor, currency))


async def post(here: Desk, key: str, lines: tuple[Line, ...], tenant: str = TENANT) -> int:
    posting = Posting(key, "invoice", f"invoice:{key}", lines)
    number = await here.app.services.database.write(lambda tx: postings.post(tx, tenant, posting))
    assert number is not None
    return number


def numbers(card: Card) -> list[int]:
    """The entries that a page shows."""
    return [int(line.split()[0].removeprefix("/entry_")) for line in card.text.splitlines() if line.startswith("/")]


async def test_pages(here: Desk) -> None:
    """25 entries are three pages, newest first, each entry on one of them; back leads to where one was."""
    made = [await post(here, str(n), moved(100 + n, "USD")) for n in range(25)]
    first = (await here.taps(here.carol, "Entries", await here.says(here.carol, "/ledger"))).card
    assert first is not None
    second = (await here.taps(here.carol, "Older", first)).card
    assert second is not None
    third = (await here.taps(here.carol, "Older", second)).card
    assert third is not None
    assert [*numbers(first), *numbers(second), *numbers(third)] == made[::-1]
    again = (await here.taps(here.carol, "Newer", third)).card
    assert again is not None
    assert numbers(again) == numbers(second)


async def test_currencies_are_kept_apart(here: Desk) -> None:
    """A currency is shown at a time, in its own decimals, each with a trial balance of its own."""
    for currency, minor in (("USD", 12_000), ("JPY", 500), ("KWD", 1_500), ("INR", 9_900)):
        await post(here, currency, moved(minor, currency))
    await post(here, "other", moved(7, "EUR"), "other")
    card = await here.says(here.carol, "/ledger")
    assert card.text.splitlines()[0] == "<b>Ledger · INR</b>"
    shown = {}
    for currency in ("JPY", "KWD", "USD"):
        tapped = (await here.taps(here.carol, currency, card)).card
        assert tapped is not None
        assert len(tapped.text.splitlines()) <= 7
        shown[currency] = tapped.text.splitlines()[1:4]
    assert shown["JPY"] == ["We have: receivable 500", "Earned: revenue 500", "Balanced: 500 JPY on both sides"]
    assert shown["KWD"][0] == "We have: receivable 1.500"
    assert shown["USD"][2] == "Balanced: 120.00 USD on both sides"


async def test_corrections(here: Desk) -> None:
    """An entry is corrected by an admin of its tenant, with a reason, by lines that balance, and once."""
    books = here.app.services.ledger.books
    carol, bob = await here.person(here.carol), await here.person(here.bob)
    number, others = await post(here, "a", moved(500, "USD")), await post(here, "b", moved(5, "USD"), "other")
    with pytest.raises(Forbidden):
        await books.correct(bob, number, "why")
    for wrong, entry in (("", number), ("  ", number), ("why", others), ("why", 0)):
        with pytest.raises(Refusal):
            await books.correct(carol, entry, wrong)
    with pytest.raises(ValueError, match="balance"):
        await books.correct(carol, number, "why", moved(300, "USD")[:1])
    made = await books.correct(carol, number, " typed wrongly ", moved(300, "USD"))
    assert (made.kind, made.corrects, made.reason) == (CORRECTION, number, "typed wrongly")
    async with here.app.services.database.reading() as connection:
        assert (await postings.balances(connection, TENANT))["revenue", "USD"] == -300
    with pytest.raises(Stale, match=f"/entry_{made.id}"):
        await books.correct(carol, number, "again")
    back = await books.correct(carol, made.id, "it was right")
    async with here.app.services.database.reading() as connection:
        assert (await postings.balances(connection, TENANT))["revenue", "USD"] == -500
    assert back.corrects == made.id


def test_nothing_escapes() -> None:
    """Every text of the ledger is translated."""
    lines = [(account.value, "USD") for account in Account]
    balances = {place: minor for place, minor in zip(lines, range(1, 100), strict=False)}
    entry = Entry(1042, TENANT, "k", "invoice", "invoice:7", NOW, moved(5, "USD"), None)
    kinds = [Entry(1043, TENANT, "k", kind, "entry:1042", NOW, moved(5, "USD"), "2 x 3") for kind in cards.KINDS]
    with installed(), reading_as(Reader(LANGUAGE)):
        shown = [
            cards.standing(Standing((), None), ""),
            cards.standing(Standing(trials(balances), NOW), "USD"),
            cards.standing(Standing(trials({("bank", "USD"): 5, ("revenue", "USD"): -5}), NOW), ""),
            cards.entries([], ()),
            cards.entries([entry, *kinds], ()),
            cards.details(Details(entry, None)),
            cards.details(Details(entry, 1043)),
            *(cards.details(Details(one, None)) for one in kinds),
            cards.ask_reason(Details(entry, None)),
            cards.corrected(kinds[0]),
            cards.as_file(Table([entry], True, NOW)),
        ]
        data = ["USD", "UTC", "Nov", "Thu", "invoice:7"]
        assert [words for card in shown for words in escaped_in(card, data)] == []
