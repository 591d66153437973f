"""What a message is about, by plain rules: only what is surely an order is quoted, and what is not sure is "unsure".

An order asks for something to be made; whatever it is to say, such as "a refund policy", is its content. Who speaks of
what was made before, of a number, or of what they paid, orders nothing new.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.kernel.text.patterns import LazyPattern
from bot.remarks import lexicon as words

_CLAUSE = re.compile(r"[.!?؟۔\n;…]+(?:\s|$)|\n|،|, (?=(?:now|but|and|so|ahora|pero|اب|ab)\b)")
_SMALL_TALK = 12  # words
_NEED_BY = 40  # letters before "need"
_WORDS_BEFORE_WORK = 7
_WORDS_OF_MATERIAL = 60  # different ones
_LONGEST_READ = 20_000
_READ = 2_000  # letters that are looked at at all
_BEGINNING, _END = 400, 200  # between them stands what is to be written about


class Purpose(StrEnum):
    """What somebody writes for."""

    ORDER = "order"
    QUESTION = "question"
    CHANGE = "change"
    REFUND = "refund"
    THANKS = "thanks"
    CHAT = "chat"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class About:
    """brief, invoice: the numbers that the message names, "" where it names none. of_invoice: it speaks of one.

    loose: the brief's is a number alone, which may be a year or an amount.
    """

    kind: Purpose
    brief: str = ""
    invoice: str = ""
    of_invoice: bool = False
    loose: bool = False


def told_apart(text: str, *, answers: bool = False) -> About:
    """What the text is about. answers: whether it answers a message about a brief or an invoice."""
    seen = _seen(text)
    invoice, brief, loose = (_number(one, seen) for one in (words.INVOICE, words.BRIEF, words.LOOSE))
    earlier = bool(invoice or brief) or words.OURS.search(seen) is not None or (bool(loose) and _is_change(seen))
    kind = _kind(seen, named=bool(invoice or brief or loose), about_ours=earlier or answers)
    if kind is Purpose.UNSURE and not (earlier or answers) and _is_material(text):
        kind = Purpose.ORDER
    of_invoice = bool(invoice) or words.OF_INVOICE.search(seen) is not None
    return About(kind, brief or loose, invoice, of_invoice, loose=not brief and bool(loose))


def _seen(text: str) -> str:
    """The beginning and the end, where people say what they want, in the one form."""
    ends = text if len(text) <= _READ else f"{text[:_READ]}\n{text[-_READ:]}"
    said = words.plain(ends).strip()
    return said if len(said) <= _BEGINNING + _END else f"{said[:_BEGINNING]}\n{said[-_END:]}"


def _is_material(text: str) -> bool:
    """Whether so much was written that it is what a work is to be made of."""
    return len(set(text[:_LONGEST_READ].split())) >= _WORDS_OF_MATERIAL


def _number(pattern: LazyPattern, seen: str) -> str:
    found = pattern.search(seen)
    return "" if found is None else next(group for group in found.groups() if group)


def _kind(seen: str, *, named: bool, about_ours: bool) -> Purpose:
    clauses = [clause for clause in map(_without_greeting, _CLAUSE.split(seen)) if clause]
    order = next((place for place, clause in enumerate(clauses) if _asks_for_work(clause)), None)
    if order is not None:
        return _with_order(clauses, order, seen, named=named, about_ours=about_ours)
    other = _other(clauses, seen, named=named)
    if (
        other in {Purpose.UNSURE, Purpose.CHAT, Purpose.CHANGE}
        and not about_ours
        and clauses
        and _names_work(clauses[0], seen)
    ):
        return Purpose.ORDER if other is not Purpose.CHANGE or words.IS.search(clauses[0]) is None else other
    return other


def _with_order(clauses: list[str], order: int, seen: str, *, named: bool, about_ours: bool) -> Purpose:
    """What it is where a clause asks for work to be made."""
    talk = " . ".join(clauses[:order])
    if about_ours and (_is_change(seen) or _is_refund(seen)):
        return _other(clauses, seen, named=True)
    if about_ours:
        return Purpose.CHANGE if named else Purpose.UNSURE
    if words.TO_US.search(seen):
        return Purpose.REFUND
    if _is_refund(talk) or _is_change(talk) or words.CANCEL.search(talk):
        return Purpose.UNSURE
    return Purpose.ORDER


def _without_greeting(clause: str) -> str:
    while (found := words.BEFORE.match(clause)) is not None:
        clause = clause[found.end() :]
    return clause.strip(" ,:-–—،'\"")


def _asks_for_work(clause: str) -> bool:
    """Whether the clause says that something new is to be made."""
    if words.TELL.match(clause):
        return False
    if words.HAVE.match(clause):
        return True
    if (does := words.DO.match(clause)) is not None:
        return _makes(clause[does.end() :]) and not _is_there(clause[does.end() :])
    if (makes := words.MAKE.match(clause)) is not None:
        return _makes(clause[makes.end() :]) and _says_what(clause[makes.end() :])
    need = words.NEED.search(clause)
    if need is not None and need.start() <= _NEED_BY and words.PAST.search(clause) is None:
        return _wants(clause[need.end() :])
    return _asked_in_urdu(clause)


def _asked_in_urdu(clause: str) -> bool:
    """The verb stands behind what it is about there, and before what that is to say."""
    does, asks = words.URDU_DO.search(clause), words.URDU_ASKS.search(clause)
    verb = does or asks
    if verb is None or words.URDU_EARLIER.search(clause[: verb.end()]):
        return False
    if does is None and ":" not in clause and words.URDU_OBJECT.search(clause):
        return False
    named = clause[: verb.end()]
    if does is not None or words.WORK.search(named):
        return True
    return words.URDU_MAKE.search(named) is not None and words.URDU_SOME.match(named) is not None


def _makes(rest: str) -> bool:
    """Whether what stands behind such a verb is something new."""
    return bool(rest.strip()) and words.NOT_MADE.match(rest) is None


def _is_there(rest: str) -> bool:
    """Whether it is about a work that was made before, as "the text" says where none comes with it."""
    return words.THE_WORK.match(rest) is not None and ":" not in rest and words.AT_HAND.search(rest) is None


def _says_what(rest: str) -> bool:
    signs = (words.WORK, words.LENGTH, words.TOPIC)
    return any(sign.search(rest) for sign in signs) or ":" in rest or _some(words.SOME, rest)


def _some(pattern: LazyPattern, said: str) -> bool:
    """Whether it names a thing that nobody has yet, and that can be work."""
    found = pattern.match(said)
    return found is not None and words.NO_WORK.search(found[1]) is None


def _wants(wish: str) -> bool:
    """Whether what stands behind "I need" is work, or that somebody makes it."""
    for verbs in (words.DO, words.MAKE):
        if (made := verbs.search(wish)) is not None and made.start() <= _NEED_BY:
            return _makes(wish[made.end() :])
    work, some = words.WORK.search(wish), words.SOME.match(wish)
    if some is not None and words.NO_WORK.match(some[1]):
        return False
    if words.THIS.match(wish) or words.TURNED.match(wish) or (work is None and _some(words.SOME_FOR, wish)):
        return True
    if work is None or len(wish[: work.start()].split()) > _WORDS_BEFORE_WORK:
        return False
    return words.DEFINITE.match(wish) is None and words.OF_DEFINITE.search(wish[: work.start()]) is None


def _names_work(clause: str, seen: str) -> bool:
    """ "Landing page for Nordwind, 200 words": work by its name, and what it is to be about."""
    if words.ASKS.match(clause) or words.PRICE.search(clause) or "?" in seen or "؟" in seen or words.PAST.search(seen):
        return False
    if words.OPINION.match(clause):
        return False
    work = words.WORK.search(clause) or words.LENGTH.match(clause)
    if work is None or len(clause[: work.start()].split()) > _WORDS_BEFORE_WORK:
        return False
    before, behind = clause[: work.start()], clause[work.end() :]
    if words.SENTENCE.search(before):
        return False
    about = words.ABOUT.match(behind)
    if about is not None and words.SENTENCE.search(about[1]) is None:
        return True
    return words.LENGTH.search(seen) is not None or (not behind.strip() and words.URDU_FOR.search(before) is not None)


def _other(clauses: list[str], seen: str, *, named: bool) -> Purpose:
    """What it is where it asks for no new work."""
    if _is_refund(seen) or words.CANCEL.search(seen):
        return Purpose.REFUND
    starts = any(words.ASKS.match(clause) or words.TELL.match(clause) for clause in clauses)
    asks = starts or words.ASKS_WITHIN.search(seen) is not None
    thanks = words.THANKS.search(seen) is not None
    if thanks and words.JUST_RIGHT.search(seen) and not asks:
        return Purpose.THANKS
    if _is_change(seen) and not (clauses and words.ASKS.match(clauses[0])):
        return Purpose.CHANGE
    if words.CHAT.search(seen) and not (named or thanks) and len(seen.split()) <= _SMALL_TALK:
        return Purpose.CHAT
    if asks and (named or "?" in seen or "؟" in seen or not thanks):
        return Purpose.QUESTION
    if thanks:
        return Purpose.THANKS
    if (any(map(str.isalnum, seen)) and not clauses) or words.YES_OR_NO.fullmatch(" ".join(clauses)):
        return Purpose.CHAT
    return Purpose.QUESTION if named else Purpose.UNSURE


def _is_refund(said: str) -> bool:
    return words.MONEY_BACK.search(said) is not None or words.GRIEVANCE.search(said) is not None


def _is_change(said: str) -> bool:
    return words.CHANGE.search(said) is not None
