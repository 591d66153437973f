"""The demo's parts that its own run does not prove."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.openai import prices
from bot.kernel.task_type import TaskType
from bot.kernel.translation import languages, pgettext_noop
from bot.locale import catalogs
from bot.ops.version import ROOT
from bot.settings import Settings
from sandbox.demo.kept import CannotGoOn, Kept
from sandbox.demo.providers import LOCAL_MODELS, DemoProviders
from sandbox.demo.words import MANY, SAID, SHOWN, chosen
from sandbox.openai import rules
from sandbox.openai.models import CHAT_MODELS, LOCAL, RULES
from sandbox.openai.prompt import Prompt

LIVES_ON = "from sandbox.demo.lifeline import end_with_the_parent; end_with_the_parent(); import time; time.sleep(60)"


def test_story_waits_for_sentences_that_there_are() -> None:
    """Each sentence that the story waits for is one of the code, in its context, so it is found in every language."""
    known: set[str] = set()
    for message in catalogs.template():
        ids = [message.id] if isinstance(message.id, str) else message.id
        known.update(pgettext_noop(message.context, one) if message.context else one for one in ids)
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


def test_wrong_settings_are_told(tmp_path: Path) -> None:
    """The demo that cannot start says what to do about it, by a code that is not 0."""
    env = os.environ | {"STRIPE_SECRET_KEY": "sk_live_1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sandbox.demo"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "STRIPE_SECRET_KEY: is a live key" in done.stderr


async def test_process_ends_with_its_parent() -> None:
    """A demo that is killed itself leaves no EchoPilot behind: its end of the standard input is closed by then."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", LIVES_ON, stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == -signal.SIGKILL


@dataclass
class Knowing:
    """A stand-in that knows one thing."""

    name: str
    fact: str = ""

    def memory(self) -> dict[str, Any]:
        """What it knows."""
        return {"fact": self.fact}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know it."""
        self.fact = memory["fact"]


def test_kept_demo_goes_on(tmp_path: Path) -> None:
    """What the stand-ins knew at the end they know at the next beginning; the first one has nothing to go on with."""
    first, later = Knowing("stripe", "paid"), Knowing("stripe")
    kept = Kept(tmp_path, [first])
    assert not kept.take_up()
    kept.begin()
    kept.database.touch()
    kept.keep()
    assert Kept(tmp_path, [later]).take_up()
    assert later.fact == "paid"


def test_killed_demo_does_not_go_on(tmp_path: Path) -> None:
    """Where a demo was killed its database is newer than what the stand-ins know, and it is said how to begin anew."""
    kept = Kept(tmp_path, [Knowing("stripe")])
    kept.keep()
    kept.database.touch()
    kept.begin()
    with pytest.raises(CannotGoOn, match=r"was killed.*rm -r"):
        Kept(tmp_path, [Knowing("stripe")]).take_up()


@pytest.mark.parametrize("known", [b"", b"nonsense", pickle.dumps({}), pickle.dumps({"stripe": {}})])
def test_what_cannot_be_read_is_told(tmp_path: Path, known: bytes) -> None:
    """What another version or another set of providers wrote is not taken up."""
    (tmp_path / "sandbox.pickle").write_bytes(known)
    with pytest.raises(CannotGoOn, match="rm -r"):
        Kept(tmp_path, [Knowing("stripe")]).take_up()


async def test_local_models_cost_nothing() -> None:
    """Under MODEL=local the names are those of who answers, each is known to the sandbox, and none costs anything."""
    settings = Settings.load(
        **DemoProviders({}).settings("http://127.0.0.1:1", 25, "sqlite:///demo.db"), **LOCAL_MODELS
    )
    answering = {settings.model_of(task_type) for task_type in TaskType} | {
        settings.judge_model,
        settings.fallback_model,
    }
    assert answering == {LOCAL, RULES}
    assert answering <= CHAT_MODELS.keys()
    assert [prices.cost(model, 10**6, 10**6, settings.model_prices) for model in answering] == [0, 0]


async def test_rules_draft_under_their_own_name() -> None:
    """What drafts after the small model failed is the rules, and so it is called."""

    class Small:
        async def write(self, prompt: str, max_tokens: int) -> str:
            return "small"

    prompt = Prompt(LOCAL, "Task type: Drafting", "", material={"brief": SAID["en"].good})
    assert await rules.answer(prompt, Small(), 100) == "small"
    assert (await rules.answer(replace(prompt, model=RULES), Small(), 100)).startswith("# ")
