"""Schemathesis against the API's own document: https://schemathesis.readthedocs.io"""

import asyncio
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).with_name("schemathesis.toml")
MAIN = "from schemathesis.cli import schemathesis; schemathesis()"


@dataclass(frozen=True)
class Run:
    """What it found. said: all that it printed."""

    failures: int
    summary: str
    said: str


async def schemathesis(document: str, token: str, examples: int, seed: int = 1) -> Run:
    """Run all of its checks against the server of that document. examples: at most so many of each kind."""
    arguments = [
        "--config-file", str(CONFIG), "--no-color", "run", document, "--header", f"Authorization: Bearer {token}",
        "--checks", "all", "--mode", "all", "--warnings", "off",
        "--max-examples", str(examples), "--seed", str(seed), "--generation-database", "none",
        "--request-timeout", "20",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="echopilot-fuzz-") as folder:  # for what it keeps of failures
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MAIN, *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=folder,
        )
        output, _ = await run.communicate()
    said = output.decode()
    cases = re.search(r"(\d[\d,]*) generated", said)
    return Run(run.returncode or 0, f"Schemathesis: {cases[0] if cases else 'nothing'}, code {run.returncode}", said)
