"""What is told by mail, where chat does not do."""

from collections.abc import Callable, Collection
from email.utils import parseaddr

from bot.access.model import TENANT, Person
from bot.kernel.translation import reader, reading_as
from bot.messages.mails import MAIL, mail_of, to_payload
from bot.messages.service import TEAM, Show
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people


class Mailing:
    """Writes mails to the team. recipients: addresses of the installation's own; on: there is a mail server."""

    def __init__(self, recipients: Collection[str], *, on: bool) -> None:
        self._recipients = recipients
        self.on = on

    async def send(
        self, tx: Transaction, tenant: str, to: Collection[Person], subject: Callable[[], str], card: Show, key: str
    ) -> int:
        """Send it to these people, where their address is known, and to the installation's; once for the key to each.

        subject, card: make the words, in the language of who reads. Returns to how many.
        """
        if not self.on:
            return 0
        known = await people.by_mail(tx.connection, tenant, *TEAM)
        wanted = {person.id for person in to}
        addresses = [address for address, person in known.items() if person.id in wanted]
        if tenant == TENANT:
            addresses += [one for one in self._recipients if parseaddr(one)[1].lower() not in addresses]
        for address in addresses:
            person = known.get(parseaddr(address)[1].lower())
            with reading_as(person.reader if person is not None else reader()):
                mail = mail_of(subject(), card())
            await outbox.add(tx, tenant, MAIL, address, to_payload(mail), key=f"{key}:{address}")
        return len(addresses)
