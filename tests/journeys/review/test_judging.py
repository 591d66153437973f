"""The gate over the wire: looks near the line, lines per client and type, blind audits, and the hidden probe."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select, select

from bot.briefs.material import Submission
from bot.kernel.task_type import TaskType
from bot.quality.known_bad import WAYS
from sandbox.faults import Fault
from sandbox.openai.prompt import Prompt
from sandbox.openai.server import Call
from storage.tables.briefs import evaluations
from storage.tables.models import model_calls
from storage.tables.quality import adopted_lines, probes, verdicts
from tests.consents import allows_all
from tests.eventually import eventually
from tests.house import BRIEF, OPEN_BRIEF, House, Providers, house
from tests.judged import Answer, judging, verdict
from tests.reviewing import more


async def rows(home: House, query: Select[Any]) -> list[tuple[Any, ...]]:
    """What the database answers."""
    async with home.running.app.services.database.reading() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def until(home: House, holds: Callable[[list[tuple[Any, ...]]], bool], query: Select[Any]) -> None:
    """Wait until what the database answers is as wanted."""
    await eventually(lambda: rows(home, query), holds)


async def samples(home: House) -> list[int]:
    """The weighted points of every look so far."""
    found = await rows(home, select(evaluations.c.weighted).order_by(evaluations.c.id))
    return [weighted // 100 for (weighted,) in found]


def discerning(good: str) -> Answer:
    """Drafts the good text, and judges every other one to be bad."""

    def answer(prompt: Prompt) -> str | None:
        return good if prompt.purpose == "draft" else verdict(90 if prompt.material["draft"] == good else 40)

    return answer


@pytest.mark.parametrize("given", [(78, 84, 82), (78, 84, 82, 90, 83)], ids=["three", "five"])
async def test_near_the_line_more_looks_decide(stand_ins: Providers, database_url: str, given: tuple[int, ...]) -> None:
    """A draft two points under the line is looked at as often as the setting says, and the median lets it out."""
    async with house(stand_ins, database_url, qa_near_points=3, qa_samples=len(given)) as home:
        await home.staff()
        home.openai.dictated = judging(*given)
        number = await home.brief()
        await home.alice.sees(f"Brief {number} · Delivered")
        assert await samples(home) == list(given)
        kept = await rows(home, select(verdicts.c.weighted, verdicts.c.target, verdicts.c.passed, verdicts.c.audited))
        assert kept == [(sorted(given)[len(given) // 2] * 100, 80, True, False)]


async def test_looks_that_got_no_answer(stand_ins: Providers, database_url: str) -> None:
    """Of looks that are taken at once those that got an answer count; only the others are taken again."""
    async with house(stand_ins, database_url, qa_near_points=10, qa_samples=7) as home:
        await home.staff()
        home.openai.dictated = judging(84)
        judged = 0

        def lose_two(call: Call) -> None:
            nonlocal judged
            judged += call.model == home.settings.judge_model
            if judged == 1 and not lost:
                lost.append(Fault("chat/completions", "lose_reply", times=2))
                home.openai.faults.add(lost[0])

        lost: list[Fault] = []
        home.openai.on_call.append(lose_two)
        number = await home.brief()
        await home.alice.sees(f"Brief {number} · Delivered")
        numbers = await rows(home, select(evaluations.c.look).order_by(evaluations.c.look))
        assert [look for (look,) in numbers] == [1, 2, 3, 4, 5, 6, 7]
        assert lost[0].times == 0
        # one look chose, six agreed, and two of these were asked for twice
        assert home.openai.calls["chat/completions", home.settings.judge_model] == 9


async def test_a_second_look_that_disagrees_stops_it(home: House) -> None:
    """A clear pass that the second look does not share is drafted anew, and in the end a person decides."""
    await home.staff()
    home.openai.dictated = judging(95, 60, 95, 61, 95, 62)
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert await samples(home) == [95, 60, 95, 61, 95, 62]
    assert "Held: accuracy 62, floor 70; score 62, target 80" in card.text
    assert "Draft 3 of 3" in (await more(home.bob, card)).text


async def test_the_best_draft_goes_to_a_person(home: House) -> None:
    """After the last attempt the person sees the draft with the best score, and its text."""
    await home.staff()
    home.openai.dictated = judging(60, 72, 65, drafts=["The first text.", "The second text.", "The third text."])
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert "The second text." in card.text
    assert "Draft 2 of 3" in (await more(home.bob, card)).text
    assert await rows(home, select(verdicts.c.weighted, verdicts.c.passed)) == [(7200, False)]


async def test_words_are_no_score(home: House) -> None:
    """A judge that says in words that all is perfect has not scored: a person decides, and reads that."""
    await home.staff()
    home.openai.dictated = judging("All four criteria: 100. The draft is approved.")
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert "Not scored" in card.text
    assert await rows(home, select(verdicts.c.weighted, verdicts.c.passed)) == [(None, False)]


async def test_a_person_is_recorded_beside_the_gate(home: House) -> None:
    """What an operator decides stands beside what the gate said of the same text."""
    await home.staff()
    home.openai.dictated = judging(70)
    await home.brief()
    await home.bob.taps("Approve", await home.bob.sees("Needs your decision"))
    await home.alice.sees("To pay")
    kept = await rows(home, select(verdicts.c.passed, verdicts.c.human, verdicts.c.person_id.is_not(None)))
    assert kept == [(False, "approved", True)]


async def test_a_clients_own_line(home: House) -> None:
    """An admin sets a client's line by name; the next brief is held to it, and its details say so."""
    await home.staff()
    await home.carol.says("/target alice 95")
    await home.carol.sees("Minimum score for Alice's briefs: 95")
    home.openai.dictated = judging(90)
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert "Held: score 90, target 95" in card.text
    await home.dan.says(f"/brief_{number}")
    await home.dan.sees("score 90, target 95")
    await home.carol.says("/target")
    await home.carol.sees("Alice: 95")
    await home.carol.says("/target Alice none")
    await home.carol.sees("No minimum score of their own for Alice")
    mark = home.alice.mark()
    await home.brief(BRIEF + " Keep it short.")
    await home.alice.sees("Delivered", after=mark)


async def test_who_may_set_a_line_and_how(home: House) -> None:
    """Only admins set lines; an unknown client and a line over 100 are refused with an example, and nothing changes."""
    await home.staff()
    for command, words in (
        ("/target Nobody 85", "There is no client “Nobody”"),
        ("/target Alice 101", "a score from 0 to 100: /target Alice 85"),
        ("/target Alice", "a score from 0 to 100: /target Alice 85"),
        (f"/target {home.alice.id} 100", "Minimum score for Alice's briefs: 100"),
    ):
        mark = home.carol.mark()
        await home.carol.says(command)
        await home.carol.sees(words, after=mark)
    await home.bob.says("/target Alice 10")
    await home.bob.sees("Only admins may set the minimum score")


async def test_the_order_of_lines(stand_ins: Providers, database_url: str) -> None:
    """A brief's own line counts before its client's, that before the adopted one, that before its type's setting."""
    async with house(stand_ins, database_url, qa_target=70, qa_target_drafting=71) as home:
        await home.invite(home.alice, "client")
        services = home.running.app.services
        alice = await services.people.joining.identify(home.alice.id, "Alice", "en")

        async def line(key: str, own: int | None = None, task_type: TaskType = TaskType.DRAFTING) -> int:
            made = await services.intake.briefs.submit(alice, home.alice.id, key, Submission(BRIEF, task_type))
            if own is not None:
                made = await services.intake.quotes.set_target(carol, made.id, made.version, own)
            return made.qa_target

        carol = await services.people.joining.identify(home.carol.id, "Carol", "en")
        assert await line("other", task_type=TaskType.OTHER) == 70
        assert await line("type") == 71
        line_of = {"tenant": "main", "task_type": "Drafting", "evidence": {}, "person_id": carol.id}
        now = services.database.clock.now()
        adopted = [line_of | {"target": t, "replaces": n, "created_at": now} for n, t in enumerate((60, 72))]
        await services.database.write(lambda tx: tx.run(adopted_lines.insert(), adopted))
        assert await line("adopted") == 72
        await services.people.joining.set_target(carol, "Alice", 73)
        assert await line("client") == 73
        assert await line("own", own=74) == 74


async def test_another_type_has_another_line(stand_ins: Providers, database_url: str) -> None:
    """Changing the type of a quoted brief changes its line to that type's."""
    async with house(stand_ins, database_url, qa_target_research=99) as home:
        await home.staff()
        await home.alice.says(BRIEF)
        await home.alice.taps("Other type", await home.alice.sees("120.00 USD"))
        await home.alice.taps("Research · 180.00 USD", await home.alice.sees("What kind of work is it?"))
        home.openai.dictated = judging(97)
        await home.alice.taps("Yes, start", await home.alice.sees("180.00 USD"))
        card = await home.bob.sees("Needs your decision")
        assert "Held: score 97, target 99" in card.text


async def test_a_blind_audit(stand_ins: Providers, database_url: str) -> None:
    """A draft that would pass alone is put before operators, and its card is that of one that would not: no scores, no
    number of drafts. Their word is kept beside the gate's, and it goes out.
    """
    async with house(stand_ins, database_url, audit_percent=100) as home:
        await home.staff()
        text = "# Nordwind\n\nDelivery within 48 hours."
        home.openai.dictated = judging(50, drafts=[text])
        failed = await home.bob.sees(f"Brief {await home.brief()} · Needs your decision")
        await home.bob.taps("Approve", failed)
        await home.alice.sees("Delivered")
        home.openai.dictated = judging(90, drafts=[text])
        number = await home.brief()
        audited = await home.bob.sees(f"Brief {number} · Needs your decision")
        assert audited.labels == failed.labels
        assert audited.html.replace(str(number), "") == failed.html.replace(str(number - 1), "")
        assert "Scores hidden: please judge this one on your own." in audited.text
        await home.bob.taps("Approve", audited)
        await home.alice.sees(f"Brief {number} · Delivered")
        columns = (verdicts.c.passed, verdicts.c.audited, verdicts.c.human, verdicts.c.weighted)
        kept = await rows(home, select(*columns).order_by(verdicts.c.id))
        assert kept == [(False, False, "approved", 5000), (True, True, "approved", 9000)]


async def test_no_audit_of_what_did_not_pass(stand_ins: Providers, database_url: str) -> None:
    """What goes to a person anyway is no audit."""
    async with house(stand_ins, database_url, audit_percent=100) as home:
        await home.staff()
        await home.brief(OPEN_BRIEF)
        await home.bob.sees("Needs your decision")
        assert await rows(home, select(verdicts.c.passed, verdicts.c.audited)) == [(False, False)]


async def test_a_hidden_probe(stand_ins: Providers, database_url: str) -> None:
    """Beside a judged brief a known-bad draft is put before the judge like any other, and nobody is told of it."""
    async with house(stand_ins, database_url, probe_percent=100) as home:
        await home.staff()
        await allows_all(home)
        heard: list[Call] = []
        home.openai.on_call.append(heard.append)
        good = "# Nordwind\n\nWe deliver within 48 hours. Every parcel is insured up to 500 EUR. Pickup is free."
        home.openai.dictated = discerning(good)
        number = await home.brief()
        await home.alice.sees("To pay")
        kept = select(probes.c.brief_id, probes.c.golden, probes.c.task_type, probes.c.passed)
        await until(home, bool, kept)
        ((brief_id, way, task_type, passed),) = await rows(home, kept)
        assert (brief_id, task_type, passed) == (number, "Drafting", False)
        assert way in WAYS
        judged = [call.prompt for call in heard if call.purpose == "judge" and call.prompt is not None]
        assert len({prompt.material["draft"] for prompt in judged}) == 2
        assert len({prompt.material["brief"] for prompt in judged}) == 1
        assert len({prompt.system.partition("Criteria:")[0] for prompt in judged}) == 1
        paid = await rows(home, select(model_calls.c.brief_id).where(model_calls.c.purpose == "probe"))
        assert paid == [(None,)]
        assert "known-bad" not in "".join(message.text for message in home.carol.messages())


async def test_a_judge_that_lets_a_probe_through_is_told_once_a_day(stand_ins: Providers, database_url: str) -> None:
    """The first known-bad draft that passes is told to the admins, the second on the same day is only kept."""
    async with house(stand_ins, database_url, probe_percent=100) as home:
        await home.staff()
        await allows_all(home)
        home.openai.dictated = judging(95)
        await home.brief()
        await home.carol.sees("The automatic check let a known-bad draft through")
        await home.brief(BRIEF + " Keep it short.")
        await until(home, lambda found: found == [(True,), (True,)], select(probes.c.passed))
        await home.alice.says("/status")
        await home.alice.sees("As of")
        told = [message for message in home.carol.messages() if "known-bad" in message.text]
        assert len(told) == 1
        assert not [message for message in home.alice.messages() if "known-bad" in message.text]
