"""`python -m tests.golden` scores the configured judge on the golden cases and prints what it got right and wrong.

Real with OPENAI_API_KEY (JUDGE_MODEL, OPENAI_BASE_URL, lines and floors count, from the environment or .env);
otherwise the sandbox's rules are judged, which says nothing about a model. With --messages the plain rules and the same
model tell the written messages of tests/data apart: which are orders, and which are not. With --questions they choose
the queries that answer the written questions of tests/data, and are shown the hostile ones.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from bot.kernel.errors import EchoPilotError
from bot.ops.logs import logs
from bot.prompts.model import ALL_TYPES, Wording, check_system
from bot.quality import judge
from tests.golden import messages, questions
from tests.golden.cases import load
from tests.golden.judging import is_real, judge_all, models, settings
from tests.golden.table import report, verdict
from tests.messages import load as load_messages
from tests.questions import load as load_questions
from tests.questions import load_hostile


async def run(prompt: Path | None) -> str:
    """The report; raises EchoPilotError where there can be none."""
    configured, samples, wording = settings(), load(), judge.TEMPLATE.shipped
    if prompt is not None:
        text = check_system(judge.TEMPLATE, ALL_TYPES, await asyncio.to_thread(prompt.read_text, encoding="utf-8"))
        wording = Wording(None, prompt.name, text)
    real = is_real(configured)
    who = f"{configured.judge_model} at {configured.openai_base_url}" if real else (
        "the sandbox's rules, since OPENAI_API_KEY is not set: this says nothing about a real model"
    )  # fmt: skip
    bad = sum(bool(sample.wrong) for sample in samples)
    head = [
        f"Judge: {who}",
        f"{len(samples) - bad} good and {bad} bad drafts, lines and floors as set, prompt {wording.name}",
    ]
    async with models(configured) as asked:
        judged = await judge_all(asked, samples, configured, wording)
    return "\n".join(
        [*head, "", report(judged), verdict(judged) if real else "No verdict: these are rules, not a model."]
    )


async def run_messages() -> str:
    """The report on the written messages; raises EchoPilotError where there can be none."""
    configured, written = settings(), load_messages()
    who = configured.judge_model if is_real(configured) else "the sandbox's rules: this says nothing about a real model"
    async with models(configured) as asked:
        told = await messages.tell_all(asked, written, configured.judge_model)
    rules = messages.by_rules(written)
    return "\n".join(
        [
            f"{len(written)} messages; a row for what they are, a column for what they were taken for",
            f"\nBy the rules alone\n{messages.report(rules)}",
            f"\nAsked: {who}\n{messages.report(told)}\n{messages.cost(told)}",
            f"\n{messages.together(rules, told)}",
        ]
    )


async def run_questions() -> str:
    """The report on the written questions; raises EchoPilotError where there can be none."""
    configured, written, hostile = settings(), load_questions(), load_hostile()
    who = configured.judge_model if is_real(configured) else "the sandbox's rules: this says nothing about a real model"
    texts = [question.text for question in written]
    async with models(configured) as asked:
        chosen = await questions.choose_all(asked, texts, configured.judge_model)
        tried = await questions.choose_all(asked, [one.text for one in hostile], configured.judge_model)
    told = questions.report(written, questions.by_rules(texts), chosen)
    return f"Asked: {who}\n\n{told}\n\n{questions.report_hostile(hostile, tried)}"


def main() -> int:
    """Print the report; 1 where the judge could not be asked, whatever its verdict otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--prompt", type=Path, help="a file with another judging prompt, to try before it is used")
    parser.add_argument("--messages", action="store_true", help="have the model tell the written messages apart")
    parser.add_argument("--questions", action="store_true", help="have the model choose queries for written questions")
    given = parser.parse_args()
    logs.configure("error", [])
    try:
        which = run_questions() if given.questions else run_messages() if given.messages else run(given.prompt)
        told = asyncio.run(which)
        sys.stdout.write(f"{told}\n")
    except (EchoPilotError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
