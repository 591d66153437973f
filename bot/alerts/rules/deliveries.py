"""What can be wrong with what is to be delivered, as data; see `bot.alerts.rules.catalog`.

Fingerprints: where it was to go.
"""

from bot.alerts.model import Severity
from bot.alerts.rules.rule import Act, Rule
from bot.kernel.translation import gettext_noop as N_

AGAIN = Act(N_("Send again"), "oagain", "row")
REFUSED_MEANS = N_(
    "Why: {reason}\nIt is not tried again automatically, and the next one to them may fail the same way. /failed lists "
    "everything."
)
MAIL_MEANS = N_(
    "Why: {reason}\nIt is not tried again automatically. Check the address and the SMTP settings: python -m bot doctor."
    " /failed lists everything."
)
PARTNERS_MEANS = N_(
    "Why: {reason}\nIt is not tried again automatically. /partners leads to the address, and to each message with what "
    "was answered. /failed lists everything."
)
LATE_MEANS = N_(
    "Last error: {reason}\nIt is kept and tried again about every ten minutes. To try it now or give it up: /failed"
)
SILENT_MEANS = N_(
    "Last error: {reason}\nEverything is kept and tried again about every ten minutes. Is the server up? "
    "python -m bot doctor"
)
# By channel: what was given up, what is late, and a channel on which nothing arrives.
REFUSED = {
    "telegram": "message_refused",
    "mail": "mail_refused",
    "notion": "row_refused",
    "partners": "partner_refused",
}
LATE = {"telegram": "message_late", "mail": "mail_late", "notion": "row_late", "partners": "partner_late"}
SILENT = {"mail": "mail_silent", "notion": "notion_silent"}


def _refused(name: str, headline: str, meaning: str = REFUSED_MEANS) -> Rule:
    return Rule(name, Severity.WARNING, headline, meaning, "messages", nags=False, act=AGAIN)


def _late(name: str, headline: str, meaning: str = LATE_MEANS) -> Rule:
    return Rule(name, Severity.WARNING, headline, meaning, "messages", nags=False)


RULES: tuple[Rule, ...] = (
    _refused("message_refused", N_("Message to {to} · Not delivered")),
    _refused("mail_refused", N_("Mail to {to} · Not delivered"), MAIL_MEANS),
    _refused("row_refused", N_("Notion row to {to} · Not delivered")),
    _refused("partner_refused", N_("Message to the program of {to} · Not delivered"), PARTNERS_MEANS),
    _late("message_late", N_("Message to {to} · Late")),
    _late("mail_late", N_("Mail to {to} · Late")),
    _late("row_late", N_("Notion row to {to} · Late")),
    _late("partner_late", N_("Message to the program of {to} · Late")),
    _late("mail_silent", N_("Mail · Nothing arrives"), SILENT_MEANS),
    _late("notion_silent", N_("Notion · Nothing arrives"), SILENT_MEANS),
)
