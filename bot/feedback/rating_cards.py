"""What is seen of a client's rating and of the free revision that a low one opens."""

from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

WORDS = {1: N_("Not usable"), 2: N_("Weak"), 3: N_("Usable"), 4: N_("Good"), 5: N_("Excellent")}
LOW = 2
MISSING_OPEN = N_("Still open: what is missing in brief {brief}? Write it in a sentence; /stop leaves it as it is.")


def _stars(number: int) -> str:
    return "★" * number


def question(brief: Brief) -> Card:
    """Asked once, quietly, after the work was delivered."""
    lines = Lines(_("Brief {brief} · How is it?", brief=brief.id)).add(_("One tap is enough."))
    if brief.revision_of is None:
        lines.add(_("With one or two stars you get one revision, free of charge."))
    buttons = [Button(f"{_stars(n)} {_(WORDS[n])}", "rate", brief.id, n) for n in WORDS]
    return Card(str(lines), in_rows(buttons), silent=True)


def rated(brief: Brief, stars: int, *, revisable: bool) -> Card:
    """The question once it was answered; after a low answer, what is missing is asked."""
    lines = Lines(_head(brief, stars))
    change = Button(_("Change the stars"), "rateagain", brief.id)
    if stars > LOW:
        return Card(str(lines.add(_("Thank you, noted."))), ((change,),))
    if not revisable:
        return Card(str(lines.add(_("Noted; the team reads it."))), ((change,),))
    lines.add(_("What is missing? Write it as your next message, and a new version is made from it, free of charge."))
    lines.add(_("For example: the opening hours are missing, and it is too formal."))
    return Card(str(lines), ((change, Button(_("No revision"), "ratestop", brief.id)),))


def confirm(brief: Brief, missing: str) -> Card:
    """What was written was taken as what is missing; nothing has begun yet."""
    lines = Lines(_("Brief {brief} · Start its free revision?", brief=brief.id))
    lines.add(_("Taken as what is missing in it:"))
    lines.add(f"<blockquote>{first_lines(missing, 300)}</blockquote>")
    start = Button(_("Start the revision"), "revise", brief.id)
    return Card(str(lines), ((start,), (Button(_("No, it is something new"), "rnew", brief.id),)))


def begun(brief: Brief, revision: Brief) -> Card:
    """The answer to what is missing."""
    lines = Lines(_("Brief {revision} · Free revision of brief {brief}", revision=revision.id, brief=brief.id))
    lines.add(_("It is made from your note, and a person looks at it before it comes here."))
    lines.add(_("The revision costs nothing; what is to be paid for brief {brief} stays as it is.", brief=brief.id))
    return Card(str(lines))


def for_operators(brief: Brief, stars: int, client: str, revision: Brief | None) -> Card:
    """A low rating, and the revision that came of it."""
    lines = Lines(_head(brief, stars))
    said = {"title": escape(brief.title), "client": escape(client), "brief": brief.id}
    lines.add(_("{title} · from {client} · /brief_{brief}", **said))
    if revision is not None:
        lines.add(_("Missing: {note}", note=first_lines(revision.note or "", 300)))
        lines.add(_("Free revision: /brief_{revision}", revision=revision.id))
    return Card(str(lines))


def _head(brief: Brief, stars: int) -> str:
    return _("Brief {brief} · {stars} of 5 stars", brief=brief.id, stars=stars)
