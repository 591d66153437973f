"""What admins see of ceilings."""

from datetime import datetime

from bot.kernel.card import Card, Lines, escape
from bot.kernel.text.words import clock, day, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.models.budget import Ceiling, Reached

SETTINGS: dict[Ceiling, str] = {
    Ceiling.BRIEF: "CEILING_BRIEF_USD",
    Ceiling.CLIENT: "CEILING_CLIENT_MONTH_USD",
    Ceiling.DAY: "CEILING_DAY_USD",
    Ceiling.MONTH: "CEILING_MONTH_USD",
}
NO_ROOM = N_("The limit of {amount} ({setting}) leaves no room for the next call.")
CLOSED = N_("The budget is closed, because models cost far more than usual. The message about that opens it again.")


def ceiling_reached(what: Reached, until: datetime | None, *, brief_id: int, client: str) -> Card:
    """A ceiling that has no room for the next call of a brief, and what lifts it."""
    setting = SETTINGS[what.ceiling]
    lines = Lines(_headline(what.ceiling, brief_id, client))
    lines.add(_(CLOSED) if what.closed else _(NO_ROOM, amount=usd(what.limit), setting=setting))
    lines.add(
        _(
            "Briefs that need more wait, and nothing fails. The first: /brief_{brief} for {client}.",
            brief=brief_id,
            client=escape(client),
        )
    )
    if until is not None:
        lines.add(_("It continues on {day}, {time}.", day=day(until), time=clock(until)))
    if not what.closed:
        lines.add(_("To lift it now: raise {setting} and restart.", setting=setting))
    return Card(str(lines))


def region_refuses(region: str, *, brief_id: int, client: str) -> Card:
    """A brief that no model may be asked for, by the rules of where its client lives, and what lifts that."""
    lines = Lines(_("Brief {brief} · Cannot be drafted", brief=brief_id))
    lines.add(
        _(
            "{client} lives where the rules here refuse our provider of models ({region}).",
            client=escape(client),
            region=region.upper(),
        )
    )
    lines.add(_("It waits, and nothing of it is sent: /brief_{brief}", brief=brief_id))
    return Card(str(lines.add(_("To lift it: /privacy, Regions. Or write it yourselves and cancel the brief."))))


def _headline(ceiling: Ceiling, brief_id: int, client: str) -> str:
    match ceiling:
        case Ceiling.BRIEF:
            return _("Model budget · Used up for brief {brief}", brief=brief_id)
        case Ceiling.CLIENT:
            return _("Model budget · Used up for {client}, this month", client=client)
        case Ceiling.DAY:
            return _("Model budget · Used up for today")
    return _("Model budget · Used up for this month")
