"""Has the configured model tell the written messages apart, by the prompt and the reading of the product."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.briefs.material import guess_type
from bot.intake import prompt as intake_prompt
from bot.models.ports import Models
from bot.remarks.kinds import Purpose, told_apart
from tests.golden.judging import AT_ONCE
from tests.messages import Message


@dataclass(frozen=True, slots=True)
class Told:
    """What a message was taken for; cost in millionths of a US dollar."""

    message: Message
    kind: Purpose
    cost_micro_usd: int


async def tell_all(models: Models, messages: Sequence[Message], model: str) -> list[Told]:
    """One call for each, in the order given. Raises ProviderError where the model does not answer."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(message: Message) -> Told:
        async with gate:
            answer = await models.ask(model, intake_prompt.prompt(message.text, guess_type(message.text)))
        kind = intake_prompt.read(answer.text).about if answer.outcome == "ok" else Purpose.UNSURE
        return Told(message, kind, answer.cost_micro_usd)

    return list(await asyncio.gather(*(one(message) for message in messages)))


def by_rules(messages: Sequence[Message]) -> list[Told]:
    """The same by the plain rules alone, as without a model."""
    return [Told(message, told_apart(message.text).kind, 0) for message in messages]


def together(rules: Sequence[Told], model: Sequence[Told]) -> str:
    """What the product does with both: the rules alone quote, and the model may doubt what they took for an order."""
    both = [(one.message.kind, said.kind) for one, said in zip(rules, model, strict=True) if one.kind is Purpose.ORDER]
    doubted = sum(kind is Purpose.ORDER and said is not Purpose.ORDER for kind, said in both)
    quoted, orders = sum(kind is not Purpose.ORDER for kind, _ in both), sum(kind is Purpose.ORDER for kind, _ in both)
    return f"Together: {quoted} that are no orders are quoted; of {orders} quoted orders the model doubts {doubted}"


def report(told: Sequence[Told]) -> str:
    """What it got right and wrong, as printed."""
    orders = [one for one in told if one.message.kind is Purpose.ORDER]
    others = [one for one in told if one.message.kind is not Purpose.ORDER]
    asked = [one for one in orders if one.kind is not Purpose.ORDER]
    quoted = [one for one in others if one.kind is Purpose.ORDER]
    lines = [f"{'':<10}" + "".join(f"{kind:>10}" for kind in Purpose)]
    counts = Counter((one.message.kind, one.kind) for one in told)
    lines += [f"{kind:<10}" + "".join(f"{counts[kind, taken]:>10}" for taken in Purpose) for kind in Purpose]
    lines += ["", *_listed("Quoted although no order", quoted), *_listed("Asked about although an order", asked)]
    lines.append(
        f"{len(asked)} of {len(orders)} orders would be asked about, {len(quoted)} of {len(others)} others quoted"
    )
    return "\n".join(lines)


def cost(told: Sequence[Told]) -> str:
    """What asking the model took."""
    return f"{len(told)} calls, {sum(one.cost_micro_usd for one in told) / 1_000_000:.4f} USD"


def _listed(title: str, told: Sequence[Told]) -> list[str]:
    if not told:
        return []
    return [f"{title}:", *(f"  {one.message.kind}, taken for {one.kind}: {one.message.text}" for one in told), ""]
