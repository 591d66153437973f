"""Streams of what happened: nothing that a person wrote, is called or can be reached by ever comes out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ops.streams import REDACTED, Stream, line
from handlers.vocabulary import vocabulary
from tests.house import Providers

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KNOWN = vocabulary(Providers(url="http://127.0.0.1:1").settings("sqlite:///x.db", smtp_port=25))
ROWS: Mapping[Stream, dict[str, Any]] = {
    Stream.AUDIT: {
        "id": 1, "tenant": "main", "at": NOW, "action": "brief.queued", "subject": "brief:1042", "outcome": "done",
        "person_id": 1002, "telegram_id": 1001,
    },
    Stream.SLO_EVENTS: {
        "id": 1, "tenant": "main", "at": NOW, "subject": "slo:webhooks", "name": "burning",
        "data": {"severity": "page", "burn": 20.5},
    },
    Stream.PROMPT_USAGE: {
        "id": 1, "tenant": "main", "created_at": NOW, "purpose": "draft", "prompt_version": "draft/2",
        "model": "gpt-6-luna-2026-08-01", "outcome": "ok", "brief_id": 1042, "input_tokens": 9, "output_tokens": 9,
        "cost_micro_usd": 9, "latency_ms": 9,
    },
    Stream.SCHEDULER: {
        "id": 1, "tenant": "main", "job": "heartbeat", "state": "done", "commit": "a5c0ecfc1234", "scheduled_at": NOW,
        "started_at": NOW, "finished_at": NOW, "result": "fine",
    },
    Stream.STRIPE_WEBHOOKS: {
        "id": 1, "tenant": "main", "external_id": "evt_1Abc", "received_at": NOW, "processed_at": NOW, "attempts": 0,
        "error": None, "payload": {"type": "invoice.paid", "object": {"id": "in_1Abc"}},
    },
}  # fmt: skip
DIGITS = st.text("0123456789", min_size=9, max_size=12)
NAMES = st.sampled_from(["Zoë Quixote", "alice", "Nordwind Kuriere", "محمد علی", "O'Neill", "van der Berg"])
KINDS = {
    "mail": st.builds("{}@{}.example".format, st.text("abcdef.+", min_size=3).map(lambda s: f"a{s}"), st.just("acme")),
    "phone": st.builds("+4{}".format, DIGITS) | st.builds("004{}".format, DIGITS) | st.builds("14{}".format, DIGITS),
    "card": st.sampled_from(["4242424242424242", "4000 0566 5566 5556", "378282246310005"]),
    "account": st.sampled_from(["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"]),
    "name": NAMES,
    "chat": st.builds("-100{}".format, DIGITS) | DIGITS.map(lambda d: f"7{d}"),
    "secret": st.sampled_from(
        [
            "sk_live_51Habcdef",
            "whsec_abcdef",
            "ntn_abcdef",
            "sk-proj-abc",
            "123456789:AAabcdefghijklmnopqrstuvwxyz12345",
        ]
    ),
    "address": st.sampled_from(["https://nordwind.example/?token=1", "192.0.2.17", "Elbchaussee 1, 22765 Hamburg"]),
    "words": st.sampled_from(["Write a letter to my landlord", "refund me, it was late", "line\nbreak", '"},{"x":"']),
}


def fields(row: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Where texts stand in a row, as ways through it."""
    found: list[tuple[str, ...]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            found += [(name, *way) for way in fields(value)]
        elif isinstance(value, str) or value is None:
            found.append((name,))
    return found


def planted(row: Mapping[str, Any], way: tuple[str, ...], value: str) -> dict[str, Any]:
    name, *rest = way
    return {**row, name: planted(row[name], tuple(rest), value) if rest else value}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_nothing_of_people_comes_out(kind: str, data: st.DataObject) -> None:
    """A canary of each kind, planted in whichever text of whichever row, alone or among the program's own words."""
    canary = data.draw(KINDS[kind])
    stream = data.draw(st.sampled_from(list(Stream)))
    row = ROWS[stream]
    way = data.draw(st.sampled_from([way for way in fields(row) if way != ("tenant",)]))
    worded = data.draw(st.sampled_from(["{}", "brief:{}", "person:{}", "{}:1", "brief.{}", "/{}", "tap {}", "in_{} x"]))
    made = planted(row, way, worded.format(canary))
    assert canary not in orjson.dumps(line(stream, made, KNOWN)).decode()


@pytest.mark.parametrize("stream", Stream)
def test_what_the_program_wrote_comes_out(stream: Stream) -> None:
    """Of a row without anything of people nothing is taken out."""
    said = line(stream, ROWS[stream], KNOWN)
    assert REDACTED not in said.values()
    assert (said["stream"], said["id"], said["tenant"]) == (stream, 1, "main")


def test_fields() -> None:
    """Each stream says what it is there for."""
    assert line(Stream.AUDIT, ROWS[Stream.AUDIT], KNOWN)["subject"] == "brief:1042"
    assert line(Stream.PROMPT_USAGE, ROWS[Stream.PROMPT_USAGE], KNOWN)["cost_micro_usd"] == 9
    assert line(Stream.SCHEDULER, ROWS[Stream.SCHEDULER], KNOWN)["finished_at"] == "2026-11-28T12:00:00+00:00"
    assert line(Stream.STRIPE_WEBHOOKS, ROWS[Stream.STRIPE_WEBHOOKS], KNOWN)["object"] == "in_1Abc"
    assert line(Stream.SLO_EVENTS, ROWS[Stream.SLO_EVENTS], KNOWN)["burn"] == 20.5
