"""Advisories by pip-audit, where it is installed: https://github.com/pypa/pip-audit. In a process of its own.

With --strict, since without it a package that could not be looked up counts as one without vulnerabilities.
"""

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from bot.security.model import PIN, Vulnerability, normal
from bot.security.ports import NotChecked

SECONDS = 180.0
LONGEST_REASON = 200
OPTIONS = ("--strict", "--format", "json", "--progress-spinner", "off", "--disable-pip", "--requirement")
# What it may need to reach the list of advisories; our own secrets stand in the environment, and are not for it.
PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY",
             "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")  # fmt: skip


class PipAudit:
    """See `bot.security.ports.Advisories`. command: the program, without its options; None where there is none."""

    def __init__(self, requirements: Path, command: Sequence[str] | None = None) -> None:
        there = importlib.util.find_spec("pip_audit") is not None
        self._command = command or ((sys.executable, "-m", "pip_audit") if there else None)
        self._requirements = requirements

    async def vulnerabilities(self) -> Sequence[Vulnerability]:
        if self._command is None:
            raise NotChecked("pip-audit is not installed")
        if not self._requirements.is_file():
            raise NotChecked("there is no requirements.txt beside the program")
        return list(_read(*await self._run(self._command), self._expected()))

    def _expected(self) -> set[str]:
        """What is pinned and installed here; what is pinned for another system nobody looks up."""
        here = {normal(one.name) for one in distributions() if one.name}
        return here & {normal(name) for name, _ in PIN.findall(self._requirements.read_text())}

    async def _run(self, command: Sequence[str]) -> tuple[bytes, bytes]:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        try:
            process = await asyncio.create_subprocess_exec(
                *(*command, *OPTIONS, str(self._requirements)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=environment,
            )
        except OSError as error:
            raise NotChecked(f"pip-audit does not start ({error.strerror})") from None
        try:
            async with asyncio.timeout(SECONDS):
                return await process.communicate()
        except TimeoutError:
            raise NotChecked(f"pip-audit did not answer within {SECONDS:.0f} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _read(said: bytes, errors: bytes, expected: Set[str]) -> Iterator[Vulnerability]:
    try:
        packages: Sequence[Mapping[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        words = errors.decode(errors="replace").strip().splitlines()
        raise NotChecked(f"pip-audit: {words[-1][:LONGEST_REASON] if words else 'no answer'}") from None
    if skipped := [one["name"] for one in packages if "skip_reason" in one]:
        raise NotChecked(f"pip-audit could not look up {len(skipped)} packages, first {skipped[0]}")
    if missing := sorted(expected - {normal(one["name"]) for one in packages}):
        raise NotChecked(f"pip-audit says nothing of {len(missing)} packages, first {missing[0]}")
    for one in packages:
        for known in one["vulns"]:
            fixed = known.get("fix_versions") or [""]
            yield Vulnerability(one["name"], one["version"], known["id"], fixed[0])
