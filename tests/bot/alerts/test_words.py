"""What admins are told of trouble, which no journey brings about all at once: each Card in a language of nobody's."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.access.model import GRANTS, Permission, Person, Role
from bot.alerts import alert_cards, cards
from bot.alerts.model import Alert, Changed
from bot.alerts.rules.catalog import RULES, Rule
from bot.flags import cards as flag_cards
from bot.flags.model import Change, Flag, Mode, Switch
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden
from bot.kernel.tasks import Pool, Task, TaskKind
from bot.kernel.text.fitting import plain
from bot.kernel.translation import Reader, reading_as
from bot.mirror import cards as mirror_cards
from bot.mirror.model import Trouble
from bot.models import cards as ceiling_cards
from bot.models.budget import Reached
from bot.people import cards as people_cards
from tests.pseudo_locale import LANGUAGE, escaped, installed

NOW = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
CALENDAR = ("December", "Thursday", "Dec", "Thu")
# What people and providers wrote; the rest of the names are commands, settings, and what one types behind a command.
DATA = (
    "Stripe",
    "Telegram",
    "Notion",
    "EchoPilot",
    "UTC",
    "USD",
    "DRAFT_MODEL",
    *CALENDAR,
    *Flag,
    *ceiling_cards.SETTINGS.values(),
)
BB = Person(7, "main", 1007, "Bb", Role.OPERATOR)
TASKS = [Task(TaskKind(name, Pool.QUICK), 1) for name in cards.TASKS]
ROLES = [Person(7, "main", 1007, "Bb", role) for role in people_cards.ROLES]
SWITCHES = [
    Switch(Flag.MAIL, change, "qqq", "Bb", NOW, 2)
    for change in (Change(Mode.OFF), Change(Mode.ON), Change(Mode.PERCENT, 20), Change(Mode.CANARY, names=("77",)))
]
CHANNELS = ("telegram", "mail", "notion")
REACHED = [Reached(ceiling, "x", 5_000_000, busy=False) for ceiling in ceiling_cards.SETTINGS]


def alert(rule: Rule) -> Alert:
    """An alert of the rule, whose facts are data."""
    words = f"{rule.headline} {rule.meaning} {rule.recovered}"
    facts: dict[str, str | int] = dict.fromkeys(re.findall(r"{(\w+)}", words), "xx")
    return Alert(
        1, "main", rule.name, "xx", rule.severity, facts, version=1, opened_at=NOW, seen_at=NOW, times=1, openings=1,
        openings_since=NOW, gone_since=None, told=(), taken_by=None, taken_at=None, snoozed_until=None, nagged_at=None,
        nags=0, resolved_at=None, resolved_by=None, incident_id=None,
    )  # fmt: skip


ALERTS = [alert(rule) for rule in RULES]
CHANGED = [Changed(name, "xx", NOW) for name in alert_cards.CHANGES]


def refused(permission: Permission) -> str:
    """What somebody reads who has no such right."""
    without = [role for role in people_cards.ROLES if permission not in GRANTS[role]]
    with pytest.raises(Forbidden) as refusal:
        replace(BB, role=[*without, Role.REMOVED][0]).require(permission)
    return str(refusal.value)


MAKERS: dict[str, list[Callable[[], Card | str]]] = {
    "providers": [
        *(partial(alert_cards.card, one, NOW) for one in ALERTS),
        *(partial(alert_cards.card, replace(one, resolved_at=NOW, resolved_by=None), NOW) for one in ALERTS),
        partial(alert_cards.card, replace(ALERTS[0], taken_by=7, taken_at=NOW, taker="Bb", openings=4), NOW),
        partial(alert_cards.card, replace(ALERTS[0], snoozed_until=NOW + timedelta(hours=1)), NOW),
        partial(alert_cards.card, replace(ALERTS[0], resolved_at=NOW, resolved_by=7, resolver="Bb"), NOW),
        *(partial(alert_cards.card, replace(ALERTS[0], budget_used=3_800, changed=one), NOW) for one in CHANGED),
        partial(alert_cards.ask_snooze, ALERTS[0], NOW),
        partial(alert_cards.listing, ALERTS, NOW),
        partial(alert_cards.listing, [], NOW),
    ],
    "messages": [
        *(partial(cards.several_to, c, 2, "Bb") for c in CHANNELS),
    ],
    "tasks": [
        *(partial(cards.given_up, 1, t, "xx") for t in TASKS),
        *(partial(cards.still_tried, 1, t, "xx") for t in TASKS),
        *(partial(cards.named_within, t) for t in TASKS),
        partial(cards.done_after_all, TASKS[0], timedelta(hours=3)),
        partial(cards.stopped, TASKS[0]),
        partial(cards.goes_on, TASKS[0], "Bb", NOW),
        partial(cards.file_not_read, "xx", "Bb", "zz"),
    ],
    "mirror": [
        *(partial(mirror_cards.trouble, "Xx", k, "zz") for k in Trouble),
        *(partial(mirror_cards.standing, "Xx", k, 3) for k in Trouble),
        partial(mirror_cards.over, "Xx"),
        partial(mirror_cards.moved, "Xx"),
        partial(mirror_cards.mended, "Xx", ["Zz"]),
    ],
    "ceilings": [partial(ceiling_cards.ceiling_reached, r, NOW, brief_id=1, client="Bb") for r in REACHED],
    "switches": [
        *(partial(flag_cards.news, s) for s in SWITCHES),
        *(partial(flag_cards.in_one_line, s) for s in SWITCHES),
        *(partial(flag_cards.on_again, f) for f in Flag),
        partial(flag_cards.ask_reason, SWITCHES[0], Mode.ON),
    ],
    "people": [
        *(partial(people_cards.person, p, NOW, by_setting=False) for p in ROLES),
        *(partial(people_cards.your_role, p, Role.CLIENT, None) for p in ROLES),
        *(partial(people_cards.role_changed, p, Role.REMOVED, "Bb", 2) for p in ROLES),
        partial(people_cards.ask_removal, BB),
        partial(people_cards.ask_admin, BB),
        partial(people_cards.came_by_setting, BB),
        partial(people_cards.came_invited, BB, "Cc"),
        partial(people_cards.room_was_left, "Xx", "Bb", NOW),
        partial(people_cards.room_was_bound, "Xx", "Bb", NOW),
        partial(people_cards.room_was_ended, "Xx", "Bb", NOW),
    ],
    "refusals": [partial(refused, p) for p in Permission],
}


@pytest.mark.parametrize("subject", MAKERS)
def test_can_be_translated(subject: str) -> None:
    """Every text and label of the Cards is translated."""
    with installed(), reading_as(Reader(LANGUAGE)):
        made = [make() for make in MAKERS[subject]]
    shown = [plain(one) if isinstance(one, str) else plain(one.text) for one in made]
    shown += [button.label for one in made if isinstance(one, Card) for row in one.rows for button in row]
    assert {text: left for text in shown if (left := escaped(text, DATA))} == {}
