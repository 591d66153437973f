"""What no client should ever read in finished work: gaps to be filled in, and a model that speaks of itself."""

import re
from collections.abc import Sequence

from bot.checks.leftovers.asides import aside
from bot.checks.leftovers.kinds import Kind, each, first, folded, in_one_line
from bot.checks.leftovers.leftover_kinds import CROSSED, GAPS, MACHINERY, NO_ANSWER, OPEN, TO_COME, WANTS_GAPS
from bot.checks.leftovers.placeholders import placeholder
from bot.checks.leftovers.spoken_kinds import OF_ITSELF, TO_THE_CLIENT
from bot.checks.leftovers.unfinished import unfinished

_TAG, _CLOSES = re.compile(r"</?([A-Za-z][\w-]{0,60})[^<>\n]{0,200}>"), re.compile(r"</([A-Za-z][\w-]{0,60})[ \t]*>")
_BEGINS = re.compile(
    r"\W*(?:(?:final (?:answer|draft|version)|revised version|draft|answer|response)\**:"
    r"|(?:sure|certainly|of course|absolutely|gladly|happy to help)\b[^\n]{0,20}[,!.:]"
    r"|(?:here(?:['’]s| is| are)|below is|hier ist|aquí (?:está|tienes)|voici|ecco)\b[^\n]{0,120}"
    r"(?:draft|version|text|article|page|e-?mail|letter|entwurf|borrador|texto|texte|brouillon|bozza)[^\n]{0,60}:\s*\n)"
)


def leftover(brief: str, draft: str, *, prose: bool = True) -> str:
    """The first thing in the draft that was left over; empty where there is none.

    A template has its gaps rightly, and a brief about models may quote how they speak. prose: not data.
    """
    said, small, template = folded(draft), draft.casefold(), bool(first(WANTS_GAPS, brief, folded(brief)))
    return (
        first(MACHINERY, draft, said)
        or ("" if template else first(GAPS, _without_markup(draft), said))
        or _earliest(OPEN, draft, said)
        or _unless_asked(brief, _still_to_come(draft, small, prose=prose))
        or _unless_asked(brief, _spoken(small))
        or (aside(brief, draft) if prose else "")
        or (unfinished(brief, draft) if prose else "")
        or (placeholder(brief, draft) if prose and not template else "")
    )


def _unless_asked(brief: str, words: str) -> str:
    return "" if words.casefold() in brief.casefold() else words


def _still_to_come(draft: str, said: str, *, prose: bool) -> str:
    found = _earliest(TO_COME, draft, said) or first(CROSSED, draft, said)
    return found or (first(NO_ANSWER, draft, said) if prose else "")


def _spoken(said: str) -> str:
    """What a model says of itself, or to the client."""
    begins = _BEGINS.match(said)
    if begins:
        return in_one_line(begins[0])
    return _earliest(OF_ITSELF, said, said) or _earliest(TO_THE_CLIENT, said, said)


def _earliest(kinds: Sequence[Kind], text: str, said: str) -> str:
    """What is found first in the text by any of the kinds; empty where none finds anything."""
    found = next(each(kinds, text, said), None)
    return in_one_line(found[0]) if found else ""


def _without_markup(text: str) -> str:
    """The text without tags that are closed somewhere: <name>…</name> is data, <name> alone is a gap."""
    closed = set(_CLOSES.findall(text))
    return _TAG.sub(lambda tag: "" if tag[1] in closed or tag[0].endswith("/>") else tag[0], text) if closed else text
