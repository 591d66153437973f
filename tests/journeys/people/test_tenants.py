"""Two tenants in one installation: each works as if it were alone, and sees nothing of the other."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.access.model import Role
from bot.tenants.model import Own
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from storage.people import people
from tests.commands import READING
from tests.eventually import eventually
from tests.house import BRIEF, OPEN_BRIEF, House, number_in

FRANK = 1006
PRICES = {"research": "171", "drafting": "91.50", "data_transform": "71", "transcription": "51", "other": "81",
          "transcription_minute": "3"}  # fmt: skip
OWN = Own("EUR", PRICES, targets={"all": 61}, time_zone="Asia/Karachi")
POTTERY = "Write a landing page text for a pottery in Multan. Every cup is insured up to 20 EUR. Delivery time: TBC."
CUPS = "Write a landing page text for the cups of a pottery in Multan. Every cup is insured up to 20 EUR."
OF_MAIN = re.compile(r"Alice|Bob\b|Carol|\bDan\b|Nordwind")
OF_ACME = re.compile(r"Frank|\bEve\b|Multan|[Aa]cme|91\.50")
LOOKING = (*(f"/{command.name}" for command in READING), "/quality Drafting", "/report day", "/target", "/find land")


@dataclass
class Acme:
    """Another tenant, with Frank as its admin and Eve as its client."""

    frank: Person
    eve: Person


@pytest.fixture
async def acme(home: House) -> Acme:
    """Founded while everything runs, by the verb; its admin then invites its client."""
    services = home.running.app.services
    await services.tenants.found("acme", "Acme Studio", OWN)
    frank = home.telegram.person("Frank", id=FRANK)
    await services.database.write(lambda tx: people.enroll(tx, "acme", FRANK, "Frank", Role.ADMIN, ""))
    await home.eve.says(f"/start {await invitation(frank, 'client')}")
    await home.eve.sees("Welcome to Acme Studio, Eve")
    await home.billed(home.eve)
    return Acme(frank, home.eve)


async def invitation(admin: Person, role: str) -> str:
    """The code of an invitation that the admin makes."""
    mark = admin.mark()
    await admin.says(f"/invite {role}")
    return (await admin.sees("Invitation for", after=mark)).text.partition("?start=")[2].split()[0]


async def hand_in(client: Person, text: str) -> tuple[int, Seen]:
    """The client hands a brief in and says yes; its number, and the quote."""
    mark = client.mark()
    await client.says(text)
    quote = await client.sees("Nothing is spent until you say yes", after=mark)
    return number_in(await client.taps("Yes, start", quote)), quote


async def ask(person: Person, *commands: str) -> None:
    """The person writes these, one after the other, and has an answer to each."""
    for command in commands:
        mark = person.mark()
        await person.says(command)
        await person.sees(re.compile("."), after=mark)


def told(home: House, person: Person) -> str:
    """All that the bot shows in the person's chat."""
    messages = home.telegram.world.chats[person.id].messages.values()
    said = "\n".join(message.text for message in messages if message.body["from"]["is_bot"])
    return said.replace("/target Alice", "/target …")  # an example


async def test_nothing_is_seen_of_the_other(home: House, acme: Acme) -> None:
    """No list, search, figure, card or link shows an admin or a client anything of the other tenant."""
    await home.staff()
    done = await home.brief(BRIEF)
    await home.alice.sees("To pay")
    ours = await home.brief(OPEN_BRIEF)
    await home.bob.sees(f"Brief {ours} · Needs your decision")
    theirs, _ = await hand_in(acme.eve, POTTERY)
    await acme.frank.sees(f"Brief {theirs} · Needs your decision")
    links = [f"/{what}_{number}" for what in ("brief", "replay") for number in (done, ours)]
    persons = [f"/{what}_{number}" for number in range(1001, 1005) for what in ("person", "client")]
    await ask(acme.frank, *LOOKING, *links, *persons, "/find Nordw", "/find Alic", f"/find {ours}", "/target Alic 90")
    await ask(acme.eve, "/briefs", "/status", "/invoices", "/find Nordw", *links)
    hidden = (f"/brief_{theirs}", f"/replay_{theirs}", "/find Mult", "/find Ev", f"/find {theirs}")
    await ask(home.carol, *LOOKING, *hidden)
    await ask(home.alice, "/briefs", "/status", f"/brief_{theirs}", "/find Mult")
    for person, foreign in ((acme.frank, OF_MAIN), (acme.eve, OF_MAIN), (home.carol, OF_ACME), (home.alice, OF_ACME)):
        assert foreign.search(told(home, person)) is None, told(home, person)
    assert OF_ACME.search(told(home, home.bob)) is None


async def test_its_own_terms(home: House, acme: Acme) -> None:
    """Prices and lines are its own, and times are those of its zone; the installation's stay as they are."""
    _, quote = await hand_in(acme.eve, CUPS)
    assert "91.50 EUR" in quote.text
    bill = await acme.eve.sees("To pay")
    assert "91.50 EUR" in bill.text
    assert [one["currency"] for one in home.stripe.invoices.values()] == ["eur"]
    await home.staff()
    await home.alice.says(BRIEF)
    assert "120.00 USD" in (await home.alice.sees("Nothing is spent until you say yes")).text
    await acme.frank.says("/status")
    shown = await acme.frank.sees("As of")
    here = datetime.now(ZoneInfo("Asia/Karachi"))
    assert re.search(r"As of (\d\d):", shown.text)[1] in {f"{here:%H}", f"{(here.hour - 1) % 24:02d}"}  # type: ignore[index]
    await acme.frank.says("/quality Research")
    assert "61" in (await acme.frank.sees("Research")).text


async def test_its_invoice_is_paid(home: House, acme: Acme) -> None:
    """What its client pays at the one account is booked for it, and nobody else hears of it."""
    number, _ = await hand_in(acme.eve, CUPS)
    await acme.eve.sees("To pay")
    await home.pay(number)
    await acme.eve.sees(f"Brief {number} · Paid")
    await home.carol.says("/failed")
    await home.carol.sees("No failures to handle")


async def test_jobs_run_for_both(home: House, acme: Acme) -> None:
    """Each admin's run of a job is their tenant's, and shows them nothing else; the machinery's are not another's."""
    number, _ = await hand_in(acme.eve, POTTERY)
    await acme.frank.sees(f"Brief {number} · Needs your decision")
    for admin in (acme.frank, home.carol):
        await admin.says("/job_daily_report")
        await admin.taps("Run now", await admin.sees("Job daily_report"))
        await admin.sees("No revenue yet; models cost")
    assert "To decide: 1, the oldest waits" in told(home, acme.frank)
    assert "To decide: " not in told(home, home.carol)
    for admin in (acme.frank, home.carol):
        await admin.says("/job_report_mail")
        await admin.taps("Run now", await admin.sees("Job report_mail"))
    await eventually(lambda: len(home.providers.mail.messages) == 1)
    mark = acme.frank.mark()
    await acme.frank.says("/job_retention")
    await acme.frank.sees("There is no job", after=mark)
    await acme.frank.says("/jobs")
    assert "janitor" not in (await acme.frank.sees("jobs", after=mark)).text
    await home.carol.says("/job_daily_report")
    await home.carol.sees(re.compile(r"acme, .*: done"))


async def test_an_invitation_moves_nobody(home: House, acme: Acme) -> None:
    """Whoever belongs to one tenant is not taken into another by its invitation, which stays unused."""
    await home.staff()
    code = await invitation(acme.frank, "operator")
    await home.alice.says(f"/start {code}")
    await home.alice.sees("still unused")
    await home.alice.says("/whoami")
    await home.alice.sees("Alice · client")
    stranger = home.telegram.person("Gina", id=1007)
    await stranger.says(f"/start {code}")
    await stranger.sees("You are here as an operator")
    await acme.frank.says("/people")
    assert "Gina" in (await acme.frank.sees("People")).text


async def test_a_room_is_one_tenants(home: House, acme: Acme) -> None:
    """In the other tenant's team room an admin gets no answer of theirs, and cannot end it or make it their own."""
    group = home.telegram.group("Studio", [home.carol, acme.frank])
    await home.carol.says("/here", chat_id=group.id)
    await home.carol.sees("Team room", chat_id=group.id)
    await acme.frank.says("/here", chat_id=group.id)
    await acme.frank.sees("This group is another studio's team room", chat_id=group.id)
    await acme.frank.says("/people", chat_id=group.id)
    await acme.frank.sees("People · 2")
    await home.carol.says("/people", chat_id=group.id)
    await home.carol.sees("People · 1", chat_id=group.id)
