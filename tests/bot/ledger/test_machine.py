"""The ledger under any order of postings, repetitions, corrections, and lines that do not balance."""

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.kernel.clock import SystemClock
from bot.kernel.money import Money
from bot.ledger import books
from bot.ledger.model import Account, Entry, Line, Posting, correction
from storage.core.pages import Page
from storage.engine.database import Database
from storage.ledger import postings
from tests.bot.ledger.test_books import remotes
from tests.machines import run

AMOUNTS = st.integers(-(10**12), 10**12).filter(bool)
MOVES = st.lists(
    st.tuples(*[st.sampled_from(Account)] * 2, AMOUNTS, st.sampled_from(["USD", "JPY", "INR", "KWD"])),
    min_size=1,
    max_size=4,
)
Move = tuple[Account, Account, int, str]


def lines_of(moves: list[Move]) -> tuple[Line, ...]:
    return tuple(
        line
        for source, target, minor, currency in moves
        for line in (Line(target, Money(minor, currency)), Line(source, Money(-minor, currency)))
    )


class TheLedger(RuleBasedStateMachine):
    """One tenant's ledger beside a dictionary that says what has to stand on each account."""

    migrated: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="echopilot-ledger-")
        path = Path(self.folder.name) / "ledger.db"
        shutil.copyfile(self.migrated, path)
        self.runner = asyncio.Runner()
        self.database = Database(f"sqlite:///{path}", SystemClock())
        self.wanted: dict[tuple[str, str], int] = {}
        self.count = 0

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def _post(self, posting: Posting) -> int | None:
        number = self.runner.run(self.database.write(lambda tx: postings.post(tx, "main", posting)))
        for line in posting.lines if number is not None else ():
            place = line.account.value, line.amount.currency
            self.wanted[place] = self.wanted.get(place, 0) + line.amount.minor
        return number

    def _read(self, query: Any) -> Any:
        async def read() -> Any:
            async with self.database.reading() as connection:
                return await query(connection)

        return self.runner.run(read())

    def _entries(self) -> list[Entry]:
        found: list[Entry] = self._read(lambda connection: postings.page(connection, "main", Page(limit=500)))
        return found

    @rule(moves=MOVES)
    def posts(self, moves: list[Move]) -> None:
        """Something is moved from account to account."""
        self.count += 1
        assert self._post(Posting(f"k{self.count}", "test", f"test:{self.count % 3}", lines_of(moves))) is not None

    @precondition(lambda self: self.count)
    @rule(moves=MOVES, data=st.data())
    def posts_again(self, moves: list[Move], data: st.DataObject) -> None:
        """The same key, with whatever lines, is posted no second time."""
        key = f"k{data.draw(st.integers(1, self.count))}"
        assert self._post(Posting(key, "test", "test:again", lines_of(moves))) is None

    @precondition(lambda self: self.count)
    @rule(moves=MOVES, data=st.data(), whole=st.booleans())
    def corrects(self, moves: list[Move], data: st.DataObject, whole: bool) -> None:
        """An entry is taken back, with other lines in its place or none: once."""
        entry = data.draw(st.sampled_from(self._entries()))
        corrected = {one.corrects for one in self._entries()}
        made = self._post(correction(entry, "wrong", () if whole else lines_of(moves)))
        assert (made is None) is (entry.id in corrected)

    @rule(remote=remotes(), invoice=st.integers(1, 3))
    def follows(self, remote: Any, invoice: int) -> None:
        """What Stripe says of an invoice is taken over, and then the ledger says just that of it."""
        about = books.of_invoice(invoice)
        self.count += 1
        self._post_missing(books.entries(remote), about)
        posted = self._read(lambda connection: postings.posted(connection, "main", about))
        assert books.missing(books.entries(remote), posted) == ()

    def _post_missing(self, wanted: list[Line], about: str) -> None:
        posted = self._read(lambda connection: postings.posted(connection, "main", about))
        mark = str(self.count)
        posting = books.brought_up_to_date(wanted, posted, kind="payment", reference=about, mark=mark)
        if posting is not None:
            assert self._post(Posting(f"k{self.count}", "payment", about, posting.lines)) is not None
        else:
            self.count -= 1

    @rule(moves=MOVES, minor=AMOUNTS, currency=st.sampled_from(["USD", "EUR"]))
    def is_refused(self, moves: list[Move], minor: int, currency: str) -> None:
        """One line more, and nothing of it is written."""
        lines = [[line.account.value, line.amount.minor, line.amount.currency] for line in lines_of(moves)]
        row = {"key": "raw", "lines": json.dumps([*lines, ["bank", minor, currency]])}
        statement = text(
            "INSERT INTO postings (tenant, key, kind, reference, posted_at, lines)"
            " VALUES ('main', :key, 'test', 'test', 1, :lines)"
        )
        with pytest.raises(DBAPIError):
            self.runner.run(self.database.write(lambda tx: tx.run(statement, row)))

    @invariant()
    def is_zero_in_all(self) -> None:
        """Each currency sums to zero, and each account holds what was moved to it."""
        found = self._read(lambda connection: postings.balances(connection, "main"))
        assert {place: minor for place, minor in found.items() if minor} == {
            place: minor for place, minor in self.wanted.items() if minor
        }
        for currency in {currency for _, currency in found}:
            assert sum(minor for (_, other), minor in found.items() if other == currency) == 0


def test_any_order(migrated_file: Path) -> None:
    """Whatever is posted, repeated, corrected and refused: the ledger is zero-sum, and says what was moved."""
    run(TheLedger, migrated_file, examples=20, steps=20)
