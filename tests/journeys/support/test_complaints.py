"""What a client writes that is for people and not an order: it goes the way of every message to the team."""

import pytest

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.house import OPEN_BRIEF, House, Providers, house
from tests.reviewing import decides

WAITS = "Waits for an answer"
HAS_IT = "The team has your message"


async def answered(home: House, card: Seen, words: str, about: str) -> None:
    """Bob answers by the button, and Alice reads it."""
    await home.bob.taps("Answer", card)
    await home.bob.sees("your next message goes to Alice")
    await home.bob.says(words)
    await home.bob.sees("Sent to Alice")
    assert (await home.alice.sees(words)).text == f"From the team, about {about}\n{words}"
    assert (await home.carol.sees("Answered by Bob")).text


def from_clients(person: Person) -> int:
    """How many cards of messages that wait the person has."""
    return sum(WAITS in message.text for message in person.messages())


@pytest.mark.both_databases
async def test_a_complaint_is_answered(stand_ins: Providers, database_url: str) -> None:
    """A complaint in plain words is a thread about its brief, which the team answers after a restart too, and a second
    one goes on with it.
    """
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        number = await home.brief()
        complaint = f"brief {number} is full of mistakes, I am really disappointed"
        await home.alice.says(complaint)
        await home.alice.sees(HAS_IT)
        card = await home.bob.sees(WAITS)
        assert f"From Alice · brief {number}: " in card.text
        assert complaint in card.text
        assert card.labels == ["Answer", "Take it", "Make it an order", "No answer needed"]
    async with house(stand_ins, database_url) as home:
        await answered(home, card, "We write it anew.", f"brief {number}")
        mark = home.bob.mark()
        await home.alice.says(f"I still want a refund for brief {number}")
        await home.alice.sees(HAS_IT, after=card)
        again = await home.bob.sees(WAITS, after=mark)
        assert again.text.split()[1] == card.text.split()[1]


@pytest.mark.both_databases
async def test_a_refund_request_is_answered(stand_ins: Providers, database_url: str) -> None:
    """Who wants money back for an invoice is among what waits until it is answered, about that invoice."""
    async with house(stand_ins, database_url) as home:
        await home.staff()
        await home.brief()
        await home.alice.sees("To pay\n")
        number = next(iter(home.stripe.invoices.values()))["number"]
        await home.alice.says(f"I want a refund for invoice {number}")
        await home.alice.sees(HAS_IT)
        await home.carol.says("/support")
        await home.carol.sees("1 message waits for an answer")
        await answered(home, await home.bob.sees(WAITS), "It is on its way.", f"invoice {number}")
        await home.carol.says("/support")
        await home.carol.sees("No message waits for an answer")


@pytest.mark.parametrize("about", ["brief {brief}", "invoice {invoice}"])
async def test_refund_from_the_card(home: House, about: str) -> None:
    """Where something was paid for what a complaint is about, [Refund] begins the refund of just that invoice."""
    await home.staff()
    brief = await home.brief()
    await home.alice.sees("To pay\n")
    invoice = next(iter(home.stripe.invoices.values()))
    unpaid = f"I want a refund for {about.format(brief=brief, invoice=invoice['number'])}"
    await home.alice.says(unpaid)
    assert "Refund" not in (await home.bob.sees(WAITS)).labels
    await home.bob.taps("No answer needed")
    await home.pay(brief)
    await home.alice.sees("thank you")
    mark = home.bob.mark()
    await home.alice.says(f"{unpaid}, please")
    card = await home.bob.sees(WAITS, after=mark)
    assert card.labels == ["Answer", "Take it", "Make it an order", "No answer needed", "Refund"]
    await home.bob.taps("Refund", card)
    shown = await home.bob.sees("Left to refund: 120.00 USD", after=card)
    assert f"Refund · Invoice {invoice['number']}" in shown.text


async def test_an_edited_complaint(home: House) -> None:
    """A correction of a complaint shows on the team's card while nobody answered."""
    await home.staff()
    sent = await home.alice.says("I want my monney back, the text is useless")
    card = await home.bob.sees("monney")
    await home.alice.edits(sent, "I want my money back, the text is useless")
    assert (await home.bob.sees("I want my money back")).id == card.id


@pytest.mark.parametrize("words", ["I want my money back, look at these", "/support Look at these"])
async def test_an_album(home: House, words: str) -> None:
    """Every file of an album that is no order reaches the team."""
    await home.staff()
    files = [(f"{name}.txt", name.encode(), "text/plain") for name in ("first", "second", "third")]
    await home.alice.sends_album(*files, caption=words)
    for name in ("first", "second", "third"):
        await home.bob.sees(f"File: {name}.txt")
    copied = [one.document.name for one in home.bob.messages() if one.document is not None]
    assert copied == ["first.txt", "second.txt", "third.txt"]
    assert from_clients(home.bob) == 1


async def test_an_album_by_a_tap(home: House) -> None:
    """An album that is asked about goes to the team whole, also files that cannot be read for an order."""
    await home.staff()
    files = [("old.doc", bytes.fromhex("d0cf11e0"), "application/msword"), ("new.txt", b"New", "text/plain")]
    await home.alice.sends_album(*files, caption="thank you so much")
    await home.alice.taps("Write to the team", await home.alice.sees("Is this a new order?"))
    await home.alice.sees(HAS_IT)
    await home.bob.sees("File: new.txt")
    assert [one.document.name for one in home.bob.messages() if one.document is not None] == ["old.doc", "new.txt"]


async def test_what_seems_to_ask_for_nothing(home: House) -> None:
    """Thanks, a greeting and a word or two go to the team by one tap as well."""
    await home.staff()
    for text, wanted in (("thank you so much", "Glad to hear it"), ("hola", "Hello"), ("hmm", "a little more")):
        mark = home.bob.mark()
        await home.alice.says(text)
        await home.alice.taps("Write to the team", await home.alice.sees(wanted))
        assert text in (await home.bob.sees(WAITS, after=mark)).text
        await home.bob.taps("No answer needed")


async def test_a_complaint_is_no_answer(home: House) -> None:
    """A complaint about a brief that waits for its client's answer is none: no draft is made with it."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await decides(home.bob, "Ask the client", await home.bob.sees(f"Brief {number} · Needs your decision"))
    await home.bob.says("How long does a delivery take?")
    await home.alice.sees("A question from the team")
    await home.alice.says(f"I want a refund for brief {number}")
    await home.alice.sees(HAS_IT)
    assert "I want a refund" in (await home.bob.sees(WAITS)).text
    assert "Its client answered" not in home.carol.transcript()


async def test_about_anothers_brief(home: House) -> None:
    """What an operator complains about that is a client's goes to the others, about nothing in particular."""
    await home.staff()
    number = await home.brief()
    await home.bob.says(f"the invoice for brief {number} is wrong, I am really disappointed")
    await home.bob.sees(HAS_IT)
    card = await home.carol.sees(WAITS)
    assert card.text.splitlines()[1] == "From Bob"


async def test_an_order_after_all(home: House) -> None:
    """What its client then says is an order waits for no answer; what else they wrote there waits on."""
    await home.staff()
    await home.alice.says("I want my money back is the title of our new film, a page please")
    seen = await home.alice.sees(HAS_IT)
    card = await home.bob.sees(WAITS)
    await home.alice.taps("New order", seen)
    await home.alice.sees("Nothing is spent until you say yes")
    assert (await home.bob.sees("Noted by Alice")).id == card.id
    await home.carol.says("/support")
    await home.carol.sees("No message waits for an answer")
    await home.alice.says("I want my money back")
    both = await home.alice.sees(HAS_IT, after=seen)
    await home.alice.says("/support And where is my invoice?")
    await home.bob.sees("And where is my invoice?")
    await home.alice.taps("New order", both)
    await home.alice.sees("Nothing is spent until you say yes", after=both)
    assert "And where is my invoice?" in (await home.bob.sees(WAITS)).text
