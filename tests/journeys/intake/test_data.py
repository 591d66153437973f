"""Data-transform briefs: the file in the format asked for, checked before anybody sees it."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.kernel.card import Document
from sandbox.telegram.seen import Seen
from storage.tables.briefs import drafts
from storage.tables.core import events
from tests.house import House
from tests.judged import judging

RECORDS = "Name: Ali, City: Lahore, Orders: 3\nName: Mia, City: Hamburg, Orders: 12"
ROWS = [["Name", "City", "Orders"], ["Ali", "Lahore", "3"], ["Mia", "Hamburg", "12"]]
GOOD = "Name,City,Orders\nAli,Lahore,3\nMia,Hamburg,12"
SHORT = "Name,City,Orders\nAli,Lahore\nMia,Hamburg,12"


async def _file(home: House, number: int) -> tuple[str, bytes]:
    """The file that Alice got."""
    seen: Seen = await home.alice.sees(f"Brief {number}, the whole text")
    assert seen.document is not None
    return seen.document.name, seen.document.data


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "md"])
async def test_the_file_that_was_asked_for(home: House, ending: str) -> None:
    """The client gets the data as a file of the format that the brief names, whole and readable by its rules."""
    ask = {"csv": "a CSV", "json": "JSON", "xlsx": "an Excel workbook", "md": "a Markdown table"}[ending]
    await home.staff()
    home.openai.dictated = judging(95)
    number = await home.brief(f"Convert these records into {ask}:\n{RECORDS}")
    name, data = await _file(home, number)
    assert name == f"brief-{number}.{ending}"
    if ending == "csv":
        assert list(csv.reader(io.StringIO(data.decode()), strict=True)) == ROWS
    elif ending == "json":
        assert json.loads(data) == [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    elif ending == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).active
        assert sheet is not None
        assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
            ROWS[0],
            *([n, c, int(o)] for n, c, o in ROWS[1:]),
        ]
    else:
        assert data.decode().splitlines()[2] == "| Ali | Lahore | 3 |"


async def test_what_does_not_parse_is_a_failed_attempt(home: House) -> None:
    """A draft that is not in the format is never judged; the next is told the parser's words, and both are kept."""
    await home.staff()
    told: list[str] = []
    home.openai.on_call.append(
        lambda call: told.append(call.prompt.user) if call.prompt and call.purpose == "draft" else None
    )
    home.openai.dictated = judging(95, drafts=[f"```csv\n{SHORT}\n```", f"```csv\n{GOOD}\n```"])
    number = await home.brief(f"Convert these records into a CSV:\n{RECORDS}")
    assert await _file(home, number) == (f"brief-{number}.csv", f"{GOOD}\n".encode())
    assert len(told) == 2
    assert "row 2 has 2 fields, the header 3" in told[1]
    async with home.running.app.services.database.reading() as connection:
        made = await connection.execute(select(drafts.c.attempt, drafts.c.format).order_by(drafts.c.attempt))
        assert [tuple(row) for row in made] == [(1, "csv"), (2, "csv")]
        unreadable = select(events.c.id).where(events.c.subject == f"brief:{number}", events.c.name == "unreadable")
        assert len((await connection.execute(unreadable)).all()) == 1
    assert home.openai.calls["chat/completions", home.settings.judge_model] == 2


async def test_it_never_parses(home: House) -> None:
    """After as many attempts as any brief has it stops with the parser's words, and Retry has one more written."""
    await home.staff()
    home.openai.dictated = judging(95, drafts=[SHORT, SHORT, SHORT, GOOD])
    number = await home.brief(f"Convert these records into a CSV:\n{RECORDS}")
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    assert "after 3 attempts it is not CSV: row 2 has 2 fields, the header 3" in card.text
    await home.bob.taps("Retry this step", card)
    assert (await _file(home, number))[1] == f"{GOOD}\n".encode()


async def test_a_brief_without_a_format(home: House) -> None:
    """Where no format is asked for, the work comes as text, as ever."""
    await home.staff()
    home.openai.dictated = judging(95)
    number = await home.brief(f"Reformat these records so that I can read them:\n{RECORDS}")
    assert (await _file(home, number))[0] == f"brief-{number}.md"


@pytest.mark.both_databases
def test_a_binary_file() -> None:
    """A file's bytes go through the outbox unharmed."""
    assert Document("a.bin", "AP8=", binary=True).data == b"\x00\xff"
    assert Document("a.txt", "ü").data == "ü".encode()
