"""Formulas of Office Math, written in a line, so that ½ is not read as 12.

https://learn.microsoft.com/openspecs/office_standards/ms-docx (ECMA-376, part 1, 22.1).
"""

from collections.abc import Callable
from typing import Any

from bot.kernel.text.placing import above, below, whole

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def formula(element: Any) -> str:
    """A formula, or a part of one, in a line."""
    return "".join(map(_piece, element)) if element is not None else ""


def _piece(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag.endswith("Pr"):
        return ""
    name = element.tag.removeprefix(M)
    if name == "r":
        return "".join(one.text or "" for one in element.iter(f"{M}t"))
    return _WRITTEN[name](element) if name in _WRITTEN else formula(element)


def _part(element: Any, name: str) -> str:
    return formula(element.find(f"{M}{name}"))


def _parts(element: Any, name: str) -> list[str]:
    return [formula(one) for one in element.findall(f"{M}{name}")]


def _sign(element: Any, name: str, usual: str) -> str:
    """A sign that the properties of an element name."""
    found = element.find(f"{M}{element.tag.removeprefix(M)}Pr/{M}{name}")
    return usual if found is None else found.get(f"{M}val") or ""


def _fraction(element: Any) -> str:
    return f"{whole(_part(element, 'num'))}/{whole(_part(element, 'den'))}"


def _scripts(element: Any) -> str:
    base = _part(element, "e")
    scripts = below(_part(element, "sub")) + above(_part(element, "sup"))
    return scripts + base if element.tag == f"{M}sPre" else (whole(base) if scripts else base) + scripts


def _root(element: Any) -> str:
    return f"{above(_part(element, 'deg'))}√{whole(_part(element, 'e'))}"


def _fenced(element: Any) -> str:
    inner = _sign(element, "sepChr", "|").join(_parts(element, "e"))
    return f"{_sign(element, 'begChr', '(')}{inner}{_sign(element, 'endChr', ')')}"


def _large(element: Any) -> str:
    """A sum, product or integral."""
    ends = below(_part(element, "sub")) + above(_part(element, "sup"))
    return f"{_sign(element, 'chr', '∫')}{ends} {_part(element, 'e')}"


def _function(element: Any) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _limit(element: Any) -> str:
    return f"{_part(element, 'e')}_({_part(element, 'lim')})"


def _matrix(element: Any) -> str:
    return f"[{'; '.join(', '.join(_parts(row, 'e')) for row in element.findall(f'{M}mr'))}]"


def _lines(element: Any) -> str:
    return "; ".join(_parts(element, "e"))


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts,
    "rad": _root,
    "d": _fenced,
    "nary": _large,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _matrix,
    "eqArr": _lines,
}
