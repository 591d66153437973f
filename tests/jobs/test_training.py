"""The job `training_audit`, and /report training: what the automatic check learnt from, and whether it stands."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from bot.access.model import TENANT
from bot.kernel.task_type import TaskType
from bot.training.model import Finding
from jobs.catalog import BY_NAME
from storage.tables.core import outbox
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from tests.verdicts import gate_decided

MONDAY = datetime(2026, 11, 30, 2, tzinfo=UTC)
JOB = BY_NAME["training_audit"]


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(MONDAY)) as made:
        yield made


async def a_history(here: Desk) -> None:
    """Of 90 days: 30 passed and approved, 10 held and sent back, 4 held under a floor and approved; 6 of this week."""
    database = here.app.services.database
    await gate_decided(database, 24, points=90, passed=True, human="approved", days_ago=20)
    await gate_decided(database, 6, points=90, passed=True, human="approved", days_ago=2)
    await gate_decided(database, 10, points=70, passed=False, human="sent_back", days_ago=20)
    await gate_decided(database, 4, points=85, passed=False, human="approved", scores=(90, 60, 95, 95), days_ago=20)
    await gate_decided(database, 5, points=95, passed=True, days_ago=3)


async def send(here: Desk) -> str:
    return await JOB.carry_out(here.app.services, TENANT, MONDAY)


async def mails(here: Desk) -> list[Any]:
    async with here.app.services.database.reading() as connection:
        rows = await connection.execute(select(outbox.c.payload).where(outbox.c.channel == "mail"))
        return [row.payload for row in rows]


@pytest.mark.both_databases
async def test_a_week(here: Desk) -> None:
    """Admins read once how many examples there are, which prompts are in use and what stands, with tables below; the
    mail has the examples beside them.
    """
    await a_history(here)
    assert "44 examples, " in await send(here)
    assert "was sent before" in await send(here)
    (card,) = [one for one in await here.told(here.carol.id) if "Training audit" in one.text]
    assert "Training audit · Week 48, 23 Nov to 29 Nov" in card.text
    assert "Examples: 44 decisions by people in 90 days, 6 of this week; minimum scores follow from 40" in card.text
    assert "Check and people agree on 91 % of 44 (kappa 0.77)" in card.text
    assert "Prompts in use: Draft · all types 1, Intake · all types 1, Judge · all types 1" in card.text
    assert "Drift: too few drafts to tell" in card.text
    assert card.document is not None
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(card.document.data)).pages)
    assert "Agreement of check and people" in text
    (mail,) = [one for one in await mails(here) if "Training audit" in one["subject"]]
    names = [name for name, _content, _binary in mail["files"]]
    assert names == ["training-2026-11-23.pdf", "training-2026-11-23.csv"]


async def test_which_examples(here: Desk) -> None:
    """The file has each decision by a person by number alone; what a floor held is none that a score follows from."""
    await a_history(here)
    card = await here.says(here.carol, "/report training")
    file = (await here.taps(here.carol, "CSV", card)).card
    assert file is not None
    assert file.document is not None
    rows = list(csv.DictReader(io.StringIO(file.document.content, newline="")))
    assert [row["learnt from"] for row in rows].count("1") == 40
    assert {row["person"] for row in rows if row["learnt from"] == "0"} == {"approved"}
    assert "What was asked for" not in file.document.content
    printed = (await here.taps(here.carol, "PDF", card)).card
    assert printed is not None
    assert printed.document is not None
    assert printed.document.name.endswith(".pdf")
    assert "may read reports" in (await here.says(here.alice, "/report training")).text


async def test_nothing_to_audit(here: Desk) -> None:
    """Where no draft was checked nobody hears anything; asked for, it says that there is too little."""
    assert await send(here) == "nothing to audit: no draft was checked"
    assert await mails(here) == []
    assert "1 point to look at" in (await here.says(here.carol, "/report training")).text


async def test_scores_that_moved(here: Desk) -> None:
    """Scores a good deal lower than in the weeks before are a point to look at, with by how much."""
    database = here.app.services.database
    await gate_decided(database, 25, points=90, passed=True, human="approved", scores=(90,) * 4, days_ago=10)
    await gate_decided(database, 25, points=82, passed=True, human="approved", scores=(90, 70, 90, 90), days_ago=3)
    found = await here.app.services.training.look(await here.person(here.carol))
    assert Finding.DRIFT in found.findings
    assert [round(one.moved) for one in found.drifts] == [0, -20, 0, 0]
    card = await here.says(here.carol, "/report training")
    assert "Drift against the weeks before: Clarity 0.0, Accuracy -20.0" in card.text
    calm = replace(found, weeks=found.weeks[1:])
    assert Finding.DRIFT not in calm.findings


async def test_of_the_judge_of_today(here: Desk) -> None:
    """Decisions beside another judge's scores are examples that nothing is learnt from any more."""
    database = here.app.services.database
    await gate_decided(database, 8, points=90, passed=True, human="approved", days_ago=30, judge_model="old")
    await gate_decided(database, 3, TaskType.DRAFTING, points=90, passed=True, human="approved", days_ago=1)
    found = await here.app.services.training.look(await here.person(here.carol))
    assert (len(found.labelled), len(found.learnt)) == (11, 3)
    assert found.first == (MONDAY - timedelta(days=7)).date()
