"""What a web page's styles hide from its reader: https://www.w3.org/TR/CSS2/cascade.html, for selectors without space.

Styles that lie elsewhere, and what scripts do, nobody knows who is sent the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_RULES = 5_000
NAME = re.compile(r"[.#]?-?[A-Za-z_][\w-]*|\*")
SIMPLE = re.compile(r"(?:\*|[A-Za-z][\w-]*)?(?:[.#]-?[A-Za-z_][\w-]*){0,6}")
THEIR_LOOKS = """
display visibility opacity font-size height max-height overflow text-indent left top clip text-decoration
text-decoration-line vertical-align
"""
LOOKS = frozenset(THEIR_LOOKS.split())
NOTHING = re.compile(r"0*\.?0+(?:px|pt|em|rem|%)?")
FAR = re.compile(r"-\d{4,}(?:\.\d+)?(?:px|pt)|-\d{3,}(?:em|rem)")
CLIPPED = re.compile(r"rect\((?:[01](?:px)?[ ,]*){4}\)")
Looks = Mapping[str, str]


@dataclass
class Styles:
    """The rules of a page that may hide something, by the last name in their selector."""

    rules: dict[str, list[tuple[frozenset[str], tuple[int, int, int], Looks]]] = field(default_factory=dict)
    count: int = 0

    def read(self, sheet: str) -> None:
        """Take in the rules of a style sheet; those for print or small screens are left out."""
        for selectors, body in _rules(_without_comments(sheet)):
            looks = declared(body)
            for selector in selectors.split(",") if looks and self.count < MOST_RULES else ():
                if SIMPLE.fullmatch(one := selector.strip()) and one:
                    names = NAME.findall(one.lower() if one[0] not in ".#" else one)
                    weight = sum(name[0] == "#" for name in names), sum(name[0] == "." for name in names)
                    self.rules.setdefault(names[-1], []).append((frozenset(names), (*weight, self.count), looks))
                    self.count += 1

    def of(self, element: Any) -> dict[str, str]:
        """How an element looks: by its own attribute, else by the rule that is closest to it."""
        names = {element.tag, "*", *(f".{name}" for name in (element.get("class") or "").split())}
        names |= {f"#{element.get('id')}"} if element.get("id") else set()
        found = [rule for name in names for rule in self.rules.get(name, ()) if rule[0] <= names]
        looks: dict[str, str] = {}
        for _names, _weight, said in sorted(found, key=lambda rule: rule[1]):
            looks |= said
        own = declared(element.get("style") or "")
        stays = {name: value for name, value in looks.items() if value.endswith("!important")}
        return {name: value.removesuffix("!important").strip() for name, value in (looks | own | stays).items()}


def declared(body: str) -> dict[str, str]:
    """The declarations that have a say in what is seen."""
    pairs = (one.partition(":") for one in body.lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() in LOOKS and value.strip()}


def hides(looks: Looks) -> bool:
    """Whether nobody sees what looks so, nor anything in it."""
    cut = looks.get("overflow") == "hidden"
    return (
        looks.get("display") == "none"
        or NOTHING.fullmatch(looks.get("opacity", "")) is not None
        or (cut and any(NOTHING.fullmatch(looks.get(name, "")) is not None for name in ("height", "max-height")))
        or any(FAR.fullmatch(looks.get(name, "")) is not None for name in ("text-indent", "left", "top"))
        or CLIPPED.fullmatch(looks.get("clip", "")) is not None
    )


def hides_by(looks: Looks) -> str:
    """The name of the look by which nobody sees what has it; what is in it may have another, as mails are built."""
    if looks.get("visibility") in {"hidden", "collapse"}:
        return "visibility"
    return "font-size" if NOTHING.fullmatch(looks.get("font-size", "")) is not None else ""


def strikes(looks: Looks) -> bool:
    """Whether a line goes through what looks so."""
    return any("line-through" in looks.get(name, "") for name in ("text-decoration", "text-decoration-line"))


def height(looks: Looks) -> int:
    """Whether what looks so stands above its line (1) or below it (-1)."""
    return {"super": 1, "sub": -1}.get(looks.get("vertical-align", ""), 0)


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(one.partition("*/")[2] for one in others)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of each rule that holds on a screen, whatever is around it."""
    at, depth, begun, skipped = 0, 0, 0, 0
    selectors = ""
    for place in re.finditer(r"[{}]", sheet):
        said = sheet[at : place.start()]
        at = place.end()
        if place[0] == "{":
            depth += 1
            selectors = said.rpartition(";")[2].strip()
            if selectors.startswith("@") and not skipped and not _on_a_screen(selectors):
                skipped = depth
            begun = depth
        else:
            if begun == depth and not skipped and not selectors.startswith("@"):
                yield selectors, said
            skipped = 0 if skipped == depth else skipped
            depth, begun = max(depth - 1, 0), 0


def _on_a_screen(rule: str) -> bool:
    return rule in {"@media screen", "@media all", "@media screen, print"} or rule.startswith(("@layer", "@supports"))
