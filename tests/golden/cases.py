"""Briefs with a good draft and bad ones, each bad in one nameable way: `<type>/<case>/brief.md, good.md, bad-*.md`.

Written for this project. A bad draft begins with a comment that says what is wrong with it; the judge is not shown it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.kernel.task_type import TaskType

FOLDER = Path(__file__).parent
WRONG = re.compile(r"<!-- Wrong: (?P<why>[^\n]+) -->\n\n")


@dataclass(frozen=True, slots=True)
class Sample:
    """A draft for a brief. wrong: what is wrong with it; empty for a good one."""

    task_type: TaskType
    name: str
    brief: str
    draft: str
    wrong: str = ""


def load() -> list[Sample]:
    """Every draft of every case, in the order of their names."""
    return [sample for task_type in TaskType for case in _cases(task_type) for sample in _samples(task_type, case)]


def _cases(task_type: TaskType) -> list[Path]:
    return sorted(folder for folder in (FOLDER / task_type.lower()).iterdir() if folder.is_dir())


def _samples(task_type: TaskType, case: Path) -> Iterator[Sample]:
    brief = (case / "brief.md").read_text(encoding="utf-8").strip()
    yield Sample(task_type, f"{case.name}/good", brief, (case / "good.md").read_text(encoding="utf-8").strip())
    for path in sorted(case.glob("bad-*.md")):
        text = path.read_text(encoding="utf-8")
        found = WRONG.match(text)
        assert found is not None, f"{path} does not say in its first line what is wrong"
        yield Sample(task_type, f"{case.name}/{path.stem}", brief, text[found.end() :].strip(), found["why"])
