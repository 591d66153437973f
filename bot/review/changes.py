"""What one draft says otherwise than the one before, as operators see it."""

from bot.briefs.model import Brief, Draft
from bot.kernel.card import Card, Document, Lines
from bot.prompts.diff import SHOWN, as_file, compare, marked


def changes_card(brief: Brief, before: Draft, after: Draft) -> Card:
    """The difference between two drafts; as a file where it is longer than a card."""
    pieces = compare(before.text, after.text)
    lines = Lines(f"Brief {brief.id} · Draft {after.attempt} against draft {before.attempt}")
    counts = {kind: sum(len(p.text.split()) for p in pieces if p.kind == kind) for kind in ("added", "removed")}
    if not any(counts.values()):
        return Card(str(lines.add("They say the same, word for word.")))
    lines.add(f"Words added: {counts['added']}, removed: {counts['removed']}")
    shown = marked(pieces)
    if len(shown) <= SHOWN:
        return Card(str(lines.add(shown)))
    file = as_file(before.text, after.text, f"draft {before.attempt}", f"draft {after.attempt}")
    lines.add("The difference is longer than a message, so it is in the file.")
    return Card(str(lines), document=Document(f"brief-{brief.id}-changes.txt", file))
