"""A draft that gives the brief back instead of doing what it asks for."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from html import unescape

from bot.checks.words import plain, runs, sentences, visible, words

RUN = 5  # words in a row that are no chance
MOST = 0.8  # of the draft's words stand in such runs of the brief
NEARLY_ALL = 0.97
NOTHING_NEW = 0.1  # of a draft's words
SHORTER = 0.6  # times as long: without the words that ask
# Cyrillic and Greek letters that nobody tells from Latin ones, and Urdu's as Arabic keyboards write them.
LOOK_ALIKE = str.maketrans(
    "авекмнорстухіјѕАВЕКМНОРСТУХІЈЅαορνιΑΒΕΗΙΚΜΝΟΡΤΥΧΖيىكه",
    "abekmhopctyxijsABEKMHOPCTYXIJSaopviABEHIKMNOPTYXZییکہ",
    "ـ",  # a stroke that only makes a word longer
)
IN_ORDER, LONGER, LONGEST_FOLLOWED = 0.85, 1.6, 200  # of the brief's words; times as long; words
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,60}>")
SHORTEST_BRIEF = 8  # words
SHORT = 40  # words: of such a brief most may stand in a good text, but not all
LONGEST_QUOTE = 150  # words in a row that may be a quote, and more of them that may not
# Where the client's own text is to be worked over, most of it stands in the draft rightly.
_WORKED_OVER = re.compile(
    r"\b(?:proof-?read|correct|edit|fix|improve|polish|rewrite|rephrase|shorten|format|tidy|clean up|layout|translate"
    r"|corrig\w+|revis\w+|reescrib\w+|traduc\w+|korrig\w+|überarbeit\w+|lektorier\w+|übersetz\w+|relis\w+|tradui\w+)\b"
    r"|درست|اصلاح|ترجمہ",
    re.IGNORECASE,
)


def repeats(brief: str, draft: str) -> bool:
    """Whether the draft is mostly the brief's own words, or holds two thirds of the brief in one piece.

    Where the brief gives a text to be worked over, only one that is handed back untouched, or with the request in it.
    """
    asked, said = _compared(brief), _compared(draft)
    if not asked or not said:
        return False
    own = covered(said, asked)
    piece = _has_a_piece(asked, said, most=own * len(said)) or _has_the_whole(asked, said)
    if _WORKED_OVER.search(brief[:400]):
        return own >= NEARLY_ALL or (piece and _has_the_request(brief, said))
    return own >= MOST or piece or _says_nothing_new(asked, said) or _follows(asked, said)


def _compared(text: str) -> list[str]:
    """The words as they look, whatever alphabet their letters are out of, and whatever joins or marks them."""
    bare = _TAG.sub(" ", unescape(text)) if "<" in text or "&" in text else text
    looks = visible(unicodedata.normalize("NFKD", plain(bare))).translate(LOOK_ALIKE)
    return words(re.sub(r"(?<=\w)[-\u2010\u2011](?=\w)", " ", looks))


def _says_nothing_new(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a draft about as long as the brief has hardly a word that is not in it, in whatever order."""
    known = set(asked)
    new = sum(word not in known for word in said)
    alike = SHORTER <= len(said) / len(asked) <= 1 + 2 * NOTHING_NEW
    return len(asked) >= 2 * SHORTEST_BRIEF and alike and new <= NOTHING_NEW * len(said)


def _has_the_whole(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Whether all of the brief stands in the draft, without the spaces between its words perhaps."""
    return len(asked) >= SHORTEST_BRIEF and "".join(asked) in "".join(said)


def _follows(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a draft that is hardly longer says almost all words of the brief in their order, with others between."""
    if not 2 * SHORTEST_BRIEF <= len(asked) <= LONGEST_FOLLOWED or not len(asked) / 2 < len(said) <= LONGER * len(
        asked
    ):
        return False
    if (Counter(asked) & Counter(said)).total() < IN_ORDER * len(asked):
        return False  # not in any order either, which is told much sooner
    return _in_one_order(asked, said) >= IN_ORDER * len(asked)


def _in_one_order(asked: Sequence[str], said: Sequence[str]) -> int:
    """The length of the longest common subsequence, by Hyyrö's method: a bit for each word of `said`, and one that is 0
    is where the subsequence grows.
    """
    places: dict[str, int] = {}
    for n, word in enumerate(said):
        places[word] = places.get(word, 0) | 1 << n
    row = every = (1 << len(said)) - 1
    for word in asked:
        grows = row & places.get(word, 0)
        row = (row + grows) | (row - grows)
    return (~row & every).bit_count()


def _has_a_piece(asked: Sequence[str], said: Sequence[str], *, most: float) -> bool:
    """most: so many words of the draft stand in the brief at all."""
    length = len(asked) if len(asked) < SHORT else min(len(asked) * 2 // 3, LONGEST_QUOTE)
    if len(asked) < SHORTEST_BRIEF or most < length:
        return False
    return not runs(asked, length).isdisjoint(runs(said, length))


def covered(said: Sequence[str], other: Sequence[str]) -> float:
    """The share of the words (0 to 1) that stand in runs of RUN words of the other text; of shorter ones, of all."""
    length = min(RUN, len(said), len(other))
    known = runs(other, length)
    inside = [False] * len(said)
    for n in range(len(said) - length + 1):
        if tuple(said[n : n + length]) in known:
            inside[n : n + length] = [True] * length
    return sum(inside) / len(said)


def _has_the_request(brief: str, said: Sequence[str]) -> bool:
    first = next(iter(sentences(plain(brief))), "")
    request = _compared(first)[:12]
    return len(request) >= 3 and covered(request, said) == 1
