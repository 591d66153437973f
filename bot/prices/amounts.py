"""Amounts as people write them, read without guessing: what could mean two amounts is asked for again."""

import re

from bot.kernel.errors import Refusal
from bot.kernel.money import Money, exponent
from bot.kernel.text.storable import visible
from bot.kernel.translation import gettext as _
from bot.kernel.translation import locale

THOUSAND = 3  # digits in a group
LONGEST = 32  # characters, and more than the largest amount that a database can keep
# The comma and the point of other scripts, and what stands between groups of digits besides these.
_SAME = str.maketrans({"٫": ".", "٬": ",", "،": ",", "﹐": ",", "，": ",", "．": ".", "’": "'", "−": "-"})
_BETWEEN = re.compile(r"(?<=\d)[\s_'](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}")


def read_amount(words: str, currency: str) -> Money:
    """An amount such as "1,240.50", "1.240,50" or "50 USD", with the currency's code or without.

    A point or a comma before three digits means what it means in the reader's language. Raises Refusal for what is no
    amount, is of another currency, has more decimals than the currency, or could be two amounts.
    """
    said = visible(words).strip()
    plain = _without_code(said, currency).translate(_SAME)
    plain = _BETWEEN.sub("", plain)
    if len(plain) > LONGEST or not _NUMBER.fullmatch(plain):
        raise _unread(said, currency)
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        return _money(plain, "", said, currency)
    whole, _mark, decimals = plain.rpartition(marks[-1])
    if len(set(marks)) > 1:
        grouping = marks[0]
        if marks.count(marks[-1]) > 1 or not _GROUPED.fullmatch(whole):
            raise _unread(said, currency)
        return _money(whole.replace(grouping, ""), decimals, said, currency)
    if len(marks) > 1 or (len(decimals) == THOUSAND and marks[0] != _decimal_mark()):
        if not _GROUPED.fullmatch(plain):
            raise _unread(said, currency)
        return _money(plain.replace(marks[0], ""), "", said, currency)
    return _money(whole, decimals, said, currency)


def _money(whole: str, decimals: str, said: str, currency: str) -> Money:
    if len(decimals) > exponent(currency):
        raise _unread(said, currency)
    return Money(int(whole + decimals.ljust(exponent(currency), "0")), currency)


def _without_code(said: str, currency: str) -> str:
    code = re.compile(rf"^{currency}\s*|\s*{currency}$", re.IGNORECASE)
    return code.sub("", said, count=1).strip()


def _decimal_mark() -> str:
    return str(locale().number_symbols["latn"]["decimal"])


def _unread(said: str, currency: str) -> Refusal:
    example = Money(124_050 * 10 ** exponent(currency) // 100, currency).plain
    return Refusal(
        _(
            "I cannot read “{words}” as an amount in {currency}. Write it like {example}.",
            words=said[:40],
            currency=currency,
            example=example,
        )
    )
