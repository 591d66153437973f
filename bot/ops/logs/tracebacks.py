"""Tracebacks for the log: where a fault came from, without what people wrote.

An exception's text often quotes what it was given: a brief, a name, an address. So of each text only that is kept which
stands in the code that raised it, and what a safe kind of error says of itself.
"""

import traceback
from collections.abc import Callable, Iterator
from itertools import groupby
from types import TracebackType

FRAMES = 40
SHORTEST = 3  # letters of a text in the code that are told again
HIDDEN = "…"
MASKED = "[secret]"
# What these say names types, attributes and modules, and no values.
SAFE = (TypeError, AttributeError, NameError, ImportError, RecursionError, ZeroDivisionError)


def formatted(error: BaseException, scrub: Callable[[str], str]) -> str:
    """The error with its causes and its groups. scrub: takes secrets out of what is told."""
    return "\n".join(_lines(error, scrub, set()))


def told(error: BaseException, scrub: Callable[[str], str]) -> str:
    """The error's kind, and what may be said of its text."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    words = _words(error, scrub)
    return f"{name}: {words}" if words else name


def _lines(error: BaseException, scrub: Callable[[str], str], seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause, context = error.__cause__, None if error.__suppress_context__ else error.__context__
    before = cause or context
    if before is not None and id(before) not in seen:
        yield from _lines(before, scrub, seen)
        yield "The next is because of it:" if cause else "While that was dealt with:"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(error.__traceback__, -FRAMES)).rstrip("\n")
    yield told(error, scrub)
    for number, inner in enumerate(getattr(error, "exceptions", ()), start=1):
        if isinstance(inner, BaseException) and id(inner) not in seen:
            yield f"Number {number} of the group:"
            yield from _lines(inner, scrub, seen)


def _words(error: BaseException, scrub: Callable[[str], str]) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""
    inner = getattr(error, "orig", error)
    if state := getattr(inner, "sqlstate", None):
        return f"SQLSTATE {state}"
    if getattr(inner, "sqlite_errorname", ""):  # its words name tables and columns, and no values
        return str(inner)
    text = scrub(" ".join(str(error).split()))
    return text if isinstance(error, SAFE) else _known(text, _raised_by(error.__traceback__))


def _raised_by(trace: TracebackType | None) -> list[str]:
    """The texts in the code that raised it."""
    if trace is None:
        return []
    while trace.tb_next is not None:
        trace = trace.tb_next
    found = (" ".join(text.split()) for text in trace.tb_frame.f_code.co_consts if isinstance(text, str))
    return [text for text in found if len(text) >= SHORTEST]


def _known(text: str, constants: list[str]) -> str:
    """The text with everything hidden that is not written in the code."""
    kept = [False] * len(text)
    for part in (MASKED, *constants):
        at = text.find(part)
        while at >= 0:
            kept[at : at + len(part)] = [True] * len(part)
            at = text.find(part, at + len(part))
    marked = zip(text, kept, strict=True)
    runs = (("".join(letter for letter, _ in run), keep) for keep, run in groupby(marked, key=lambda one: one[1]))
    return "".join(run if keep or not run.strip() else f" {HIDDEN} " for run, keep in runs).strip()
