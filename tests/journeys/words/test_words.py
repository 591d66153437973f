"""Every text that anybody is shown can be translated: the cast speaks a language of nobody's, and tries it all."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from importlib.metadata import distributions

import pytest

from bot.access.model import TENANT, Role
from handlers.catalog import COMMANDS, menu
from jobs.catalog import JOBS
from storage.core import job_runs
from tests.dashboard import dashboard
from tests.eventually import eventually
from tests.house import ALICE, BOB, BRIEF, CAROL, DAN, EVE, OPEN_BRIEF, House, Providers, house
from tests.journeys.words.acting import Actor
from tests.journeys.words.shown import Shown, not_translated, written
from tests.mails import said
from tests.pseudo_locale import LANGUAGE, installed, pseudo

CAST = {"Alice": ALICE, "Bob": BOB, "Carol": CAROL, "Dan": DAN, "Eve": EVE}
MISSING = "The opening hours are missing: Monday to Friday, 8 to 18."
NOTE = "Please say where the shop is."
QUESTION = "Which of the two logos do you want me to send?"
# Who was let out, or sent away, or is spoken with in English, tries nothing more; a list for programs has no words.
LEFT_ALONE = ("premoveyes", "prole", "billremoveyes", "jrun", "speak", "sbom")
REPORTED = 40
TYPED = (word for command in COMMANDS for word in command.example.split()[1:])
PACKAGES = sorted({one.name for one in distributions()})  # which the security scan may name
NAMES = (*CAST, "Nordwind", *TYPED, *PACKAGES)
Crew = dict[str, Actor]


@pytest.fixture
async def crew(stand_ins: Providers, database_url: str) -> AsyncIterator[tuple[House, Crew, Shown]]:
    """A running house whose people's apps all speak the language, and what they are shown."""
    shown = Shown()
    stand_ins.telegram.on_call.append(shown)
    for name, number in CAST.items():
        stand_ins.telegram.person(name, id=number, language_code=LANGUAGE)
    with installed():
        async with house(stand_ins, database_url) as home:
            yield home, {name: Actor(getattr(home, name.lower())) for name in CAST}, shown


@pytest.mark.timeout(400)  # it walks everything that there is
async def test_every_text(crew: tuple[House, Crew, Shown], measured: Callable[[str], None]) -> None:
    """No word is shown to anybody that no translator could translate, whatever they do and whichever job runs."""
    home, people, shown = crew
    await came_in(people)
    await from_text_to_payment(home, people)
    await held_and_sent_back(people)
    await line_to_people(people)
    await no_orders(people["Alice"])
    await in_the_dashboard(home, people["Carol"])
    await in_a_group(home, people)
    await asyncio.gather(*(every_command(people[name], role) for name, role in ROLES.items()))
    await every_job(home, people["Carol"])
    for mail in await home.providers.mail.received(3):  # the report, the executive brief, the training audit
        shown.mailed(str(mail["Subject"]), said(mail))
    database = home.running.app.services.database
    texts = [text for _, text in shown.found]
    found = not_translated(texts, await written(database), NAMES)
    measured(f"{shown.counts()}; {len(found)} of {len(set(texts))} texts not translated")
    assert list(found.items())[:REPORTED] == []


ROLES = {"Alice": Role.CLIENT, "Bob": Role.OPERATOR, "Carol": Role.ADMIN, "Dan": Role.ANALYST, "Eve": Role.STRANGER}


async def came_in(people: Crew) -> None:
    """Carol invites the others, and all say where their invoices go."""
    carol = people["Carol"]
    await carol.asks("/start")
    for name, role in ROLES.items():
        if role not in {Role.ADMIN, Role.STRANGER}:
            link = f"/start {await invited(carol, role)}"
            await people[name].asks(link, link)
    for name in ("Alice", "Bob", "Carol"):
        await people[name].asks(f"/billing {name}, {name.lower()}@example.org, Germany")


async def invited(admin: Actor, role: Role) -> str:
    """The code of a new invitation."""
    mark = admin.person.mark()
    await admin.asks(f"/invite {role}")
    link = await admin.person.sees(re.compile(r"start=[\w-]+"), after=mark)
    return link.text.partition("start=")[2].split()[0]


async def from_text_to_payment(home: House, people: Crew) -> None:
    """A brief is drafted, delivered, paid, rated low and revised for nothing."""
    alice, bob = people["Alice"], people["Bob"]
    number = await handed_in(alice, BRIEF)
    await home.stripe_has("open")
    await home.pay(number)
    await home.stripe_has("paid")
    await alice.taps("rate", holds=str(number), part="2.")
    await alice.asks(MISSING)
    await alice.taps("revise", holds=str(number))
    await bob.taps("approve", holds=str(number + 1))
    await alice.person.sees(f"brief-{number + 1}")


async def handed_in(alice: Actor, text: str) -> int:
    """Alice writes a brief and says yes; returns its number, which then stands where its quote was."""
    await alice.asks(text)
    quote = await alice.taps("start")

    def number() -> list[str]:
        shown = next(one for one in alice.person.messages() if one.id == quote.id)
        waits = any(str(button.target).startswith("start.") for row in shown.buttons for button in row)
        return [] if waits else re.findall(r"\d+", shown.text)

    return int((await eventually(number))[0])


async def held_and_sent_back(people: Crew) -> None:
    """A draft is held; a colleague has it; it goes back with a note, and is approved; a file is refused."""
    alice, bob, carol = people["Alice"], people["Bob"], people["Carol"]
    number = await handed_in(alice, OPEN_BRIEF)
    await bob.taps("card", holds=str(number), part="more")
    await bob.taps("take", holds=str(number))
    await bob.taps("read", holds=str(number))
    await carol.unfolds("reject", holds=str(number))
    await carol.taps("reject", holds=str(number))
    await bob.taps("sendback", holds=str(number))
    before = bob.offered("approve")
    await bob.asks(NOTE)
    await bob.taps("approve", holds=str(number), but=before)
    await alice.person.sees(f"brief-{number}")
    await alice.person.sends_file("tool.exe", b"MZ\x00\x01" * 50)
    await alice.asks("/nothing", "/brief_999", "/replay 999")


async def line_to_people(people: Crew) -> None:
    """Alice writes to the team, is answered, and is asked back about a draft; Eve leaves a message for the studio."""
    alice, bob, carol, eve = (people[name] for name in ("Alice", "Bob", "Carol", "Eve"))
    await alice.asks("/support", QUESTION)
    await bob.taps("takethread")
    await bob.taps("answer")
    await bob.asks(NOTE)
    await alice.taps("tell")
    await alice.person.sends_file("logo.txt", b"A logo of a shop", QUESTION)
    await carol.taps("settle", holds=QUESTION)
    await eve.asks("/support", f"/support {QUESTION}", f"/support {QUESTION}")
    await carol.taps("letin")
    number = await handed_in(alice, OPEN_BRIEF.replace("500", "600"))
    await bob.taps("card", holds=str(number), part="more")
    await bob.taps("askclient", holds=str(number))
    await bob.asks(NOTE)
    before = bob.offered("approve")
    await alice.taps("tell", holds=str(number))
    await alice.asks(MISSING)
    await bob.taps("approve", holds=str(number), but=before)


async def no_orders(alice: Actor) -> None:
    """Alice asks, complains, thanks, greets, and writes what may be anything."""
    await alice.asks("any news on 1001?", "make brief 1001 shorter", "where is the invoice of brief 1001")
    await alice.asks("is brief 4711 done?", "I want my money back", "thank you so much", "good morning")
    await alice.asks("hmm what about the other one")


async def in_the_dashboard(home: House, carol: Actor) -> None:
    """At Stripe money goes back, a client's bank asks about a payment, and a payout does not reach the bank."""
    charge = next(one for one in home.stripe.charges.values() if one["paid"])
    async with dashboard(home) as client:
        await client.v1.refunds.create_async(
            {"charge": charge["id"], "amount": 2_000, "reason": "requested_by_customer"}
        )
    home.stripe.dispute(charge["id"])
    for head in ("A refund at Stripe", "A dispute at Stripe"):
        await carol.person.sees(pseudo(head))


async def in_a_group(home: House, people: Crew) -> None:
    """Carol makes a group a team room and ends that; what is asked there is answered there, or said to be elsewhere."""
    everybody = [people[name].person for name in ("Carol", "Bob", "Alice", "Eve")]
    group = home.telegram.group("Nordwind", everybody)
    await people["Carol"].asks("/queue", "/here", "/queue", "/flags", chat_id=group.id)
    await people["Alice"].asks("/briefs", chat_id=group.id)
    await people["Eve"].asks("/status", chat_id=group.id)
    await people["Carol"].asks("/people", "/here", chat_id=group.id)


async def every_command(actor: Actor, role: Role) -> None:
    """Everything that /help lists, with and without what its example names; then whatever can be tapped."""
    names = {name for name, _ in menu(role)}
    await actor.asks(*(f"/{name}" for name in names), *(c.example for c in COMMANDS if c.name in names), "/stop")
    refused = [c.example for c in COMMANDS if c.name not in names]
    await actor.asks(*refused)
    await actor.taps_all(*LEFT_ALONE)
    await actor.asks("/stop", "/stop")


async def every_job(home: House, carol: Actor) -> None:
    """Carol runs each job from its card, and reads how it ended."""
    for job in JOBS:
        await carol.asks(f"/job_{job.name}")
        await carol.taps("jrun", part=f"{job.name}.")
    database = home.running.app.services.database

    async def ended() -> bool:
        async with database.reading() as connection:
            latest = await job_runs.latest(connection, TENANT)
        return all(job.name in latest and latest[job.name].finished_at is not None for job in JOBS)

    await eventually(ended)
    await carol.asks("/jobs", *(f"/job_{job.name}" for job in JOBS))


async def test_each_in_their_language(crew: tuple[House, Crew, Shown]) -> None:
    """Two admins hear of one event, each in the language of their app."""
    home, people, _ = crew
    frank = Actor(home.telegram.person("Frank", id=1006, language_code="en"))
    await people["Carol"].asks("/start")
    codes = [await invited(people["Carol"], Role.ADMIN) for _ in range(2)]  # of two admins one asks the other first
    for newcomer, code in zip((frank, people["Eve"]), codes, strict=True):
        await newcomer.asks(f"/start {code}")
    assert (await frank.person.sees("Eve is an admin now")).text.splitlines()[1].startswith("By an invitation of Carol")
    await people["Carol"].person.sees(pseudo("{name} is an admin now").format(name="Eve"))
