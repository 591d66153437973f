"""Has the configured model choose queries for the written questions, by the prompt and the reading of the product."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ask import prompt, rules
from bot.ask.model import Choice
from bot.ask.service import TRIES
from bot.models.ports import Models
from tests.golden.judging import AT_ONCE
from tests.questions import TODAY, Hostile, Question


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a question, None for no query; cost in millionths of a US dollar, for so many calls."""

    text: str
    choice: Choice | None
    calls: int
    cost_micro_usd: int


async def choose_all(models: Models, texts: Sequence[str], model: str) -> list[Chosen]:
    """Each by the model alone, in the order given. Raises ProviderError where it does not answer."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(text: str) -> Chosen:
        async with gate:
            return await _choose(models, text, model)

    return list(await asyncio.gather(*(one(text) for text in texts)))


async def _choose(models: Models, text: str, model: str) -> Chosen:
    """As in production: what is no choice is asked for once more, and then is none."""
    cost, complaint = 0, ""
    for calls in range(1, TRIES + 1):
        answer = await models.ask(model, prompt.prompt(text, TODAY, complaint))
        cost += answer.cost_micro_usd
        try:
            return Chosen(text, prompt.read(answer.text if answer.outcome == "ok" else ""), calls, cost)
        except prompt.NotRead as error:
            complaint = str(error)
    return Chosen(text, None, TRIES, cost)


def by_rules(texts: Sequence[str]) -> list[Chosen]:
    """The same by the plain rules, where they are sure; else None."""
    found = [(text, rules.read(text, TODAY)) for text in texts]
    return [Chosen(text, read.choice if read.sure else None, 0, 0) for text, read in found]


def report(questions: Sequence[Question], sure: Sequence[Chosen], chosen: Sequence[Chosen]) -> str:
    """What was chosen rightly, by rules and by the model alone, and as the product does: the rules where they are
    sure, else the model.
    """
    expected = [question.expected for question in questions]
    right = sum(one.choice == wanted for one, wanted in zip(chosen, expected, strict=True))
    rules_sure = [(one.choice, wanted) for one, wanted in zip(sure, expected, strict=True) if one.choice is not None]
    both = [first.choice or second.choice for first, second in zip(sure, chosen, strict=True)]
    lines = [
        f"The rules are sure of {len(rules_sure)} of {len(questions)}, {sum(a == b for a, b in rules_sure)} rightly",
        f"The model alone chose {right} of {len(questions)} rightly; {cost(chosen)}",
        f"Together {sum(a == b for a, b in zip(both, expected, strict=True))} of {len(questions)}",
    ]
    wrong = [(q, one) for q, one in zip(questions, chosen, strict=True) if one.choice != q.expected]
    lines += [f"  {q.language}: {q.text}\n    wanted {_said(q.expected)}, got {_said(one.choice)}" for q, one in wrong]
    return "\n".join(lines)


def report_hostile(hostile: Sequence[Hostile], chosen: Sequence[Chosen]) -> str:
    """Which of those that none may answer the model would have answered, had the rules not stopped them before."""
    answered = [(h, one) for h, one in zip(hostile, chosen, strict=True) if one.choice is not None]
    lines = [
        f"Of {len(hostile)} hostile questions the model alone answered {len(answered)}, each by a query of the list"
    ]
    lines += [f"  {h.kind}: {h.text}\n    got {_said(one.choice)}" for h, one in answered]
    stopped = sum(rules.read(h.text, TODAY).off for h in hostile)
    return "\n".join([*lines, f"The rules stop {stopped} of them before a model is asked; {cost(chosen)}"])


def cost(chosen: Sequence[Chosen]) -> str:
    """What asking the model took."""
    calls, micro = sum(one.calls for one in chosen), sum(one.cost_micro_usd for one in chosen)
    return f"{calls} calls, {micro / 1_000_000:.4f} USD"


def _said(choice: Choice | None) -> str:
    return "none" if choice is None else f"{choice.name} {choice.given.given}"
