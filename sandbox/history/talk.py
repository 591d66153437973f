"""What is said beside the work: messages that came and went, threads with the team, files, and partners' programs."""

from datetime import timedelta

from bot.briefs.model import State
from sandbox.history.growth.shares import agreed
from sandbox.history.lives import DAY, MINUTE, SECOND, Life
from sandbox.history.sheet import Sheet
from sandbox.history.studio import FIRST_PERSON, Studio

KEPT = 90 * DAY  # messages, as retention leaves them
NOWHERE = "https://partner.example/changes"  # a name that nobody can have: RFC 2606


class Talk:
    """Writes down what is said about briefs."""

    def __init__(self, studio: Studio, sheet: Sheet, now: int) -> None:
        self._studio, self._sheet, self._now = studio, sheet, now

    def add(self, life: Life, state: str, chat: int) -> None:
        """What is said of one brief."""
        if state != State.IN_REVIEW:
            self._sheet.add("placements", channel="telegram", slot=f"brief:{life.id}:progress",
                            external_id=str(life.n), updated_at=life.queued_at)  # fmt: skip
        if self._now - life.quoted_at < KEPT:
            self._messages(life, chat)
        if life.n % 10 == 0:
            self._thread(life, chat)
            self._ordered_by_program(life)
        if life.n % 20 == 0:
            base = {"person_id": life.client, "brief_id": life.id, "source_key": f"seed:{life.n}", "kind": "document"}
            self._sheet.add("attachments", **base, file_id=f"f{life.n}", name="notes.txt", mime_type="text/plain",
                            size=100, text="Notes", created_at=life.quoted_at)  # fmt: skip

    def partners(self) -> None:
        """The clients whose programs order."""
        for number in range(self._studio.partners):
            made = self._now - self._studio.span // timedelta(microseconds=1)
            partner = FIRST_PERSON + number
            self._sheet.add("partners", id=partner, client_id=FIRST_PERSON + 2 + number, tier="plus",
                            monthly_quota=1_000, enabled=1, share_bp=agreed(partner), webhook_url=NOWHERE,
                            webhook_secret="whsec_eA==", created_at=made)  # fmt: skip
            self._sheet.happened("partner.made", f"partner:{partner}", made, FIRST_PERSON)
            said = {"share_bp": agreed(partner)}
            self._sheet.happened("partner.share_set", f"partner:{partner}", made + SECOND, FIRST_PERSON, **said)

    def _messages(self, life: Life, chat: int) -> None:
        at = life.quoted_at
        for channel, key in (("telegram", "quote:"), ("telegram", "done:"), ("notion", "row:")):
            self._sheet.add("outbox", channel=channel, destination=str(chat), payload="{}", state="sent",
                            key=f"{key}{life.n}", created_at=at, run_at=at, sent_at=at + SECOND)  # fmt: skip
        for source in ("telegram", "stripe"):
            self._sheet.add("inbox", source=source, external_id=f"seed:{life.n}", payload="{}", received_at=at,
                            processed_at=at + SECOND)  # fmt: skip

    def _thread(self, life: Life, chat: int) -> None:
        waits, asked = self._studio.waits(life.n), life.queued_at + MINUTE // 10
        base = {"thread_id": life.id, "created_at": asked}
        self._sheet.add("threads", id=life.id, client_id=life.client, chat_id=chat, language="en",
                        name=f"Customer{life.client - 1_000}", subject=f"brief:{life.id}",
                        version=1 + (not waits), waits=int(waits),
                        since=asked, created_at=asked, updated_at=asked)  # fmt: skip
        self._sheet.add("thread_messages", **base, number=1, author_id=life.client, from_team=0, text="Where is it?")
        if not waits:
            base["created_at"] = asked + SECOND
            self._sheet.add("thread_messages", **base, number=2, author_id=self._studio.operator_id, from_team=1,
                            text="It is being drafted, and comes within the hour.")  # fmt: skip

    def _ordered_by_program(self, life: Life) -> None:
        partner, at = life.client - 2, life.quoted_at
        self._sheet.add("partner_orders", partner_id=partner, key=f"seed:{life.n}", fingerprint=f"f{life.n}",
                        locked_until=at, brief_id=life.id, answer="{}", created_at=at)  # fmt: skip
        self._sheet.happened("partner.ordered", f"partner:{partner}", at, life.client, brief=life.id)
        if life.delivered_at is not None:
            self._sheet.add("partner_messages", partner_id=partner, name=f"msg_{life.n}", type="brief.delivered",
                            payload="{}", state="delivered", attempts=1, status=200, took_ms=90 + life.n % 60,
                            created_at=life.delivered_at, tried_at=life.delivered_at + SECOND)  # fmt: skip
        self._sheet.add("call_counts", bucket=f"api:calls:{life.n}", began_at=at, last_at=at, calls=1)
