"""/audit, over the wire: who did what, and whether the log is as it was written."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands import audit as commands
from sandbox.telegram.seen import Seen
from storage.engine.database import Transaction
from tests.eventually import eventually
from tests.house import House

KEY = "the-key-of-the-audit-log-in-tests"
pytestmark = pytest.mark.both_databases


async def test_looked_up(home: House) -> None:
    """Carol sees what was done, newest first, and finds it by person, deed, thing and day."""
    await home.staff()
    await home.bob.says("/queue")
    await home.bob.sees("Nothing waits")
    card = await eventually(lambda: _asked(home, "Bob"), lambda seen: "Bob · /queue" in seen.text)
    assert "Carol" not in card.text
    await home.carol.says("/audit /queue")
    assert "Bob · /queue" in (await home.carol.sees("Audit log: /queue")).text
    await home.carol.says(f"/audit {datetime.now(UTC):%Y-%m-%d} Bob")
    assert "/queue" in (await home.carol.sees("Bob · /queue")).text
    await home.carol.says("/audit 2001-01-01")
    await home.carol.sees("Nothing is recorded about that.")


async def _asked(home: House, words: str) -> Seen:
    mark = home.carol.mark()
    await home.carol.says(f"/audit {words}")
    return await home.carol.sees(f"Audit log: {words}", after=mark)


async def test_who_may(home: House) -> None:
    """A client is refused."""
    await home.staff()
    await home.alice.says("/audit verify")
    await home.alice.sees("may read reports")


async def test_sound(home: House) -> None:
    """What is there is sealed and checked at once."""
    await home.staff()
    await home.carol.says("/audit")
    await home.carol.taps("Verify", await home.carol.sees("Audit log"))
    card = await home.carol.sees("Audit log · Sound")
    assert "as it was written" in card.text


async def test_tampered(home: House) -> None:
    """Whoever changes an entry in the database is found out: the first bad entry is named, with what it says now."""
    await home.staff()
    await home.carol.says("/audit verify")
    await home.carol.sees("Audit log · Sound")
    await home.running.app.services.database.write(_bend)
    await home.carol.says("/audit verify")
    card = await home.carol.sees("Audit log · Tampered with")
    assert "Entry 2 is not as it was written" in card.text
    assert "/nothing" in card.text
    assert "The 1 entry before it is sound." in card.text
    await home.carol.says("/job_audit_anchor")
    await home.carol.taps("Run now", await home.carol.sees("Job audit_anchor"))
    await home.carol.sees("Job audit_anchor · failed")


async def _bend(tx: Transaction) -> None:
    off = ["ALTER TABLE audit DISABLE TRIGGER ALL"]
    if tx.connection.dialect.name == "sqlite":
        off = ["DROP TRIGGER audit_update"]
    second = "(SELECT entry_id FROM audit_seals WHERE place = 2)"
    for statement in (*off, f"UPDATE audit SET action = '/nothing' WHERE id = {second}"):
        await tx.run(text(statement))


async def test_exported(home: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The export is checked by the command without the database; one that was changed is not as it was written."""
    await home.staff()
    await home.carol.says("/audit export")
    card = await home.carol.sees("Audit log ·")
    assert card.document is not None
    file, key, said = tmp_path / "export", tmp_path / "key", list[str]()
    file.write_bytes(card.document.data)
    key.write_text(KEY)
    monkeypatch.chdir(tmp_path)
    given = Namespace(file=str(file), key=str(key), anchor=[])
    assert commands.verify_file(given, said.append) == 0
    assert "each as it was written" in said[0]
    file.write_bytes(card.document.data.replace(b"=done,", b"=none,", 1))
    assert commands.verify_file(given, said.append) == 1
    assert "NOT as it was written. Entry 1 " in said[1]


async def test_in_urdu(home: House) -> None:
    """Carol reads it in Urdu."""
    await home.staff()
    await home.carol.says("/language ur")
    await home.carol.says("/audit verify")
    await home.carol.sees("آڈٹ لاگ · درست")
