"""Has the configured model tell the written messages apart, by the prompt and the reading of the product."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.briefs.material import guess_type
from bot.intake import prompt as intake_prompt
from bot.intake.kinds import Purpose
from bot.models.ports import Models
from tests.golden.judging import AT_ONCE
from tests.messages import Message


@dataclass(frozen=True, slots=True)
class Told:
    """What the model took a message for; cost in millionths of a US dollar."""

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
    cost = sum(one.cost_micro_usd for one in told) / 1_000_000
    lines.append(
        f"{len(asked)} of {len(orders)} orders would be asked about, {len(quoted)} of {len(others)} others quoted"
    )
    return "\n".join([*lines, f"{len(told)} calls, {cost:.4f} USD"])


def _listed(title: str, told: Sequence[Told]) -> list[str]:
    if not told:
        return []
    return [f"{title}:", *(f"  {one.message.kind}, taken for {one.kind}: {one.message.text}" for one in told), ""]
