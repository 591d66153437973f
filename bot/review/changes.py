"""What one draft says otherwise than the one before, as operators see it."""

from bot.kernel.card import Card, Document, Lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.prompts.diff import SHOWN, as_file, compare, marked
from bot.review.model import Changes


def changes_card(changes: Changes) -> Card:
    """The difference between two drafts; as a file where it is longer than a card."""
    brief, before, after = changes.brief, changes.before, changes.after
    pieces = compare(before.text, after.text)
    headline = _("Brief {brief} · What changed since draft {before}", brief=brief.id, before=before.attempt)
    lines = Lines(headline)
    counts = {kind: sum(len(p.text.split()) for p in pieces if p.kind == kind) for kind in ("added", "removed")}
    if not any(counts.values()):
        return Card(str(lines.add(_("They say the same, word for word."))))
    added, removed = number(counts["added"]), number(counts["removed"])
    lines.add(_("Words added: {added}, removed: {removed}", added=added, removed=removed))
    shown = marked(pieces)
    if len(shown) <= SHOWN:
        return Card(str(lines.add(shown)))
    file = as_file(before.text, after.text, *(_("draft {draft}", draft=one.attempt) for one in (before, after)))
    lines.add(_("The difference is longer than a message, so it is in the file."))
    return Card(str(lines), document=Document(f"brief-{brief.id}-changes.txt", file))
