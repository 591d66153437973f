"""A judge and a drafter that answer what a test says, in the stand-in's place."""

import json
from collections.abc import Callable, Iterable
from itertools import chain, repeat

from bot.quality.model import CRITERIA
from sandbox.openai.prompt import Prompt

Answer = Callable[[Prompt], str | None]


def verdict(*scores: int) -> str:
    """The judge's answer with these scores in the order of the criteria; a single one stands for all of them."""
    given = scores if len(scores) > 1 else scores * len(CRITERIA)
    return json.dumps(
        {
            "results": [
                {"criterion": criterion, "score": score, "reason": "as the test says", "quote": None}
                for criterion, score in zip(CRITERIA, given, strict=True)
            ]
        }
    )


def judging(*points: int | str, drafts: Iterable[str] = ()) -> Answer:
    """A judge that gives these scores, one a look, and the last of them for ever; a text is answered as it stands.

    drafts: what the drafter writes, likewise; without any the stand-in's rules write.
    """
    looks = chain((p if isinstance(p, str) else verdict(p) for p in points[:-1]), repeat(points[-1]))
    texts = list(drafts)
    written = chain(texts[:-1], repeat(texts[-1])) if texts else None

    def answer(prompt: Prompt) -> str | None:
        if prompt.purpose == "judge":
            given = next(looks)
            return given if isinstance(given, str) else verdict(given)
        return next(written) if prompt.purpose == "draft" and written is not None else None

    return answer
