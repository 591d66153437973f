"""Tracebacks in the log: one line of JSON each, and no word of anybody's in them."""

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator

import pysqlite3.dbapi2 as sqlite3
import pytest
import structlog
from pydantic import BaseModel, Field
from sqlalchemy import create_engine, text

from bot.ops.logs import logs
from tests.logged import logged

CANARY = "canary of Alice, alice@canary.example, +49 canary"


class Told(BaseModel):
    number: int
    names: dict[str, int] = Field(default={})


def quoted_by_pydantic() -> None:
    Told.model_validate({"number": CANARY, "names": {CANARY: CANARY}})


def quoted_by_a_number() -> None:
    int(CANARY)


def quoted_by_json() -> None:
    json.loads(f'{{"{CANARY}": {CANARY}}}')


def quoted_by_a_key() -> None:
    {"a": 1}[CANARY]


def quoted_by_bytes() -> None:
    (CANARY.encode() + b"\xff").decode()


def quoted_by_us() -> None:
    raise ValueError(f"no brief begins with {CANARY}")


def quoted_in_a_note() -> None:
    error = RuntimeError("something")
    error.add_note(CANARY)
    raise error


def quoted_by_the_cause() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise RuntimeError(f"brief of {CANARY}") from error


def quoted_while_handling() -> None:
    try:
        {"a": 1}[CANARY]
    except KeyError:
        raise LookupError(CANARY)  # noqa: B904


def quoted_in_a_group() -> None:
    raise ExceptionGroup(CANARY, [ValueError(CANARY), ExceptionGroup("inner", [KeyError(CANARY)])])


def quoted_by_a_statement() -> None:
    options = {"creator": lambda: sqlite3.connect(":memory:"), "module": sqlite3, "hide_parameters": True}
    engine = create_engine("sqlite://", **options)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM nowhere WHERE a = :words"), {"words": CANARY})
    finally:
        engine.dispose()


def quoted_by_a_path() -> None:
    open(f"/{CANARY}/file").close()  # noqa: PTH123


QUOTED = [value for name, value in list(globals().items()) if name.startswith("quoted_")]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged; afterwards logging is as it was."""
    with logged() as written:
        yield written


@pytest.mark.parametrize("fault", QUOTED, ids=[fault.__name__ for fault in QUOTED])
def test_no_words_in_a_traceback(stream: io.StringIO, fault: Callable[[], None]) -> None:
    """Whatever quotes what it was given: the traceback says where and of which kind, and none of the words."""
    brief = CANARY  # a local variable beside it  # noqa: F841
    try:
        fault()
    except Exception:
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("theirs").exception("failed")
    ours, theirs = stream.getvalue().splitlines()
    for line in (ours, theirs):
        trace = json.loads(line)["exception"]
        assert "canary" not in line
        assert f"in {fault.__name__}" in trace
        assert trace.startswith("Traceback (most recent call last):")


def test_what_is_told(stream: io.StringIO) -> None:
    """What stands in the code is told, and what a safe kind of error says of itself."""
    for fault in (quoted_by_us, quoted_by_a_statement, lambda: None + 1):  # type: ignore[operator]
        try:
            fault()
        except Exception:  # noqa: BLE001
            structlog.get_logger("ours").exception("failed")
    first, second, third = (json.loads(line)["exception"].splitlines()[-1] for line in stream.getvalue().splitlines())
    assert first == "ValueError: no brief begins with …"
    assert second == "sqlalchemy.exc.OperationalError: no such table: nowhere"
    assert third.startswith("TypeError: unsupported operand type(s) for +")


def test_mail_addresses_in_a_line(stream: io.StringIO) -> None:
    """An address that a provider quotes is masked wherever it stands in a line."""
    structlog.get_logger("ours").warning("refused", error="Invalid email address: alice.b+c@mail.example.org")
    assert json.loads(stream.getvalue())["error"] == "Invalid email address: [mail]"


def test_faults_that_nobody_caught(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody caught, in whichever thread, is a line of the log too."""
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    logs.catch_all()
    logging.captureWarnings(capture=False)
    try:
        quoted_by_us()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=quoted_by_us)
    thread.start()
    thread.join()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["level"] for line in lines] == ["critical", "critical"]
    assert "alice" not in stream.getvalue()
