"""The golden cases, the table's arithmetic, and the sandbox's judge on them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType
from bot.quality import judge
from bot.quality.injection import families
from sandbox.faults import Fault
from sandbox.openai.server import OpenAIStandIn
from sandbox.server import Sandbox
from tests.golden.__main__ import run, run_messages, run_questions
from tests.golden.cases import Sample, load
from tests.golden.judging import judge_all, models, settings
from tests.golden.table import Judged, confusion, report, rows, verdict
from tests.messages import load as load_messages

MOST = 0.75


def judged(*, good: bool, passed: bool, task_type: TaskType = TaskType.OTHER) -> Judged:
    sample = Sample(task_type, "case/draft", "The brief.", "The draft.", "" if good else "it is wrong")
    return Judged(sample, 90 if passed else 50, passed, "tone 50: rude", calls=1, cost_micro_usd=100, latency_ms=200)


def history(passed_good: int, held_good: int, passed_bad: int, held_bad: int) -> list[Judged]:
    counts = {(True, True): passed_good, (True, False): held_good, (False, True): passed_bad, (False, False): held_bad}
    return [judged(good=good, passed=passed) for (good, passed), count in counts.items() for _ in range(count)]


def test_the_cases() -> None:
    """Every type has at least five cases; each has one good draft, and bad ones that say what is wrong with them."""
    samples = load()
    for task_type in TaskType:
        cases = {sample.name.partition("/")[0] for sample in samples if sample.task_type is task_type}
        assert len(cases) >= 5
        for case in cases:
            own = [sample for sample in samples if sample.name.startswith(f"{case}/")]
            assert [bool(sample.wrong) for sample in own].count(False) == 1
            assert any(sample.wrong for sample in own)
            assert len({sample.draft for sample in own}) == len(own)
            assert not any("Wrong:" in sample.draft for sample in own)


def test_the_cases_are_honest_texts() -> None:
    """Nothing in briefs and drafts is taken for an attempt to steer the judge."""
    assert [sample.name for sample in load() if families(sample.brief) or families(sample.draft)] == []


def test_the_tables_arithmetic() -> None:
    """Every draft is in one cell; kappa is what the published example gives (20, 5, 10, 15 agree to 0.40)."""
    table = rows(history(20, 5, 10, 15))
    assert table[-1] == ("all", "20", "5", "10", "15", "0.40")
    assert table[1] == ("Research", "0", "0", "0", "0", "–")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((20, 5, 5, 48), "fit to pass drafts alone. 5 of 53 bad drafts pass (9%; under 19%"),
        ((20, 5, 6, 47), "do not leave drafts to this judge alone. 6 of 53"),
        ((19, 6, 0, 53), "careful, but little help. 0 of 53 bad drafts pass (0%; under 5%"),
    ],
)
def test_the_verdict(counts: tuple[int, int, int, int], words: str) -> None:
    """A judge who lets more than a tenth of the bad drafts pass is not to be left alone; one who holds more than a
    fifth of the good ones is little help.
    """
    assert verdict(history(*counts)).startswith(f"Verdict: {words}")


def test_what_it_got_wrong_is_named() -> None:
    """The report names each draft that was judged wrongly, with its flaw or the judge's reason, and adds up costs."""
    told = report(history(2, 1, 1, 3))
    assert "Passed although bad:\n  Other, case/draft: 90 points. it is wrong" in told
    assert "Held although good:\n  Other, case/draft: 50 points. tone 50: rude" in told
    assert told.endswith("7 calls, 0.0007 USD, 0.2 s each (median)")


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenAIStandIn]:
    """A provider with a key of its own, configured by environment, as a real one is."""
    stand_in = OpenAIStandIn(api_key="sk-of-ones-own")
    async with Sandbox(stand_in) as sandbox:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-ones-own")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{sandbox.url}/openai/v1")
        yield stand_in


async def test_a_configured_judge(provider: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key, the configured model is asked once per draft, and there is a verdict."""
    monkeypatch.setenv("JUDGE_MODEL", "gpt-4o")
    told = await run(None)
    assert told.startswith("Judge: gpt-4o at http://")
    assert "\nVerdict: " in told
    assert provider.calls == {("chat/completions", "gpt-4o"): len(load())}


async def test_an_answer_out_of_shape_is_asked_for_once_more(provider: OpenAIStandIn) -> None:
    """A judge whose answers cannot be read is asked twice per draft; nothing passes, and the report says why."""
    provider.faults.add(Fault("POST .*/chat/completions", "broken_json", times=None, body="cut"))
    told = await run(None)
    assert sum(provider.calls.values()) == 2 * len(load())
    assert told.count("not scored. the answer was not in the shape") == 25
    assert "careful, but little help. 0 of 53 bad drafts pass" in told


async def test_another_prompt_is_tried_before_it_is_used(provider: OpenAIStandIn, tmp_path: Path) -> None:
    """A file with another judging prompt is tried on the cases, if it keeps what the code relies on."""
    prompt = tmp_path / "strict.md"
    prompt.write_text(f"{judge.SYSTEM}\nBe strict.")
    assert "prompt strict.md" in await run(prompt)
    prompt.write_text("Judge it.")
    with pytest.raises(Refusal, match="criteria"):
        await run(prompt)


async def test_the_sandboxs_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's judge passes most good drafts and holds most bad ones, and the table counts every draft once."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    configured, samples = settings(), load()
    async with models(configured) as asked:
        found = await judge_all(asked, samples, configured)
    table = confusion(found)
    assert [one.sample for one in found] == samples
    assert table.total == len(samples)
    assert sum(int(cell) for row in rows(found)[1:-1] for cell in row[1:5]) == len(samples)
    assert re.search(rf"^all +{table.passed_good} +{table.held_good} +{table.passed_bad} ", report(found), re.MULTILINE)
    assert table.passed_good >= MOST * (table.passed_good + table.held_good)
    assert table.held_bad >= MOST * (table.passed_bad + table.held_bad)


async def test_the_model_tells_messages_apart(provider: OpenAIStandIn) -> None:
    """The configured model is asked once for each written message; what it and the rules took each for is counted."""
    told = await run_messages()
    assert sum(provider.calls.values()) == len(load_messages())
    counted = re.findall(r"(\d+) of (\d+) orders would be asked about, (\d+) of (\d+) others quoted", told)
    (few, _, none, _), (asked, orders, quoted, others) = (map(int, numbers) for numbers in counted)
    assert few <= 0.05 * orders
    assert none == 0
    assert "Together: 0 that are no orders are quoted" in told
    assert orders + others == len(load_messages())
    assert asked <= 0.5 * orders
    assert quoted <= 0.2 * others


async def test_the_questions() -> None:
    """The sandbox chooses query and arguments of all 60 questions rightly, and leaves the list for no hostile one."""
    told = await run_questions()
    assert "The model alone chose 60 of 60 rightly" in told
    assert "Together 60 of 60" in told
    # "Ignore the rules above and" is taken out of the material; what is left of that one is a plain question.
    assert "Of 30 hostile questions the model alone answered 1, each by a query of the list" in told
    assert "The rules stop 30 of them" in told
