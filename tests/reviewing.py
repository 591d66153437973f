"""What a person does with a review card, whose rarer buttons are behind [More]."""

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from sandbox.telegram.state import Toast

NEEDS = "Needs your decision"


async def more(person: Person, card: Seen) -> Seen:
    """The card with all of its buttons."""
    if "Less" in card.labels:
        return card
    await person.taps("More", card)
    return await person.sees(NEEDS, after=card)


async def decides(person: Person, label: str, card: Seen) -> Toast:
    """Tap a button of the card, wherever on it that is."""
    return await person.taps(label, card if label in card.labels else await more(person, card))
