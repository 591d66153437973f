"""A transcript put right by its speaker: all of it, the part they point at, or the line that theirs is most like."""

import re
from difflib import SequenceMatcher

from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _

SENTENCE_END = re.compile(r"(?<=[.!?…。؟۔])\s+|\n+")
WHOLE_SHARE = 0.6  # a correction of at least that share of the transcript's length stands for all of it
ALIKE = 0.5  # how like a line must be to be the one that is meant: https://docs.python.org/3/library/difflib.html


def corrected(transcript: str, correction: str, quote: str = "") -> str:
    """The transcript with the correction in it.

    quote: the part that was pointed at; it is what the correction takes the place of. Raises Refusal where it is not
    clear which part is meant, or nothing was written.
    """
    correction = correction.strip()
    if not any(character.isalnum() for character in correction):
        raise Refusal(_("Write the text as it should be: one line of it, or all of it. Nothing was changed."))
    if quote.strip() and quote.strip() in transcript:
        return transcript.replace(quote.strip(), correction, 1)
    lines = [line for line in SENTENCE_END.split(transcript) if line.strip()]
    if len(lines) <= 1 or len(correction) >= WHOLE_SHARE * len(transcript):
        return correction
    likeness, line = max((_likeness(line, correction), line) for line in lines)
    if likeness < ALIKE:
        raise Refusal(
            _(
                "I cannot tell which line that is for. Hold the line and answer with Quote, or write the whole text "
                "anew. Nothing was changed."
            )
        )
    return transcript.replace(line, correction, 1)


def _likeness(line: str, correction: str) -> float:
    return SequenceMatcher(None, line.casefold(), correction.casefold(), autojunk=False).ratio()
