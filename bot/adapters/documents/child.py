"""The program that reads one file and ends; `bot.adapters.documents.process` starts it, and trusts nothing it says.

In: a line of JSON; then, once a line came back, the file's bytes. Out: that line, and an answer.
Whatever the file makes of it, it can take only the memory, time and files that it left itself, starts no other process
and writes no file; and it dies with the program that started it.
"""

import importlib
import os
import sys
from pathlib import Path, PurePath
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# What is loaded before the clock starts, by a file's ending.
LIBRARIES = {".docx": "docx", ".pdf": "pypdf", ".xlsx": "openpyxl", ".xlsm": "openpyxl", ".xls": "python_calamine"}


def main() -> None:
    """Read the file that comes by standard input."""
    sys.path.insert(0, str(ROOT))
    from bot.adapters.processes import limits

    out = limits.own_output()
    order = limits.order()
    limits.die_with(order["parent"])
    from bot.adapters.documents import documents
    from bot.kernel.translation import reading_as

    reader = _reader(order["language"])
    if library := LIBRARIES.get(PurePath(order["name"]).suffix.lower()):
        importlib.import_module(library)
    limits.limit(order["bytes"], order["seconds"])
    limits.say(out, {})
    try:
        with reading_as(reader):
            limits.say(out, _answer(documents, order, sys.stdin.buffer.read(order["size"])))
    except MemoryError:
        os._exit(limits.NO_MEMORY)
    os._exit(0)


def _reader(language: str) -> Any:
    """Whoever sent the file, with the sentences of their language."""
    from bot.kernel.translation import SOURCE_LANGUAGE, Reader, best_language, number, reading_as

    if language != SOURCE_LANGUAGE:
        from bot.locale import catalogs

        catalogs.install_all()
    reader = Reader(best_language(language))
    with reading_as(reader):
        number(1)  # what CLDR knows of the language is read before memory and files are limited
    return reader


def _answer(documents: Any, order: dict[str, Any], data: bytes) -> dict[str, Any]:
    from bot.adapters.processes import limits
    from bot.kernel.errors import Refusal

    try:
        reading = documents.read_here(order["name"], data, order["seconds"], order["mime_type"])
    except documents.OutOfTime:
        os._exit(limits.NO_TIME)
    except Refusal as refusal:
        if limits.at_the_limit(order["bytes"]):
            os._exit(limits.NO_MEMORY)
        cause = refusal.__cause__
        why = f"{type(cause).__name__}: {cause}"[:500] if cause is not None else ""
        return {"refused": str(refusal), "why": why}
    return {"reading": {name: getattr(reading, name) for name in reading.__dataclass_fields__}}


if __name__ == "__main__":
    main()
