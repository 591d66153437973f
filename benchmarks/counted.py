"""EchoPilot with its commits counted: `python -m benchmarks.counted run`, and the count in the file `commits` at the
end."""

import atexit
from pathlib import Path

from sqlalchemy import Engine, event

from bot.__main__ import main

FILE = Path("commits")


class Commits:
    """How many transactions were committed."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _: object) -> None:
        self.count += 1

    def keep(self) -> None:
        FILE.write_text(str(self.count))


if __name__ == "__main__":
    commits = Commits()
    event.listen(Engine, "commit", commits)
    atexit.register(commits.keep)
    main()
