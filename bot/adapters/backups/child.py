"""The program that makes, opens or moves one backup and ends; `bot.adapters.backups.vault` starts it.

In: a line of JSON, the order. Out: a line of JSON, what came of it. It takes minutes of reading, pressing and
encrypting, for which nobody who writes to the bot should wait.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ONLY_OURS = 0o077  # of files that it makes, nobody else may read any


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
    from bot.adapters.backups.orders import carry_out

    limits.say(out, carry_out(order))
    os._exit(0)


if __name__ == "__main__":
    main()
