"""What a client reads who wants something changed in work that was delivered."""

from bot.briefs.model import Brief
from bot.feedback.changes import Offer, Way
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

OPEN = N_("Still open: what should be different in brief {brief}? Write it; /stop leaves it as it is.")


def ask(offer: Offer) -> Card:
    """What should be different, and what that costs."""
    lines = Lines(_("Brief {brief} · What should be different?", brief=offer.brief.id))
    match offer.way:
        case Way.FREE:
            lines.add(_("Write it as your next message. One change is free of charge."))
        case Way.PRICED:
            lines.add(
                _("Write it as your next message. A change costs {price}; you are asked first.", price=offer.price)
            )
        case Way.ASKED:
            lines.add(_("Write it as your next message; the team reads it and answers."))
    lines.add(_("For example: the opening hours are missing, and it is too formal."))
    return Card(str(lines), ((Button(_("Never mind"), "changestop", offer.brief.id),),))


def confirm(offer: Offer, words: str) -> Card:
    """What was written was taken as what should be different; nothing has begun yet."""
    brief = offer.brief
    if offer.way is Way.PRICED:
        lines = Lines(_("Brief {brief} · A change for {price}?", brief=brief.id, price=offer.price))
    else:
        lines = Lines(_("Brief {brief} · A change, free of charge?", brief=brief.id))
    lines.add(_("Taken as what should be different:"))
    lines.add(f"<blockquote>{first_lines(words, 300)}</blockquote>")
    start = Button(_("Start the change"), "changego", brief.id, offer.price.minor, choice=offer.way)
    return Card(str(lines), ((start,), (Button(_("No, it is something new"), "changenew", brief.id),)))


def begun(brief: Brief, change: Brief) -> Card:
    """It is made."""
    lines = Lines(_("Brief {change} · Change of brief {brief}", change=change.id, brief=brief.id))
    lines.add(_("It is made from your note, and a person looks at it before it comes here."))
    if change.price.minor:
        lines.add(_("It costs {price}, with an invoice of its own after delivery.", price=change.price))
    else:
        lines.add(_("The change costs nothing; what is to be paid for brief {brief} stays as it is.", brief=brief.id))
    return Card(str(lines))


def left() -> Card:
    """Nothing is to be different after all."""
    return Card(str(Lines(_("The work stays as it is"))))
