"""Whether new briefs are taken."""

from bot.access.model import Person
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.kernel.translation import gettext as _


async def check_open(flags: Flags, who: Person) -> None:
    """Raise SwitchedOff where no new briefs are taken from the person; they are told once they are."""
    then = _("You hear from us here when we do; send it again then. What you handed in before goes on.")
    await flags.check(Flag.INTAKE, who, _("New briefs are not taken just now"), then)
