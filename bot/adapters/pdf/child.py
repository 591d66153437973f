"""The program that makes one PDF and ends; `bot.adapters.pdf.typesetter` starts it.

In: a line of JSON, then the paper as JSON. Out: a PDF. Typst holds Python's lock while it sets, so it must be another
process.
"""

import os
import sys
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = Path(__file__).with_name("paper.typ")
THREADS = "1"  # of Rayon, which are started before there are limits


def main() -> None:
    """Set what comes by standard input."""
    sys.path.insert(0, str(ROOT))
    from bot.adapters.processes import limits

    out = limits.own_output()
    order = limits.order()
    limits.die_with(order["parent"])
    os.environ["RAYON_NUM_THREADS"] = THREADS
    import typst

    folder = files("fontpkg_ibm_plex_sans_arabic").joinpath("files")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    paper, template = sys.stdin.buffer.read(order["size"]).decode(), TEMPLATE.read_bytes()
    typst.compile(b"", font_paths=fonts, format="pdf")  # its threads are there from now on
    limits.limit(order["bytes"], order["seconds"])
    try:
        made: bytes = typst.compile(template, font_paths=fonts, format="pdf", sys_inputs={"paper": paper})
        out.write(made)
        out.flush()
    except MemoryError:
        os._exit(limits.NO_MEMORY)
    except Exception:  # noqa: BLE001 - whatever it is, there is no PDF, and it is not for a terminal
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
