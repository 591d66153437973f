"""Which commands only read, for the tests that write them all."""

from handlers.catalog import COMMANDS

# These begin or change something.
WRITING = frozenset({"brief", "start", "stop", "here", "invite", "target", "prompt", "duel", "dashboard"})
READING = tuple(command for command in COMMANDS if command.name not in WRITING)
