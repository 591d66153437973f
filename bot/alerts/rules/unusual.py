"""What somebody did that is unusual enough to be looked at, as data; see `bot.alerts.rules.catalog`."""

from datetime import timedelta

from bot.alerts.model import Severity
from bot.alerts.rules.rule import Rule
from bot.kernel.translation import gettext_noop as N_

HOURS = timedelta(hours=12)


def _unusual(name: str, headline: str, meaning: str, severity: Severity = Severity.WARNING) -> Rule:
    return Rule(name, severity, headline, meaning, "security", nags=False, lapses=HOURS)


RULES: tuple[Rule, ...] = (
    _unusual(
        "role_at_night",
        N_("Person {person} got a role of the team at night"),
        N_("It was given at {time}. Ask whoever gave it: /audit. /people takes the role away."),
    ),
    _unusual(
        "many_refusals",
        N_("{name} was refused {count} times within an hour"),
        N_("Everything was refused. Ask them whether it was them; /audit shows what they tried."),
    ),
    _unusual(
        "mass_export",
        N_("{name} took {count} exports within an hour"),
        N_("Ask them what for; /audit shows which. /people takes their role away."),
    ),
    _unusual(
        "codes_guessed",
        N_("Account {account} tried {count} invitation links that do not work"),
        N_("It got in by none of them, and is not answered for an hour. Open invitations: /people"),
    ),
    _unusual(
        "numbers_guessed",
        N_("{name} tried {count} numbers that are not theirs"),
        N_("They saw nothing, and are not answered for a while. /audit shows which numbers."),
    ),
)
