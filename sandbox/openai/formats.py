"""The form that a brief asks for, and whether a draft has it: a file format, columns, an end."""

import csv
import io
import json
import re
from collections.abc import Mapping
from itertools import takewhile

_WANTED = re.compile(
    r"\b(?:as|in|into|to|is|format:?|make|return|only the|answer with the)\s+(?:an? |the |valid |this |plain )*"
    r"(json|csv|markdown table)\b",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\bcolumns:? ([^.:\n]+)", re.IGNORECASE)
_ENDED = re.compile(r"[.!?:;…۔؟।。)\]}*>|`\"”’'_]$")
_MARKUP = re.compile(r"^\s*(?:#|[-*•] |\d+[.)] |\||>)")
_PROSE_WORDS = 6  # a shorter last line may be a signature or a heading


def missing_form(draft: str, brief: str, said: Mapping[str, str]) -> str:
    """What the draft lacks of the form that the brief asks for, as a reason; empty where it lacks nothing.

    said: the judge's sentences.
    """
    wanted = _WANTED.search(brief)
    if wanted:
        kind = wanted[1].lower()
        if not _IS[kind](draft):
            return said["table"] if kind == "markdown table" else said["form"].format(kind=kind.upper())
        header = draft.strip().splitlines()[0].lower()
        lost = [name for name in _columns(brief) if name.lower() not in header]
        if kind != "json" and lost:
            return said["column"].format(name=lost[0])
    return said["broken off"] if _breaks_off(draft) else ""


def _columns(brief: str) -> list[str]:
    found = _COLUMNS.search(brief)
    named = [] if found is None else [name.strip() for name in re.split(r",| and ", found[1])]
    return list(takewhile(lambda name: 0 < len(name.split()) <= 3, named))


def _is_json(draft: str) -> bool:
    try:
        json.loads(re.sub(r"^```\w*\n|\n```$", "", draft.strip()))
    except ValueError:
        return False
    return True


def _is_csv(draft: str) -> bool:
    rows = list(csv.reader(io.StringIO(re.sub(r"^```\w*\n|\n```$", "", draft.strip()))))
    return len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1


def _is_table(draft: str) -> bool:
    return re.search(r"^\|.*\|\n\|[-| :]+\|$", draft, re.MULTILINE) is not None


_IS = {"json": _is_json, "csv": _is_csv, "markdown table": _is_table}


def _breaks_off(draft: str) -> bool:
    """Whether the last line is prose, or a point of a list whose other points end in a full stop, without an end."""
    lines = [line.strip() for line in draft.splitlines() if line.strip()]
    last = lines[-1]
    if _ENDED.search(last) or len(last.split()) < _PROSE_WORDS or last.startswith(("|", "#")):
        return False
    if not _MARKUP.match(last):
        return True
    points = [line for line in lines[:-1] if _MARKUP.match(line) and line[0] == last[0] and line[0] not in "#|"]
    return bool(points) and all(line.endswith((".", "۔", "।", "。")) for line in points)
