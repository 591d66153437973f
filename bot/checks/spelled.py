"""Numbers as people spell them, as figures: in English, Spanish, Portuguese and Urdu up to some thousands, in German
and French round ones.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

# Portuguese's word for one is German's for "about".
_FROM_ONE = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco",
    "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "- duas três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis dezassete dezoito"
    " dezanove",
    "- dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito"
    " dezenove",
    "ایک دو تین چار پانچ چھ سات آٹھ نو دس گیارہ بارہ تیرہ چودہ پندرہ سولہ سترہ اٹھارہ انیس بیس",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "vingt trente quarante cinquante soixante",
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
)
# Urdu's word for 80 is left out: it is the one for "this very" as well.
_OTHERS = {
    "پچیس": 25,
    "تیس": 30,
    "پینتیس": 35,
    "چالیس": 40,
    "پینتالیس": 45,
    "پچاس": 50,
    "ساٹھ": 60,
    "ستر": 70,
    "پچھتر": 75,
    "نوے": 90,
}
_HALVES = {"ڈیڑھ": 1.5, "ڈھائی": 2.5}
_PARTS = {"ساڑھے": 0.5, "سوا": 0.25, "پونے": -0.25}  # said before what they are added to
_TIMES = {
    "hundred": 100,
    "cent": 100,
    "cents": 100,
    "سو": 100,
    "thousand": 1_000,
    "mil": 1_000,
    "mille": 1_000,
    "ہزار": 1_000,
}
_VAGUE = frozenset(["of", "few", "several", "half", "per"])  # hundred
_AND = frozenset(["and", "y", "e"])
_WORD = re.compile(r"[^\W\d_]+")
_JOINED = re.compile(r"[\s-]*")


def _below_hundred() -> Iterator[tuple[str, float]]:
    for names in _FROM_ONE:
        yield from ((name, value) for value, name in enumerate(names.split(), start=1))
    for names in _TENS:
        yield from ((name, value * 10) for value, name in enumerate(names.split(), start=2))
    yield from (_OTHERS | _HALVES).items()


def _hundreds() -> Iterator[tuple[str, float]]:
    """Those that are one word, with German's thousands."""
    yield from {"cien": 100, "ciento": 100, "hundert": 100, "einhundert": 100, "tausend": 1_000}.items()
    yield from {"cem": 100, "cento": 100}.items()
    hundreds = ["duzent", "trezent", "quatrocent", "quinhent", "seiscent", "setecent", "oitocent", "novecent"]
    for value, name in enumerate(hundreds, start=2):
        yield from {f"{name}os": value * 100, f"{name}as": value * 100}.items()
    names = "doscient trescient cuatrocient quinient seiscient setecient ochocient novecient"
    for value, (name, german) in enumerate(zip(names.split(), _FROM_ONE[2].split()[1:9], strict=True), start=2):
        yield from {f"{name}os": value * 100, f"{name}as": value * 100}.items()
        yield from {f"{german}hundert": value * 100, f"{german}tausend": value * 1_000}.items()


_SMALL: Mapping[str, float] = dict(_below_hundred())
_HUNDREDS: Mapping[str, float] = dict(_hundreds())
_TEN_WORDS = frozenset(" ".join((*_TENS[:2], _TENS[-1])).split())
_BEGINS = _SMALL.keys() | _HUNDREDS.keys() | _PARTS.keys() | _TIMES.keys()


@dataclass(frozen=True, slots=True)
class Figures:
    """A text with its numbers as figures, and where each of these stands in it and stood before."""

    text: str
    spans: Sequence[tuple[int, int, int, int]]

    def before(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of it, which begins and ends with whole numbers or none, stood in the text as it was."""
        return start + self._moved(start), end + self._moved(end)

    def _moved(self, place: int) -> int:
        return next((was - now for _, now, _, was in reversed(self.spans) if now <= place), 0)


def in_figures(text: str) -> Figures:
    """The text with the numbers that are spelled in it as figures."""
    words = [(found.start(), found.end(), found[0].casefold()) for found in _WORD.finditer(text)]
    made, spans, done, at = "", [], 0, 0
    while at < len(words):
        number = _Number(text, words, at) if words[at][2] in _BEGINS else None
        if number is None or not number.value:
            at += 1
            continue
        begins, ends = number.begins, words[number.after - 1][1]
        made += text[done:begins]
        spans.append((len(made), len(made) + len(str(number.value)), begins, ends))
        made, done, at = made + str(number.value), ends, number.after
    return Figures(made + text[done:], spans)


class _Number:
    """The number that begins with a word, as far as it goes."""

    def __init__(self, text: str, words: Sequence[tuple[int, int, str]], first: int) -> None:
        self._text, self._words, self._first = text, words, first
        self._whole, self._part, self._more = 0.0, 0.0, 0.0
        self.after = first
        self.begins = words[first][0]
        if self._word(first) in _TIMES and first and self._follows(first):
            if self._word(first - 1) in _VAGUE:
                return
            self.begins = words[first - 1][0] if self._word(first - 1) == "a" else self.begins
        while self._takes(self.after):
            self.after += 2 if self._word(self.after) in _AND else 1

    @property
    def value(self) -> int:
        """What it comes to; 0 where it is none."""
        return int(self._whole + self._part)

    def _word(self, at: int) -> str:
        return self._words[at][2] if at < len(self._words) else ""

    def _follows(self, at: int) -> bool:
        """Whether nothing but a space or a hyphen stands before the word."""
        return _JOINED.fullmatch(self._text, self._words[at - 1][1], self._words[at][0]) is not None

    def _takes(self, at: int) -> bool:
        """Take the word in, or "and" with the word behind it; False where it is no part of the number."""
        word = self._word(at)
        if not word or (at > self._first and not self._follows(at)):
            return False
        if word in _AND and at > self._first:
            behind = self._word(at + 1)
            joins = behind in _SMALL and self._word(at + 2) not in _TIMES and self._follows(at + 1)
            return joins and self.value > 0 and self._adds(_SMALL[behind])
        if word in _PARTS:
            self._more = _PARTS[word]
            return self._word(at + 1) in _SMALL or self._word(at + 1) in _TIMES
        if word in _TIMES:
            return self._multiplies(_TIMES[word])
        if word in _HUNDREDS:
            return not self._part and self._adds(_HUNDREDS[word])
        return word in _SMALL and self._adds(_SMALL[word])

    def _adds(self, value: float) -> bool:
        """A unit goes with tens, and both with hundreds."""
        below = self._part % 100
        if below and not (value < 10 and below >= 20 and below % 10 == 0 and self._word(self.after - 1) in _TEN_WORDS):
            return False
        self._part, self._more = self._part + value + self._more, 0.0
        return True

    def _multiplies(self, times: int) -> bool:
        if self._part >= times or (times == 1_000 and self._whole):
            return False
        self._part, self._more = ((self._part or 1) + self._more) * times, 0.0
        if times == 1_000:
            self._whole, self._part = self._part, 0.0
        return True
