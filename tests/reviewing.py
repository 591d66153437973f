"""What a person does with a review card, whose rarer buttons are behind [More]."""

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from sandbox.telegram.state import Toast
from tests.eventually import eventually
from tests.house import OPEN_BRIEF, House

NEEDS = "Needs your decision"


async def more(person: Person, card: Seen) -> Seen:
    """The card as it is now, with all of its buttons."""

    def now() -> Seen:
        return next(message for message in person.messages(card.chat_id) if message.id == card.id)

    if "Less" not in now().labels:
        await person.taps("More", now())
    return await eventually(now, lambda seen: "Less" in seen.labels)


async def decides(person: Person, label: str, card: Seen) -> Toast:
    """Tap a button of the card, wherever on it that is."""
    return await person.taps(label, await more(person, card))


async def waiting(home: House) -> tuple[int, Seen, Seen]:
    """A brief in review, with Bob's and Carol's card."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    return number, await home.bob.sees(NEEDS), await home.carol.sees(NEEDS)
