"""The language that a brief asks for, and whether a text is in it.

Languages are codes of ISO 639-1. Which one a text is in, is told by a detector that is handed in, since that is a
vendor's; it is asked about running text alone, so that figures, code and addresses decide nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from bot.checks.language_names import codes
from bot.checks.words import blocks, plain

Detect = Callable[[str], Mapping[str, float]]  # a text's languages, each with how likely it is (0 to 1)
SURE = 0.6
POSSIBLE = 0.1  # so likely, a language that is close to another counts as read
SHORTEST = 40  # letters that are enough to tell a language by
PARTS = 4
STRAY = 0.2  # of the letters may stand in another language: quotes, names, titles
# Read as one where a text is told from the other by a few words.
_ALIKE = [
    {"da", "no", "nb", "nn", "sv"},
    {"hr", "sr", "bs", "sh", "sl"},
    {"cs", "sk"},
    {"id", "ms"},
    {"es", "gl", "ca"},
    {"pt", "gl"},
]
_INTO = frozenset(["into", "in", "to", "en", "auf", "ins", "im", "al", "em", "naar", "op"])
_BETWEEN = frozenset(
    ["the", "el", "formal", "simple", "plain", "good", "easy", "british", "american", "mexican", "einfachem"]
)
_TEXTS = frozenset(["translation", "version", "language", "text", "only", "میں", "ترجمہ"])
# What is written: behind "in Spanish" it may say anything that it is for or about.
_MADE = frozenset(
    word
    for words in (
        "it this write written reply respond answer letter email mail message note page text article post story",
        "summary description notice leaflet newsletter speech poem report caption copy paragraph translate",
        "carta correo mensaje nota página texto artículo resumen aviso folleto informe discurso escribe escribir",
        "escrito escrita redacta redactar redactado responde contesta estar",
    )
    for word in words.split()
)
_LANGUAGE = frozenset(["language", "idioma", "lengua", "sprache", "langue", "lingua", "زبان"])
_IS = frozenset([":", "be", "ser"])
_LOOKED_BACK = 5  # words
_GOES_ON = frozenset(
    ["please", "por", "bitte", "for", "about", "para", "für", "pour", "with", "by", "text", "language", "only"]
)
_TOKEN = re.compile(r"[^\W\d_]+|[.,;:!?()\n\"”—–۔،]|(?<=\s)-(?=\s)")
_ENDS = frozenset('.,;:!?()\n"”—–-۔،')


def named(said: str) -> tuple[frozenset[str], frozenset[str]]:
    """All languages that a brief's words name, and those among them that they ask the text to be in.

    "In Spanish" asks for it where the clause ends there; what stands behind may be about courses in Spanish and French.
    """
    known = codes()
    tokens = _TOKEN.findall(said.casefold())
    places = [n for n, token in enumerate(tokens) if token in known]
    asked = frozenset(known[tokens[n]] for n in places if _asked_for(tokens, n))
    return frozenset(known[tokens[n]] for n in places), asked


def _asked_for(tokens: Sequence[str], place: int) -> bool:
    before, after = tokens[max(0, place - _LOOKED_BACK) : place][::-1], tokens[place + 1 : place + 3]
    if after and (after[0] in _TEXTS or after == ["زبان", "میں"]):
        return True
    ends = not after or after[0] in _ENDS | _GOES_ON
    if ends and _IS.intersection(before[:1]) and _LANGUAGE.intersection(before):
        return True
    into, made = [*(one for one in before if one not in _BETWEEN), "", ""][:2]
    if into == "a" and any(one.startswith(("tradu", "tradú")) for one in before):
        return True
    return into in _INTO and (ends or made in _MADE)


def wanted(said: str, language: str, detect: Detect) -> frozenset[str]:
    """What a text may be in: the language that was chosen; else what the words ask for; else their own, and those that
    they name. Empty where nobody can tell.
    """
    if language:
        return frozenset({language.partition("-")[0]})
    mentioned, asked = named(said)
    if asked:
        return asked
    own = _told(plain(said), detect)
    return frozenset(own | mentioned) if own else frozenset()


def _told(said: str, detect: Detect) -> set[str]:
    """The languages that a text may be in; none where nobody can tell."""
    if sum(map(str.isalpha, said)) < SHORTEST:
        return set()
    likely = detect(said)
    if max(likely.values(), default=0) < SURE:
        return set()
    return {code for code, chance in likely.items() if chance >= POSSIBLE}


def other(said: str, language: str, draft: str, detect: Detect) -> str:
    """The language that too much of the draft is in instead of the wanted one; empty where it is in that, or where
    nobody can tell.
    """
    asked = wanted(said, language, detect)
    if not asked:
        return ""
    allowed = asked.union(*(alike for alike in _ALIKE if asked & alike))
    parts = _parts(plain(draft))
    strange = [part for part in parts if (told := _told(part, detect)) and not told & allowed]
    if sum(map(len, strange)) <= STRAY * sum(map(len, parts)):
        return ""
    likely = detect(max(strange, key=len))
    return max(likely, key=lambda code: likely[code])


def _parts(said: str) -> list[str]:
    """The text in about PARTS pieces of whole blocks, so that one that changes its language midway is seen."""
    least = max(SHORTEST * 2, len(said) // PARTS)
    parts = [""]
    for block in blocks(said):
        parts[-1] += f"{block}\n"
        if len(parts[-1]) >= least:
            parts.append("")
    return [part for part in parts if part]
