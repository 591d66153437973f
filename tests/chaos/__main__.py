"""`python -m tests.chaos`: kill EchoPilot at random moments and at named points, and count what was lost or doubled."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.trial import Outcome, Plan, at_random


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--briefs", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--lost", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="echopilot-chaos-"))
    plan = Plan(arguments.briefs, arguments.seed, arguments.lost, arguments.kills)
    outcome = asyncio.run(at_random(plan, folder))
    print(outcome)
    return outcome.findings.count


if __name__ == "__main__":
    sys.exit(main())
