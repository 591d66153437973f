"""The support inbox: each mail once, its words shown to the team, a bounce put to the mail that came back."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.access.model import TENANT
from bot.intake.ports import Documents
from bot.kernel.errors import Refusal
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.mailbox.heads import read
from bot.mailbox.model import Bounce, Kind, Mark, ReadMail
from bot.mailbox.ports import Mailbox
from bot.mailbox.words import own_words
from bot.messages.mails import MAIL
from bot.review.model import Escalation
from bot.support import mailing
from bot.support.mails import MailState
from storage.core import bindings, outbox
from storage.core.outbox import Delivery
from storage.engine.database import Database, Transaction
from storage.support import mails

log = structlog.get_logger(__name__)
AT_ONCE = 25
MOST_A_RUN = 100
_SYSTEM = "mailbox"
_ALONE: Mapping[Kind, MailState] = {
    Kind.AUTOMATIC: MailState.AUTOMATIC,
    Kind.BOUNCE: MailState.BOUNCED,
    Kind.NO_SENDER: MailState.NO_SENDER,
}
_DOUBLED = "doubled"
_TOLD: Mapping[str, str] = {
    MailState.TO_ANSWER: N_("{n} to answer"),
    MailState.AUTOMATIC: N_("{n} by programs"),
    MailState.BOUNCED: N_("{n} of ours that came back"),
    MailState.TOO_MANY: N_("{n} beyond what one address may send in a day"),
    MailState.NO_SENDER: N_("{n} without a sender"),
    _DOUBLED: N_("{n} known already"),
}
# Writes down what became of items of the outbox, and has admins told.
Settle = Callable[[Transaction, Sequence[Delivery]], Awaitable[None]]


class Inbox:
    """Reads. box: None where there is none. name: of the folder; own: the address that our mails come from."""

    def __init__(
        self,
        database: Database,
        box: Mailbox | None,
        documents: Documents,
        escalation: Escalation,
        *,
        name: str,
        own: str,
    ) -> None:
        self._database = database
        self._box = box
        self._documents = documents
        self._escalation = escalation
        self._name, self._own = name, own

    async def read(self, tenant: str, settle: Settle) -> str:
        """Take in what came since; returns a line for the job's record. Raises ProviderError.

        A mail is written down together with how far the folder is read, so a run that was ended goes on behind it.
        """
        if self._box is None or tenant != TENANT:
            return _("no mailbox is read")
        counts: Counter[str] = Counter()
        more = True
        while more and counts.total() < MOST_A_RUN:
            async with self._database.reading() as connection:
                kept = await bindings.get(connection, tenant, _SYSTEM, self._name)
            batch = await self._box.after(Mark.parse(kept) if kept else None, AT_ONCE)
            for raw in batch.mails:
                mail = read(raw, self._own)
                text = await self._words(mail) if mail.kind is Kind.LETTER else ""
                mark = Mark(batch.mark.validity, raw.number)
                counts[await self._take(tenant, mail, text, mark, settle)] += 1
            await self._database.write(
                lambda tx, to=str(batch.mark): bindings.put(tx, tenant, _SYSTEM, self._name, to)  # type: ignore[misc]
            )
            more = batch.more
        read_now = ngettext("{n} mail read", "{n} mails read", counts.total())
        told = in_a_row(_(_TOLD[name], n=number) for name, number in counts.items())
        return f"{read_now} ({told})" if told else read_now

    async def _take(self, tenant: str, mail: ReadMail, text: str, mark: Mark, settle: Settle) -> str:
        async def work(tx: Transaction) -> str:
            await bindings.put(tx, tenant, _SYSTEM, self._name, str(mark))
            if mail.kind is Kind.LETTER:
                return await mailing.take(tx, tenant, mail.mail, text, self._escalation) or _DOUBLED
            state = _ALONE[mail.kind]
            if await mails.add(tx, tenant, mail.mail, state) is None:
                return _DOUBLED
            for bounce in mail.bounces:
                await _came_back(tx, bounce, settle)
            return state

        return await self._database.write(work)

    async def _words(self, mail: ReadMail) -> str:
        """The words of a mail, read by a process of its own, which the mail may end."""
        text, notes = "", []
        try:
            reading = await self._documents.read("mail.eml", mail.body, "message/rfc822")
            text, notes = own_words(reading.text), [*reading.notes]
        except Refusal as error:
            log.info("a mail's words are not read", reason=type(error).__name__)
        if not text:
            text = _("This mail has no words that can be read here. Open it in the mailbox.")
        if mail.cut:
            notes.append(_("it is long, and only its beginning was read"))
        subject = mail.mail.subject
        said = f"{subject}\n\n{text}" if subject and not mail.mail.before else text
        return f"{said}\n\n({in_a_row(notes)})" if notes else said


async def _came_back(tx: Transaction, bounce: Bounce, settle: Settle) -> None:
    """Give the mail up as if it had been refused at once; its token is known to whoever has the mail alone."""
    item = await outbox.sent_item(tx, MAIL, bounce.row)
    if item is None or item.payload.get("token") != bounce.token:
        return
    words = f"it came back ({bounce.reason})" if bounce.reason else "it came back"
    await settle(tx, [Delivery(item, "undeliverable", error=words)])
