"""The program that makes, opens or moves one backup and ends; `bot.adapters.backups.vault` starts it.

In: a line of JSON, the order. Out: a line of JSON, what came of it. It takes minutes of reading, pressing and
encrypting, for which nobody who writes to the bot should wait.
"""

import os
import sys
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ONLY_OURS = 0o077  # of files that it makes, nobody else may read any
MOST_BYTES = 1_000_000_000  # far more than it needs: what asks for more is no backup of ours
NO_MEMORY = "More memory would be needed than for any backup of EchoPilot: it is none, or it is damaged."
FAULT = "A fault of EchoPilot's own ({kind} at {file}:{line}). Tell who maintains it; until then take another backup."


def main() -> None:
    """Carry out what comes by standard input."""
    sys.path.insert(0, str(ROOT))
    from bot.adapters.processes import limits

    out = limits.own_output()
    order = limits.order()
    limits.die_with(order.pop("parent"))
    os.umask(ONLY_OURS)
    if hasattr(os, "nice"):
        os.nice(limits.NICE)
    limits.hold_less(MOST_BYTES)
    limits.say(out, _answer(order))
    os._exit(0)


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    """What came of the order; a fault of ours is said too, and nothing of what was in the data."""
    from bot.adapters.backups.orders import carry_out

    try:
        return carry_out(order)
    except MemoryError:
        return {"refused": NO_MEMORY}
    except Exception as error:  # noqa: BLE001 - whoever asked would read of nothing but a process that ended
        last = traceback.extract_tb(error.__traceback__)[-1]
        return {"refused": FAULT.format(kind=type(error).__name__, file=Path(last.filename).name, line=last.lineno)}


if __name__ == "__main__":
    main()
