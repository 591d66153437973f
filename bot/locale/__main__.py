"""`python -m bot.locale check`: what is wrong with sentences; `… update`: brings every language's file in line with the
code; `… update pt`: that of one, which may be new.
"""

import argparse
import sys

from bot.locale import calls, catalogs


def main() -> int:
    """Returns 1 where the check finds something."""
    parser = argparse.ArgumentParser(prog="python -m bot.locale", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    commands.add_parser("update").add_argument("language", nargs="*")
    arguments = parser.parse_args()
    if arguments.command == "update":
        for language in arguments.language or catalogs.known():
            sys.stdout.write(f"{catalogs.update(language)} written\n")
        return 0
    found = calls.faults() + catalogs.faults()
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sentences = sum(bool(message.id) for message in catalogs.template())
    sys.stdout.write(f"{sentences} sentences to translate, {len(found)} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
