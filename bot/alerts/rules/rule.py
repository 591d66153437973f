"""What a rule is, by which something is found wrong."""

from dataclasses import dataclass
from datetime import timedelta

from bot.alerts.model import Severity

EACH = "*"


@dataclass(frozen=True, slots=True)
class Act:
    """A button of a rule's own, which does at once what does no harm. label: to be translated; fact: of which row."""

    label: str
    action: str
    fact: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that can be wrong.

    headline, meaning: sentences for people, with the facts as placeholders: what it is, and what that means for them.
    group: what has one cause has one group, such as a provider. nags: whether it is told again until somebody has it.
    runbook: the name of what can safely be done about it, "" for nothing. lapses: where nothing says that it is over,
    it is over once it was not found again for so long. recovered: the headline once it is over, where that has words of
    its own. about_alerts: whether it tells of alerts themselves, and so never leads to another. level: the service
    level whose budget it costs, "" for none, EACH where the fingerprint names it. act: its own button.
    """

    name: str
    severity: Severity
    headline: str
    meaning: str
    group: str
    nags: bool = True
    runbook: str = ""
    lapses: timedelta | None = None
    recovered: str = ""
    about_alerts: bool = False
    level: str = ""
    act: Act | None = None
