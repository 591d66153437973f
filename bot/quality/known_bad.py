"""Drafts that are known to be bad, made from good ones: each spoiled in one way that a judge has to see.

Made from the draft at hand, a known-bad one cannot be told from a real one by its subject, its length or its style.
"""

import re
from collections.abc import Callable, Sequence

from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext_noop as N_

Pick = Callable[[Sequence[str]], str]
INVENTED = (
    "According to a survey of 4,380 households in 2019, 93 % would choose it again, and 7 out of 10 saved 1,250 EUR in "
    "the first year. The method was developed with Professor Halvorsen at the Institute of Applied Logistics in Turku.",
    "The offer ends on 31 February, costs 64.90 EUR a month after a trial of 45 days, and comes with a lifetime "
    "guarantee signed by our founder Ottilie Brandvik, who won the Golden Anchor in 1987 and again in 2003.",
)
OFF_SUBJECT = (
    "# Caring for houseplants in winter\n\nHouseplants grow slowly from November to March. Water them half as often as "
    "in summer, and use water at the temperature of the room.\n\n## Light\n\nMove them closer to a window, and turn "
    "them by a quarter each week, so that they grow evenly.\n\n## Air\n\nRadiators dry the air. A bowl of water beside "
    "the plant is enough.\n",
    "# The history of the lighthouse\n\nEarly lighthouses were open fires on a hill. Towers came later, when harbours "
    "grew and ships came at night.\n\n## The lamp\n\nOil gave way to gas, and gas to electric light. A lens of glass "
    "rings gathers the light into one beam.\n\n## Today\n\nMost are run without a keeper, and many are museums.\n",
)
SHOUTING = (
    "UNBELIEVABLE!!! This is the ultimate, revolutionary, world-class, game-changing opportunity of a lifetime!!!",
    "You would be insane to miss this amazing, mind-blowing, unbeatable deal!!! Guaranteed!!! Act NOW!!!",
    "LOL, whoever still does it the old way is beyond help!!! Incredible, unparalleled, awesome!!!",
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])")
FIGURE = re.compile(r"\d+")


def spoil(task_type: TaskType, good: str, pick: Pick) -> tuple[str, str]:
    """A known-bad draft of that type made from a good one, as (in which way it is bad, a name of WAYS; text).

    pick: chooses one of several; `secrets.choice` where nobody should foresee it.
    """
    ways = [name for name, way in WAYS.items() if name in _FITTING[task_type] and way(good, pick) != good]
    name = pick(ways)
    return name, WAYS[name](good, pick)


def _invented_facts(good: str, pick: Pick) -> str:
    """Figures, names and dates that nobody gave, in the middle of the text."""
    return _between(good, pick(INVENTED))


def _cut_off(good: str, pick: Pick) -> str:  # noqa: ARG001 - every way's shape
    """The first third, ending in the middle of a word."""
    kept = good[: max(1, len(good) // 3)].rstrip()
    return kept[:-1] if kept[-1:] in ".!?" else kept


def _off_subject(good: str, pick: Pick) -> str:  # noqa: ARG001
    """A good text about something that nobody asked for."""
    return pick(OFF_SUBJECT)


def _wrong_tone(good: str, pick: Pick) -> str:  # noqa: ARG001
    """Shouting between the sentences of every paragraph."""
    paragraphs = good.split("\n\n")
    return "\n\n".join(f"{part}\n\n{SHOUTING[n % len(SHOUTING)]}" for n, part in enumerate(paragraphs))


def _wrong_figures(good: str, pick: Pick) -> str:  # noqa: ARG001
    """Every figure is another one."""
    return FIGURE.sub(lambda found: str(int(found[0]) * 3 + 7), good)


def _half_the_rows(good: str, pick: Pick) -> str:  # noqa: ARG001
    """Every other line of the data is missing, and the rest is followed by rows that nobody gave."""
    lines = [line for line in good.splitlines() if line.strip()]
    if len(lines) < 4:
        return good
    mark = "|" if "|" in lines[0] else "," if "," in lines[0] else ";"
    made_up = [mark.join(["Halvorsen", str(7_431 * n), "Turku"]) for n in (1, 2, 3)]
    return "\n".join([*lines[:1], *lines[1::2], *made_up]) + "\n"


def _between(good: str, part: str) -> str:
    sentences = SENTENCE_END.split(good)
    middle = len(sentences) // 2
    return " ".join([*sentences[:middle], part, *sentences[middle:]])


WAYS: dict[str, Callable[[str, Pick], str]] = {
    N_("invented facts"): _invented_facts,
    N_("cut off"): _cut_off,
    N_("off the subject"): _off_subject,
    N_("wrong tone"): _wrong_tone,
    N_("wrong figures"): _wrong_figures,
    N_("half the rows"): _half_the_rows,
}
_PROSE = {"invented facts", "cut off", "off the subject", "wrong tone"}
_FITTING: dict[TaskType, frozenset[str]] = {
    TaskType.RESEARCH: frozenset(_PROSE | {"wrong figures"}),
    TaskType.DRAFTING: frozenset(_PROSE),
    TaskType.DATA_TRANSFORM: frozenset({"half the rows", "wrong figures", "off the subject"}),
    TaskType.TRANSCRIPTION: frozenset({"invented facts", "cut off", "off the subject"}),
    TaskType.OTHER: frozenset(_PROSE),
}
