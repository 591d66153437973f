"""Pages made from the code: docs/commands.md, docs/jobs.md, docs/events.md, docs/privacy.md, docs/settings.md and
.env.example; the names of languages; and the newest schema of a SQLite file.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from bot.access.model import Role
from bot.areas import EVENTS, reactions
from bot.checks import language_names
from bot.checks.checks import PlainChecks
from bot.config.reading import is_secret
from bot.kernel.events import Reaction
from bot.ops.version import ROOT
from bot.privacy.register import catalog as register
from bot.quality.model import Floors
from bot.review.model import Escalation, ReviewPolicy
from bot.settings import GROUPS, Settings
from handlers.catalog import COMMANDS, WITH_SUBJECT, commands_of
from handlers.routing.router import Command, RequestHandler
from jobs.catalog import JOBS
from storage.migrations import structure
from storage.migrations.migrate import newest_structure

MADE = "<!-- Made by `python -m bot docs`; do not edit. -->"
# Who reacts does not depend on it.
ANY_POLICY = ReviewPolicy(Floors({}), 1, Escalation(*[timedelta()] * 5), PlainChecks(lambda _: {}))
MISFIRE = {"catch up": "run once, late", "report": "recorded as missed"}


def write(say: Callable[[str], None], *, check: bool, root: Path = ROOT) -> int:
    """Write the pages below `root` where they differ from the code, or, with `check`, only name those that do.

    Returns 1 where a runbook is missing or, with `check`, a page is stale; else 0.
    """
    made = pages()
    stale = [name for name, text in made.items() if _read(root / name) != text]
    missing = [f"docs/runbooks/{job.name}.md" for job in JOBS]
    missing = [name for name in missing if not (root / name).is_file()]
    for name in stale:
        if check:
            say(f"{name} is not what the code says; run `python -m bot docs`.")
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(made[name], encoding="utf-8")
            say(f"{name} written")
    for name in missing:
        say(f"{name} is missing; write what the job does, how it is seen to fail, and what to do then.")
    return 1 if missing or (check and stale) else 0


def pages() -> Mapping[str, str]:
    """Every made page, as text by its path below the root."""
    return {
        "docs/commands.md": commands_page(),
        "docs/jobs.md": jobs_page(),
        "docs/events.md": events_page(),
        "docs/privacy.md": privacy_page(),
        "docs/settings.md": settings_page(),
        ".env.example": env_example(),
        str(language_names.FILE.relative_to(ROOT)): language_names.as_made(),
        str(structure.FILE.relative_to(ROOT)): newest_structure(),
    }


def commands_page() -> str:
    """The command table, for people."""
    rows = [f"| /{c.name} | {c.summary} | {_who_may(c)} | {c.place.value} | `{c.example}` |" for c in COMMANDS]
    subjects = [f"| /{name}_… | {_first_line(handler)} |" for name, handler in WITH_SUBJECT.items()]
    return _page(
        "Commands",
        "What a person may write to the bot. A role that a row does not name is refused. Everybody includes people "
        "whom nobody invited. What is asked in a group is answered there where the row says so, else in the private "
        "chat, and the group is told. An admin makes a group a team room by `/here`.",
        "| command | what it does | who may | answered in groups | example |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "Cards also name things by a command with an underscore, to be tapped: `/brief_1042`, `/job_heartbeat`.",
        "",
        "| command | what it shows |",
        "|---|---|",
        *subjects,
    )


def jobs_page() -> str:
    """The job catalogue, for people."""
    rows = [
        f"| [{job.name}](runbooks/{job.name}.md) | `{job.cron}` | {MISFIRE[job.misfire]} | {job.timeout:g} s "
        f"| {job.summary} |"
        for job in JOBS
    ]
    return _page(
        "Jobs",
        "Scheduled jobs. Times are cron times in UTC (minute, hour, day, month, day of the week); the setting "
        "`JOB_TIMES` changes them. Days of the week are names (`mon`), or numbers from 0 (Sunday) to 7 (Sunday "
        "again). “Missed” says what becomes of a time that passed while no clock ran. Each name leads to a "
        "runbook; `/jobs` in the chat shows the runs.",
        "| job | when | missed | time-out | what it does |",
        "|---|---|---|---|---|",
        *rows,
    )


def settings_page() -> str:
    """Every setting in its group, for people."""
    lines: list[str] = []
    for heading, names in groups().items():
        lines += ["", f"## {heading}", "", "| setting | default | what it is |", "|---|---|---|"]
        for name in names:
            field = Settings.model_fields[name]
            default = "required" if field.is_required() else f"`{plain(field)}`" if plain(field) else "not set"
            secret = " Secret." if is_secret(field) else ""
            words = str(field.description).replace("|", "\\|")
            lines.append(f"| `{name.upper()}` | {default} | {words}{secret} |")
    return _page(
        "Settings",
        "Read from the environment, else from the file that `<NAME>_FILE` in the environment points at, else from "
        "`.env` in the current folder. Empty means not set. All problems are named at once when EchoPilot starts. "
        "Secret values are masked in the logs.",
        *lines[1:],
    )


def events_page() -> str:
    """What each area says happened, and who reacts."""
    listeners = reactions(ANY_POLICY, mirrored=True, kept=True)
    lines: list[str] = []
    for area, events in EVENTS.items():
        lines += ["", f"## {area}", "", "| event | what happened | who reacts |", "|---|---|---|"]
        for name, what in sorted(events.items()):
            areas = dict.fromkeys(_area_of(reaction) for reaction in listeners.get(name, ()))
            lines.append(f"| `{name}` | {what} | {', '.join(areas)} |")
    return _page(
        "Events",
        "What an area says happened, by `bot.audit.service.record`; areas that react do so in the same transaction, in "
        "this order, and call no provider. The event is kept by the part after the dot, with its subject.",
        *lines[1:],
    )


def privacy_page() -> str:
    """What is kept of people, column by column."""
    intro = (
        "Every column of the database: what of a person it holds, what for, by which right (Art. 6(1) GDPR), how long, "
        "and what `/privacy` does to it. `tests/bot/privacy/test_register.py` fails where a column is not declared."
    )
    return _page("Register of personal data", intro, *register.page())


def _area_of(reaction: Reaction) -> str:
    return reaction.__module__.split(".")[1]


def env_example() -> str:
    """A `.env` to begin with: what is required stands empty, the rest is commented out with its default."""
    lines = ["# Copy to .env and fill in what is empty. Made by `python -m bot docs`; do not edit."]
    for heading, names in groups().items():
        lines += ["", f"# {heading.upper()}"]
        for name in names:
            field = Settings.model_fields[name]
            mark = "" if field.is_required() else "# "
            lines += [f"# {field.description}", f"{mark}{name.upper()}={plain(field)}"]
    return "\n".join([*lines, ""])


def groups() -> dict[str, list[str]]:
    """The settings below the headings of their groups."""
    found = {str(group.__doc__): [name for name in group.__annotations__] for group in GROUPS}
    assert [name for names in found.values() for name in names] == list(Settings.model_fields)
    return found


def plain(field: FieldInfo) -> str:
    """The default as it is written in the environment; empty where there is none."""
    value: Any = field.default
    if field.is_required() or value is None or value in ((), {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _who_may(command: Command) -> str:
    roles = [role.value for role in Role if command in commands_of(role)]
    return "everybody" if len(roles) == len(Role) else ", ".join(roles)


def _first_line(handler: RequestHandler) -> str:
    return (inspect.getdoc(handler) or "").partition("\n")[0]


def _page(title: str, *lines: str) -> str:
    return "\n".join([f"# {title}", "", MADE, "", lines[0], "", *lines[1:], ""])


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
