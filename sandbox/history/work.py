"""What is written of a brief as it goes along: its drafts, what the judge and people said, what models cost."""

import orjson

from bot.briefs.model import State
from bot.quality.model import CRITERIA
from sandbox.history.lives import ATTEMPTS, TARGET, Life
from sandbox.history.sheet import Sheet
from sandbox.history.studio import Studio

JUDGE, DRAFTER = "gpt-6.1-terra", "gpt-6-luna"
BETTER = 3  # points that an attempt has more than the one before
PROBE = "invented fact"


class Work:
    """Writes lives down."""

    def __init__(self, studio: Studio, sheet: Sheet) -> None:
        self._studio, self._sheet = studio, sheet

    def add(self, life: Life, state: str, chat: int, changed_at: int) -> None:
        """All rows of a brief but those of money. state: where it stands in the end, since changed_at."""
        self._brief(life, state, chat, changed_at)
        self._ordered(life)
        if life.drafted_at is not None:
            spent = self._drafted(life, life.drafted_at)
            self._sheet.add("spend", scope=f"brief:{life.id}", used_micro_usd=spent)
            self._decided(life)
        if life.stars is not None:
            self._rated(life, life.stars)
        if life.n % 50 == 0 and life.decided_at is not None:
            probe = {"golden": PROBE, "task_type": life.task_type, "judge_model": JUDGE, "weighted": 4_100}
            self._sheet.add("probes", **probe, passed=0, created_at=life.decided_at)

    def _brief(self, life: Life, state: str, chat: int, changed_at: int) -> None:
        failed = state == State.FAILED
        self._sheet.add(
            "briefs", id=life.id, client_id=life.client, chat_id=chat, source_key=f"seed:{life.n}",
            task_type=life.task_type, title=life.title, text=life.text, state=state, version=life.attempts + 4,
            qa_target=TARGET, language="en", price_minor=life.price, currency=life.currency, attempt=life.attempts,
            draft_id=None if life.drafted_at is None else life.id, in_review_at=life.in_review_at,
            failed_from=State.DRAFTING if failed else None, reason="The model refused it." if failed else None,
            created_at=life.quoted_at, updated_at=changed_at, full_minor=life.full_price, starts_at=life.starts_at,
        )  # fmt: skip

    def _ordered(self, life: Life) -> None:
        happened, name = self._sheet.happened, f"brief:{life.id}"
        happened("brief.quoted", name, life.quoted_at, life.client, price=f"{life.price / 100:.2f} {life.currency}")
        if life.deferred_at is not None:
            happened("brief.deferred", name, life.deferred_at, life.client, state=State.DEFERRED)
        if life.state == State.DEFERRED:
            return
        by = life.client if life.deferred_at is None else None
        happened("brief.queued", name, life.queued_at, by, state=State.QUEUED)
        if life.state == State.CANCELLED:
            happened("brief.cancelled", name, life.ended_at, life.client, state=State.CANCELLED)
        if life.drafting_at is not None:
            happened("brief.drafting", name, life.drafting_at, state=State.DRAFTING)
        if life.state == State.FAILED:
            happened("brief.failed", name, life.ended_at, state=State.FAILED)

    def _drafted(self, life: Life, first_at: int) -> int:
        """Each attempt; returns what they cost in all. The last one's draft has the brief's number."""
        step, spent, name = first_at - (life.drafting_at or 0), 0, f"brief:{life.id}"
        for attempt in range(1, life.attempts + 1):
            draft, at = draft_of(self._studio, life, attempt), first_at + 2 * (attempt - 1) * step
            if attempt > ATTEMPTS and life.in_review_at is not None and life.decided_at is not None:
                at = (life.in_review_at + life.decided_at) // 2 + 1
                reason = {"reason": "Leave the figure out."}
                by = self._studio.operator_id
                self._sheet.happened("brief.sent_back", name, at - 1, by, state=State.DRAFTING, draft=draft, **reason)
            self._draft(life, attempt, draft, at)
            spent += self._call(life, "draft", life.draft_cost, at)
            self._sheet.happened("brief.drafted", name, at, state=State.JUDGING, attempt=attempt, draft=draft)
            if attempt <= ATTEMPTS:
                spent += self._judged(life, attempt, draft, at + step // 2)
            if attempt < min(life.attempts, ATTEMPTS):
                self._sheet.happened("brief.redrafting", name, at + step, state=State.DRAFTING, attempt=attempt + 1)
            elif life.in_review_at is not None:
                at = max(life.in_review_at, at)
                self._sheet.happened("brief.in_review", name, at, state=State.IN_REVIEW, draft=draft, flags=[])
        return spent

    def _draft(self, life: Life, attempt: int, draft: int, at: int) -> None:
        text = f"{life.title}, attempt {attempt}: plain words for those who read them, in order."
        content = {"text": text, "content_hash": hash_of(life, attempt), "model": DRAFTER}
        self._sheet.add("drafts", id=draft, brief_id=life.id, attempt=attempt, **content, created_at=at)

    def _judged(self, life: Life, attempt: int, draft: int, at: int) -> int:
        """One look, and an independent second one at what passes; returns what that cost."""
        less = BETTER * (min(life.attempts, ATTEMPTS) - attempt)
        scores = (life.clarity - less, life.accuracy - less, life.completeness - less, life.tone - less)
        said = [
            {"criterion": one.value, "score": score, "reason": "plain", "quote": ""}
            for one, score in zip(CRITERIA, scores, strict=True)
        ]
        spent = 0
        for look in range(1, 2 + life.passed):
            self._sheet.add(
                "evaluations", brief_id=life.id, draft_id=draft, look=look, results=orjson.dumps(said).decode(),
                weighted=life.weighted - 100 * less, passed=life.passed, model=JUDGE, created_at=at + look,
            )  # fmt: skip
            spent += self._call(life, "judge", life.judge_cost, at + look)
        return spent

    def _call(self, life: Life, purpose: str, cost: int, at: int) -> int:
        """A call of a model, with what it cost."""
        self._sheet.add(
            "model_calls", brief_id=life.id, purpose=purpose, prompt_version=f"{purpose}/1",
            model=DRAFTER if purpose == "draft" else JUDGE, outcome="ok", input_tokens=cost // 5,
            output_tokens=cost // 12, cost_micro_usd=cost, latency_ms=300 + cost // 2, created_at=at,
        )  # fmt: skip
        return cost

    def _decided(self, life: Life) -> None:
        attempt = min(life.attempts, ATTEMPTS)
        draft, by = draft_of(self._studio, life, attempt), self._studio.operator_id
        base = {"brief_id": life.id, "draft_id": draft, "content_hash": hash_of(life, attempt)}
        gone = life.human is not None
        self._sheet.add(
            "verdicts", **base, task_type=life.task_type, weighted=life.weighted, target=TARGET, passed=life.passed,
            audited=life.audited, blind=life.audited, judge_model=JUDGE, human=life.human,
            person_id=by if gone else None, created_at=life.in_review_at or life.decided_at,
            decided_at=life.decided_at if gone else None,
        )  # fmt: skip
        if life.decided_at is None:
            return
        person, name = by if gone else None, f"brief:{life.id}"
        if life.human in {"sent_back", "rejected"}:
            at = life.decided_at if life.human == "rejected" else (life.decided_at + (life.in_review_at or 0)) // 2
            self._sheet.add("decisions", **base, verdict=life.human, person_id=by, created_at=at)
        if life.human == "rejected":
            self._sheet.happened("brief.rejected", name, life.decided_at, by, state=State.REJECTED)
        if life.delivered_at is not None:
            base |= {"draft_id": life.id, "content_hash": hash_of(life, life.attempts)}
            self._sheet.add("decisions", **base, verdict="approved", person_id=person, created_at=life.decided_at)
            self._sheet.happened("brief.approved", name, life.decided_at, person, state=State.APPROVED, draft=life.id)
            self._sheet.happened("brief.delivered", name, life.delivered_at, state=State.DELIVERED, draft=life.id)

    def _rated(self, life: Life, stars: int) -> None:
        assert life.delivered_at is not None
        base = {"brief_id": life.id, "client_id": life.client, "task_type": life.task_type, "stars": stars}
        self._sheet.add("ratings", **base, created_at=life.delivered_at + 1)
        self._sheet.happened("brief.rated", f"brief:{life.id}", life.delivered_at + 1, life.client, stars=stars)


def draft_of(studio: Studio, life: Life, attempt: int) -> int:
    """The number of an attempt's draft: the last one's is the brief's, those before stand behind all briefs."""
    return life.id if attempt == life.attempts else 1_000 + studio.briefs + 4 * life.n + attempt


def hash_of(life: Life, attempt: int) -> str:
    """What tells an attempt's text from others."""
    return f"h{life.n}" if attempt == life.attempts else f"h{life.n}-{attempt}"
