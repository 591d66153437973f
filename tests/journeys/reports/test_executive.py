"""The executive brief over the wire: by its job to the admins, and by /report executive at any time."""

import re

import pytest

from tests.dashboard import invoiced, settled
from tests.house import House

LANGUAGES = re.compile("^(Language|Idioma) · ")


@pytest.mark.both_databases
async def test_by_its_job(home: House) -> None:
    """The job sends an admin the brief of the day, whose report is one tap away; a second run sends nothing anew."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    await home.carol.says("/job_executive_brief")
    job = await home.carol.sees("Job executive_brief")
    mark = home.carol.mark()
    await home.carol.taps("Run now", job)
    card = await home.carol.sees("Executive brief", after=mark)
    assert "To decide: " in card.text
    assert "not enough history for a forecast" in card.text
    await home.carol.taps("Report", card)
    await home.carol.sees("No revenue yet", after=mark)
    mark = home.carol.mark()
    await home.carol.says("/report executive")
    again = await home.carol.sees("Executive brief", after=mark)
    assert again.text.splitlines()[0] == card.text.splitlines()[0]


async def test_in_every_language(home: House) -> None:
    """Spanish and Urdu have it too."""
    await home.staff()
    for language, asked, words in (
        ("Español", "/report ejecutivo", "Resumen ejecutivo"),
        ("اردو", "/report خلاصہ", "انتظامی خلاصہ"),
    ):
        mark = home.carol.mark()
        await home.carol.says("/language")
        await home.carol.taps(language, await home.carol.sees(LANGUAGES, after=mark))
        mark = home.carol.mark()
        await home.carol.says(asked)
        await home.carol.sees(words, after=mark)
