"""A mail as programs exchange it (RFC 5322): words or page, the picture inside of that, files beside."""

import mimetypes
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from bot.config.mail_addresses import MailAddress
from bot.kernel.card import Document
from bot.kernel.errors import ProviderError
from bot.messages.mail_pages import PICTURE
from bot.messages.mails import MailMessage

MOST_BYTES = 20 << 20  # what most mail servers take at least; as much again is lost to base64


def built(sender: MailAddress, recipient: MailAddress, mail: MailMessage, message_id: str) -> EmailMessage:
    """mixed( alternative( plain, related( html, picture ) ), files ), as far as there is each of them.

    Raises ProviderError, permanent, where no mail server would take it.
    """
    made = EmailMessage()
    made["Date"] = format_datetime(datetime.now(UTC))
    made["From"], made["To"], made["Subject"] = sender.header(), recipient.header(), mail.subject
    made["Message-ID"] = f"<{message_id}@{sender.domain}>"
    if mail.answers:
        made["In-Reply-To"] = mail.answers
        made["References"] = " ".join([*mail.thread, mail.answers])
    if not mail.by_hand:
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday's answer comes to it
    made.set_content(mail.text)
    if mail.page:
        made.add_alternative(mail.page, subtype="html")
        if mail.picture is not None:
            *_words, shown = made.iter_parts()
            shown.add_related(
                mail.picture.data, *_kind(mail.picture), cid=f"<{PICTURE}>", filename=mail.picture.name,
                disposition="inline",
            )  # fmt: skip
    for file in mail.files:
        main, sub = _kind(file)
        made.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    if sum(len(file.data) for file in mail.files) > MOST_BYTES:
        raise ProviderError("Mail", "its files are larger than mail servers take", permanent=True)
    return made


def _kind(file: Document) -> tuple[str, str]:
    found, _encoding = mimetypes.guess_type(file.name)
    main, _slash, sub = (found or "application/octet-stream").partition("/")
    return main, sub


def addressed(recipient: str) -> MailAddress:
    """The recipient's address. Raises ProviderError, permanent, where it is none."""
    try:
        return MailAddress.parse(recipient)
    except ValueError as error:
        raise ProviderError("Mail", str(error), permanent=True) from None
