"""The training audit over the wire: by its job to the admins with its PDF, and by /report training at any time."""

import pytest

from tests.house import House
from tests.journeys.quality.test_quality import a_history


@pytest.mark.both_databases
async def test_by_its_job(home: House) -> None:
    """The job sends an admin the audit with a PDF below, whose examples are one tap away as a file."""
    await home.staff()
    await a_history(home)
    await home.carol.says("/job_training_audit")
    job = await home.carol.sees("Job training_audit")
    mark = home.carol.mark()
    await home.carol.taps("Run now", job)
    card = await home.carol.sees("Training audit", after=mark)
    assert "Examples: 50 decisions by people in 90 days" in card.text
    assert card.document is not None
    assert card.document.data.startswith(b"%PDF")
    mark = home.carol.mark()
    await home.carol.taps("CSV", card)
    file = (await home.carol.sees("50 rows", after=mark)).document
    assert file is not None
    assert file.name.endswith(".csv")


async def test_asked_for(home: House) -> None:
    """An analyst reads it before anything was checked, and that it is too little; a client may not."""
    await home.staff()
    await home.dan.says("/report training")
    card = await home.dan.sees("Training audit")
    assert "too few decisions by people" in card.text
    await home.dan.taps("Quality", card)
    await home.dan.sees("Quality · all types")
    await home.alice.says("/report training")
    await home.alice.sees("may read reports")
