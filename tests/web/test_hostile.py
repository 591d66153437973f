"""The API under requests that nobody means well by, and by every check of Schemathesis: in short, in the suite."""

from collections.abc import Callable

import pytest

from tests.house import Providers
from tests.web import fuzz, hostile
from tests.web.program import OFTEN, program


async def test_hostile_requests(stand_ins: Providers, database_url: str, measured: Callable[[str], None]) -> None:
    """No answer is 500 or more, or shows what is inside; `python -m tests.web` sends 10,000."""
    async with program(stand_ins, database_url, **OFTEN) as it:
        seen = await hostile.send_all(it.url, 400, it.token)
        assert seen.wrong == []
        assert sum(seen.statuses.values()) == 400
        assert seen.statuses["closed"] < 20, seen.statuses
        assert (await it.call("GET", "/stats")).status == 200
        measured(f"400 hostile requests, by what came of them: {dict(sorted(seen.statuses.items()))}")


@pytest.mark.timeout(300)
async def test_schemathesis(stand_ins: Providers, database_url: str, measured: Callable[[str], None]) -> None:
    """Every check of Schemathesis holds for every operation of the document, with few examples of each."""
    async with program(stand_ins, database_url, **OFTEN) as it:
        run = await fuzz.schemathesis(f"{it.url}/openapi.json", it.token, examples=2)
        assert run.failures == 0, run.said
        measured(run.summary)
