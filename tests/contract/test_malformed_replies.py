"""500 replies of the judge that are not what was asked for, by the real SDK and adapter: none counts."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator

from bot.adapters.openai.models import OpenAIModels
from bot.kernel.errors import ProviderError
from bot.quality import judge
from bot.quality.model import CRITERIA, Floors, evaluate
from sandbox.faults import Fault
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from tests.judged import verdict

CHAT = "POST .*/chat/completions"
DRAFT = "We deliver within 48 hours."
GOOD = verdict(91, 92, 93, 94)
# One whole object that was wrapped is read; it is what was asked for.
WRAPPED = (f"```json\n{GOOD}\n```", f"Sure, here it is:\n{GOOD}", f"{GOOD}\nI hope this helps.")
KINDS = ("refusal", "content_filter", "length", "truncate")
BODIES = (
    "null", "[]", "{}", "7", '"text"', '{"choices": []}', '{"choices": null}', '{"choices": "none"}',
    '{"choices": [7]}', '{"choices": [{"message": null}]}',
    '{"choices": [{"message": {"content": 7}, "finish_reason": "stop"}]}',
    '{"choices": [{"message": {"content": ["a"]}}], "usage": "none"}',
    '{"choices": [{}], "usage": {"prompt_tokens": "x"}}',
    "<html>502 Bad Gateway</html>", "", "\x00", "data: {}", '{"error": {"message": "no"}}',
)  # fmt: skip
Wrong = dict[str, object]


def changed(chance: random.Random) -> str:
    """The good answer with one thing wrong in one place."""
    found: dict[str, list[Wrong]] = json.loads(GOOD)
    results = found["results"]
    place = chance.randrange(len(results))
    one = results[place]
    ways: list[Callable[[], object]] = [
        lambda: one.update(score=chance.choice([-1, 101, 1_000_000, 79.5, "91", None, True, [91], {"value": 91}])),
        lambda: one.update(criterion=chance.choice(["Accuracy", "loyalty", "", None, 1, "tone "])),
        lambda: one.update(reason=chance.choice([None, 7, ["because"], {}])),
        lambda: one.update(quote=chance.choice([7, [], {}, True])),
        lambda: one.pop(chance.choice(["criterion", "score", "reason", "quote"])),
        lambda: one.update({chance.choice(["weight", "passed", "verdict"]): 100}),
        lambda: results.pop(place),
        lambda: results.append(dict(chance.choice(results))),
        lambda: results.clear(),
        lambda: results.insert(place, {"criterion": "loyalty", "score": 100, "reason": "r", "quote": None}),
        lambda: found.update(passed=[{"all": True}]),
        lambda: found.update(score=found.pop("results")),
        lambda: one.update(criterion=CRITERIA[(place + 1) % len(CRITERIA)]),
    ]
    chance.choice(ways)()
    return json.dumps(found)


def broken(chance: random.Random) -> str:
    """The good answer cut, wrapped, doubled or scrambled, or something else altogether."""
    cut = chance.randrange(len(GOOD) - 1)
    noise = bytes(chance.randrange(256) for _ in range(chance.randrange(60))).decode("latin-1")
    ways = [
        GOOD[:cut],
        GOOD[cut + 1 :],
        *WRAPPED,
        GOOD + GOOD,
        GOOD.replace('"score"', "score"),
        GOOD.replace('"', "'"),
        GOOD.replace("91", chance.choice(["NaN", "Infinity", "0x5b", "91.0.0", "ninety", "1e400"])),
        GOOD.replace('"score": 92', '"score": 2, "score": 92'),
        f'{{"results": [], {GOOD[1:]}',
        f"[{GOOD}]",
        json.dumps(GOOD),
        noise,
        "[" * chance.randrange(1, 5_000),
        "All four criteria: 100.",
        "",
        "   ",
        "null",
    ]
    return chance.choice(ways)


def replies() -> Iterator[tuple[str, str, Fault | None]]:
    """500 of them, as (kind, what the model says, what happens to it on the way); the same in every run."""
    chance = random.Random(500)
    for number in range(500):
        match number % 5:
            case 0:
                kind = KINDS[number // 5 % len(KINDS)]
                yield kind, GOOD, Fault(CHAT, kind)  # type: ignore[arg-type]
            case 1:
                body = BODIES[number // 5 % len(BODIES)]
                yield "body", GOOD, Fault(CHAT, "status", status=200, body=body)
            case 2 | 3:
                yield "changed", changed(chance), None
            case _:
                yield "broken", broken(chance), None


async def test_500_malformed_replies() -> None:
    """Of 500 malformed, truncated, refused and filtered replies none is scored, no error but ProviderError comes out,
    and a good reply after them counts.
    """
    stand_in = OpenAIStandIn()
    outcomes: Counter[tuple[str, str]] = Counter()
    accepted: list[str] = []
    async with Sandbox(stand_in) as sandbox:
        models = OpenAIModels("sk-sandbox", f"{sandbox.url}/openai/v1", 5, transcribe_model="whisper-1")
        said = ""
        stand_in.dictated = lambda _: said
        try:
            for kind, said, fault in [*replies(), ("good", GOOD, None)]:
                if fault is not None:
                    stand_in.faults.add(fault)
                try:
                    answer = await models.ask("gpt-4o-mini", judge.prompt("Write a page.", "", DRAFT, 1))
                except ProviderError:
                    outcomes[kind, "no answer"] += 1
                    stand_in.faults.clear()
                    continue
                results = judge.read(answer.text, DRAFT) if answer.outcome == "ok" else ()
                evaluation = evaluate(1, 1, results, target=0, floors=Floors(), model=answer.model)
                outcomes[kind, answer.outcome] += 1
                if said not in WRAPPED and (evaluation.scored or evaluation.passed):
                    accepted.append(f"{kind}: {said[:80]}")
        finally:
            await models.close()
    assert accepted == [f"good: {GOOD[:80]}"]
    assert sum(outcomes.values()) == 501
    seen = {kind for kind, _ in outcomes}
    assert seen == {*KINDS, "body", "changed", "broken", "good"}
