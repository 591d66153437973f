"""Plain checks beside the judge: what code can see in a draft. Where one finds something a person decides, whatever
the judge gave.

They are kept from crying wolf: what cannot be told (the language of a slogan) is left to the judge.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from bot.briefs import formats
from bot.briefs.model import Brief
from bot.briefs.options import language_words
from bot.checks import echo, endings, language, lengths
from bot.checks.leftovers import leftovers
from bot.checks.words import paragraphs, plain, visible, words
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, ngettext, reading_as
from bot.kernel.translation import gettext as _

ATTACHED = "\n\n## Attached: "
PROSE = frozenset({TaskType.RESEARCH, TaskType.DRAFTING, TaskType.OTHER})
FEWEST_WORDS = 3
REMEMBERED = 256


class Flaw(StrEnum):
    """What a check looks for."""

    EMPTY = "empty"
    ECHO = "echo"
    BROKEN_OFF = "broken off"
    LENGTH = "length"
    LANGUAGE = "language"
    LEFTOVER = "leftover"


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found. say: the words for it, in the language of whoever reads them."""

    flaw: Flaw
    say: Callable[[], str]

    @property
    def told(self) -> str:
        """What the drafter is told of it: English, as all that models are told."""
        with reading_as(Reader()):
            return self.say()


class PlainChecks:
    """The checks, with a detector of languages."""

    def __init__(self, detect: language.Detect) -> None:
        self._detect = detect
        self._known: dict[bytes, tuple[Found, ...]] = {}

    def of(self, brief: Brief, draft: str) -> tuple[Found, ...]:
        """All that is found in a draft of the brief, at most one of each kind but BROKEN_OFF; the worst first.

        What was found is remembered for a while: the gate and the cards of some operators ask the same. Any
        thread may ask.
        """
        key = _key(brief, draft)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)), None)
            self._known[key] = tuple(self._found(brief, formats.bare(visible(draft))))
        return self._known[key]

    def remembered(self, brief: Brief, draft: str) -> tuple[Found, ...] | None:
        """The same where it is remembered, at once; None where it is not."""
        return self._known.get(_key(brief, draft))

    def _found(self, brief: Brief, draft: str) -> Iterator[Found]:
        if not any(character.isalnum() for character in draft):
            yield Found(Flaw.EMPTY, lambda: _("it has no words"))
            return
        asked = brief.text.partition(ATTACHED)[0]
        prose, data = brief.task_type in PROSE, formats.asked_by(brief) is not None
        if prose and (few := _too_little(asked, draft)):
            yield Found(Flaw.EMPTY, few)
        if _echoes(brief, draft, prose=prose):
            yield Found(Flaw.ECHO, lambda: _("it only repeats the brief"))
        if not data and (cut := endings.breaks_off(draft)):
            yield Found(Flaw.BROKEN_OFF, lambda: _("it stops in mid-sentence at “{words}”", words=cut))
        if prose and (again := endings.goes_round(draft)):
            yield Found(Flaw.BROKEN_OFF, lambda: _("it repeats “{words}” again and again", words=again))
        if prose and (missed := lengths.missed(asked, draft)):
            yield Found(Flaw.LENGTH, missed.say)
        if not data and (other := self._language(brief, asked, draft)):
            yield Found(Flaw.LANGUAGE, lambda: _reads_as(other))
        if left := leftovers.leftover(asked, draft, prose=prose):
            yield Found(Flaw.LEFTOVER, lambda: _("it contains “{words}”", words=left))

    def _language(self, brief: Brief, asked: str, draft: str) -> str:
        if brief.task_type is TaskType.TRANSCRIPTION and not (brief.language or language.named(asked)[1]):
            return ""  # in whatever language was spoken
        return language.other(asked, brief.language, draft, self._detect)


def _key(brief: Brief, draft: str) -> bytes:
    return blake2b(repr((brief.text, brief.task_type, brief.language, draft)).encode(), digest_size=16).digest()


def _reads_as(language: str) -> str:
    return _("it is in {language}, which was not requested", language=language_words(language))


def _too_little(asked: str, draft: str) -> Callable[[], str] | None:
    if not paragraphs(draft) and all(line.startswith("#") for line in draft.splitlines() if line.strip()):
        return lambda: _("it has headings and no text")
    count = len(words(plain(draft)))
    if count < FEWEST_WORDS and not lengths.asked(asked):
        return lambda: ngettext("it has {n} word in all", "it has {n} words in all", count)
    return None


def _echoes(brief: Brief, draft: str, *, prose: bool) -> bool:
    """Data and transcripts are made of what was given, so only the whole of it, request and all, is an echo."""
    if prose:
        return echo.repeats(brief.text, draft)
    given, said = words(plain(visible(brief.text))), words(plain(draft))
    return len(given) >= echo.SHORTEST_BRIEF and given == said and brief.task_type is not TaskType.TRANSCRIPTION
