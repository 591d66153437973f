"""What can be done with a draft that waits for a decision."""

from bot.access.model import Person, Role
from bot.briefs.cards import button
from bot.kernel.card import Button
from bot.kernel.translation import gettext as _
from bot.review.model import ReviewView

Row = tuple[Button, ...]


def rows(view: ReviewView, viewer: Person, *, wide: bool) -> tuple[Row, ...]:
    """The three that nearly always are enough; the rest is behind [More], the one that ends it alone and last."""
    brief = view.brief
    first = (
        button(_("Approve"), "approve", brief),
        button(_("Send back"), "sendback", brief),
        button(_("Read it"), "read", brief),
    )
    if not wide:
        return first, (button(_("More"), "card", brief, "more"),)
    return (
        first,
        _about_it(view, viewer),
        (
            button(_("Edit"), "edit", brief),
            button(_("Note"), "note", brief),
            button(_("Hand over"), "handover", brief),
        ),
        (button(_("Ask the client"), "askclient", brief),),
        (Button(_("Replay"), "replay", brief.id), button(_("Less"), "card", brief, "less")),
        (button(_("Reject"), "reject", brief),),
    )


def _about_it(view: ReviewView, viewer: Person) -> Row:
    brief = view.brief
    shown = [button(_("Brief"), "order", brief)]
    if view.draft.attempt > 1 and not view.blind:
        shown.append(button(_("Changes"), "changes", brief))
    if view.holder is None:
        shown.append(button(_("Take it"), "take", brief))
    elif viewer.role is Role.ADMIN or view.holder.id == viewer.id:
        shown.append(button(_("Give back"), "giveback", brief))
    return tuple(shown)
