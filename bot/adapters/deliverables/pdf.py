"""A tree as a PDF, by Typst: https://github.com/messense/typst-py. Only within the short process: Typst holds Python's
lock while it sets.
"""

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal
from unicodedata import category

import typst

from bot.adapters.deliverables import directions
from bot.adapters.deliverables.tree import Node, words_of

TEMPLATE = Path(__file__).with_name("deliverable.typ")
FONT_PACKAGES = ("fontpkg_ibm_plex_sans", "fontpkg_ibm_plex_sans_arabic")
MOST_SIGNS = 60  # without a letter in any font, that are looked for
_LONG = re.compile(r"[^\s\u0590-\u08ff]{6,}")  # letters that may stand apart, without a space
LINE, CELLS = 40, 90  # letters without a space that fit a line, and all cells of a table's row together
_NEXT = re.compile(r'the text `"(.+?)"` could not be displayed')
_INSTEAD = {"✅": "✔", "\ufe0f": "", "\u200d": ""}
_PROBE = '#set document(title: "-")\n#set text(font: "IBM Plex Sans", fallback: true)\n#sys.inputs.work'


class LettersMissing(Exception):
    """It is written in letters that none of the fonts has."""


def fonts() -> typst.Fonts:
    """Those of Latin, Greek, Cyrillic and Arabic letters, and those that Typst brings, with many signs."""
    folders = [str(files(package).joinpath("files")) for package in FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def start(known: typst.Fonts) -> None:
    """Have Typst start its threads, before there are limits."""
    typst.compile(b"", font_paths=known, format="pdf")


def pdf_of(blocks: Sequence[Node], title: str, language: str, whose: str, known: typst.Fonts) -> bytes:
    """The file. Raises LettersMissing; signs that no font has, such as most emoji, are left out."""
    absent = _absent(set(json.dumps([title, blocks], ensure_ascii=False)), known)
    work = {
        "title": _fit(title, absent),
        "whose": whose,
        "language": language.partition("-")[0],
        "rtl": directions.from_right(" ".join(words_of(blocks))),
        "blocks": [_fitted(block, absent) for block in blocks],
    }
    inputs = {"work": json.dumps(work)}
    try:
        return _compiled(TEMPLATE.read_bytes(), known, inputs)
    except typst.TypstError:  # what a reader aloud would stumble over is no reason to have none
        return _compiled(TEMPLATE.read_bytes(), known, inputs, accessible=False)


def _compiled(source: bytes, known: typst.Fonts, inputs: dict[str, str], *, accessible: bool = True) -> bytes:
    """accessible: by PDF/UA, which people can have read aloud, and which refuses signs that no font has:
    https://pdfa.org/resource/iso-14289-pdfua/
    """
    standards: Literal["ua-1"] | None = "ua-1" if accessible else None
    made: bytes = typst.compile(source, font_paths=known, format="pdf", sys_inputs=inputs, pdf_standards=standards)
    return made


def _absent(signs: set[str], known: typst.Fonts) -> str:
    """Those of the signs that no font has. Raises LettersMissing where letters are among them."""
    absent = "".join(sorted(sign for sign in signs if ord(sign) >= 0x1F000 or sign in _INSTEAD))
    odd = "".join(sorted(sign for sign in signs if ord(sign) > 0x17F and sign not in absent and not sign.isspace()))
    for _try in range(MOST_SIGNS):
        try:
            _compiled(_PROBE.encode(), known, {"work": odd})
        except typst.TypstError as error:
            found = _NEXT.search(str(error))
            if found is None:
                break
            if any(category(sign)[0] == "L" for sign in found[1]):
                raise LettersMissing from None
            absent += found[1]
            odd = "".join(sign for sign in odd if sign not in found[1])
        else:
            break
    return absent


def _fit(words: str, absent: str, most: int = LINE) -> str:
    """The words without such signs, and with a place to break where more letters than that have no space."""
    words = words.translate({ord(sign): _INSTEAD.get(sign, "") for sign in absent})

    def broken(found: re.Match[str]) -> str:
        long = found[0]
        return long if len(long) <= most else "\u200b".join(long[at : at + most] for at in range(0, len(long), most))

    return _LONG.sub(broken, words)


def _fitted(block: Node, absent: str) -> Node:
    """The block with words that can be set, in the width that there is."""
    match block["t"]:
        case "p" | "h":
            return block | {"c": _fitted_runs(block["c"], absent)}
        case "pre":
            return block | {"s": _fit(block["s"], absent)}
        case "quote":
            return block | {"c": [_fitted(one, absent) for one in block["c"]]}
        case "list":
            return block | {"items": [[_fitted(one, absent) for one in item] for item in block["items"]]}
        case "table":
            most = max(CELLS // block["columns"], 6)
            return block | {"rows": [[_fitted_runs(cell, absent, most) for cell in row] for row in block["rows"]]}
    return block


def _fitted_runs(runs: Sequence[Node], absent: str, most: int = LINE) -> list[Node]:
    return [
        run
        | {"s": _fit(run["s"], absent, most)}
        | ({"note": _fitted_runs(run["note"], absent)} if "note" in run else {})
        for run in runs
    ]
