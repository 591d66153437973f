"""A mail's own words: without the mail that it answers, which stands below them."""

import re

LONGEST = 8_000
_BEGINS = re.compile(r"-{2,}\s*(?:original message|mensaje original)\s*-{2,}", re.IGNORECASE)


def own_words(text: str) -> str:
    """What whoever sent it wrote; all of it where nothing else is left."""
    lines = text.strip().splitlines()
    kept = lines[: next((n for n, line in enumerate(lines) if _BEGINS.fullmatch(line.strip())), len(lines))]
    quoted = False
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        quoted |= kept.pop().lstrip().startswith(">")
    if quoted and kept and kept[-1].rstrip().endswith(":"):  # "On Tuesday Anna wrote:"
        kept.pop()
    words = "\n".join(kept).strip() or text.strip()
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
