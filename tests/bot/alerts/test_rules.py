"""Rules as data: each can be told, and each name of a runbook is one."""

import re

import pytest

from bot.alerts.rules.catalog import BY_NAME, RULES, Rule
from bot.kernel.translation import gettext
from bot.watch.actions import AskStripe, CloseBudget, PauseJob, RetryFailed, UseFallback
from tests.pseudo_locale import LANGUAGE  # noqa: F401 - its catalogue is the program's

RUNBOOKS = {one.__dataclass_fields__["name"].default for one in
            (PauseJob, RetryFailed, AskStripe, CloseBudget, UseFallback)}  # fmt: skip


def test_names() -> None:
    """No two rules have a name."""
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule(rule: Rule) -> None:
    """Its runbook exists, and its words stand by the facts alone: nothing but names is in braces."""
    assert rule.runbook in {"", *RUNBOOKS}
    names = {
        name for words in (rule.headline, rule.meaning, rule.recovered) for name in re.findall(r"{([^}]*)}", words)
    }
    assert all(name.isidentifier() for name in names)
    facts = dict.fromkeys(names, "x")
    assert all("{" not in gettext(words, **facts) for words in (rule.headline, rule.meaning))
