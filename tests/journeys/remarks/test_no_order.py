"""A message that is no order, or not surely one: no price, and a way on by a tap."""

import re

import pytest

from sandbox.telegram.people import Person
from tests.house import BRIEF, House, Providers, house

QUOTE = "Nothing is spent until you say yes"
WAITS = "Waits for an answer"
UNCLEAR = "I have an idea for the website, can we talk?"


async def answer(who: Person, text: str, wanted: str, **where: object) -> str:
    """What the person reads after they wrote that."""
    mark = who.mark()
    await who.says(text, **where)  # type: ignore[arg-type]
    return (await who.sees(wanted, after=mark)).text


async def delivered(home: House) -> int:
    """A brief of Alice's, with its invoice."""
    number = await home.brief()
    await home.alice.sees("To pay\n")
    return number


async def test_a_refund_is_no_brief(home: House) -> None:
    """A client who wants a refund reads that nothing was started or charged, and sees the brief; the team reads who
    wants what; and there is no new brief.
    """
    await home.staff()
    number = await delivered(home)
    seen = await answer(home.alice, f"I want a refund for brief {number}", "The team has your message")
    assert "Nothing new was started or charged" in seen
    assert f"Brief {number} · Delivered" in seen
    for person in (home.bob, home.carol):
        told = await person.sees(WAITS)
        assert f"From Alice · brief {number}: " in told.text
        assert f"I want a refund for brief {number}" in told.text
    await home.carol.says("/briefs")
    assert (await home.carol.sees("Briefs\n")).text.count("/brief_") == 1
    assert QUOTE not in home.alice.transcript().partition("I want a refund")[2]


async def test_a_complaint_about_an_invoice(home: House) -> None:
    """Who complains about an invoice by its number sees that invoice."""
    await home.staff()
    await delivered(home)
    number = next(iter(home.stripe.invoices.values()))["number"]
    seen = await answer(home.alice, f"you charged me twice for invoice {number}!!", "The team has your message")
    assert f"Invoice {number} · To pay" in seen
    assert f"From Alice · invoice {number} for brief " in (await home.bob.sees(WAITS)).text


@pytest.mark.both_databases
async def test_unsure_then_a_new_order(stand_ins: Providers, database_url: str) -> None:
    """What may be an order is asked about; the tap quotes that text, after a restart too, and twice is one brief."""
    async with house(stand_ins, database_url) as home:
        await home.invite(home.alice, "client")
        await home.alice.says(UNCLEAR)
        asked = await home.alice.sees("Is this a new order?")
        assert "Nothing was started or charged" in asked.text
        assert asked.labels == ["New order", "Write to the team"]
        tapped = next(button.target for row in asked.buttons for button in row if button.label == "New order")
    async with house(stand_ins, database_url) as home:
        await home.alice.taps("New order", asked)
        quote = await home.alice.sees(QUOTE)
        assert quote.id == asked.id
        assert "I have an idea for the website" in quote.text
        await home.alice.taps_raw(tapped, asked)
        await home.alice.taps("Yes, start", quote)
        await home.alice.sees("Brief 1001 · In review")
        await home.alice.says("/briefs")
        assert (await home.alice.sees("Your briefs")).text.count("/brief_") == 1


async def test_unsure_then_about_a_brief(home: House) -> None:
    """Where a brief may be meant it is offered; its card says what can be done, and the team can be told from there."""
    await home.staff()
    number = await delivered(home)
    await home.alice.says("hmm what about the other one")
    asked = await home.alice.sees("Is this a new order?")
    await home.alice.taps(f"About brief {number}", asked)
    about = await home.alice.sees("Should something be different?", after=asked)
    assert about.id == asked.id
    assert WAITS not in home.bob.transcript()
    await home.alice.taps("Write to the team", about)
    await home.alice.sees("The team has your message")
    told = await home.bob.sees(WAITS)
    assert f"From Alice · brief {number}: " in told.text
    assert "hmm what about the other one" in told.text


async def test_thanks_and_greetings(home: House) -> None:
    """Thanks and small talk are answered in a line or two, in whichever language, and cost and start nothing."""
    await home.invite(home.alice, "client")
    for text in ("thank you so much", "mil gracias por el texto, me encanta", "بہت شکریہ", "zabardast kaam, shukriya"):
        await answer(home.alice, text, "Glad to hear it")
    for text in ("good morning, how are you?", "hola", "السلام علیکم"):
        await answer(home.alice, text, "You see the price before anything starts")
    assert home.openai.calls.total() == 0
    assert await answer(home.alice, "/briefs", "No briefs yet")


async def test_a_question_about_ones_own(home: House) -> None:
    """A question about a brief or its invoice shows that, with what can be done there."""
    await home.staff()
    number = await delivered(home)
    seen = await answer(home.alice, f"any news on {number}?", "one or two stars open a free revision")
    assert f"Brief {number} · Delivered" in seen
    assert "To pay\n" in await answer(home.alice, f"where do i find the invoice for brief {number}", "Invoice ")
    assert "To pay\n" in await answer(home.alice, f"factura {number}?", "Invoice ")  # they know the brief's number
    for question in ("which one did I order on 2027?", "whats the status of my order"):
        assert f"Brief {number} · " in await answer(home.alice, question, "You mean another one?")
    assert WAITS not in home.bob.transcript()


async def test_a_question_about_anothers(home: House) -> None:
    """Who asks about a brief or an invoice of somebody else reads what they would of one that there is not."""
    await home.staff()
    await home.invite(home.eve, "client")
    number = await delivered(home)
    invoice = next(iter(home.stripe.invoices.values()))["number"]
    for text in ("when will brief {} be ready?", "I want a refund for brief {}", "make brief {} shorter"):
        theirs = await answer(home.eve, text.format(number), "You have no brief or invoice")
        none = await answer(home.eve, text.format(9_999), "You have no brief or invoice 9999")
        assert theirs.replace(str(number), "9999") == none
    theirs = await answer(home.eve, f"Why is invoice {invoice} so high?", "You have no brief or invoice")
    assert (
        theirs.lower().replace(invoice.lower(), "n-1")
        == (await answer(home.eve, "Why is invoice N-1 so high?", "You have no brief or invoice n-1")).lower()
    )
    await answer(home.eve, f"invoice {'9' * 40}?", "You have no brief or invoice 9999")
    assert "Nordwind" not in home.eve.transcript()


async def test_a_reply_to_a_delivery(home: House) -> None:
    """An answer to the delivered work is about that brief, whatever came after it, and one to an invoice about that."""
    await home.staff()
    first = await home.brief()
    work = await home.alice.sees(f"Brief {first} · Delivered\nWrite a landing page")
    await home.alice.sees("To pay\n")
    second = await home.brief("Write a page about lamps that run 12 hours, for campers.")
    invoice = await home.alice.sees(re.compile(rf"To pay\n.*for brief {second}"))
    seen = await answer(home.alice, "a bit shorter please", "one or two stars open a free revision", reply_to=work)
    assert f"Brief {first} · " in seen
    assert "You mean another one?" not in seen
    assert f"for brief {second}" in await answer(home.alice, "how can I pay this?", "Invoice ", reply_to=invoice)
    order = "Write a product page for our solar lamp, about 200 words."
    asked = await answer(home.alice, order, "Is this a new order?", reply_to=work)
    assert "Nothing was started or charged" in asked
    await home.alice.taps(f"About brief {first}")
    await home.alice.sees("Should something be different?")


async def test_a_complaint_with_a_picture(home: House) -> None:
    """A picture with a complaint is no order: the team has both, and [New order] quotes both."""
    await home.staff()
    await home.alice.sends_photo(b"\xff\xd8\xff\xe0picture", "this text is useless, I want my money back")
    seen = await home.alice.sees("The team has your message")
    assert "I want my money back" in (await home.bob.sees(WAITS)).text
    copied = await home.bob.sees("A file from Alice")
    assert copied.photo or copied.document
    await home.alice.taps("New order", seen)
    assert "seen as a picture" in (await home.alice.sees(QUOTE)).text


async def test_anothers_words_are_no_complaint(home: House) -> None:
    """A complaint that was passed on is asked about: perhaps a reply to it is to be written."""
    await home.staff()
    await home.bob.says("I want my money back, the lamp is useless")
    theirs = next(message for message in home.bob.messages() if not message.from_bot and "lamp" in message.text)
    mark = home.carol.mark()
    await home.alice.forwards(theirs)
    asked = await home.alice.sees("Is this a new order?")
    assert "(Forwarded from Bob)" in asked.text
    assert all("From Alice" not in one.text for one in home.carol.messages())
    await home.alice.taps("Write to the team", asked)
    assert "(Forwarded from Bob)" in (await home.carol.sees("From Alice", after=mark)).text


async def test_an_edited_question(home: House) -> None:
    """What was asked about follows its message when that is edited before the tap."""
    await home.invite(home.alice, "client")
    sent = await home.alice.says(UNCLEAR)
    asked = await home.alice.sees("Is this a new order?")
    await home.alice.edits(sent, "A page about the lamp L2")
    await answer(home.alice, "/status", "No brief is under way")
    await home.alice.taps("New order", asked)
    assert "A page about the lamp L2" in (await home.alice.sees(QUOTE)).text


async def test_brief_with_words_is_an_order(home: House) -> None:
    """What stands behind /brief is an order, whatever it says."""
    await home.invite(home.alice, "client")
    assert "120.00 USD" in await answer(home.alice, "/brief I want a refund, said the customer", QUOTE)


async def test_the_model_doubts(home: House) -> None:
    """Where a model that looks for what is missing takes the text for no order, that is asked before any question."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief When is it done? I wait for it since Monday")
    quote = await home.alice.sees(QUOTE)
    await home.alice.taps("What is missing?", quote)
    doubt = await home.alice.sees("Quote · Is this a new order?")
    assert doubt.id == quote.id
    await home.alice.taps("New order", doubt)
    await home.alice.taps("Yes, start", await home.alice.sees(QUOTE, after=doubt))
    await home.alice.sees("Brief 1001 · Delivered")


async def test_an_order_is_quoted_as_ever(home: House) -> None:
    """An order is quoted at once, in Spanish and Urdu too."""
    await home.invite(home.alice, "client")
    for text in (BRIEF, "Necesito un texto para mi clínica dental, unas 200 palabras", "ایک مضمون لکھ دیں، 500 الفاظ"):
        await answer(home.alice, text, QUOTE)
