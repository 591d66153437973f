"""`echopilot authenticator-off ID`: for the only admin, who lost the authenticator and the recovery codes."""

from argparse import Namespace
from collections.abc import Callable

from bot.access.sealing import Sealer
from bot.databases import database_of
from bot.settings import Settings
from bot.step_up.service import StepUp

Say = Callable[[str], None]


async def off(settings: Settings, arguments: Namespace, say: Say) -> int:
    """Take it off; EchoPilot may run meanwhile. Returns 1 where there is none."""
    database = database_of(settings)
    try:
        done = await StepUp(database, Sealer({}, "")).reset(arguments.id)
    finally:
        await database.close()
    if not done:
        say(f"Nobody with the Telegram id {arguments.id} has an authenticator.")
        return 1
    say("Taken off. The person and the other admins are told, and the audit log has it.")
    return 0
