"""Streams of what happened, one JSON object a line: for whoever collects logs, and so without anything of people.

Nothing passes by looking harmless: of each field only what the program itself can have written is let through (a word
out of its own vocabulary, a number, an id of a known shape), and everything else is `REDACTED`. Texts of people, names,
addresses and chats have no field at all. Pure.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

REDACTED = "[redacted]"
Row = Mapping[str, Any]
# What happens is about: of these kinds the number is ours. Of a chat it is a person's own at Telegram.
KINDS = frozenset(
    (
        *("alert", "approval", "attachment", "brief", "budget", "client", "duel", "duty", "entry", "flag", "incident"),
        *(
            "invite",
            "invoice",
            "job",
            "mismatch",
            "payout",
            "person",
            "price",
            "prompt",
            "provider",
            "refund",
            "remark",
        ),
        *("repair", "room", "slo", "target", "task", "tenant", "thread"),
    )
)
_NUMBER = re.compile(r"\d{1,9}")  # longer ones may be a phone number, or a person at Telegram
_TENANT = re.compile(r"[a-z][a-z0-9-]{0,39}")
_COMMIT = re.compile(r"(?=\d*[a-f])[0-9a-f]{7,12}(?:-dirty)?|v\d+\.\d+\.\d+")
_STRIPE_ID = re.compile(r"(?:ch|cn|cus|dp|du|evt|ii|il|in|inpay|pi|po|py|pyr|re|txn|txr)_[A-Za-z0-9_]{1,80}")
_MODEL = re.compile(r"[a-z][a-z0-9]{1,20}(?:[-.:/][a-z0-9]{1,12}){0,6}")
_VERSION = re.compile(
    r"(?:draft|judge|intake|compare)/(?:(?:Research|Drafting|Data-transform|Transcription|Other)/)?\d{1,9}"
)


class Stream(StrEnum):
    """A stream, by the name of its file."""

    AUDIT = "audit"
    SLO_EVENTS = "slo_events"
    PROMPT_USAGE = "prompt_usage"
    SCHEDULER = "scheduler"
    STRIPE_WEBHOOKS = "stripe_webhooks"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that the program itself writes. actions: of the audit trail. models: those that the settings name.
    event_types: of the payment provider, those that are acted on; others are "other".
    """

    actions: Collection[str]
    outcomes: Collection[str]
    jobs: Collection[str]
    levels: Collection[str]
    purposes: Collection[str]
    models: Collection[str]
    event_types: Collection[str]


RUN_STATES = ("waiting", "running", "done", "failed", "missed", "paused", "installed")
CALL_OUTCOMES = ("ok", "refused", "cut", "filtered", "malformed", "failed")
SEVERITIES = ("page", "ticket")
LEVEL_EVENTS = ("burning", "calm", "budget")


def line(stream: Stream, row: Row, known: Vocabulary) -> dict[str, Any]:
    """What the stream says of a row."""
    return {"stream": stream.value, "id": _number(row["id"]), "tenant": _shaped(row["tenant"], _TENANT)} | _MAKERS[
        stream
    ](row, known)


def _audit(row: Row, known: Vocabulary) -> dict[str, Any]:
    return {
        "at": _time(row["at"]),
        "action": _word(row["action"], known.actions),
        "subject": _subject(row["subject"]),
        "outcome": _word(row["outcome"], known.outcomes),
        "person": _number(row["person_id"]),
    }


def _slo_event(row: Row, known: Vocabulary) -> dict[str, Any]:
    data = row["data"] if isinstance(row["data"], Mapping) else {}
    return {
        "at": _time(row["at"]),
        "level": _word(str(row["subject"]).partition(":")[2], known.levels),
        "event": _word(row["name"], LEVEL_EVENTS),
        "severity": _word(data.get("severity"), SEVERITIES),
        **{name: _number(data.get(name)) for name in ("burn", "used_percent", "bad", "total")},
    }


def _prompt_usage(row: Row, known: Vocabulary) -> dict[str, Any]:
    numbers = ("brief_id", "input_tokens", "output_tokens", "cost_micro_usd", "latency_ms")
    return {
        "at": _time(row["created_at"]),
        "purpose": _word(row["purpose"], known.purposes),
        "prompt_version": _shaped(row["prompt_version"], _VERSION),
        "model": _model(row["model"], known.models),
        "outcome": _word(row["outcome"], CALL_OUTCOMES),
        **{name: _number(row[name]) for name in numbers},
    }


def _run(row: Row, known: Vocabulary) -> dict[str, Any]:
    times = ("scheduled_at", "started_at", "finished_at")
    return {
        "job": _word(row["job"], known.jobs),
        "state": _word(row["state"], RUN_STATES),
        "commit": _shaped(row["commit"], _COMMIT),
        **{name: _time(row[name]) for name in times},
    }


def _webhook(row: Row, known: Vocabulary) -> dict[str, Any]:
    payload = row["payload"] if isinstance(row["payload"], Mapping) else {}
    thing = payload.get("object")
    return {
        "at": _time(row["received_at"]),
        "event": _shaped(row["external_id"], _STRIPE_ID),
        "type": payload["type"] if payload.get("type") in known.event_types else "other",
        "object": _shaped(thing.get("id") if isinstance(thing, Mapping) else None, _STRIPE_ID),
        "dealt_with_at": _time(row["processed_at"]),
        "tries": _number(row["attempts"]),
        "noted": row["error"] is not None,
    }


_MAKERS: Mapping[Stream, Callable[[Row, Vocabulary], dict[str, Any]]] = {
    Stream.AUDIT: _audit,
    Stream.SLO_EVENTS: _slo_event,
    Stream.PROMPT_USAGE: _prompt_usage,
    Stream.SCHEDULER: _run,
    Stream.STRIPE_WEBHOOKS: _webhook,
}


def _word(value: object, known: Collection[str]) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) and value in known else REDACTED


def _shaped(value: object, shape: re.Pattern[str]) -> str | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) and shape.fullmatch(value) else REDACTED


def _model(value: object, known: Collection[str]) -> str | None:
    """A model that the settings name, or the dated one that a provider served in its place."""
    if isinstance(value, str) and any(value == one or value.startswith(f"{one}-") for one in known if one):
        return _shaped(value, _MODEL)
    return REDACTED if value else None


def _subject(value: object) -> str | None:
    """ "brief:1042"; of what is no number only its kind."""
    kind, _between, rest = str(value).partition(":")
    number = rest.partition(":")[0]
    if kind not in KINDS:
        return REDACTED
    return f"{kind}:{number}" if _NUMBER.fullmatch(number) else kind


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _time(value: object) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else None
