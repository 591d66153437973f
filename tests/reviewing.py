"""What a person does with a review card, whose rarer buttons are behind [More]."""

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from sandbox.telegram.state import Toast

NEEDS = "Needs your decision"


async def more(person: Person, card: Seen) -> Seen:
    """The card as it is now, with all of its buttons."""
    now = next(message for message in person.messages(card.chat_id) if message.id == card.id)
    if "Less" in now.labels:
        return now
    await person.taps("More", now)
    return await person.sees(NEEDS, after=now)


async def decides(person: Person, label: str, card: Seen) -> Toast:
    """Tap a button of the card, wherever on it that is."""
    return await person.taps(label, await more(person, card))
