"""What the operating system does not offer of what EchoPilot uses where it can: Windows lacks most of it."""

import importlib.util
import signal

from bot.kernel.probe import Finding

# A module that is not there, or is named by a None in `sys.modules`, and what EchoPilot then does without.
MODULES = {
    "uvloop": "Python's own event loop serves, which is slower",
    "resource": "files are read without the system's limits; their reader's memory and time are watched instead",
}
NO_SIGNALS = "only Ctrl+C ends the program in order"


def missing() -> list[str]:
    """What EchoPilot does without on this machine, in words."""
    found = [words for name, words in MODULES.items() if not _is_there(name)]
    return found if hasattr(signal, "SIGKILL") else [*found, NO_SIGNALS]


async def probe() -> Finding:
    """What EchoPilot does without on this machine."""
    lacking = missing()
    return Finding("off", "; ".join(lacking)) if lacking else Finding("fine", "has all that EchoPilot uses")


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # what `sys.modules` has None for
        return False
