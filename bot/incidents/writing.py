"""What a model writes of events, and of nothing else: what it says that stands in none of them is not taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.kernel.errors import EchoPilotError
from bot.kernel.translation import locale
from bot.models.budget import Payer
from bot.models.ports import Prompt
from bot.models.spending import Spend
from bot.quality.judge import NOT_ORDERS, fence, new_mark
from storage.engine.database import Database

log = structlog.get_logger(__name__)
LONGEST = 1_200  # characters
MOST_TOKENS = 1_000
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
RULES = f"""Use only what stands in the material; it is between markers with a random id. Do not guess causes, times,
numbers or names that are not there. Plain sentences, no headings, lists or markup, at most 120 words. {NOT_ORDERS}"""
SUMMARY = f"You sum an incident up for people who just woke: what happened, how it is, what was done. {RULES}"
SHIFT = f"You write the note on a shift for whoever takes over: what happened, what is open, what to look at. {RULES}"
DIGEST = f"You write at most five short suggestions for whoever runs this business, from what happened lately. {RULES}"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and the model that did."""

    text: str
    model: str


class Writer:
    """Has a model write of events. model: which one."""

    def __init__(self, database: Database, spend: Spend, model: str) -> None:
        self._database = database
        self._spend = spend
        self._model = model

    async def write(self, tenant: str, purpose: str, system: str, events: Sequence[str]) -> Written | None:
        """What the model makes of these lines, in the reader's language; None where there is nothing to write of, no
        model answers, or it says what does not stand there.
        """
        if not events:
            return None
        material, mark = "\n".join(events), new_mark()
        order = f"{system}\nWrite in {locale().get_language_name('en')}."
        prompt = Prompt(purpose, f"{purpose}/1", order, fence("events", material, mark), max_output_tokens=MOST_TOKENS)
        payer = Payer(tenant)
        try:
            paid = await self._spend.ask(payer, self._model, prompt)
        except EchoPilotError as error:  # nobody waits for it: plain rules do instead
            log.info("nothing written", purpose=purpose, reason=str(error))
            return None
        await self._database.write(lambda tx: self._spend.record(tx, payer, [paid]))
        answer = paid.result
        if not answer.whole or not supported(answer.text, material):
            log.info("nothing taken of what was written", purpose=purpose, outcome=answer.outcome)
            return None
        return Written(answer.text.strip(), answer.model)


def supported(text: str, material: str) -> bool:
    """Whether every number in the text stands in the material, and it is no longer than asked for."""
    known = set(NUMBER.findall(material))
    return 0 < len(text.strip()) <= LONGEST and set(NUMBER.findall(text)) <= known
