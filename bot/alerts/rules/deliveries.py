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
DRIVE_MEANS = N_(
    "Why: {reason}\nIt is not tried again automatically. The client has the work by chat. /failed lists everything."
)
WITHHELD_MEANS = N_(
    "{reason}\nFiles wait and are kept once it works; clients have their work by chat. On the server: python -m bot "
    "google-login"
)
FULL_MEANS = N_(
    "{reason}\nFiles wait and are kept once there is room; clients have their work by chat. Delete something there, "
    "also from the trash, or buy room."
)
# What keeps every file from Google Drive.
DRIVE_WITHHELD, DRIVE_FULL = "drive_withheld", "drive_full"
# By channel: what was given up, what is late, and a channel on which nothing arrives.
REFUSED = {
    "telegram": "message_refused",
    "mail": "mail_refused",
    "notion": "row_refused",
    "partners": "partner_refused",
    "drive": "file_refused",
}
LATE = {
    "telegram": "message_late",
    "mail": "mail_late",
    "notion": "row_late",
    "partners": "partner_late",
    "drive": "file_late",
}
SILENT = {"mail": "mail_silent", "notion": "notion_silent", "drive": "drive_silent"}


def _refused(name: str, headline: str, meaning: str = REFUSED_MEANS) -> Rule:
    return Rule(name, Severity.WARNING, headline, meaning, "messages", nags=False, act=AGAIN)


def _late(name: str, headline: str, meaning: str = LATE_MEANS) -> Rule:
    return Rule(name, Severity.WARNING, headline, meaning, "messages", nags=False)


RULES: tuple[Rule, ...] = (
    _refused("message_refused", N_("Message to {to} · Not delivered")),
    _refused("mail_refused", N_("Mail to {to} · Not delivered"), MAIL_MEANS),
    _refused("row_refused", N_("Notion row to {to} · Not delivered")),
    _refused("partner_refused", N_("Message to the program of {to} · Not delivered"), PARTNERS_MEANS),
    _refused("file_refused", N_("File for Google Drive · Failed"), DRIVE_MEANS),
    _late("message_late", N_("Message to {to} · Late")),
    _late("mail_late", N_("Mail to {to} · Late")),
    _late("row_late", N_("Notion row to {to} · Late")),
    _late("partner_late", N_("Message to the program of {to} · Late")),
    _late("file_late", N_("File for Google Drive · Late")),
    _late("mail_silent", N_("Mail · Nothing arrives"), SILENT_MEANS),
    _late("notion_silent", N_("Notion · Nothing arrives"), SILENT_MEANS),
    _late("drive_silent", N_("Google Drive · Nothing arrives"), SILENT_MEANS),
    _late(DRIVE_WITHHELD, N_("Google Drive · No access"), WITHHELD_MEANS),
    _late(DRIVE_FULL, N_("Google Drive · No room left"), FULL_MEANS),
)
