"""The area wired up: its verbs."""

from bot.config.mail_addresses import MailAddress
from bot.core import Core
from bot.intake.ports import Documents
from bot.mailbox.ports import Mailbox
from bot.mailbox.service import Inbox
from bot.mailbox.settings import MailboxSettings
from bot.reports.settings import MailSettings
from bot.review.model import Escalation


def build(
    core: Core,
    settings: MailboxSettings,
    mail: MailSettings,
    box: Mailbox | None,
    documents: Documents,
    escalation: Escalation,
) -> Inbox:
    """The area on what it stands on. box: None where no mailbox is read."""
    name = f"{settings.imap_username}@{settings.imap_host}/{settings.imap_folder}"
    own = MailAddress.parse(mail.mail_from).plain if mail.mail_from else ""
    return Inbox(core.database, box, documents, escalation, name=name, own=own)
