"""What a client leaves open in a brief: “Delivery time: TBC”."""

import re
from itertools import islice

from bot.checks.leftovers.kinds import Kind, each, folded, in_one_line
from bot.checks.leftovers.leftover_kinds import CROSSED, OPEN, TO_COME

MOST = 3
LONGEST = 60
_TRIED = 20
_END = re.compile(r"[.!?۔؟](?=\s|$)|\n")
_NOT_KNOWN = (
    Kind(
        "we do not know it yet", "yet", r"\b(?:not (?:known|fixed|decided)|do(?:n['’]t| not) know(?: it| that)?) yet\b"
    ),
    Kind("todavía no se sabe", "todavía|aún", r"\b(?:todavía|aún) no (?:se sabe|está fijad|lo sabemos|la sabemos)"),
    Kind("ابھی طے نہیں", "ابھی|بعد میں", r"ابھی (?:تک )?(?:طے|معلوم) نہیں|بعد میں (?:بتا|طے)"),
)


def left_open(words: str) -> tuple[str, ...]:
    """The sentences in which something is left open, at most MOST of them."""
    found = each((*OPEN, *TO_COME, *CROSSED, *_NOT_KNOWN), words, folded(words))
    sentences = (_sentence(words, place.start(), place.end()) for place in islice(found, _TRIED))
    return tuple(dict.fromkeys(filter(None, sentences)))[:MOST]


def _sentence(words: str, start: int, end: int) -> str:
    """The sentence around a place, with at most LONGEST letters on either side of it."""
    end = start + len(words[start:end].rstrip(" .\n"))
    begins = max(0, start - LONGEST)
    before, after = _END.split(words[begins:start])[-1], _END.split(words[end : end + LONGEST])[0]
    if begins and len(before) == LONGEST:
        before = f"…{before.partition(' ')[2]}"
    said = in_one_line(f"{before}{words[start:end]}{after}").strip(" .;,")
    return said if len(said) <= 2 * LONGEST else f"{said[: 2 * LONGEST - 1]}…"
