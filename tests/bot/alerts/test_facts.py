"""The facts of an alert, as its readers read them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.alerts import alert_cards
from bot.alerts.model import Alert, Facts, Severity
from bot.kernel.translation import Reader, reading_as
from bot.locale import catalogs

NOW = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
ALERT = Alert(
    1, "main", "", "", Severity.WARNING, {}, version=1, opened_at=NOW, seen_at=NOW, times=1, openings=1,
    openings_since=NOW, gone_since=None, told=(), taken_by=None, taken_at=None, snoozed_until=None, nagged_at=None,
    nags=0, resolved_at=None, resolved_by=None, incident_id=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "facts", "words"),
    [
        (
            "slo_missed",
            {"slo": "Test briefs", "bad": 1, "all": 2},
            "nivel de servicio «Briefs de prueba»",
        ),
        ("canary_failed", {"brief": "1", "state": "In review"}, "se detuvo en «En revisión humana»"),
        ("revenue_dip", {"share": 40, "currency": "USD", "day": "2026-12-02"}, "Compara el 2 de diciembre de 2026"),
        ("unreachable", {"name": "mail", "times": 3}, "No se alcanzó a Correo"),
        ("disk_full_soon", {"hours": 9, "value": 900, "lost": 100}, "en aproximadamente 9 h"),
        ("certificate_ends", {"host": "example.org", "days": 13}, "caduca en 13 días"),
        ("certificate_ends", {"host": "example.org", "days": 1}, "caduca en 24 h"),
        ("package_vulnerable", {"package": "a", "version": "1", "advisory": "X", "fixed": "no version yet"}, "ninguna"),
    ],
)
def test_facts(rule: str, facts: Facts, words: str) -> None:
    """A service level, a brief's state, a day and a time are told in the reader's words, and a provider by its name."""
    catalogs.install_all()
    alert = replace(ALERT, rule=rule, facts=facts)
    with reading_as(Reader("es")):
        assert words in f"{alert_cards.headline(alert)}\n{alert_cards.meaning(alert)}"
