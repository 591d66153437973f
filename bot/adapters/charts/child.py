"""The program that draws one picture and ends; `bot.adapters.charts.painter` starts it.

In: a line of JSON, then the SVG. Out: a PNG. resvg holds Python's lock while it draws, so it must be another process.
"""

import os
import sys
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = ("Regular", "SemiBold")
ZOOM = 3  # pixels to a point


def main() -> None:
    """Draw what comes by standard input."""
    sys.path.insert(0, str(ROOT))
    from bot.adapters.processes import limits

    out = limits.own_output()
    order = limits.order()
    limits.die_with(order["parent"])
    import resvg_py

    fonts = files("fontpkg_ibm_plex_sans_arabic").joinpath("files")
    names = [str(file) for file in fonts.iterdir() if file.name.endswith(tuple(f"-{one}.ttf" for one in WEIGHTS))]
    limits.limit(order["bytes"], order["seconds"])
    try:
        svg = sys.stdin.buffer.read(order["size"]).decode()
        picture = resvg_py.svg_to_bytes(
            svg_string=svg, style_sheet=order["style"], font_files=names, skip_system_fonts=True, zoom=ZOOM
        )
        out.write(bytes(picture))
        out.flush()
    except MemoryError:
        os._exit(limits.NO_MEMORY)
    os._exit(0)


if __name__ == "__main__":
    main()
