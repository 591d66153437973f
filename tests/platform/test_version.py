"""Every run is stamped with its commit, and a changed tree does not run live."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.ops.version import ROOT
from tests.house import CAROL, Providers
from tests.platform.program import environment, run, running


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git repository with the program in it, all of it committed; what is compiled comes along, uncommitted."""
    copy = tmp_path / "checkout"
    for folder in ("bot", "handlers", "jobs", "web", "storage"):
        shutil.copytree(ROOT / folder, copy / folder)
    (copy / ".gitignore").write_text("__pycache__/\n")
    _git(copy, "init", "--quiet")
    _git(copy, "add", ".")
    _git(copy, "-c", "user.name=Carol", "-c", "user.email=carol@example.org", "commit", "--quiet", "-m", "The program")
    return copy


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()


async def test_a_changed_tree_is_refused(checkout: Path, stand_ins: Providers) -> None:
    """With an uncommitted change `run` says what to do and ends with code 2, before it calls anybody."""
    with (checkout / "jobs" / "ops.py").open("a") as file:
        file.write("\nCHANGED = True\n")
    env = environment(stand_ins.environment("sqlite:///echopilot.db")) | {"PYTHONPATH": str(checkout)}
    code, printed = await run("run", env=env, cwd=checkout)
    assert code == 2
    assert "changes that are not committed" in printed
    assert "ALLOW_DIRTY=true" in printed
    assert stand_ins.telegram.sent("getMe") == 0


@pytest.mark.parametrize("changed", [False, True])
async def test_what_runs_is_stamped(checkout: Path, stand_ins: Providers, changed: bool) -> None:
    """A clean tree runs as its commit; a changed one runs where ALLOW_DIRTY allows it, and says that it is dirty.

    Whose the tree is does not matter: to git it is somebody else's here, as root's is to the user of a service.
    """
    commit = _git(checkout, "rev-parse", "--short=12", "HEAD")
    settings = stand_ins.environment("sqlite:///echopilot.db")
    if changed:
        with (checkout / "jobs" / "ops.py").open("a") as file:
            file.write("\nCHANGED = True\n")
        settings["allow_dirty"] = True
    carol = stand_ins.telegram.person("Carol", id=CAROL)
    env = environment(settings) | {"PYTHONPATH": str(checkout), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    async with running(env, checkout) as lines:
        await carol.says("/start")
        await carol.sees("Welcome", timeout=30)
    expected = f"{commit}-dirty" if changed else commit
    assert any(f'"version":"{expected}"' in line for line in lines)
