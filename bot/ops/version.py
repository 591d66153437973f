"""Which code runs: every run is stamped with the git commit, and a changed tree does not run live."""

import os
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OID = "# branch.oid "  # https://git-scm.com/docs/git-status#_branch_headers


@dataclass(frozen=True, slots=True)
class Version:
    """`commit` is the short hash, or the package's version where there is no git; `dirty`: uncommitted changes."""

    commit: str
    dirty: bool

    def __str__(self) -> str:
        return f"{self.commit}-dirty" if self.dirty else self.commit


def current() -> Version:
    """The version of the code that is running. A container's build hands the commit over in ECHOPILOT_COMMIT."""
    if stamped := os.environ.get("ECHOPILOT_COMMIT"):
        return Version(stamped[:12], dirty=False)
    status = _git("status", "--porcelain=v2", "--branch", "--untracked-files=no")
    if status is None:
        try:
            return Version(f"v{version('echopilot')}", dirty=False)
        except PackageNotFoundError:
            return Version("unknown", dirty=False)
    commit = next(line for line in status.splitlines() if line.startswith(OID)).removeprefix(OID)
    return Version(commit[:12], dirty=any(not line.startswith("#") for line in status.splitlines()))


def _git(*arguments: str) -> str | None:
    if not (ROOT / ".git").exists():
        return None
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            # The tree may be root's, and the program not: git would tell nothing of it, though its code is what runs.
            ["git", "-c", f"safe.directory={ROOT}", *arguments],  # noqa: S607 - wherever git is
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
