"""What the judge said of a draft, to decide on it in ten seconds: the verdict, and the sentence that it is about."""

import re
from collections.abc import Mapping, Sequence

from bot.kernel.card import escape, first_lines
from bot.kernel.text.words import in_parts
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.quality.model import CRITERIA, Criterion, Evaluation, Floors, Result, below_floor

# Translators: within "Held: accuracy 59, floor 70; score 66, target 80".
UNDER_FLOOR: Mapping[Criterion, str] = {
    Criterion.CLARITY: N_("clarity {score}, floor {floor}"),
    Criterion.ACCURACY: N_("accuracy {score}, floor {floor}"),
    Criterion.COMPLETENESS: N_("completeness {score}, floor {floor}"),
    Criterion.TONE: N_("tone {score}, floor {floor}"),
}
AROUND = 200  # characters of a paragraph that are shown on either side of what is criticised
SENTENCE_END = re.compile(r"[.!?…۔؟][)”\"\']*\s")
BLANK_LINE = re.compile(r"\n\s*\n")


def verdict(evaluation: Evaluation, target: int, floors: Floors) -> str:
    """Whether it was held, and by what."""
    under = below_floor(evaluation.results, floors)
    why = [
        _(UNDER_FLOOR[result.criterion], score=result.score, floor=under[result.criterion])
        for result in worst_first(evaluation)
        if result.criterion in under
    ]
    if evaluation.points < target:
        why.append(_("score {score}, target {target}", score=evaluation.points, target=target))
    if why:
        # Translators: the automatic check did not let a draft pass; {why} are numbers and what they should be.
        return _("<b>Held</b>: {why}", why=in_parts(why))
    return _("<b>Good</b>: score {score}, target {target}", score=evaluation.points, target=target)


def worst_first(evaluation: Evaluation) -> Sequence[Result]:
    """The judge's results, the lowest score first."""
    return sorted(evaluation.results, key=lambda result: result.score)


def wanting(evaluation: Evaluation, target: int, floors: Floors) -> Sequence[Result]:
    """What there is a reason to send back for: under its floor, or under the target; those under their floor first."""
    under = below_floor(evaluation.results, floors)
    found = [result for result in worst_first(evaluation) if result.criterion in under or result.score < target]
    return sorted(found, key=lambda result: result.criterion not in under)


def scores(evaluation: Evaluation, floors: Floors) -> str:
    """All four in a line, with the floor of those under it."""
    points = {result.criterion: result.score for result in evaluation.results}
    under = below_floor(evaluation.results, floors)
    return " · ".join(
        _("{criterion} <b>{score}</b> (floor {floor})", criterion=c.words, score=points[c], floor=under[c])
        if c in under
        else f"{c.words} {points[c]}"
        for c in CRITERIA
    )


def reason(result: Result) -> str:
    """A criterion with the judge's words and quote."""
    quoted = f" “{first_lines(result.quote, 120)}”" if result.quote else ""
    return f"{result.criterion.words}: {first_lines(result.reason, 160)}{quoted}"


def in_its_place(result: Result, draft: str) -> str | None:
    """The judge's words, and the sentence that they are about, underlined in its paragraph; None where it is gone."""
    found = passage(draft, result.quote)
    if found is None:
        return None
    before, sentence, after = found
    shown = f"{escape(before)}<u>{escape(sentence)}</u>{escape(after)}"
    return f"{result.criterion.words}: {first_lines(result.reason, 160)}\n<blockquote>{shown}</blockquote>"


def passage(draft: str, quote: str) -> tuple[str, str, str] | None:
    """What stands before the quoted sentence in its paragraph, the sentence, and what stands behind it."""
    wanted = r"\s+".join(map(re.escape, quote.split()))
    match = re.search(wanted, draft) if wanted else None
    if match is None:
        return None
    ends = [0, *(end.end() for end in BLANK_LINE.finditer(draft)), len(draft)]
    start = max(end for end in ends if end <= match.start())
    stop = min(end for end in ends if end >= match.end())
    begins = max([start, *(end.end() for end in SENTENCE_END.finditer(draft, start, match.start()))])
    over = SENTENCE_END.search(draft, max(match.end() - 1, begins), stop)
    until = stop if over is None else over.end()
    parts = draft[start:begins], draft[begins:until], draft[until:stop]
    before, sentence, after = (" ".join(part.split()) for part in parts)
    return _tail(before.lstrip("# ")), _whole(sentence.lstrip("# ")), _head(after)


def _whole(sentence: str) -> str:
    """One that is very long by its beginning."""
    return sentence if len(sentence) <= 2 * AROUND else f"{sentence[: 2 * AROUND]}…"


def _tail(text: str) -> str:
    return "" if not text else f"{text} " if len(text) <= AROUND else f"…{text[-AROUND:].partition(' ')[2]} "


def _head(text: str) -> str:
    return "" if not text else f" {text}" if len(text) <= AROUND else f" {text[:AROUND].rpartition(' ')[0]}…"
