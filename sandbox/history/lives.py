"""The life of each brief of a played business, drawn by its seed: who ordered what and when, and what became of it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from bot.briefs.model import State
from bot.kernel.task_type import TaskType
from bot.quality.model import WEIGHTS
from sandbox.history.studio import LATELY, RARE, SHOPS, Studio
from storage.engine.types import EPOCH

SECOND = 1_000_000  # all times are microseconds since 1970, as the database keeps them
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
MORNING = 8  # o'clock, when what waited for it starts; it costs a fifth less
STOPPED = 3  # so many were stopped by a fault, before the newest, of which some wait for a person
ATTEMPTS = 3  # until a person decides
PRICES = {"Research": 18_000, "Drafting": 12_000, "Data-transform": 9_000, "Transcription": 6_000, "Other": 8_000}
WEEK = (1.0, 1.1, 1.05, 1.0, 0.8, 0.25, 0.2)  # how much is ordered from Monday on
TARGET = 80


class Life(NamedTuple):
    """A brief; n counts from 1. Times are None where it never came so far; the last attempt's draft is the one that
    counts. clarity to tone: what the judge gave the draft that was decided on. human: what a person said of that.
    """

    n: int
    id: int
    client: int
    task_type: str
    title: str
    text: str
    state: str
    price: int
    currency: str
    quoted_at: int
    queued_at: int
    drafting_at: int | None
    drafted_at: int | None
    attempts: int
    clarity: int
    accuracy: int
    completeness: int
    tone: int
    weighted: int
    passed: int
    audited: int
    human: str | None
    in_review_at: int | None
    decided_at: int | None
    delivered_at: int | None
    ended_at: int
    stars: int | None
    draft_cost: int
    judge_cost: int
    looks: int
    deferred_at: int | None = None
    starts_at: int | None = None
    full_price: int | None = None


def micros(at: datetime) -> int:
    """A time as the database keeps it."""
    return (at - EPOCH) // timedelta(microseconds=1)


def lives(studio: Studio, now: datetime) -> Iterator[Life]:
    """Every brief, the oldest first; nothing of them lies after `now`."""
    chance = random.Random(studio.seed)
    for n, at in enumerate(_moments(studio, now, chance), 1):
        yield _life(studio, n, at, micros(now), chance)


def _moments(studio: Studio, now: datetime, chance: random.Random) -> Iterator[int]:
    """When each was ordered: more as the business grows, fewer at weekends, and those of late evenly."""
    early, end = studio.briefs - studio.late, micros(now)
    if studio.late:
        end -= micros(EPOCH + LATELY)
    days = (studio.span - (LATELY if studio.late else timedelta())).days
    last = EPOCH + timedelta(microseconds=end)
    shares = [
        WEEK[(last - timedelta(days=days - day)).weekday()] * (0.5 + day / days) * chance.uniform(0.6, 1.5)
        for day in range(days)
    ]
    total, before = sum(shares), 0
    for day, until in enumerate(accumulate(shares)):
        count = round(early * until / total) - before
        before += count
        begin = end - (days - day) * DAY
        yield from sorted(begin + int(chance.random() * DAY) for _ in range(count))
    for number in range(studio.late):
        yield micros(now) - (studio.late - number) * (micros(EPOCH + LATELY) // studio.late)


def _life(studio: Studio, n: int, at: int, now: int, chance: random.Random) -> Life:
    state, passed = _state(studio, n), n % 10 < 7
    client, task_type = studio.client_of(n), list(TaskType)[n % len(TaskType)]
    free = state is State.DELIVERED
    if state in {State.IN_REVIEW, State.REJECTED}:
        passed = False
    audited = passed and n % 20 == 0 and state is not State.FAILED
    human = _human(state, n, passed=passed, audited=audited)
    drafts = state not in {State.CANCELLED, State.FAILED, State.DEFERRED}
    attempts = 0 if not drafts else 1 if passed else ATTEMPTS + (human == "sent_back")
    scores = _scores(chance, passed=passed)
    morning = _morning(state, n, at, now, free=free)
    began = morning if morning is not None and morning < now else at
    step = min((now - began) // 20, 20 * SECOND + int(chance.random() * 40 * SECOND))  # all within what is left
    queued_at, drafting_at = began + step, began + step + step // 10
    price = 0 if free else PRICES[task_type.value]
    drafted_at = drafting_at + step
    judged_at = drafted_at + step * max(0, 2 * min(attempts, ATTEMPTS) - 1)
    by_person = drafts and (human is not None or state is State.IN_REVIEW)
    wait = min((now - judged_at) // 3, 4 * MINUTE + int(chance.random() ** 3 * 5 * HOUR)) if by_person else 0
    decided_at = judged_at + wait if drafts and state is not State.IN_REVIEW else None
    delivered = decided_at is not None and state is not State.REJECTED
    looks = 0 if not drafts else 2 if passed else ATTEMPTS
    return Life(
        n, 1_000 + n, client, task_type.value, *_words(studio, n), state.value,
        price if morning is None else price * 4 // 5, studio.currency_of(client), at, queued_at,
        None if state in {State.CANCELLED, State.DEFERRED} else drafting_at, drafted_at if drafts else None, attempts,
        *scores,
        sum(score * weight for score, weight in zip(scores, WEIGHTS, strict=True)), int(passed), int(audited), human,
        judged_at if by_person else None, decided_at, decided_at + SECOND if delivered and decided_at else None,
        decided_at or (judged_at if drafts else drafting_at + step // 10),
        _stars(chance, n) if delivered and not free and n % 5 == 0 else None,
        2_000 + int(chance.random() * 6_000), 400 + int(chance.random() * 900), looks,
        None if morning is None else at + step, morning, None if morning is None else price,
    )  # fmt: skip


def _morning(state: State, n: int, at: int, now: int, *, free: bool) -> int | None:
    """When it starts, where its client was content to have it by the morning, for less."""
    if state is State.DEFERRED:
        return _next_morning(now)
    starts = _next_morning(at)
    chosen = n % 25 == 3 and state in {State.PAID, State.REJECTED} and not free
    return starts if chosen and now - starts > DAY else None


def _next_morning(at: int) -> int:
    today = at // DAY * DAY + MORNING * HOUR
    return today if today > at else today + DAY


def _state(studio: Studio, n: int) -> State:
    """Where it stands before its invoice is looked at: of a hundred, eight were for free, seven ended early."""
    if studio.waits(n):
        return State.IN_REVIEW
    if studio.waits_for_morning(n):
        return State.DEFERRED
    newest = studio.waiting * studio.spread
    if studio.briefs - newest - STOPPED < n <= studio.briefs - newest:
        return State.FAILED
    of_hundred = n % 100
    if of_hundred < 8:
        return State.DELIVERED
    if of_hundred < 12:
        return State.CANCELLED
    return State.REJECTED if of_hundred < 15 else State.PAID


def _human(state: State, n: int, *, passed: bool, audited: bool) -> str | None:
    """What a person said of the draft that the gate had decided on; None where none was asked, or nobody answered."""
    if state is State.REJECTED:
        return "rejected"
    if state in {State.IN_REVIEW, State.CANCELLED, State.FAILED, State.DEFERRED} or (passed and not audited):
        return None
    return "approved" if passed or n % 3 == 0 else "sent_back"


def _scores(chance: random.Random, *, passed: bool) -> tuple[int, int, int, int]:
    """Clarity, accuracy, completeness, tone: such that they pass, or do not."""
    if passed:
        return tuple(chance.randint(81, 98) for _ in WEIGHTS)  # type: ignore[return-value]
    return tuple(chance.randint(64, 79) for _ in WEIGHTS)  # type: ignore[return-value]


def _stars(chance: random.Random, n: int) -> int:
    return 1 + n // 5 % 5 if chance.random() < 0.3 else chance.choice((4, 5, 5))


def _words(studio: Studio, n: int) -> tuple[str, str]:
    """Title and text; the rare word stands in ten of all texts."""
    rare = f" {RARE}" if n % max(1, studio.briefs // 10) == 7 else ""
    if studio.titles:
        title = studio.titles[n % len(studio.titles)]
        return title, f"{title}, clear and short, of two hundred words.{rare}"
    return f"Work {n} of {n % 997}", (
        f"Write a landing page for shop {n % SHOPS}, clear and short, of two hundred words.{rare}"
    )
