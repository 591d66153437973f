"""The command line of the demo: `python -m sandbox.demo`, or `make demo`."""

import argparse
import sys

from bot.kernel.errors import EchoPilotError, InvalidSettings
from bot.ops.stopping import until_stopped
from sandbox.demo.run import demo


def main() -> None:
    """Run the demo, and end with a code that says how it went."""
    description = "Run EchoPilot on the sandbox, where no key is set; no account is needed."
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=description)
    models = ["rules", "local"]
    parser.add_argument("--model", choices=models, default="rules", help="local: drafts by a small real model")
    arguments = parser.parse_args()
    try:
        sys.exit(until_stopped(lambda stop: demo(stop, arguments.model)))
    except InvalidSettings as error:
        print("The demo cannot start. Fix these in the environment or in .env:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        sys.exit(2)
    except EchoPilotError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
