"""`.env`: what in it would be dropped in silence, because nobody could read it or no setting has that name."""

import difflib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from dotenv.parser import Binding, parse_stream

LIKENESS = 0.8
SURER = 0.92  # in the environment, where many other programs' names stand too
# How other programs call what we ask for.
OTHER_NAMES = {
    "BOT_TOKEN": "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_TOKEN": "TELEGRAM_BOT_TOKEN",
    "ADMIN_ID": "ADMIN_TELEGRAM_IDS",
    "ADMIN_IDS": "ADMIN_TELEGRAM_IDS",
    "OPENAI_KEY": "OPENAI_API_KEY",
    "OPENAI_API_BASE": "OPENAI_BASE_URL",
    "OPENAI_MODEL": "DRAFT_MODEL",
    "STRIPE_API_KEY": "STRIPE_SECRET_KEY",
    "STRIPE_KEY": "STRIPE_SECRET_KEY",
    "STRIPE_SIGNING_SECRET": "STRIPE_WEBHOOK_SECRET",
    "NOTION_API_KEY": "NOTION_TOKEN",
    "NOTION_KEY": "NOTION_TOKEN",
    "NOTION_SECRET": "NOTION_TOKEN",
    "NOTION_PAGE_ID": "NOTION_PARENT_PAGE_ID",
    "SMTP_USER": "SMTP_USERNAME",
    "SMTP_PASS": "SMTP_PASSWORD",
    "SMTP_SERVER": "SMTP_HOST",
    "SMTP_FROM": "MAIL_FROM",
    "DB_URL": "DATABASE_URL",
    "HOST": "WEB_HOST",
    "PORT": "WEB_PORT",
}


def readable(path: Any) -> bool:
    """Whether the file is there and can be read."""
    return path is not None and not isinstance(_read(path), str)


def problems(path: Any, known: Collection[str]) -> list[str]:
    """What is wrong with the file itself, beside the values in it. known: the settings' names, in lower case."""
    if path is None or not Path(path).exists():
        return []
    lines = _read(path)
    if isinstance(lines, str):
        return [f"{path}: {lines}."]
    settings = {name.upper() for name in known}
    given = {line.key.upper(): line.value for line in lines if line.key and line.value}
    found = [
        f"{path}: line {_number(line)} is not NAME=value, and nothing of it is read." for line in lines if line.error
    ]
    return found + [words for name in given if (words := _misnamed(name, given, settings))]


def misspelt(environment: Collection[str], known: Collection[str]) -> list[str]:
    """Names in the environment that were meant to be a setting's, and are not quite."""
    settings = {name.upper() for name in known}
    given = {name.upper() for name in environment}
    unknown = sorted(name for name in given if name.removesuffix("_FILE") not in settings)
    alike = {name: _nearly(name.removesuffix("_FILE"), settings) for name in unknown}
    return [
        f"{name}: is no setting; did you mean {near}?" for name, near in alike.items() if near and near not in given
    ]


def _nearly(name: str, settings: Collection[str]) -> str:
    as_long = [setting for setting in settings if abs(len(setting) - len(name)) <= 2]
    return next(iter(difflib.get_close_matches(name, as_long, 1, SURER)), "")


def _number(line: Binding) -> int:
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _misnamed(name: str, given: Collection[str], settings: Collection[str]) -> str:
    """Words where the name in the file was meant to be a setting's, and does nothing."""
    if name in settings:
        return ""
    meant = name.removesuffix("_FILE")
    if meant in settings:
        return f"{name}: is read from the environment alone; set it there, or {meant} here."
    alike = difflib.get_close_matches(meant, settings, 1, LIKENESS)
    likely = OTHER_NAMES.get(name) or next(iter(alike), "")
    return f"{name}: is no setting; did you mean {likely}?" if likely and likely not in given else ""


def _read(path: Any) -> list[Binding] | str:
    """The file's lines, or why they cannot be read."""
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            return list(parse_stream(file))
    except FileNotFoundError:
        return "is not there"
    except IsADirectoryError:
        return "is a folder; EchoPilot reads a file of that name"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return "is no text in UTF-8; save it as UTF-8"
