"""Words whose place or line says something: raised and lowered ones, formulas, and what is struck through.

As plain text 10⁶ would be 106, and ½ would be 12. Formulas are written in a line, by the elements of Office Math:
https://learn.microsoft.com/openspecs/office_standards/ms-docx (ECMA-376, part 1, 22.1).
"""

from collections.abc import Callable
from typing import Any

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")


def raised(words: str) -> str:
    """ "6" in 10⁶; letters as they are: the "st" of 1st is raised for its looks."""
    return words if not any(map(str.isdigit, words)) else _above(words)


def lowered(words: str) -> str:
    """ "2" in H₂O; letters as they are."""
    return words if not any(map(str.isdigit, words)) else _below(words)


def struck(words: str) -> str:
    """Words with a line through them."""
    return f"~~{words}~~" if words.strip() else words


def placed(words: str, height: float, *, line: bool) -> str:
    """Words that stand so high above their line (under 0: below it), perhaps with a line through them."""
    told = raised(words) if height > 0 else lowered(words) if height < 0 else words
    return struck(told) if line else told


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


def _above(words: str) -> str:
    made = words.translate(_RAISED)
    return made if all(mark not in made for mark in words) else f"^{_whole(words)}" if words.strip() else ""


def _below(words: str) -> str:
    made = words.translate(_LOWERED)
    return made if all(mark not in made for mark in words) else f"_{_whole(words)}" if words.strip() else ""


def _whole(words: str) -> str:
    """In parentheses unless it is one word or number."""
    return words if not words or words.replace(".", "").isalnum() else f"({words})"


def _part(element: Any, name: str) -> str:
    return formula(element.find(f"{M}{name}"))


def _parts(element: Any, name: str) -> list[str]:
    return [formula(one) for one in element.findall(f"{M}{name}")]


def _sign(element: Any, name: str, usual: str) -> str:
    """A sign that the properties of an element name."""
    found = element.find(f"{M}{element.tag.removeprefix(M)}Pr/{M}{name}")
    return usual if found is None else found.get(f"{M}val") or ""


def _fraction(element: Any) -> str:
    return f"{_whole(_part(element, 'num'))}/{_whole(_part(element, 'den'))}"


def _scripts(element: Any) -> str:
    base = _part(element, "e")
    scripts = _below(_part(element, "sub")) + _above(_part(element, "sup"))
    return scripts + base if element.tag == f"{M}sPre" else (_whole(base) if scripts else base) + scripts


def _root(element: Any) -> str:
    return f"{_above(_part(element, 'deg'))}√{_whole(_part(element, 'e'))}"


def _fenced(element: Any) -> str:
    inner = _sign(element, "sepChr", "|").join(_parts(element, "e"))
    return f"{_sign(element, 'begChr', '(')}{inner}{_sign(element, 'endChr', ')')}"


def _large(element: Any) -> str:
    """A sum, product or integral."""
    ends = _below(_part(element, "sub")) + _above(_part(element, "sup"))
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
