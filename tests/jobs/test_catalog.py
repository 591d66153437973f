"""The catalogue against `tests/data/jobs.json`, which says by name which of the 46 jobs there have to be, in which test
each meets the condition that it exists for, and in which one a quiet system.
"""

import json
import re
from pathlib import Path

import pytest

from jobs.catalog import GROUPS, JOBS, ORDER

ROOT = Path(__file__).parents[2]
WANTED = json.loads((ROOT / "tests" / "data" / "jobs.json").read_text())


def test_the_order_is_the_one_that_was_agreed() -> None:
    """The catalogue names all 46, in that order."""
    assert list(ORDER) == [one["job"] for one in WANTED]
    assert len(ORDER) == len(set(ORDER)) == 46


def test_what_has_to_be_there_is() -> None:
    """Each job that is to be real is one, and none is listed before it is."""
    there = [one["job"] for one in WANTED if one["there"]]
    assert [job.name for job in JOBS if job.name in ORDER] == there


def test_every_job_stands_in_one_group() -> None:
    """The groups of /jobs hold each job once, in the catalogue's order."""
    grouped = [job.name for group in GROUPS for job in group.jobs]
    assert sorted(grouped) == sorted(job.name for job in JOBS)
    assert len(grouped) == len(set(grouped))
    places = {job.name: place for place, job in enumerate(JOBS)}
    assert all([places[job.name] for job in group.jobs] == sorted(places[job.name] for job in group.jobs)
               for group in GROUPS)  # fmt: skip


@pytest.mark.parametrize("kind", ["planted", "quiet"])
def test_each_is_shown(kind: str) -> None:
    """Each job that is real has a test of that kind, which is there."""
    missing = []
    for one in WANTED:
        if one["there"]:
            file, _, name = one.get(kind, "").partition("::")
            there = bool(name) and (ROOT / file).is_file()
            if not (there and re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(), re.MULTILINE)):
                missing.append(one["job"])
    assert missing == []
