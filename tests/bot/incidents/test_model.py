"""Which alerts belong together, and who is paged when. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.model import Alert, Severity
from bot.incidents.model import TOGETHER, Incident, Rung, grouped
from bot.incidents.writing import supported

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def alert(number: int, rule: str, severity: Severity = Severity.WARNING, at: datetime = NOW) -> Alert:
    return Alert(
        number, "main", rule, str(number), severity, {}, version=1, opened_at=at, seen_at=at, times=1, openings=1,
        openings_since=at, gone_since=None, told=(), taken_by=None, taken_at=None, snoozed_until=None, nagged_at=at,
        nags=1, resolved_at=None, resolved_by=None, incident_id=None,
    )  # fmt: skip


def incident(number: int = 1, changed: datetime = NOW) -> Incident:
    return Incident(
        number, "main", "", Severity.CRITICAL, version=1, opened_at=NOW, opened_by=None, changed_at=changed,
        calm_since=None, taken_by=None, taken_at=None, rung=Rung.NOBODY, paged_at=None, closed_at=None, closed_by=None,
        summary=None, summary_model=None, summary_event=0,
    )  # fmt: skip


def test_one_that_is_critical_opens() -> None:
    """Something critical opens an incident, and what is open beside it belongs to it."""
    found = [alert(1, "provider_down", Severity.CRITICAL), alert(2, "job_failed")]
    assert grouped(found, [], {}).opens == found


@pytest.mark.parametrize(("warnings", "opens"), [(1, 0), (2, 0), (3, 3)])
def test_several_warnings(warnings: int, opens: int) -> None:
    """One warning or two are no incident; three are."""
    assert len(grouped([alert(n, "job_failed") for n in range(warnings)], [], {}).opens) == opens


def test_notices_and_alerts_about_alerts() -> None:
    """Mere notices, and what only tells of alerts, belong to none."""
    found = [alert(1, "x", Severity.NOTICE), alert(2, "alert_storm", Severity.CRITICAL)]
    assert grouped(found, [incident()], {1: {"alerts"}}).joins == {}
    assert grouped(found, [], {}).opens == []


def test_the_same_group_joins() -> None:
    """An alert joins the incident of its group, however long ago that began; another group's only soon after."""
    old = incident(1, NOW - 2 * TOGETHER)
    found = [alert(1, "provider_down", Severity.CRITICAL), alert(2, "job_failed")]
    plan = grouped(found, [old], {1: {"providers"}})
    assert plan.joins == {1: [found[0]]}
    assert plan.opens == []
    assert grouped(found, [replace(old, changed_at=NOW)], {1: {"providers"}}).joins == {1: found}


@pytest.mark.parametrize(
    ("minutes", "rung"),
    [(0, Rung.FIRST), (14, Rung.FIRST), (15, Rung.SECOND), (24, Rung.SECOND), (25, Rung.ADMINS), (34, Rung.ADMINS),
     (35, Rung.MAIL), (900, Rung.MAIL)],
)  # fmt: skip
def test_rungs(minutes: int, rung: Rung) -> None:
    """Each rung is reached at its time."""
    assert incident().due_rung(NOW + timedelta(minutes=minutes)) is rung


def test_nobody_is_paged() -> None:
    """Of what somebody has, what is over, or what is no emergency, nobody is paged."""
    late = NOW + timedelta(hours=2)
    for calm in ({"taken_by": 7}, {"closed_at": NOW}, {"severity": Severity.WARNING}):
        assert replace(incident(), **calm).due_rung(late) is Rung.NOBODY


@pytest.mark.parametrize(
    ("text", "taken"),
    [("Stripe failed 7 times since 14:03.", True), ("Stripe failed 8 times.", False), ("It began at 14:04.", False),
     ("", False), ("It failed. " * 200, False), ("Nobody has it.", True)],
)  # fmt: skip
def test_what_a_model_says(text: str, taken: bool) -> None:
    """A text is taken only where each of its numbers stands in the events, and it is no longer than asked for."""
    assert supported(text, "14:03 UTC  Alert: Stripe webhooks are failing: 7 in 5 minutes") is taken
