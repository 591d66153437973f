"""Cards in a group: anybody there may tap them, and may do by it what their role lets them do."""

from sandbox.faults import Fault
from sandbox.telegram.methods.chats import member
from sandbox.telegram.seen import Seen
from tests.eventually import eventually
from tests.house import OPEN_BRIEF, House, number_in
from tests.journeys.money.test_comes_back import given_up


def data_of(card: Seen, label: str) -> str:
    return next(str(button.target) for row in card.buttons for button in row if label in button.label)


async def test_a_brief_in_a_group(home: House) -> None:
    """The client says yes and rates there, on cards that answered them and on cards that came by themselves;
    others who tap are told why not, and a card's buttons are good in no other chat.
    """
    await home.staff()
    members = [home.carol, home.alice, home.bob, home.dan, home.eve]
    group = home.telegram.group("Studio", members)
    await home.alice.says(f"/brief {OPEN_BRIEF}", chat_id=group.id)
    quote = await home.alice.sees("Nothing is spent until you say yes", chat_id=group.id)
    refusals = {"another client's": home.bob, "you are an analyst": home.dan, "I do not know you": home.eve}
    for why, person in refusals.items():
        toast = await person.taps("Yes, start", quote)
        assert why in toast.text
        assert toast.alert
    number = number_in(await home.alice.taps("Yes, start", quote))
    waits = await home.alice.sees("In review", chat_id=group.id)
    assert "another client's" in (await home.bob.taps("Cancel", waits)).text
    card = await home.bob.sees("Needs your decision")
    assert "not for you" in (await home.alice.taps_raw(data_of(card, "Approve"), waits)).text
    await home.bob.taps("Approve", card)
    rating = await home.alice.sees(f"Brief {number} · How is it?", chat_id=group.id)
    assert "only they may rate it" in (await home.bob.taps("Excellent", rating)).text
    await home.alice.says("/whoami")
    mine = await home.alice.sees("Alice")
    assert "not for you" in (await home.alice.taps_raw(data_of(rating, "Excellent"), mine)).text
    forged = f"{data_of(rating, 'Excellent')[:-16]}{'A' * 16}"
    assert "not for you" in (await home.alice.taps_raw(forged, rating)).text
    await home.alice.taps("Excellent", rating)
    await home.alice.sees("5 of 5 stars", chat_id=group.id)
    invoice = await home.alice.sees("To pay")
    assert str(invoice.buttons[0][0].target).startswith("http")


async def test_a_group_that_takes_the_bot_in_again(home: House) -> None:
    """What was ready while the bot was out of the client's group comes once it is back, and costs nothing before."""
    await home.staff()
    group = home.telegram.group("Studio", [home.alice, home.carol])
    await home.alice.says(f"/brief {OPEN_BRIEF}", chat_id=group.id)
    quote = await home.alice.sees("Nothing is spent until you say yes", chat_id=group.id)
    number = number_in(await home.alice.taps("Yes, start", quote))
    card = await home.bob.sees("Needs your decision")
    bot = home.telegram.world.bot
    out, back = member(bot, "kicked"), member(bot, "member")
    change = {"chat": group.json(), "from": home.carol.account.user(), "date": 1}
    kicked = '{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}'
    home.telegram.faults.add(
        Fault("POST .*/(sendMessage|sendDocument|editMessageText)", "status", status=403, body=kicked, times=None)
    )
    home.telegram.updates.push("my_chat_member", change | {"old_chat_member": back, "new_chat_member": out})
    await home.bob.taps("Approve", card)
    await eventually(lambda: given_up(home), lambda keys: f"brief:{number}:rating" in keys)
    assert home.stripe.invoices == {}
    home.telegram.faults.clear()
    home.telegram.updates.push("my_chat_member", change | {"old_chat_member": out, "new_chat_member": back})
    await home.alice.sees(f"Brief {number} · Delivered", chat_id=group.id)
    await home.alice.sees("To pay")
