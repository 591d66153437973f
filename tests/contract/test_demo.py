"""The demo's parts that its own run does not prove."""

import asyncio
import signal
import sys

import pytest

from bot.kernel.translation import languages
from bot.locale import catalogs
from sandbox.demo.words import MANY, SAID, SHOWN, chosen

LIVES_ON = "from sandbox.demo.lifeline import end_with_the_parent; end_with_the_parent(); import time; time.sleep(60)"


def test_story_waits_for_sentences_that_there_are() -> None:
    """Each sentence that the story waits for is one of the code, so that it is found in every language."""
    known: set[str] = set()
    for message in catalogs.template():
        known.update([message.id] if isinstance(message.id, str) else message.id)
    assert {*SHOWN.values(), *MANY.values()} - known == set()


def test_people_speak_every_language() -> None:
    """There are briefs in each language that there is a catalogue of."""
    catalogs.install_all()
    assert set(SAID) == set(languages())


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("es", "es"), ("ur_PK.UTF-8", "ur"), ("fr:es:en", "es"), ("en_US:en", "en"), ("fr", "en"), ("", "en")],
)
def test_language_is_the_first_that_there_is(wanted: str, spoken: str) -> None:
    """LANGUAGE may be a list of locales, as GNU gettext has it; what there is not is passed over."""
    catalogs.install_all()
    assert chosen(wanted) == spoken


async def test_process_ends_with_its_parent() -> None:
    """A demo that is killed itself leaves no EchoPilot behind: its end of the standard input is closed by then."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", LIVES_ON, stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == -signal.SIGKILL
