"""Clients who leave, what winning others cost, who was erased, and mails of people who are none yet."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import orjson

from bot.access.model import Role
from bot.growth.churn import LOOK_BACK, Risk, pause_of
from bot.privacy.model import COOLING_OFF, FAR
from bot.support.mails import MailState, answer_to
from bot.support.model import OF_MAIL
from sandbox.history.lives import DAY, HOUR, Life, micros
from sandbox.history.sheet import Sheet
from sandbox.history.studio import FIRST_PERSON, Studio
from storage.engine.types import EPOCH
from storage.people.clients import NO_ORDER

ERASED = 2  # people who came, asked little, and wanted to be forgotten
MAILS = (  # from whom, about what, and what they write; every third still waits for an answer
    ("Corner Bakery", "hello@bakery.example", "A menu in two languages", "Do you also write menus in Spanish?"),
    ("Metro Cycles", "office@cycles.example", "Invoice address", "Our address has changed. Where do I tell you?"),
    ("Spice House", "shop@spices.example", "How long does it take?", "We need a product page by Friday."),
    ("Hill School", "office@school.example", "Prices for a school", "Are there other prices for a school?"),
    ("Blue Hostel", "desk@hostel.example", "Thank you", "The house rules read well. We may need more next month."),
    ("Pine Law", "office@law.example", "Who reads our texts?", "Who of your team sees what we send you?"),
)  # fmt: skip
ANSWER = "Thank you for writing. Yes; here is how it works with us."


class Clients:
    """Writes them down."""

    def __init__(self, studio: Studio, sheet: Sheet, now: datetime) -> None:
        self._studio, self._sheet, self._now = studio, sheet, now
        self._orders: defaultdict[int, list[datetime]] = defaultdict(list)

    def add(self, life: Life) -> None:
        """Remember when each ordered, where anybody leaves."""
        at = EPOCH + timedelta(microseconds=life.quoted_at)
        if self._studio.leavers and life.state not in NO_ORDER and at >= self._now - LOOK_BACK:
            self._orders[life.client].append(at)

    def told(self) -> None:
        """Admins heard of everybody at high risk once, when they became so."""
        for client, times in sorted(self._orders.items()):
            pause = pause_of(times, self._now)
            if pause is not None and pause.risk is Risk.HIGH:
                at = min(pause.last_order + max(3 * pause.usual, pause.longest) + timedelta(days=1), self._now)
                self._sheet.add("churn_told", client_id=client, last_order=micros(pause.last_order),
                                created_at=micros(at))  # fmt: skip

    def spent(self) -> None:
        """What winning clients cost in each month, said on the third of the next."""
        if not self._studio.leavers:
            return
        month = (self._now - self._studio.span).date().replace(day=1)
        while (after := (month + timedelta(days=32)).replace(day=1)) <= self._now.date():
            at = datetime(after.year, after.month, 3, 10, tzinfo=UTC)
            amount = 18_000 + 1_500 * (month.month % 5)
            if at < self._now:
                self._sheet.add("acquisition_costs", month=f"{month:%Y-%m}", currency="USD", amount_minor=amount,
                                updated_at=micros(at))  # fmt: skip
                said = {"amount": f"{amount / 100:.2f} USD"}
                self._sheet.happened("growth.cost_set", f"month:{month:%Y-%m}", micros(at), FIRST_PERSON, **said)
            month = after

    def erased(self) -> None:
        """Who wanted to be: a number stays of them, and what was counted."""
        for place in range(ERASED if self._studio.leavers else 0):
            number, came = self._studio.other_admin_id + 1 + place, micros(self._now) - (200 - 70 * place) * DAY
            asked = came + 60 * DAY
            gone = asked + COOLING_OFF // timedelta(microseconds=1)
            removed = Role.REMOVED.value
            self._sheet.add(
                "people", id=number, telegram_id=-FAR - number, name=f"#{number}", role=removed, granted=removed,
                language="", created_at=came, removed_at=gone, reach="blocked",
            )  # fmt: skip
            self._sheet.add(
                "erasures", id=number, person_id=number, state="done", version=3, asked_at=asked, due_at=gone,
                erased_at=gone, ended_at=gone + HOUR, person_since=came,
                gone=orjson.dumps({"messages": 3 + place, "files": 1}).decode(), stays="{}",
            )  # fmt: skip
            self._sheet.happened("erasure.asked", f"erasure:{number}", asked, number)
            self._sheet.happened("erasure.rows_gone", f"erasure:{number}", gone)
            self._sheet.happened("erasure.done", f"erasure:{number}", gone + HOUR)

    def mails(self) -> None:
        """What people wrote to the team's address in the last days."""
        for place, (name, address, subject, words) in enumerate(MAILS if self._studio.leavers else ()):
            number, at = FIRST_PERSON + place, micros(self._now) - (len(MAILS) - place) * 7 * HOUR
            thread, waits = FIRST_PERSON + self._studio.briefs + place, place % 3 == 2
            base = {"thread_id": thread, "address": address}
            self._sheet.add(
                "threads", id=thread, client_id=None, chat_id=-number, name=name, language="", address=address,
                subject=OF_MAIL, version=1 + (not waits), waits=int(waits), since=at, created_at=at,
                updated_at=at,
            )  # fmt: skip
            said = {"thread_id": thread, "text": words, "number": 1, "author_id": None, "from_team": 0}
            self._sheet.add("thread_messages", **said, created_at=at)
            mail = base | {"ids_before": "", "digest": f"seed{number}", "message_id": f"<{number}@mail.example>"}
            state = MailState.TO_ANSWER.value
            self._sheet.add("mails", id=number, **mail, subject=subject, state=state, received_at=at)
            if not waits:
                said |= {"text": ANSWER, "number": 2, "author_id": self._studio.operator_id, "from_team": 1}
                self._sheet.add("thread_messages", **said, created_at=at + HOUR)
                mail |= {"digest": f"{number:020x}", "message_id": f"{number:020x}", "subject": answer_to(subject)}
                state = MailState.OURS.value
                self._sheet.add("mails", id=number + len(MAILS), **mail, state=state, received_at=at + HOUR)
