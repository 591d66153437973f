"""Which code runs: every run is stamped with the git commit, and a changed tree does not run live."""

import os
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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
    commit = _git("rev-parse", "--short=12", "HEAD")
    if commit is None:
        try:
            return Version(f"v{version('echopilot')}", dirty=False)
        except PackageNotFoundError:
            return Version("unknown", dirty=False)
    return Version(commit, dirty=bool(_git("status", "--porcelain", "--untracked-files=no")))


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
