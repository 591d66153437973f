"""Buttons that people still have in their chats from the version before, some of which carry a place in a list."""

import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest

from bot.access.buttons import ButtonSigner, Tap
from bot.access.issued_keys import held
from bot.access.model import TENANT
from bot.kernel.card import Button, Card
from handlers.catalog import ACTIONS, BY_NAME, STEPS, WITH_SUBJECT, meant_by
from handlers.dispatch import Answer
from jobs.catalog import JOBS
from sandbox.telegram.people import Person
from storage.core import job_runs
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

OLD = "This button is from an old version, so nothing was done. "
# Every action of the version before; the digits are places in lists, or numbers that are meant.
ACTIONS_BEFORE = """
start cancel again unread quote more types type0 type1 type2 type3 type4 qtext qdue due0 due1 due3 due7 qlang lang0
lang1 lang2 lang3 lang4 lang5 qtarget target70 target80 target85 target90 target95 vgo vmore vcorrect vfull vdrop
ask askskip askstop btype bdue gtarget glang gskip gskipall gback bstop full retry restart iretry tretry tnow tstop
onow ostop oagain oletgo mnoted approve sendback edit reject take giveback changes order undecided mend0 mend1 mend2
mend3 deny0 deny1 deny2 deny3 briefs queue failed replay invoices billshow billchange billkeep billland billskip
billstop billmore billoff billremove billremoveyes find invite people person prole0 prole1 prole2 prole3 padmin
premove premoveyes invites irevoke rooms roomend rate rateagain ratestop quality qdrift qworst qread qcsv qlines
qline qadopt qadoptyes qkeep jrun jpause jresume pshow plist ptext pdiff puse puseyes prest prestyes dshow dstop
dstopyes duel duelyes
"""
STEPS_BEFORE = """
brief.text brief.question brief.deadline brief.target brief.language quote.text quote.question quote.deadline
quote.language quote.target billing.email billing.name billing.country billing.address billing.tax_id voice.correct
review.send_back review.reject review.edit prompt.text prompt.changelog rating.missing
"""
# As the version before packed them, with what they carried: a place in a list, which may be another list by now.
PLACES = [
    *(Tap("jrun", number, 0) for number in range(len(JOBS) + 2)),
    *(Tap("jpause", number, 24) for number in range(len(JOBS))),
    *(Tap("jresume", number, 0) for number in range(len(JOBS))),
    *(Tap("invite", number, 0) for number in range(4)),
    *(Tap(f"prole{number}", 1001, 2) for number in range(4)),
    Tap("premoveyes", 1001, 2),
    *(Tap(f"type{number}", 1001, 1) for number in range(5)),
    *(Tap(f"lang{number}", 1001, 1) for number in range(6)),
    *(Tap(f"{what}{number}", 1001, 1) for what in ("mend", "deny") for number in range(4)),
    *(Tap("btype", number, 0) for number in range(5)),
    *(Tap("glang", number, 0) for number in range(6)),
    *(Tap(what, number, 0) for what in ("gskip", "gback", "billkeep", "billoff") for number in range(5)),
    *(Tap("bstop", number, 0) for number in (1, 2)),
    *(Tap(what, number, 0) for what in ("quality", "qdrift", "qworst", "qcsv") for number in range(1, 6)),
    *(Tap("qline", number, 0) for number in range(1, 6)),
    *(Tap(what, number * 1000 + 78, 0) for what in ("qadopt", "qadoptyes", "qkeep") for number in range(1, 6)),
    *(Tap("queue", 0, number) for number in range(1, 10)),
]


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def _tap(here: Desk, who: Person, tap: Tap) -> Answer:
    return await here.tapped(who, here.app.signer.pack(tap, chat_id=who.id), who.id)


def _first(card: Card | None) -> str:
    assert card is not None
    return card.text.partition("\n")[0]


def test_what_was_packed_is_read() -> None:
    """Data that the version before made, letter by letter, is still genuine."""
    token = b"123456:a-token-for-the-tests-of-the-signatures"  # which the key came from
    signer = ButtonSigner(held(hmac.digest(token, b"echopilot buttons", hashlib.sha256)))
    packed = {
        "start.sy.7.z9mPSu3EW4sh-w8x": Tap("start", 1042, 7),
        "jrun.2.0.GwbafNkVYGAkFETK": Tap("jrun", 2, 0),
        "mend3.sy.9.zL3ZNjqutFfw5pJB": Tap("mend3", 1042, 9),
    }
    assert {data: signer.unpack(data, chat_id=5) for data in packed} == packed


def test_every_action_of_before_is_known() -> None:
    """None of them is answered as if somebody had made it up, and none means another thing by its name alone."""
    for name in ACTIONS_BEFORE.split():
        meant = meant_by(Tap(name, 1, 0))
        assert meant is not None, name
        assert name == meant[0].name or name.rstrip("0123456789") == meant[0].name


def test_conversations_of_before_go_on() -> None:
    """Every step that a stored conversation may wait at is known by the same name."""
    assert set(STEPS_BEFORE.split()) <= STEPS.keys()


async def test_a_place_in_a_list(here: Desk) -> None:
    """It does nothing and runs no job, says that it is old, and names a command that is there."""
    await here.says(here.carol, BRIEF)
    listed = await here.says(here.carol, "/briefs")
    before = (await here.taps(here.carol, listed.rows[0][0].label, listed)).card
    for tap in PLACES:
        answer = await _tap(here, here.carol, tap)
        assert answer.outcome == "stale", tap
        assert answer.card is not None
        assert answer.card.text.startswith(OLD), tap
        assert len(answer.card.toast) <= 200
        command = answer.card.text.partition("/")[2].split()[0]
        name, _, subject = command.partition("_")
        assert (name in WITH_SUBJECT and subject == "1001") if subject else name in BY_NAME, tap
    async with here.app.services.database.reading() as connection:
        assert await job_runs.latest(connection, TENANT) == {}
        assert await job_runs.pauses(connection) == {}
    assert (await here.taps(here.carol, listed.rows[0][0].label, listed)).card == before


async def test_who_may_not_learns_nothing(here: Desk) -> None:
    """An old button of an admin's does no more for a client than a new one."""
    for tap in (Tap("jrun", 0, 0), Tap("prole3", 1001, 2), Tap("queue", 0, 3), Tap("premoveyes", 1001, 2)):
        assert (await _tap(here, here.alice, tap)).outcome in {"stale", "forbidden"}
    assert "Alice · client" in (await here.says(here.alice, "/whoami")).text


async def test_a_number_that_is_meant(here: Desk) -> None:
    """Deadlines in days and lines in points said what they meant, and go on meaning it."""
    number = (await here.says(here.carol, BRIEF)).rows[0][0].subject
    carol, services = await here.person(here.carol), here.app.services
    assert (await _tap(here, here.carol, Tap("due3", number, 1))).outcome == "done"
    due = await services.intake.briefs.get(carol, number)
    assert due.deadline is not None
    assert (await _tap(here, here.carol, Tap("target95", number, due.version))).outcome == "done"
    held = await services.intake.briefs.get(carol, number)
    assert held.qa_target == 95
    assert (await _tap(here, here.carol, Tap("due0", number, held.version))).outcome == "done"
    assert (await services.intake.briefs.get(carol, number)).deadline is None


async def test_what_named_all(here: Desk) -> None:
    """The first place of a list was all of it, or what there was before the list, and still is."""
    for tap, shown in (
        (Tap("queue", 0, 0), "Nothing waits for a decision"),
        (Tap("quality", 0, 0), "Quality · all types"),
        (Tap("people", 0, 0), "People · 3"),
        (Tap("people", 0, 1), "Removed · 0"),
    ):
        answer = await _tap(here, here.carol, tap)
        assert answer.outcome == "done"
        assert shown in _first(answer.card)
        assert answer.card is not None
        assert answer.card.place == "edit"
    await here.says(here.carol, "/brief")
    await here.taps(here.carol, "Drafting", Card("", ((Button("Drafting", "btype", choice="drafting"),),)))
    stopped = await _tap(here, here.carol, Tap("bstop", 0, 0))
    assert "Stopped." in _first(stopped.card)


async def test_a_job_by_its_name(here: Desk) -> None:
    """A new button runs the job that it names, wherever that stands in the catalogue; one that is gone runs none."""
    card = await here.says(here.carol, "/job_janitor")
    await here.taps(here.carol, "Run now", card)
    async with here.app.services.database.reading() as connection:
        assert list(await job_runs.latest(connection, TENANT)) == ["janitor"]
    gone = await _tap(here, here.carol, Tap("jrun", 0, 0, "of_yesterday"))
    assert gone.outcome == "stale"
    assert _first(gone.card).startswith(OLD)


def test_what_is_old_says_what_to_do() -> None:
    """Every button that carries a choice names a command for those who tap an old one."""
    silent = [a.name for a in ACTIONS.values() if "" not in a.choices and "/" not in a.instead]
    assert silent == []
