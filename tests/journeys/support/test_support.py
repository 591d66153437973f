"""A line to people: a client writes to the team, and the team answers, by taps and words as everybody does them."""

import pytest

from bot.access.buttons import Tap
from bot.access.model import Role
from sandbox.openai.server import Call
from sandbox.telegram.seen import Seen
from storage.people import people
from tests.house import BRIEF, OPEN_BRIEF, House, Providers, house
from tests.reviewing import decides

QUESTION = "Which of the two logos do you want me to send?"
WAITS = "Waits for an answer"
FRANK = 1006


def actions(card: Seen) -> set[str]:
    """What the card's buttons do."""
    return {button.target.partition(".")[0] for row in card.buttons for button in row}


async def test_question_and_answer_and_back(home: House) -> None:
    """A question reaches the team in full, the answer reaches the client, and so it goes on, in one thread."""
    await home.staff()
    await home.alice.says("/support")
    await home.alice.sees("your next message goes to them")
    await home.alice.says(QUESTION)
    assert QUESTION in (await home.alice.sees("Sent to the team")).text
    card = await home.bob.sees(WAITS)
    assert "From Alice" in card.text
    assert QUESTION in card.text
    await home.bob.taps("Answer", card)
    await home.bob.sees("your next message goes to Alice")
    await home.bob.says("The blue one, please.")
    await home.bob.sees("Sent to Alice")
    answer = await home.alice.sees("From the team")
    assert answer.text == "From the team\nThe blue one, please."
    assert QUESTION in (await home.carol.sees("Answered by Bob")).text
    mark = home.bob.mark()
    await home.alice.says("Here it comes, and thank you.", reply_to=answer)
    await home.alice.sees("Sent to the team", after=answer)
    again = await home.bob.sees("Here it comes", after=mark)
    assert again.id != card.id
    await home.bob.taps("No answer needed", again)
    assert "Here it comes" in (await home.carol.sees("Noted by Bob")).text
    await home.alice.says("/support_1001")
    whole = await home.alice.sees("You and the team")
    assert QUESTION in whole.text
    assert "The blue one, please." in whole.text


async def test_behind_the_command(home: House) -> None:
    """What stands behind /support goes to the team at once, and is no brief."""
    await home.staff()
    await home.alice.says(f"/support {QUESTION}")
    await home.alice.sees("Sent to the team")
    await home.bob.says("/support")
    waits = await home.bob.sees("1 message waits for an answer")
    assert "/support_1001 Alice" in waits.text
    await home.bob.says("/support_1001")
    card = await home.bob.sees(QUESTION)
    await home.bob.says("The blue one.", reply_to=card)
    await home.alice.sees("The blue one.")
    assert not any("Nothing is spent" in message.text for message in home.alice.messages())


async def test_an_edited_message(home: House) -> None:
    """A client's correction shows on the operators' cards while nobody answered."""
    await home.staff()
    said = await home.alice.says("/support Which of the two lgos?")
    card = await home.bob.sees("lgos")
    await home.alice.edits(said, "/support Which of the two logos?")
    assert (await home.bob.sees("Which of the two logos?")).id == card.id


async def test_two_operators(home: House) -> None:
    """Who takes a message answers it alone; whoever is slower reads who was faster, and the client reads one answer."""
    await home.staff()
    await home.alice.says(f"/support {QUESTION}")
    bobs, carols = await home.bob.sees(WAITS), await home.carol.sees(WAITS)
    await home.carol.taps("Answer", carols)
    await home.carol.sees("your next message goes to Alice")
    assert (await home.bob.taps("Take it", bobs)).text.startswith("Message 1001 is yours until ")
    theirs = await home.carol.sees("Bob has it")
    assert theirs.id == carols.id
    await home.carol.says("Either.")
    await home.carol.sees("Bob has message 1001")
    await home.bob.taps("Answer", bobs)
    await home.bob.says("The blue one.")
    await home.bob.sees("Sent to Alice")
    closed = await home.carol.sees("Answered by Bob")
    assert closed.id == carols.id
    assert "answered already" in (await home.carol.taps_raw(button(theirs, "settle"), closed)).text
    assert sum("From the team" in message.text for message in home.alice.messages()) == 1


def button(card: Seen, action: str) -> str:
    """What the card's button of that action carries."""
    return next(b.target for row in card.buttons for b in row if b.target.startswith(f"{action}."))


@pytest.mark.both_databases
async def test_a_restart_in_the_middle(stand_ins: Providers, database_url: str) -> None:
    """A client who was asked to write, and an operator who was, are understood after a restart all the same."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        await home.alice.says("/support")
        await home.alice.sees("your next message goes to them")
    await home.alice.says(QUESTION)
    async with house(stand_ins, database_url) as home:
        card = await home.bob.sees(WAITS)
        await home.bob.taps("Answer", card)
        await home.bob.sees("your next message goes to Alice")
    await home.bob.says("The blue one.")
    async with house(stand_ins, database_url) as home:
        answer = await home.alice.sees("The blue one.")
        await home.alice.taps("Answer", answer)
        await home.alice.sees("your next message goes to them", after=answer)
        await home.alice.says("Thank you.")
        assert "Thank you." in (await home.bob.sees("Thank you.")).text
        assert sum("The blue one." in message.text for message in home.alice.messages()) == 1


async def test_about_a_brief(home: House) -> None:
    """A tap on what was delivered, and on its invoice, binds the message to it; another client's is refused."""
    await home.staff()
    await home.invite(home.eve, "client")
    number = await home.brief(BRIEF)
    await home.alice.sees(f"brief-{number}.md")
    delivered = next(one for one in home.alice.messages() if "write" in actions(one) and "Delivered" in one.text)
    await home.alice.taps("Write to the team", delivered)
    await home.alice.sees(f"about brief {number}: your next message")
    await home.alice.says("The second paragraph is too long.")
    await home.alice.sees(f"Sent to the team, about brief {number}")
    card = await home.bob.sees(WAITS)
    assert f"brief {number}: Write a landing page text" in card.text
    await home.bob.says("We shorten it.", reply_to=card)
    await home.alice.sees(f"From the team, about brief {number}")
    invoice = await home.alice.sees("To pay")
    await home.alice.taps("Write to the team", invoice)
    await home.alice.says("May I pay next week?")
    sent = await home.alice.sees("Sent to the team, about invoice")
    assert invoice.text.split()[1] in sent.text
    await home.eve.says("/support_1001")
    await home.eve.sees("Only operators and admins may answer clients")
    forged = home.running.app.signer.pack(Tap("write", number, 0, "brief"), chat_id=home.eve.id)
    assert "another client's" in (await home.eve.taps_raw(forged, home.eve.last)).text


async def test_make_it_an_order(home: House) -> None:
    """What a client wrote becomes a quote in their chat by one tap, and the message waits no more."""
    await home.staff()
    await home.alice.says(f"/support Could you do this? {BRIEF}")
    card = await home.bob.sees(WAITS)
    await home.bob.taps("Make it an order", card)
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.bob.sees("Quote · Sent to Alice")
    assert "Could you do this?" in (await home.carol.sees("Noted by Bob")).text
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("Delivered")


async def test_a_stranger_leaves_a_message(home: House) -> None:
    """Somebody whom nobody invited leaves one message a day, which admins read and may answer."""
    await home.staff()
    await home.eve.says("/start")
    await home.eve.sees("/support")
    await home.eve.says("/support")
    await home.eve.sees("Write it behind the command")
    await home.eve.says("/support I would like texts for a bakery.")
    await home.eve.sees("Sent to the studio")
    await home.eve.says("/support Hello?")
    await home.eve.sees("You left a message today")
    card = await home.carol.sees(WAITS)
    assert "I would like texts for a bakery." in card.text
    assert "ordered" not in actions(card)
    assert not any(WAITS in message.text for message in home.bob.messages())
    await home.carol.says("With pleasure: a link follows.", reply_to=card)
    assert actions(await home.eve.sees("With pleasure")) == set()


async def test_a_stranger_is_let_in(home: House) -> None:
    """One tap on what somebody wrote whom nobody invited sends them a link, and they come in as a client by it."""
    await home.eve.says("/support I would like texts for a bakery.")
    card = await home.carol.sees(WAITS)
    await home.carol.taps("Invite as a client", card)
    await home.carol.sees("Sent to Eve")
    await home.carol.taps_raw(button(card, "letin"), card)
    link = await home.eve.sees("Come in by this link")
    await home.eve.says(f"/start {link.text.partition('start=')[2]}")
    await home.eve.sees("You are here as a client")
    assert sum("Come in by this link" in message.text for message in home.eve.messages()) == 1
    await home.eve.says(f"/support {QUESTION}")
    await home.eve.sees("Sent to the team")


async def test_two_tenants(home: House) -> None:
    """Another tenant's team sees nothing of it, and its clients write to their own."""
    await home.staff()
    services = home.running.app.services
    await services.tenants.found("acme", "Acme Studio")
    frank = home.telegram.person("Frank", id=FRANK)
    await services.database.write(lambda tx: people.enroll(tx, "acme", FRANK, "Frank", Role.ADMIN, ""))
    await services.database.write(lambda tx: people.enroll(tx, "acme", home.eve.id, "Eve", Role.CLIENT, ""))
    await home.alice.says(f"/support {QUESTION}")
    await home.bob.sees(QUESTION)
    await frank.says("/support")
    await frank.sees("No message waits for an answer")
    await frank.says("/support_1001")
    await frank.sees("There is no message 1001")
    await home.eve.says("/support Where is my order of cups?")
    card = await frank.sees("order of cups")
    await frank.says("On its way.", reply_to=card)
    await home.eve.sees("On its way.")
    assert not any("cups" in m.text for one in (home.bob, home.carol, home.alice) for m in one.messages())


async def test_files_both_ways(home: House) -> None:
    """A file that a client sends reaches the team with their words, and one of the team's the client, by any way."""
    await home.staff()
    await home.alice.says("/support")
    await home.alice.sees("your next message goes to them")
    await home.alice.sends_file("logo.txt", b"A logo of our shop, as text.", "Is this the one?")
    assert "File: logo.txt" in (await home.alice.sees("Sent to the team")).text
    assert "Is this the one?\nFile: logo.txt" in (await home.bob.sees(WAITS)).text
    copied = await home.bob.sees("Message 1001 · A file from Alice")
    assert copied.document is not None
    assert (copied.document.name, copied.document.data) == ("logo.txt", b"A logo of our shop, as text.")
    assert actions(copied) == {"answer"}
    await home.bob.taps("Answer", copied)
    await home.bob.sees("your next message goes to Alice")
    await home.bob.sends_file("other.txt", b"The other logo.", "No, this one.")
    await home.alice.sees("No, this one.")
    answer = await home.alice.sees("other.txt")
    await home.alice.sends_file("third.txt", b"Another one.", "And this?", reply_to=answer)
    assert "And this?" in (await home.bob.sees("File: third.txt")).text
    await home.alice.sends_file("fourth.txt", b"And another.", "/support Or that?")
    assert "Or that?" in (await home.bob.sees("File: fourth.txt")).text
    assert not any("Nothing is spent" in m.text for one in (home.alice, home.bob) for m in one.messages())


def _note(call: Call) -> str:
    return "" if call.prompt is None else str(call.prompt.material.get("note", ""))


async def test_the_client_is_asked_back(home: House) -> None:
    """An operator's question reaches the client, the draft waits, and the answer is a note on a new draft."""
    await home.staff()
    noted: list[Call] = []  # what models were asked with the answer as a note
    home.openai.on_call.append(lambda call: noted.append(call) if "48 hours" in _note(call) else None)
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    await decides(home.bob, "Ask the client", card)
    await home.bob.sees("the draft waits for the answer")
    await home.bob.says("How long does a delivery take?")
    await home.bob.sees(f"The client of brief {number} was asked")
    question = await home.alice.sees("A question from the team")
    assert "How long does a delivery take?" in question.text
    waits = await home.carol.sees("The client was asked")
    await home.bob.sees("their answer is waited for")  # in his card, which says so some moments later
    mark = home.bob.mark()
    await home.alice.says("48 hours, at most.", reply_to=question)
    await home.alice.sees("Your answer is in")
    closed = await home.carol.sees("Its client answered")
    assert closed.id == waits.id
    anew = await home.bob.sees("Needs your decision", after=mark)
    assert "48 hours, at most." in anew.text
    assert anew.id != card.id
    assert {call.purpose for call in noted} == {"draft", "judge"}
    await home.bob.taps("Approve", anew)
    await home.alice.sees(f"Brief {number} · Delivered")
    assert not any(WAITS in message.text for message in home.bob.messages())


async def test_a_decision_does_not_wait(home: House) -> None:
    """Whoever decides before the client answers ends the wait; what the client writes then is a message to the team."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await decides(home.bob, "Ask the client", await home.bob.sees(f"Brief {number} · Needs your decision"))
    await home.bob.says("How long does a delivery take?")
    question = await home.alice.sees("A question from the team")
    await home.carol.taps("Approve", await home.carol.sees("The client was asked"))
    await home.alice.sees(f"Brief {number} · Delivered")
    await home.alice.says("48 hours, at most.", reply_to=question)
    await home.alice.sees(f"Sent to the team, about brief {number}")
    assert "48 hours" in (await home.bob.sees(WAITS)).text
