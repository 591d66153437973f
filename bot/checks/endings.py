"""Where a text breaks off, and where it goes round in circles: what a model that lost the thread leaves behind."""

import re
from collections import Counter

from bot.checks.words import blocks, ends_a_sentence, is_heading, is_item, paragraphs, plain, sentences, words

MOST_TIMES = 3
SAID_TWICE = 5  # words that a sentence has at least before its repetition counts
SHOWN = 40
LONGEST_NAME = 8  # words below a greeting
LONG_SENTENCE = 12  # words: longer ones have a full stop, whatever else the text has
_OPEN = re.compile(r"[,;:\-–—(\[{“„«/&+=]\s*[*_]*$")
# Words that no text ends with, in the languages that clients write most.
_GOES_ON = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "to",
        "for",
        "with",
        "in",
        "on",
        "at",
        "by",
        "from",
        "that",
        "which",
        "who",
        "whose",
        "is",
        "are",
        "was",
        "were",
        "be",
        "as",
        "if",
        "than",
        "because",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "y",
        "o",
        "de",
        "del",
        "que",
        "con",
        "por",
        "para",
        "en",
        "su",
        "es",
        "son",
        "como",
        "si",
        "pero",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "und",
        "oder",
        "aber",
        "mit",
        "für",
        "von",
        "zu",
        "zum",
        "zur",
        "auf",
        "dass",
        "weil",
        "ist",
        "sind",
        "wenn",
        "le",
        "les",
        "une",
        "du",
        "et",
        "ou",
        "mais",
        "avec",
        "pour",
        "dans",
        "sur",
        "qui",
        "est",
        "sont",
        "par",
        "au",
        "aux",
        "اور",
        "کے",
        "کی",
        "کا",
        "کو",
        "سے",
        "میں",
        "پر",
        "کہ",
        "جو",
        "یا",
    ]
)
_CONTACT = re.compile(r"(?<!\S)(?:(?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@]+|[\d()+./-][\d\s()+./-]{5,30}|[#@]\w+)$")


def breaks_off(markdown: str) -> str:
    """The last words, where the text ends in the middle of something; empty where it does not seem to."""
    parts = blocks(markdown)
    if not parts:
        return ""
    last = parts[-1].splitlines()[-1].strip()
    if markdown.count("```") % 2 or _unfinished(parts, last):
        return last[-SHOWN:]
    return ""


def _unfinished(parts: list[str], last: str) -> bool:
    if is_heading(last) or _OPEN.search(last):
        return not _is_rule(last)
    if last.startswith("|"):
        return not last.endswith("|") or _cells(last) != _cells(parts[-1].splitlines()[0])
    if _ends_well(last):
        return False
    if (words(last) or [""])[-1] in _GOES_ON:
        return True
    return _item_cut(parts, last) if is_item(last) else _sentence_cut(parts, last)


def _is_rule(line: str) -> bool:
    return not re.search(r"[^\s*_-]", line) and len(line) >= 3


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row))


def _ends_well(line: str) -> bool:
    bare = line.rstrip("*_`~ ")
    return not words(line) or ends_a_sentence(line) or bool(_CONTACT.search(bare)) or not bare[-1:].isalnum()


def _item_cut(parts: list[str], last: str) -> bool:
    """A point without its full stop, where the others have one."""
    others = [line.strip() for part in parts for line in part.splitlines() if is_item(line.strip())][:-1]
    return len(others) >= 2 and all(ends_a_sentence(other) for other in others) and last not in others


def _sentence_cut(parts: list[str], last: str) -> bool:
    """A paragraph that ends without a full stop, where it has sentences before, or most other paragraphs have one.

    What stands below a greeting is a name, and a line that is emphasised as a whole is a call.
    """
    if last[:1] in "*_" and last[-1:] in "*_":
        return False
    running = paragraphs("\n\n".join(parts))
    if not running or running[-1].splitlines()[-1].strip() != last:
        return False
    if len(sentences(last)) > 1:
        return True
    if _signature(parts, last):
        return False
    others = [part for part in running[:-1] if not part.rstrip("*_ ").endswith((",", "،", ":"))]
    if not others:
        return len(words(last)) >= LONG_SENTENCE
    return sum(map(ends_a_sentence, others)) * 2 >= len(others)


def _signature(parts: list[str], last: str) -> bool:
    """Whether the last line is a name: below a greeting, below another short line, or very short by itself."""
    above = parts[-1].splitlines()[:-1]
    greeting = [line.rstrip("*_ ") for line in [*(parts[-2].splitlines()[-1:] if len(parts) > 1 else []), *above]]
    if any(line.endswith((",", "،")) for line in greeting) and len(words(last)) <= LONGEST_NAME:
        return True
    return all(len(words(line)) <= LONGEST_NAME // 2 for line in [*above, last]) and len(words(last)) <= 3


def goes_round(markdown: str) -> str:
    """A sentence that stands in the text more than MOST_TIMES; empty where there is none."""
    lines = [line for part in plain(markdown).splitlines() if part[:1] != "|" for line in sentences(part)]
    often = Counter(line.casefold() for line in lines if len(line.split()) >= SAID_TWICE)
    said, times = max(often.items(), key=lambda found: found[1], default=("", 0))
    return said[:SHOWN] if times > MOST_TIMES else ""
