"""What the program makes of a reader that does not do as it should, and what the reader leaves itself."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.documents import process as reading_process
from bot.adapters.documents.process import ReadingProcesses
from bot.intake.ports import BrokenOff
from bot.ops.version import ROOT

READY = "import os, sys, time; print('{}', flush=True); "
READERS = {
    "says nothing": "pass",
    "says no JSON": "print('no JSON')",
    "says more than an answer": "\nwhile True: print('x' * 100_000)",
    "says a field too many": """print('{"reading": {"text": "x", "extent": ""}, "more": 1}')""",
    "says another shape": """print('{"reading": {"text": 5, "extent": ""}}')""",
    "says too long a text": """print('{"reading": {"text": "' + 'x' * 60_000 + '", "extent": ""}}')""",
    "says two things": """print('{"reading": {"text": "x", "extent": ""}}\\n' * 2)""",
    "says half of it": """print('{"reading": {"text": "x'); os.kill(os.getpid(), 11)""",
    "stays after its answer": """print('{"refused": "x"}', flush=True); os.close(1); time.sleep(60)""",
    "leaves others behind": "subprocess = __import__('subprocess'); subprocess.Popen(['sleep', '60']); time.sleep(60)",
}
LIMITED = """
import os, resource, sys
sys.path.insert(0, sys.argv[1])
from bot.adapters.processes import limits
limits.limit(100_000_000, 1)
def refused(work):
    try:
        work()
    except (MemoryError, OSError):
        return True
def write():
    with open(sys.argv[2], "w") as file:
        file.write("x")
opened = refused(lambda: [open(os.devnull) for _ in range(50)])
print(refused(lambda: bytearray(200_000_000)), refused(write), opened, flush=True)
while True:
    pass
"""


@pytest.mark.parametrize("does", READERS)
async def test_a_reader_is_not_trusted(does: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever a reader says or does, it is ended in time with all that it started, and its file was not read."""
    program = tmp_path / "reader.py"
    program.write_text(READY + READERS[does])
    monkeypatch.setattr(reading_process, "_CHILD", str(program))
    async with asyncio.timeout(10):
        with pytest.raises(BrokenOff) as refusal:
            await ReadingProcesses(0.2).read("stock.xlsx", b"x" * 1_000_000)
    assert str(refusal.value).endswith("Nothing was started and nothing is charged.")


async def test_a_reader_that_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A reader that ends before it has begun is a fault of ours, and not its file's."""
    program = tmp_path / "reader.py"
    program.write_text("raise SystemExit(7)")
    monkeypatch.setattr(reading_process, "_CHILD", str(program))
    with pytest.raises(RuntimeError, match="does not start"):
        await ReadingProcesses(1).read("stock.xlsx", b"x")


def test_what_a_reader_leaves_itself(tmp_path: Path) -> None:
    """It gets no more memory and files than it left itself, writes none, and ends when its processor time is over."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(ROOT), str(tmp_path / "out")], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True True True\n", "")
    assert done.returncode == -24  # SIGXCPU
