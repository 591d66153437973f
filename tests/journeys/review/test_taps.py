"""Taps: forged, foreign, stale, doubled, all at once."""

import asyncio
import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.buttons import ButtonSigner, Tap
from bot.access.issued_keys import held
from handlers.catalog import ACTIONS
from handlers.dispatch import Dispatcher
from handlers.routing.update import Update
from tests.house import OPEN_BRIEF, House

SIGNER = ButtonSigner(held(b"a-key-for-the-tests-of-the-signatures"))


async def test_forged(home: House) -> None:
    """Data that the bot did not make is refused and does nothing, however it looks."""
    await home.staff()
    await home.alice.says("Write a page about lamps that run 12 hours.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    genuine = next(b.target for row in quote.buttons for b in row if b.label == "Yes, start")
    said, _, mac = genuine.rpartition(".")
    for data in (
        "start",
        "start.rt.1.",
        f"approve{said[5:]}.{mac}",
        f"{said}.{mac[::-1]}",
        "....",
        "é.1.1.x",
        "\N{SNOWMAN}",
    ):
        toast = await home.alice.taps_raw(data, quote)
        assert "not for you" in toast.text
        assert toast.alert
    mark = home.alice.mark()
    await home.alice.says("/status")
    assert "No brief is under way" in (await home.alice.sees("As of", after=mark)).text


async def test_foreign(home: House) -> None:
    """A genuine button carried into another person's chat does nothing there."""
    await home.staff()
    await home.brief(OPEN_BRIEF)
    card = await home.bob.sees("Needs your decision")
    approve = next(b.target for row in card.buttons for b in row if b.label == "Approve")
    mine = await home.alice.sees("In review")
    toast = await home.alice.taps_raw(approve, mine)
    assert "not for you" in toast.text


async def test_stale(home: House) -> None:
    """The button of a card whose draft changed is refused, and says where things stand."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    old = await home.bob.sees("Needs your decision")
    approve = next(b.target for row in old.buttons for b in row if b.label == "Approve")
    mark = home.bob.mark()
    await home.bob.taps("Send back", old)
    await home.bob.sees("What should change?")
    await home.bob.says("Leave the delivery time out.")
    new = await home.bob.sees("Needs your decision", after=mark)
    toast = await home.bob.taps_raw(approve, new)
    assert toast.alert
    assert f"Brief {number} changed since" in toast.text


async def test_a_question_that_is_over(home: House) -> None:
    """Bob is asked for a note while Carol approves: his note is refused, and his next message is not taken for one."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees("Needs your decision")
    await home.bob.taps("Send back", card)
    await home.bob.sees("What should change?")
    await home.carol.taps("Approve", await home.carol.sees("Needs your decision"))
    await home.alice.sees("To pay")
    await home.bob.says("Leave the delivery time out.")
    await home.bob.sees(f"Brief {number} is delivered, so that is no longer possible")
    await home.bob.says("Write a page about lamps that run 12 hours.")
    await home.bob.sees("Nothing is spent until you say yes")


@pytest.mark.both_databases
async def test_fifty_taps_at_once(home: House) -> None:
    """Fifty taps on Approve by three people at once have one effect; everybody is told politely what holds."""
    await home.staff()
    await home.invite(home.eve, "operator")
    number = await home.brief(OPEN_BRIEF)
    cards = {person: await person.sees("Needs your decision") for person in (home.bob, home.carol, home.eve)}
    tapped = [*cards.items()] * 17
    toasts = await asyncio.gather(*(person.taps("Approve", card) for person, card in tapped[:50]))
    wins = [toast for toast in toasts if "is approved and goes" in toast.text]
    assert (len(toasts), len(wins)) == (50, 1)
    assert all(f"Brief {number}" in toast.text for toast in toasts)
    await home.alice.sees("To pay")
    assert len(home.stripe.invoices) == 1


async def test_a_tap_by_a_stranger(home: House) -> None:
    """Somebody whom nobody invited can tap what they like."""
    await home.eve.says("/start")
    hello = await home.eve.sees("invitation")
    toast = await home.eve.taps_raw("start.1.1.aaaaaaaaaaaaaaaa", hello)
    assert "not for you" in toast.text


@pytest.mark.wire
async def test_ten_thousand_forged_or_stale(home: House) -> None:
    """Of 10,000 taps on a draft's card, made up or from a version that is not the present one, none is accepted."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    await home.bob.sees("Needs your decision")
    app = home.running.app
    dispatcher = Dispatcher(app.services, app.signer)
    bob = await app.services.people.joining.identify(home.bob.id, "Bob", "en")
    before = await app.services.intake.briefs.get(bob, number)
    plain = ["approve", "sendback", "edit", "reject", "take", "giveback"]
    actions = [(action, "") for action in plain] + [(a, c) for a in ("mend", "deny") for c in ("clarity", "accuracy")]
    outcomes: Counter[str] = Counter()
    for tap in range(10_000):
        stale = tap % 10 == 0
        version = before.version + (tap // 100 + 1 if tap % 20 == 0 else -1 - tap // 100 % 3) * stale
        action, choice = actions[tap // 10 % 10]
        data = app.signer.pack(Tap(action, number, version, choice), chat_id=home.bob.id)
        if not stale:
            data = f"{data[:-16]}{secrets.token_urlsafe(12)}"
        answer = await dispatcher.answer(
            Update("tap", chat_id=home.bob.id, user_id=home.bob.id, user_name="Bob", data=data)
        )
        assert answer is not None
        outcomes[answer.outcome] += 1
    assert outcomes == {"forged": 9_000, "stale": 1_000}
    assert await app.services.intake.briefs.get(bob, number) == before


@given(
    action=st.from_regex(r"[a-z]{1,9}", fullmatch=True), subject=st.integers(0, 10**12), version=st.integers(0, 10**6),
    choice=st.from_regex(r"[a-z0-9_-]{0,22}", fullmatch=True), chat=st.integers(-(10**12), 10**12),
)  # fmt: skip
def test_round_trip(action: str, subject: int, version: int, choice: str, chat: int) -> None:
    """What is packed for a chat is unpacked there as it was, in at most 64 bytes, and nowhere else."""
    tap = Tap(action, subject, version, choice)
    data = SIGNER.pack(tap, chat_id=chat)
    assert len(data.encode()) <= 64
    assert SIGNER.unpack(data, chat_id=chat) == tap
    assert SIGNER.unpack(data, chat_id=chat + 1) is None


def test_ten_thousand_tampered() -> None:
    """Of 10,000 buttons of every action and choice with one character changed, none is accepted."""
    buttons = [SIGNER.pack(Tap(a.name, 1042, 7, choice), chat_id=5) for a in ACTIONS.values() for choice in a.choices]
    accepted = 0
    for number in range(10_000):
        data = buttons[number // 100 % len(buttons)]
        position, character = number % len(data), chr(33 + number % 90)
        changed = data[:position] + character + data[position + 1 :]
        accepted += changed != data and SIGNER.unpack(changed, chat_id=5) is not None
    assert accepted == 0
