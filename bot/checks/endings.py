"""Where a text breaks off, and where it goes round in circles: what a model that lost the thread leaves behind."""

import re
from collections import Counter

from bot.checks.words import (
    WORD,
    blocks,
    ends_a_sentence,
    is_heading,
    is_item,
    items,
    paragraphs,
    plain,
    sentences,
    words,
)

MOST_TIMES = 3
SAID_TWICE = 5  # words that a sentence has at least before its repetition counts
SHOWN = 40
LONGEST_NAME = 8  # words below a greeting
FEW = 3  # words
LONG_SENTENCE = 12  # words: longer ones have a full stop, whatever else the text has
_OPEN = re.compile(r"[,;:\-–—(\[{“„«/&+=]\s*[*_]*$")
# Words that no text ends with, in the languages that clients write most.
_CONNECTING = """
a an the and or but of to for with in on at by from that which who whose is are was were be as if than because their our
your its my into onto between during every although whether
el la los las un una y o de del que con por para en su es son como si pero sus al sin entre nuestro nuestra
der die das den dem des ein eine einen einem einer eines und oder aber mit für von vom zu zum zur auf dass weil ist sind
wenn im ihre ihren ihrer unser unsere sowie durch ohne
le les une du et ou mais avec pour dans sur qui est sont par au aux des ce cette ces leur leurs notre votre nos vos sans
os uma e do da dos das com seu sua não ao pelo pela
اور کے کی کا کو سے میں پر کہ جو یا نے تک
"""
_GOES_ON = frozenset(_CONNECTING.split())
_MARKER = re.compile(r"[*+•]|\d{1,3}[.)]")
_TURNED = re.compile(r"„[^„“]{0,400}“|»[^»«]{0,400}«")  # as German quotes
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))
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
    if is_heading(last) or _OPEN.search(_TURNED.sub("", last)):
        return not _is_rule(last)
    if _MARKER.fullmatch(last) or _is_open(last):
        return True
    if last.startswith("|"):
        return not last.endswith("|") or _cells(last) != _cells(parts[-1].splitlines()[0])
    if _ends_well(last):
        return False
    final = (WORD.findall(last) or [""])[-1]
    if final.casefold() in _GOES_ON and not (len(final) == 1 and final.isupper()):  # vitamin A
        return True
    return _item_cut(parts, last) if is_item(last) else _sentence_cut(parts, last)


def _is_rule(line: str) -> bool:
    return not re.search(r"[^\s*_-]", line) and len(line) >= 3


def _is_open(line: str) -> bool:
    """Whether something that was opened in the line is not closed: a bracket, a quotation, words in bold."""
    line = _TURNED.sub("", line)
    return line.count("**") % 2 == 1 or any(line.rfind(opens) > line.rfind(closes) for opens, closes in _PAIRS)


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row))


def _ends_well(line: str) -> bool:
    bare = line.rstrip("*_`~ ")
    return not words(line) or ends_a_sentence(line) or bool(_CONTACT.search(bare)) or not bare[-1:].isalnum()


def _item_cut(parts: list[str], last: str) -> bool:
    """A point without its full stop, where most of its list have one, or where it has one within and no other is so."""
    others = items(parts[-1])[:-1] or [item for part in parts[:-1] for item in items(part)]
    if last in others:
        return False
    if len(sentences(plain(last))) > 1:
        return all(ends_a_sentence(other) or len(sentences(plain(other))) == 1 for other in others)
    ended = sum(map(ends_a_sentence, others))
    return 3 * ended >= 2 * len(others) > 0 and (len(others) > 1 or len(words(last)) > FEW)


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
