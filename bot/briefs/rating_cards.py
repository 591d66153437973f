"""What is seen of a client's rating and of the free revision that a low one opens."""

from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows

WORDS = {1: "Not usable", 2: "Weak", 3: "Usable", 4: "Good", 5: "Excellent"}
LOW = 2
MISSING_OPEN = "Still open: what is missing in brief {brief}? Write it in a sentence; /stop leaves it as it is."


def _stars(number: int) -> str:
    return "★" * number


def question(brief: Brief) -> Card:
    """Asked once, quietly, after the work was delivered."""
    lines = Lines(f"Brief {brief.id} · How is it?").add("One tap is enough.")
    if brief.revision_of is None:
        lines.add("With one or two stars you can have it revised once, free of charge.")
    buttons = [Button(f"{_stars(n)} {word}", "rate", brief.id, n) for n, word in WORDS.items()]
    return Card(str(lines), in_rows(buttons), silent=True)


def rated(brief: Brief, stars: int, *, revisable: bool) -> Card:
    """The question once it was answered; after a low answer, what is missing is asked."""
    lines = Lines(f"Brief {brief.id} · {stars} of 5 stars")
    change = Button("Change the stars", "rateagain", brief.id)
    if stars > LOW:
        return Card(str(lines.add("Thank you, noted.")), ((change,),))
    if not revisable:
        return Card(str(lines.add("Noted; the team reads it.")), ((change,),))
    lines.add("What is missing? Your next message says it, and a new version is made from it, free of charge.")
    lines.add("For example: the opening hours are missing, and it is too formal.")
    return Card(str(lines), ((change, Button("No revision", "ratestop", brief.id)),))


def begun(brief: Brief, revision: Brief) -> Card:
    """The answer to what is missing."""
    lines = Lines(f"Brief {revision.id} · Free revision of brief {brief.id}")
    lines.add("It is made from your note, and a person looks at it before it comes here. Nothing is charged.")
    return Card(str(lines))


def for_operators(brief: Brief, stars: int, client: str, revision: Brief | None) -> Card:
    """A low rating, and the revision that came of it."""
    lines = Lines(f"Brief {brief.id} · {stars} of 5 stars")
    lines.add(f"{escape(brief.title)} · from {escape(client)} · /brief_{brief.id}")
    if revision is not None:
        lines.add(f"Missing: {first_lines(revision.note or '', 300)}")
        lines.add(f"Free revision: /brief_{revision.id}")
    return Card(str(lines))
