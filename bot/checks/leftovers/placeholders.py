"""What stands where a fact should, told by its shape and in many languages: a bracket that nobody filled in, letters in
place of a value, a line that says what is to go there.

Only for running text. What the brief says itself is no placeholder, and a template has them rightly: `leftovers` knows.
"""

import re
from collections.abc import Sequence

from bot.checks.leftovers.kinds import Kind, each, folded, in_one_line
from bot.checks.leftovers.placeholder_kinds import LETTERS, MARKUP, NO_VALUE, WORDS

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_QUOTED = re.compile(r"“[^“”]{0,400}”|„[^„“”]{0,400}[“”]|«[^«»]{0,400}»|\"[^\"\n]{0,400}\"")
_BRACKET = re.compile(
    r"(?<![\w\])!])\[[ \t]*([^\[\]\n]{1,60}?)[ \t]*\](?!\(|\[|:\s*<?(?:https?:|mailto:|/|#))"
    r"|(?<!【)【([^【】\n]{1,60})】"
)
# What editors put into brackets, and what is a reference or a box to tick.
_EDITORIAL = re.compile(
    r"(?:sic|recte|ibid\.?|emphasis (?:added|mine|in (?:the )?original)|(?:my|our|free) translation|trans(?:l"
    r"|lated)?\b.{0,20}"
    r"|ed(?:itor|s)?\.?(?:['’]s)?(?: note)?|laugh(?:s|ter|ing)?|applause|pause|silence|music|inaudible|crosstalk"
    r"|pdf|video|audio|podcast|update|corrected|archived|german|french|spanish|english|latin|[a-h]|[ivxl]{1,6}\.?"
    r"|advertisement|anzeige|werbung|sponsored|publicidad|from (?:the )?left.{0,40}|![a-z]{2,12}|.*[ˈˌːəɪʊ].*"
    r"|esc|ok|tab|ctrl|alt|shift|del|start|stop|yes|no|cancel|save|f\d{1,2}"
    r"|risas|aplausos|lacht|lachen|beifall|rires|applaudissements|hervorhebung .{3,30}|\.\.\.|…|x?|✓|✔|\W*)",
    re.IGNORECASE,
)
_NEVER_LEFT = re.compile(r"(?i:x{1,4}(?:[ ,.:/-].{0,40})?)|_+|\?+(?i:[\w ]{0,20})|.{1,40}\?")
_ALPHANUMERIC = re.compile(r"[^\W\d_]{2}")
_CITATION = re.compile(r"\b(?:1[5-9]|20)\d\d\b|^\d|\bp{1,2}\. ?\d|^\^|et al|^Fig|^Tab", re.IGNORECASE)


def placeholder(brief: str, draft: str) -> str:
    """The first placeholder in a text that the brief does not have itself; empty where there is none."""
    text = _CODE.sub(" ", draft) if "`" in draft else draft
    asked, said = brief.casefold(), folded(text)
    found = _bracket(asked, text)
    tables = (MARKUP, LETTERS, NO_VALUE, WORDS)
    return found or next((words for kinds in tables if (words := _not_asked(kinds, asked, text, said))), "")


def _not_asked(kinds: Sequence[Kind], asked: str, text: str, said: str) -> str:
    for found in each(kinds, text, said):
        words = in_one_line(found[0])
        if words.casefold().strip("()[]*_.,: ") not in asked or not words.strip("()[]*_.,: "):
            return words
    return ""


def _bracket(asked: str, text: str) -> str:
    """Words in brackets that are no note of an editor's, no reference, and stand in no quotation."""
    if "[" not in text and "【" not in text:
        return ""
    for found in _BRACKET.finditer(_QUOTED.sub(" ", text)):
        inner = (found[1] or found[2] or "").strip()
        if found[2] and not re.search(r"[您你]|请|填|插入|公司名|姓名|名称|日期|价格", inner):
            continue
        if _is_gap(inner) and inner.casefold() not in asked:
            return found[0]
    return ""


def _is_gap(inner: str) -> bool:
    if _CITATION.search(inner) or (_EDITORIAL.fullmatch(inner) and not inner.startswith(("_", "?"))):
        return inner == "X"
    return bool(_NEVER_LEFT.fullmatch(inner) or _ALPHANUMERIC.search(inner))
