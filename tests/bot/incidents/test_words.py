"""Incidents, duties, runbooks and digests, each Card in a language of nobody's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.access.model import Person, Role
from bot.alerts.model import Alert, Severity
from bot.incidents import cards, duty_cards
from bot.incidents.digests import cards as digest_cards
from bot.incidents.model import Incident, Lately, Rung
from bot.incidents.timeline import Happened
from bot.incidents.writing import Written
from bot.kernel.card import Card
from bot.kernel.text.fitting import plain
from bot.kernel.translation import Reader, reading_as
from bot.messages.wishes import QuietHours
from bot.people import hearing_cards
from bot.watch import cards as watch_cards
from bot.watch.actions import CloseBudget, PauseJob
from storage.incidents.duties import Duty
from tests.pseudo_locale import LANGUAGE, escaped, installed

NOW = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
DATA = (
    "Stripe",
    "UTC",
    "USD",
    "December",
    "Thursday",
    "Dec",
    "Thu",
    "Xx",
    "Bb",
    "zz",
    "job_failed",
    "Notion",
    "incident",
)
BB = Person(7, "main", 1007, "Bb", Role.OPERATOR)
CC = replace(BB, id=8, name="Bb", quiet_hours="22:00-07:00", heard="jobs=off mirror=silent")
FACTS = {"job": "zz", "reason": "zz"}
ALERT = Alert(
    1, "main", "job_failed", "zz", Severity.WARNING, FACTS, version=1, opened_at=NOW, seen_at=NOW, times=1, openings=1,
    openings_since=NOW, gone_since=None, told=(), taken_by=None, taken_at=None, snoozed_until=None, nagged_at=None,
    nags=0, resolved_at=None, resolved_by=None, incident_id=None,
)  # fmt: skip
INCIDENT = Incident(
    1, "main", "", Severity.CRITICAL, version=1, opened_at=NOW, opened_by=None, changed_at=NOW, calm_since=None,
    taken_by=None, taken_at=None, rung=Rung.NOBODY, paged_at=None, closed_at=None, closed_by=None, summary=None,
    summary_model=None, summary_event=0,
)  # fmt: skip
JOINED = {"alert": 1, "rule": "job_failed", "facts": FACTS, "words": "zz"}
HAPPENED = [
    Happened(n, subject, name, {**JOINED, "names": names}, NOW, who)
    for n, (subject, name, who, names) in enumerate((
        ("incident:1", "opened", "", []), ("incident:1", "opened", "Bb", []), ("incident:1", "joined", "", []),
        ("incident:1", "paged", "", ["Bb"]), ("incident:1", "paged", "", []), ("incident:1", "noted", "Bb", []),
        ("incident:1", "taken", "Bb", []), ("alert:1", "taken", "Bb", []), ("alert:1", "resolved", "", []),
        ("alert:1", "runbook_done", "Bb", []), ("alert:1", "runbook_helped", "", []),
        ("alert:1", "runbook_in_vain", "", []), ("incident:1", "closed", "Bb", []), ("incident:1", "recovered", "", []),
    ))
]  # fmt: skip
OVER = replace(ALERT, resolved_at=NOW, resolved_by=None)
DUTY = Duty(1, "main", 7, 1, 8, NOW, "zz", None, NOW, None)
LATELY = Lately(NOW, [(ALERT, 2), (OVER, 1)], [ALERT], 1, 1, [("zz", 2)], 3, 20_000)
SHUT = replace(INCIDENT, closed_at=NOW)

MAKERS: dict[str, list[Callable[[], Card | str]]] = {
    "incidents": [
        *(partial(cards.card, one, [ALERT], HAPPENED, NOW) for one in
          (INCIDENT, replace(INCIDENT, taken_by=7, taken_at=NOW, taker="Bb"), SHUT,
           replace(SHUT, closed_by=7, closer="Bb"), replace(INCIDENT, summary="zz", summary_model="zz"),)),
        partial(cards.listing, [(INCIDENT, HAPPENED), (SHUT, HAPPENED)], NOW),
        partial(cards.listing, [(SHUT, HAPPENED)], NOW),
        partial(cards.listing, [(INCIDENT, [])], NOW),
        partial(cards.whole_timeline, INCIDENT, HAPPENED * 2),
        partial(cards.ask_note, INCIDENT),
        partial(cards.post_mortem, INCIDENT, HAPPENED),
    ],
    "duties": [
        partial(duty_cards.roster, BB, [(DUTY, BB), (replace(DUTY, place=2), CC)], [BB, CC], NOW),
        partial(duty_cards.roster, BB, [], [BB, CC], NOW),
        partial(duty_cards.offered, DUTY, "Bb"),
        partial(duty_cards.handing_over, "Bb"),
        partial(duty_cards.taken, "Bb", NOW),
    ],
    "digests": [
        partial(digest_cards.card, LATELY, Written("zz", "zz")),
        partial(digest_cards.card, Lately(NOW, [], [], 0, 0, [], 0, 0), None),
        partial(watch_cards.kept_silent, [ALERT, OVER], NOW + timedelta(hours=1)),
        partial(watch_cards.kept_silent, [OVER], NOW + timedelta(hours=1)),
    ],
    "runbooks": [
        partial(watch_cards.planned, ALERT, PauseJob(None), FACTS),  # type: ignore[arg-type]
        partial(watch_cards.planned, ALERT, CloseBudget(None, None), None),  # type: ignore[arg-type]
        partial(watch_cards.done, ALERT, PauseJob(None), FACTS),  # type: ignore[arg-type]
        partial(watch_cards.checked, ALERT, helped=True),
        partial(watch_cards.checked, ALERT, helped=False),
    ],
    "wishes": [
        partial(hearing_cards.card, BB),
        partial(hearing_cards.card, CC),
        partial(hearing_cards.card, replace(CC, quiet_hours=str(QuietHours.said("22-7", strict=True)))),
    ],
}  # fmt: skip


@pytest.mark.parametrize("subject", MAKERS)
def test_can_be_translated(subject: str) -> None:
    """Every text and label of the Cards is translated."""
    with installed(), reading_as(Reader(LANGUAGE)):
        made = [make() for make in MAKERS[subject]]
    shown = [plain(one) if isinstance(one, str) else plain(one.text) for one in made]
    shown += [button.label for one in made if isinstance(one, Card) for row in one.rows for button in row]
    assert {text: left for text in shown if (left := escaped(text, DATA))} == {}
