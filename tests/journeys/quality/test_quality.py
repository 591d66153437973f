"""/quality: what the team reads of the gate, and how an admin adopts a line."""

import csv
import io
import re
from typing import Any

import pytest

from bot.access.buttons import Tap
from bot.kernel.task_type import TaskType
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.quality import calibration as quality
from storage.tables.audit import audit
from storage.tables.quality import probes, prompts
from tests.house import House, Providers, house
from tests.verdicts import TENANT, gate_decided


def database_of(home: House) -> Database:
    return home.running.app.services.database


async def a_history(home: House) -> None:
    """100 drafts passed, 20 of them read and two turned down; 30 were held, of which people let 10 out."""
    database = database_of(home)
    await gate_decided(database, 80, points=86, passed=True)
    await gate_decided(database, 18, points=86, passed=True, human="approved", blind=True)
    await gate_decided(database, 1, points=85, passed=True, human="sent_back", blind=True)
    await gate_decided(database, 1, points=91, passed=True, human="rejected", blind=True)
    await gate_decided(database, 4, points=77, passed=False, human="approved", blind=True)
    await gate_decided(database, 6, points=77, passed=False, human="approved")
    await gate_decided(database, 6, points=70, passed=False, human="sent_back", blind=True)
    await gate_decided(database, 14, points=70, passed=False, human="sent_back")


async def test_nothing_yet(home: House) -> None:
    """Before the gate has decided on anything, every figure says so in words, and no line is called proven."""
    await home.staff()
    await home.dan.says("/quality")
    card = await home.dan.sees("Quality · all types, as of")
    assert card.text.splitlines()[1:] == [
        "0 drafts checked in 90 days, 0 passed without a person",
        "No blind check yet",
        "No person has decided on any yet",
        "Good and bad drafts that pass: too few to tell (0 of 20)",
        "Minimum scores: 0 of 5 proven",
        "No known-bad draft was tried. No client has rated yet",
    ]


@pytest.mark.both_databases
async def test_figures(home: House) -> None:
    """Agreement, kappa, the exact bound of what passes unseen, rates for all drafts, and the proof that is missing."""
    await home.staff()
    await a_history(home)
    await database_of(home).write(add_probes)
    await home.bob.says("/quality Drafting")
    card = await home.bob.sees("Quality · Drafting, as of")
    assert card.text.splitlines()[1:] == [
        "130 drafts checked in 90 days, 100 passed without a person",
        "Blind checks: 2 of 20 bad, 10 %, at most 28.3 % (95 %, one look)",
        "Check and people agree on 76 % of 50 (kappa 0.53); where its scores were hidden: 80 % of 30 (kappa 0.53)",
        "Estimated for all: 90 % of good drafts pass, 33 % of bad ones",
        "Minimum score 80: not proven, 2 bad in 20 blind checks; 260 could prove it",
        "Known-bad drafts caught: 2 of 3. No client has rated yet",
    ]
    mark = home.bob.mark()
    await home.bob.taps("All types", card)
    everything = await home.bob.sees("Quality · all types", after=mark)
    assert everything.id == card.id
    assert "Minimum scores: 0 of 5 proven" in everything.text


async def add_probes(tx: Transaction) -> None:
    row: dict[str, Any] = {"tenant": TENANT, "golden": "invented fact", "task_type": TaskType.DRAFTING}
    row |= {"judge_model": "gpt-4o-mini", "created_at": tx.now, "weighted": 6000, "passed": False}
    await tx.run(probes.insert(), [row, row, row | {"weighted": 9000, "passed": True}])


async def test_a_draft_under_audit_shows_nowhere(home: House) -> None:
    """A draft that is being audited blind is in no figure and no file until somebody has decided on it."""
    await home.staff()
    await gate_decided(database_of(home), 3, points=86, passed=True, audited=True)
    await home.bob.says("/quality")
    card = await home.bob.sees("0 drafts checked in 90 days")
    await home.bob.taps("CSV", card)
    file = await home.bob.sees("0 decisions, one a row")
    assert file.document is not None
    assert len(file.document.data.decode().splitlines()) == 1


async def test_an_audit_by_chat(stand_ins: Providers, database_url: str) -> None:
    """A draft that passed is put before an operator like any other; the decision is a label, and the figures say so."""
    async with house(stand_ins, database_url, audit_percent=100) as home:
        await home.staff()
        number = await home.brief()
        card = await home.bob.sees(f"Brief {number} · Needs your decision")
        await home.dan.says("/quality")
        assert "0 drafts checked in 90 days" in (await home.dan.sees("Quality ·")).text
        await home.bob.taps("Approve", card)
        await home.bob.sees("Approved by Bob", after=card)
        mark = home.dan.mark()
        await home.dan.says("/quality Drafting")
        figures = await home.dan.sees("Quality · Drafting", after=mark)
    assert "1 draft checked in 90 days, 1 passed without a person" in figures.text
    assert figures.text.splitlines()[2:6] == [
        "Blind checks: 0 of 1 bad, too few to tell (1 of 59)",
        "Agreement of check and people: too few to tell (1 of 20)",
        "Good and bad drafts that pass: too few to tell (1 of 20)",
        "Minimum score 80: too few to tell (1 of 59)",
    ]
    assert "%" not in figures.text


async def test_few_labels_change_nothing(home: House) -> None:
    """Nineteen labels of which a third is bad are told as numbers and propose no other line; the job says the same."""
    await home.staff()
    await gate_decided(database_of(home), 13, points=88, passed=True, human="approved", blind=True)
    await gate_decided(database_of(home), 6, points=81, passed=True, human="rejected", blind=True)
    await home.carol.says("/quality Drafting")
    card = await home.carol.sees("Quality · Drafting")
    assert "Blind checks: 6 of 19 bad, too few to tell (19 of " in card.text
    assert ("%" in card.text, "Proposed" in card.text) == (False, False)
    await gate_decided(database_of(home), 1, points=88, passed=True, human="approved", blind=True)
    mark = home.carol.mark()
    await home.carol.says("/quality Drafting")
    card = await home.carol.sees("Quality · Drafting", after=mark)
    assert "Blind checks: 6 of 20 bad, 30 %" in card.text
    assert "Proposed minimum score: Drafting 82 (now 80)" in card.text


async def test_not_for_clients(home: House) -> None:
    """A client may not read it, nor a stranger."""
    await home.staff()
    await home.alice.says("/quality")
    assert "Only analysts, operators and admins may read reports" in (await home.alice.sees("Only")).text
    await home.eve.says("/quality")
    await home.eve.sees("I do not know you yet")


async def test_disagreements_are_read(home: House) -> None:
    """The worst come first; Read shows the gate's reasons and the person's decision with its own, and the text."""
    await home.staff()
    await a_history(home)
    await home.dan.says("/quality")
    await home.dan.taps("Disagreements", await home.dan.sees("Quality ·"))
    listed = await home.dan.sees("Disagreements · all types")
    first = listed.text.splitlines()[1]
    number = re.findall(r"\d+", first)[0]
    assert first == f"Brief {number}: passed with 91, minimum 80; a person rejected it"
    assert len(listed.text.splitlines()) == 7
    await home.dan.taps(f"Read {number}", listed)
    both = await home.dan.sees(f"Brief {number} · two opinions")
    for words in (
        "The automatic check passed it: 91, minimum 80",
        "Accuracy 91: accuracy it is",
        f"Draft 1 of brief {number}",
    ):
        assert words in both.text
    assert re.search(r"Bob, .* UTC: rejected. “Because of that.”", both.text)


@pytest.mark.both_databases
async def test_drift(home: House) -> None:
    """Each version of the prompt has its score, its share that passed, and what people turned down."""
    await home.staff()
    await a_history(home)
    prompt = await database_of(home).write(add_prompt)
    await gate_decided(database_of(home), 4, points=90, passed=True, human="approved", prompt_id=prompt)
    await home.bob.says("/quality")
    await home.bob.taps("Prompt versions", await home.bob.sees("Quality ·"))
    card = await home.bob.sees("Prompt versions · all types")
    assert card.text.splitlines()[1:] == [
        "Prompt 7, judge gpt-4o-mini: 4 drafts, score 90.0, 4 of 4 passed, people turned 0 of 4 down",
        "Built-in prompt, judge gpt-4o-mini: 130 drafts, score 82.9, 77 % passed, people turned 22 of 50 down",
    ]


async def add_prompt(tx: Transaction) -> int:
    row = {"tenant": TENANT, "purpose": "draft", "task_type": "", "version": 7, "system": "s", "changelog": "c"}
    row |= {"active": True, "created_at": tx.now}
    return int((await tx.run(prompts.insert().returning(prompts.c.id), row)).scalar_one())


@pytest.mark.both_databases
async def test_csv(home: House) -> None:
    """The file has one row per decision, as the figures count them."""
    await home.staff()
    await a_history(home)
    await home.dan.says("/quality Drafting")
    await home.dan.taps("CSV", await home.dan.sees("Quality ·"))
    file = await home.dan.sees("130 decisions, one a row")
    assert file.document is not None
    rows = list(csv.DictReader(io.StringIO(file.document.data.decode())))
    assert len(rows) == 130
    assert {row["person"] for row in rows if row["passed"] == "1"} == {"", "approved", "rejected", "sent_back"}
    assert {row["score"] for row in rows if row["person"] == "rejected"} == {"91.00"}


async def ready_for_78(home: House) -> None:
    """61 clean audits at 80, and 60 drafts of 78 points that people let out, as well as two of a broken floor."""
    database = database_of(home)
    await gate_decided(database, 61, points=88, passed=True, human="approved")
    await gate_decided(database, 60, points=78, passed=False, human="approved")
    await gate_decided(database, 2, points=79, passed=False, human="rejected", scores=(95, 40, 95, 95))
    await gate_decided(database, 5, points=60, passed=False, human="rejected", days_ago=40)


async def test_a_line_is_adopted(home: House) -> None:
    """The job shows an admin the proposal with its evidence, once; adopting asks once more; then the line counts, says
    who adopted it, and its proof begins anew.
    """
    await home.staff()
    await ready_for_78(home)
    for _ in range(2):
        mark = home.carol.mark()
        await home.carol.says("/job_learning")
        await home.carol.taps("Run now", await home.carol.sees("Job learning", after=mark))
    card = await home.carol.sees("Drafting · minimum score 80, 78 proposed")
    assert card.text.splitlines()[1:] == [
        "As it is: proven, at most 5 % bad (61 of 61 blind checks clean)",
        "Drafts of 78 to 79: people approved 60 of 60 unchanged",
        "The last 30 days under 78: 60 more of 123 would have passed, of which people turned 0 down",
    ]
    assert card.labels == ["Change to 78", "Keep 80", "Back"]
    await home.carol.taps("Change to 78", card)
    question = await home.carol.sees("change the minimum score from 80 to 78", after=card)
    mark = home.carol.mark()
    await home.carol.taps("Yes, change to 78", question)
    done = await home.carol.sees("Drafting · minimum score 78 · changed by Carol", after=mark, message=card)
    assert done.labels == ["Back"]
    await home.bob.says("/quality Drafting")
    assert "Minimum score 78: too few to tell (0 of 59)" in (await home.bob.sees("Quality ·")).text
    async with database_of(home).reading() as connection:
        adopted = (await quality.adopted(connection, TENANT))[TaskType.DRAFTING]
        entries = [row.subject for row in await connection.execute(audit.select()) if row.action == "line.adopted"]
    assert (adopted.target, adopted.by, entries) == (78, "Carol", ["line:Drafting:78"])
    assert len([seen for seen in home.carol.messages() if "78 proposed" in seen.text]) == 0
    number = await home.brief()
    async with database_of(home).reading() as connection:
        assert (await briefs.load(connection, number)).qa_target == 78


async def test_a_line_is_kept(home: House) -> None:
    """A declined proposal says who kept the line; nothing has changed."""
    await home.staff()
    await ready_for_78(home)
    await home.carol.says("/quality Drafting")
    overview = await home.carol.sees("Proposed minimum score: Drafting 78 (now 80)")
    await home.carol.taps("Minimum score", overview)
    card = await home.carol.sees("78 proposed", after=overview)
    await home.carol.taps("Keep 80", card)
    await home.carol.sees("Drafting · minimum score 80 · kept by Carol", after=card)
    async with database_of(home).reading() as connection:
        assert await quality.adopted(connection, TENANT) == {}


async def test_only_admins_adopt(home: House) -> None:
    """An operator sees the evidence and no button; the verb itself refuses them."""
    await home.staff()
    await ready_for_78(home)
    await home.bob.says("/quality")
    overview = await home.bob.sees("Quality ·")
    await home.bob.taps("Minimum scores", overview)
    lines = await home.bob.sees("Drafting 80 → 78 proposed", after=overview)
    await home.bob.taps("Drafting", lines)
    card = await home.bob.sees("An admin can change it", after=lines)
    assert card.labels == ["Back"]
    signer = home.running.app.signer
    for action in ("qadopt", "qadoptyes", "qkeep"):
        data = signer.pack(tap(action), chat_id=home.bob.id)
        assert "Only admins may change minimum scores" in (await home.bob.taps_raw(data, card)).text
    async with database_of(home).reading() as connection:
        assert await quality.adopted(connection, TENANT) == {}


@pytest.mark.both_databases
async def test_two_admins_at_once(home: House) -> None:
    """Of two that adopt, one is told that the line was changed; a card whose evidence is gone adopts nothing."""
    await home.staff()
    await ready_for_78(home)
    await home.carol.says("/quality Drafting")
    overview = await home.carol.sees("Quality ·")
    await home.carol.taps("Minimum score", overview)
    card = await home.carol.sees("78 proposed", after=overview)
    signer = home.running.app.signer
    yes = signer.pack(tap("qadoptyes"), chat_id=home.carol.id)
    await gate_decided(database_of(home), 1, points=79, passed=False, human="rejected", days_ago=0)
    assert "no longer support 78" in (await home.carol.taps_raw(yes, card)).text
    await gate_decided(database_of(home), 200, points=79, passed=False, human="approved", days_ago=0)
    assert (await home.carol.taps_raw(yes, card)).text == ""
    assert "was changed meanwhile" in (await home.carol.taps_raw(yes, card)).text


def tap(action: str) -> Tap:
    return Tap(action, 0 if action == "qkeep" else 78, 0, TaskType.DRAFTING.choice)
