"""What becomes of an alert in the odd cases: people who leave, clocks that jump, floods, and trouble that stays."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.access.model import TENANT, Person, Role
from bot.alerts.alert_cards import LISTED, listing
from bot.alerts.model import OPENINGS, SNOOZES, STEADY, STORM
from bot.alerts.raising import raise_
from bot.alerts.rules.catalog import BY_NAME
from bot.audit.service import record
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.messages.kept import kept, sentence
from bot.messages.topics import Topic
from bot.messages.wishes import Hear
from bot.slo.model import BY_NAME as LEVELS
from bot.slo.model import Report
from storage.engine.database import Transaction
from storage.people import people
from storage.slo import states
from tests.alerting import alert_of, cleared, open_alerts, raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

FLOOD = STORM + 20
WARNING = ("job_silent", "janitor")


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def carol(here: Desk) -> Person:
    return await here.person(here.carol)


async def lowered(here: Desk, to: Role) -> None:
    """Carol makes Bob something else."""
    bob = await here.person(here.bob)
    await here.app.services.people.roles.change_role(await carol(here), bob.id, bob.role, to)


async def shown(here: Desk, chat_id: int, words: str = "Stripe") -> list[Card]:
    return [card for card in await here.told(chat_id) if words in card.text]


async def test_who_may_see_it_no_more(here: Desk) -> None:
    """Who is no operator any more is on duty no more, and gets no news of what they were shown; others are told."""
    bob = await here.person(here.bob)
    await here.app.services.incidents.duty.begin(bob)
    await raised(here.app)
    assert len(await shown(here, here.bob.id)) == 1
    await lowered(here, Role.CLIENT)
    await raised(here.app, provider="Stripe", reason="secret")
    await cleared(here.app)
    assert not any("secret" in card.text for card in await here.told(here.bob.id))
    assert len(await shown(here, here.bob.id)) == 1
    assert (await here.app.services.incidents.duty.roster(await carol(here))).on_duty == []
    await raised(here.app, *WARNING, job="janitor")
    assert len(await shown(here, here.carol.id, "janitor")) == 1


async def test_what_they_had_is_free_again(here: Desk) -> None:
    """What somebody had who may see to it no more nobody has, so that it is told again."""
    bob = await here.person(here.bob)
    alert = await raised(here.app, *WARNING, job="janitor")
    await here.app.services.alerts.alerts.take(bob, alert.id, alert.version)
    await lowered(here, Role.REMOVED)
    after = await alert_of(here.app, *WARNING)
    assert after is not None
    assert (after.open, after.taken_by) == (True, None)


async def test_who_is_on_duty_and_cannot_be_reached(here: Desk) -> None:
    """Where no message reaches who is on duty, or they hear no warnings, all admins are told."""
    bob = await here.person(here.bob)
    await here.app.services.incidents.duty.begin(bob)
    await here.app.services.people.preferences.set_heard(bob, Topic.ALERTS, Hear.OFF)
    await raised(here.app, *WARNING, job="janitor")
    assert len(await shown(here, here.carol.id, "janitor")) == 1
    await raised(here.app)
    assert await shown(here, here.carol.id) == []
    await cleared(here.app)
    await here.app.services.database.write(lambda tx: people.set_reach(tx, here.bob.id, "blocked"))
    await raised(here.app)
    assert len(await shown(here, here.carol.id)) == 1


async def test_alerts_off_and_still_shown(here: Desk) -> None:
    """Who wants no alerts gets the critical one all the same, and reads in its card that it is over; of others none."""
    await here.app.services.people.preferences.set_heard(await carol(here), Topic.ALERTS, Hear.OFF)
    await raised(here.app, *WARNING, job="janitor")
    await raised(here.app)
    await cleared(here.app)
    await cleared(here.app, *WARNING)
    assert await shown(here, here.carol.id, "janitor") == []
    assert [card.silent for card in await shown(here, here.carol.id)] == [False, True]


async def test_what_came_and_went_and_stays(here: Desk, clock: SimulatedClock) -> None:
    """What opened again and again and then stays is told once it was there for half an hour, and is over at once."""
    for _ in range(OPENINGS):
        await raised(here.app, *WARNING, job="janitor")
        await cleared(here.app, *WARNING)
        clock.passes(minutes=1)
    await raised(here.app, *WARNING, job="janitor")
    told = len(await shown(here, here.carol.id, "janitor"))
    clock.passes(seconds=STEADY.total_seconds() - 1)
    await here.app.services.watch.nagging.look(TENANT)
    assert len(await shown(here, here.carol.id, "janitor")) == told
    clock.passes(seconds=1)
    await here.app.services.watch.nagging.look(TENANT)
    assert "It came and went" not in (await shown(here, here.carol.id, "janitor"))[-1].text
    assert len(await shown(here, here.carol.id, "janitor")) == told + 1
    await cleared(here.app, *WARNING)
    assert await open_alerts(here.app) == []


async def test_a_flood_is_not_over_before_somebody_saw_it(here: Desk, clock: SimulatedClock) -> None:
    """Many at once are one message more than twenty; that one is told again until somebody has it, also once no
    more come, and ends when the others do.
    """

    async def flood(tx: Transaction) -> None:
        for number in range(FLOOD):
            await raise_(tx, "job_failed", f"job{number}", job=f"job{number}", reason="no")

    await here.app.services.database.write(flood)
    assert len(await shown(here, here.carol.id, "· failed")) == STORM
    for _ in range(14):
        clock.passes(minutes=5)
        await here.app.services.watch.nagging.look(TENANT)
    storm = await alert_of(here.app, "alert_storm")
    assert storm is not None
    assert (storm.open, storm.nags) == (True, 15)
    assert len(await open_alerts(here.app)) == FLOOD + 1
    for number in range(FLOOD):
        await cleared(here.app, "job_failed", f"job{number}")
    await here.app.services.watch.nagging.look(TENANT)
    assert await open_alerts(here.app) == []


async def test_a_clock_that_was_ahead(here: Desk, clock: SimulatedClock) -> None:
    """A clock that was a year ahead for a moment keeps nobody from being told again, nor an alert from ending."""
    clock.passes(days=365)
    await raised(here.app, *WARNING, job="janitor")
    await raised(here.app, "account_refused", "Stripe", provider="Stripe", reason="no")
    clock.passes(days=-365)
    await here.app.services.watch.nagging.look(TENANT)
    clock.passes(hours=1)
    await here.app.services.watch.nagging.look(TENANT)
    alert = await alert_of(here.app, *WARNING)
    assert alert is not None
    assert alert.nags == 2
    clock.passes(hours=23)
    await here.app.services.watch.nagging.look(TENANT)
    lapsed = await alert_of(here.app, "account_refused", "Stripe")
    assert lapsed is not None
    assert not lapsed.open


@pytest.mark.parametrize(("rule", "choices"), [("provider_down", ["30m", "2h"]), ("job_silent", list(SNOOZES))])
async def test_snoozes(here: Desk, clock: SimulatedClock, rule: str, choices: list[str]) -> None:
    """It can be put off for as long as its severity lets it; for longer nothing is done."""
    verbs, who = here.app.services.alerts.alerts, await carol(here)
    alert = await raised(here.app, rule, "x", provider="Stripe", reason="no", job="janitor")
    assert list(alert.severity.snoozes) == choices
    for choice in SNOOZES:
        if choice in choices:
            alert = await verbs.snooze(who, alert.id, alert.version, choice)
            assert alert.snoozed_until == clock.now() + SNOOZES[choice]
        else:
            with pytest.raises(Stale):
                await verbs.snooze(who, alert.id, alert.version, choice)


@pytest.mark.parametrize("rule", ["slo_missed", "unusual_spend", "one_admin"])
async def test_a_snooze_of_what_does_not_nag_ends(here: Desk, clock: SimulatedClock, rule: str) -> None:
    """What is told only once is told once more when the time is over for which somebody put it off."""
    facts: dict[str, str | int] = {"slo": "Webhooks", "bad": 5, "all": 10, "value": 500, "usual": 5}
    alert = await raised(here.app, rule, "x", **facts)
    await here.app.services.alerts.alerts.snooze(await carol(here), alert.id, alert.version)
    nags = []
    for minutes in (29, 1, 120):
        clock.passes(minutes=minutes)
        await here.app.services.watch.nagging.look(TENANT)
        after = await alert_of(here.app, rule, "x")
        assert after is not None
        nags.append(after.nags)
    assert nags == [1, 2, 2]


async def test_what_it_costs_and_what_was_changed(here: Desk, clock: SimulatedClock) -> None:
    """A card says how much of its service level's budget was used when it opened, and what was changed last before."""
    carol_ = await carol(here)

    async def before(tx: Transaction) -> None:
        await states.report(tx, tx.now, {"webhooks": Report(tx.now, 62, 38, 0.38, 0.0)})
        await record(tx, TENANT, None, "program.began", "program:0", version="4f2c9d1")
        await record(tx, TENANT, carol_, "brief.opened", "brief:7")

    async def after(tx: Transaction) -> None:
        await record(tx, TENANT, carol_, "flag.switched", "flag:payments")

    await here.app.services.database.write(before)
    clock.passes(minutes=7)
    alert = await raised(here.app, "webhook_failures", "", bad=7)
    clock.passes(minutes=1)
    await here.app.services.database.write(after)
    card = (await here.says(here.carol, f"/alert_{alert.id}")).text
    assert "Budget: 38 % of 30 days is used." in card
    assert f"Last change: version 4f2c9d1, {clock.now() - timedelta(minutes=8):%H:%M} UTC" in card
    other = await raised(here.app, *WARNING, job="janitor")
    card = (await here.says(here.carol, f"/alert_{other.id}")).text
    assert "Budget" not in card
    assert "Last change: switch payments" in card


async def test_all_can_be_paged_through(here: Desk, clock: SimulatedClock) -> None:
    """/alerts has ten at a time, the worst first, and each of them once on the way to the last and back."""

    async def work(tx: Transaction) -> None:
        for number in range(25):
            await raise_(tx, "job_failed", f"job{number}", job=f"job{number}", reason="no")
        await raise_(tx, "provider_down", "Stripe", provider="Stripe", reason="no")

    await here.app.services.database.write(work)
    card = await here.says(here.carol, "/alerts")
    assert "Critical · " in card.text.splitlines()[1]
    pages = [card]
    while any(button.label == "▶" for row in card.rows for button in row):
        answer = await here.taps(here.carol, "▶", card)
        assert answer.card is not None
        pages.append(card := answer.card)
    lines = [line.split()[0] for page in pages for line in page.text.splitlines() if line.startswith("/alert_")]
    assert len(lines) == len(set(lines)) == 27
    for page in pages[-2::-1]:
        answer = await here.taps(here.carol, "◀", card)
        assert answer.card is not None
        card = answer.card
        assert card.text == page.text
    open_ones = await open_alerts(here.app)
    assert listing(open_ones[:LISTED], clock.now(), 2 * open_ones[-1].id).text.count("/alert_") == LISTED


async def test_reasons_in_the_readers_language(here: Desk) -> None:
    """A reason that the program made is read in the reader's language, and what only looks so stays as it is."""
    made = kept(sentence("took longer than {seconds} s", seconds="60"))
    for reason in (made, '[{"say":', '[{"say":"x {y}","with":{}}]'):
        alert = await raised(here.app, "job_failed", "retention", job="retention", reason=reason)
        card = (await here.says(here.carol, f"/alert_{alert.id}")).text
        assert ("It said: took longer than 60 s" in card) == (reason == made)


async def test_alerts_of_jobs_that_are_gone(here: Desk) -> None:
    """What is said of a job that this version has no more is over."""
    await raised(here.app, "job_failed", "renamed", job="renamed", reason="no")
    await raised(here.app, "job_failed_for", "renamed:acme", job="renamed", whose="acme")
    await raised(here.app, "job_failed", "retention", job="retention", reason="no")
    await runs(here.app, "alerts")
    assert [one.fingerprint for one in await open_alerts(here.app)] == ["retention"]


def test_levels_are_levels() -> None:
    """Every rule that costs a budget names a service level that there is."""
    assert {rule.level for rule in BY_NAME.values()} - {"", "*"} <= LEVELS.keys()
