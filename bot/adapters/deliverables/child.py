"""The program that makes one file of finished work and ends; `bot.adapters.deliverables.maker` starts it.

In: a line of JSON, then the text as Markdown. Out: a Word file or a PDF. What it reads was written by a model or a
client: it may be made to take long, or much memory, and is never run.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
THREADS = "1"  # of Rayon, which are started before there are limits
LETTERS_MISSING = 5  # the code that it ends with where no font has them


def main() -> None:
    """Make the file of what comes by standard input."""
    sys.path.insert(0, str(ROOT))
    from bot.adapters.processes import limits

    out = limits.own_output()
    order = limits.order()
    limits.die_with(order["parent"])
    text = sys.stdin.buffer.read(order["size"]).decode()
    try:
        out.write(_made(order, text))
        out.flush()
    except MemoryError:
        os._exit(limits.NO_MEMORY)
    except Exception as error:  # noqa: BLE001 - whatever it is, there is no file, and it is not for a terminal
        os._exit(LETTERS_MISSING if type(error).__name__ == "LettersMissing" else 1)
    os._exit(0)


def _made(order: dict[str, str], text: str) -> bytes:
    from bot.adapters.deliverables.tree import tree_of
    from bot.adapters.processes import limits

    about = (order["title"], order["language"], order["whose"])
    if order["format"] == "pdf":
        os.environ["RAYON_NUM_THREADS"] = THREADS
        from bot.adapters.deliverables import pdf

        fonts = pdf.fonts()
        pdf.start(fonts)
        limits.limit(int(order["bytes"]), float(order["seconds"]))
        return pdf.pdf_of(tree_of(text), *about, fonts)
    from bot.adapters.deliverables.word import word_of

    limits.limit(int(order["bytes"]), float(order["seconds"]))
    return word_of(tree_of(text), *about)


if __name__ == "__main__":
    main()
