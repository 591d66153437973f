"""What is unusual of what happened: each is an alert with its words in `bot.alerts.rules.unusual`."""

from zoneinfo import ZoneInfo

from bot.access.model import Role
from bot.alerts.raising import raise_
from bot.kernel.events import Event
from bot.kernel.translation import home
from storage.engine.database import Transaction

NIGHT = (22, 6)  # from and until which hour, by the installation's clocks
WATCHED = frozenset({Role.OPERATOR, Role.ADMIN})


async def role_given(tx: Transaction, event: Event) -> None:
    """Somebody got a role of the team; at night that is told."""
    role, at = Role(event.data["role"]), tx.now.astimezone(ZoneInfo(home().zone))
    if role in WATCHED and (at.hour >= NIGHT[0] or at.hour < NIGHT[1]):
        said = f"{at:%H:%M}"
        await raise_(tx, "role_at_night", str(event.number), tenant=event.tenant, person=event.number, time=said)
