"""Where the browser of the pages' tests is. `python -m tests.chromium` installs Debian's, where this user may."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium for the pages' tests: apt-get install chromium, or set CHROMIUM to where one is"
APT = ("apt-get", "--quiet", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1")
UPDATE = (*APT, "update")  # a new machine has no lists of packages
INSTALL = (*APT, "install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-core")
APT_SECONDS = 150
QUIETLY = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}  # nobody is there whom it could ask


def path() -> str | None:
    """What CHROMIUM says, else where one is found; None where there is none."""
    wanted = os.environ.get("CHROMIUM", "")
    found = wanted or next(filter(None, map(shutil.which, NAMES)), None)
    return found if found and Path(found).exists() else None


def wanted() -> bool:
    """Whether its absence is a fault: whoever names one wants it, and so does a CI, which says that it is one."""
    return bool(os.environ.get("CHROMIUM") or os.environ.get("CI"))


def line() -> str:
    """What the end of a run says of it."""
    return f"chromium: {path() or f'{MISSING}; the pages were not looked at'}"


def main() -> int:
    """Returns 0 in any case: without a browser its tests are left out, and say so."""
    if path() is None and shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        sys.stdout.write("Installing Chromium for the pages' tests ...\n")
        with suppress(subprocess.TimeoutExpired):  # then it is left out, as where there is no network
            for command in (UPDATE, INSTALL):
                subprocess.run(command, check=False, timeout=APT_SECONDS, stdout=subprocess.DEVNULL, env=QUIETLY)
    if path() is None:
        sys.stdout.write(f"{MISSING}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
