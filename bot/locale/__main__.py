"""`python -m bot.locale check`: what is wrong with sentences; `python -m bot.locale update es`: a language's file."""

import argparse
import sys

from bot.locale import calls, catalogs


def main() -> int:
    """Returns 1 where the check finds something."""
    parser = argparse.ArgumentParser(prog="python -m bot.locale", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    commands.add_parser("update").add_argument("language")
    arguments = parser.parse_args()
    if arguments.command == "update":
        sys.stdout.write(f"written: {catalogs.update(arguments.language)}\n")
        return 0
    found = calls.faults() + catalogs.faults()
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sentences = sum(bool(message.id) for message in catalogs.template())
    sys.stdout.write(f"{sentences} sentences to translate, {len(found)} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
