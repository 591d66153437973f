"""Logs: one JSON object a line, and no secret in any of them."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from sandbox.faults import Fault
from tests.eventually import eventually, nothing
from tests.house import ALICE, BRIEF, CAROL, Providers
from tests.logged import logged
from tests.platform.program import environment, running

TOKEN = "1234567890:AAHcanarycanarycanarycanarycanary-1"
ODD = 'can"ary\\of an odd\nshape'


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged, with two secrets known; afterwards logging is as it was."""
    with logged(TOKEN, "canary-key", ODD) as written:
        yield written


def test_no_secret_in_a_line(stream: io.StringIO) -> None:
    """A secret is masked in events, fields, libraries' messages and stack traces, and each line stays JSON."""
    log = structlog.get_logger("ours")
    log.info("with canary-key", url=f"https://api.telegram.org/bot{TOKEN}/getMe", deep={"list": ["canary-key"]})
    logging.getLogger("theirs").warning("calling %s", f"/bot{TOKEN}/getMe")
    try:
        raise ValueError(f"refused: {TOKEN}")
    except ValueError:
        log.exception("ours failed", error=ValueError("canary-key"))
        logging.getLogger("theirs").exception("theirs failed")
    lines = stream.getvalue().splitlines()
    assert [json.loads(line)["event"] for line in lines] == [
        "with [secret]",
        "calling /bot[secret]/getMe",
        "ours failed",
        "theirs failed",
    ]
    assert "canary" not in stream.getvalue()
    assert "ValueError: refused: [secret]" in json.loads(lines[3])["exception"]


def test_no_odd_secret_in_a_line(stream: io.StringIO) -> None:
    """A secret with characters that JSON escapes is masked as well."""
    structlog.get_logger("ours").info("signing in", password=ODD)
    assert json.loads(stream.getvalue())["password"] == "[secret]"


def test_text_that_is_no_text(stream: io.StringIO) -> None:
    """What cannot be written as UTF-8 is logged all the same, and secrets beside it are masked."""
    structlog.get_logger("ours").warning("odd \ud800", name="a\0b canary-key")
    [line] = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "odd \ud800"
    assert "canary-key" not in line


@pytest.mark.parametrize(
    "secret",
    [
        "9876543210:AAHothercanaryothercanaryothercanary",
        "sk-canarycanary",
        "sk_live_canarycanary",
        "rk_test_canarycanary",
        "whsec_canarycanary",
        "ntn_canarycanary",
        "secret_canarycanary",
    ],
)
def test_no_foreign_secret_in_a_line(stream: io.StringIO, secret: str) -> None:
    """What has the shape of a secret is masked although nobody told us of it."""
    structlog.get_logger("ours").info(f"somebody pasted {secret}")
    assert json.loads(stream.getvalue())["event"] == "somebody pasted [secret]"


async def test_no_secret_from_the_program(stand_ins: Providers, tmp_path: Path) -> None:
    """Providers that echo our secrets in their faults bring none into what the program prints, at any level."""
    settings = stand_ins.environment(f"sqlite:///{tmp_path}/echopilot.db")
    names = ("telegram_bot_token", "openai_api_key", "stripe_secret_key", "stripe_webhook_secret", "notion_token")
    secrets = [settings[name] for name in names]
    echo = f"fault at {' '.join(secrets)}"
    refused = {"object": "error", "status": 400, "code": "validation_error", "message": echo}
    at_notion = _answering("POST", 400, refused)
    alice, carol = stand_ins.telegram.person("Alice", id=ALICE), stand_ins.telegram.person("Carol", id=CAROL)
    async with running(environment(settings | {"log_level": "debug", "allow_dirty": True}), tmp_path) as lines:
        await carol.says("/start")
        await carol.sees("Welcome")
        stand_ins.telegram.faults.add(
            _answering("sendMessage", 400, {"ok": False, "error_code": 400, "description": echo})
        )
        stand_ins.notion.faults.add(at_notion)
        stand_ins.stripe.faults.add(_answering("POST", 400, {"error": {"type": "api_error", "message": echo}}))
        await carol.says("/help")
        await carol.says("/invite client")
        code = (await carol.sees("Invitation for")).text.partition("?start=")[2].split()[0]
        await alice.says(f"/start {code}")
        await alice.sees("Welcome")
        await alice.says("/billing Alice, alice@example.org, Germany")
        await alice.sees("Billing details saved")
        await alice.says(BRIEF)
        await alice.taps("Yes, start", await alice.sees("Nothing is spent until you say yes"))
        await alice.sees("Delivered")
        await carol.taps("Ask Stripe again", await carol.sees("· Refused by Stripe"))
        await alice.sees("To pay")
        await eventually(lambda: at_notion.times, nothing)
    masked = [line for line in lines if "fault at [secret] [secret] [secret] [secret] [secret]" in line]
    assert len(masked) >= 3
    assert [line for line in lines if any(secret in line for secret in secrets)] == []
    assert all(json.loads(line)["event"] for line in lines)


def _answering(where: str, status: int, body: dict[str, object]) -> Fault:
    return Fault(where, "status", status=status, body=json.dumps(body))
