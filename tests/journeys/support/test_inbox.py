"""The support inbox: what clients write by mail is answered in chat, and the answer goes out in their thread."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

import pytest

from bot.access.model import TENANT
from bot.kernel.card import Card
from bot.messages.mails import MAIL, mail_of, to_payload
from sandbox.imap.server import ImapStandIn
from sandbox.smtp import CERTIFICATE
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from storage.core import job_runs, outbox
from tests.eventually import eventually
from tests.house import House, Providers, house
from tests.mails import said

pytestmark = pytest.mark.wire
USER, PASSWORD = "studio@example.org", "app-password"


@asynccontextmanager
async def at(stand_ins: Providers, database_url: str, box: ImapStandIn, **changes: Any) -> AsyncIterator[House]:
    """A house that reads this mailbox, with its cast."""
    inbox: dict[str, Any] = {"imap_host": box.host, "imap_port": box.port}
    inbox |= {"imap_username": USER, "imap_password": PASSWORD}
    async with house(stand_ins, database_url, **(inbox | changes)) as home:
        if not home.carol.messages():
            await home.carol.says("/start")
            await home.carol.sees("Welcome")
            await home.staff()
        yield home


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in's certificate is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def letter(
    words: str, subject: str = "Where is my invoice?", sender: str = "Zoë <zoe@example.net>", **heads: str
) -> bytes:
    """A mail to the studio."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, USER, subject
    mail["Date"], mail["Message-ID"] = formatdate(), heads.pop("message_id", "<first@example.net>")
    for name, value in heads.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail.as_bytes()


async def looks(home: House, who: Person | None = None) -> str:
    """The job runs once more; what it says it did."""
    person, database = who or home.carol, home.running.app.services.database

    async def runs() -> list[job_runs.Run]:
        async with database.reading() as connection:
            found = await job_runs.history(connection, TENANT, "support_inbox", 50)
        return [run for run in found if run.finished_at is not None]

    before, mark = len(await runs()), person.mark()
    await person.says("/job_support_inbox")
    await person.taps("Run now", await person.sees(re.compile("^Job support_inbox"), after=mark))
    found = await eventually(runs, lambda ended: len(ended) > before)
    return str(max(found, key=lambda run: run.id).result)


def waiting(person: Person) -> list[Seen]:
    """The digests that the person has."""
    return [seen for seen in person.messages() if "As of " in seen.text and "wait" in seen.text.splitlines()[0]]


async def test_a_mail_is_answered_in_its_thread(stand_ins: Providers, database_url: str) -> None:
    """A mail comes to the team once, is answered from the digest, and the answer is a mail below it."""
    async with ImapStandIn() as box, at(stand_ins, database_url, box) as home:
        box.folder.put(letter("It was due on Monday.\n\nZoë", References="<zero@example.net>"))
        assert (await looks(home)).startswith("1 mail read (1 to answer); 1 message waits")
        shown = await home.bob.sees("Waits for an answer")
        assert "From Zoë, by mail from zoe@example.net: Where is my invoice?" in shown.text
        assert "It was due on Monday." in shown.text
        assert box.folder.mails[0].flags == set()
        digest = await home.bob.sees("1 message waits for an answer")
        assert "by mail" in digest.text
        assert (await looks(home)).startswith("0 mails read; 1 message waits")
        assert len(waiting(home.bob)) == 1
        await home.bob.taps("Answer Zoë", digest)
        await home.bob.sees("your next message goes to Zoë by mail")
        await home.bob.says("It goes out <today>.")
        await home.bob.sees("Goes to Zoë by mail")
        (answer,) = await stand_ins.mail.received(1)
        assert answer["To"] == "zoe@example.net"
        assert answer["Subject"] == "Re: Where is my invoice?"
        assert answer["In-Reply-To"] == "<first@example.net>"
        assert answer["References"] == "<zero@example.net> <first@example.net>"
        assert answer["Auto-Submitted"] is None
        words = said(answer).splitlines()
        assert words[:2] == ["It goes out <today>.", ""]
        assert words[2].startswith("Zoë wrote on ")
        assert words[3:] == ["> It was due on Monday.", "> ", "> Zoë"]
        assert "It goes out &lt;today&gt;." in said(answer, "html")
        assert (await looks(home)).endswith("0 messages wait for an answer")
        assert "No message waits" in (await home.bob.sees("No message waits for an answer")).text


async def test_the_thread_goes_on(stand_ins: Providers, database_url: str) -> None:
    """What answers our answer comes to the same thread; from another address it is a thread of its own."""
    async with ImapStandIn() as box, at(stand_ins, database_url, box) as home:
        box.folder.put(letter("Hello?"))
        await looks(home)
        first = await home.bob.sees("Waits for an answer")
        await home.bob.taps("Answer", first)
        await home.bob.sees("your next message goes to Zoë by mail")
        await home.bob.says("Which number has it?")
        (answer,) = await stand_ins.mail.received(1)
        ours = str(answer["Message-ID"])
        mark = home.bob.mark()
        words = "It is 2031.\n\nOn Tuesday the studio wrote:\n> Which number has it?\n"
        box.folder.put(letter(words, "Re: Where is my invoice?", message_id="<second@example.net>", In_Reply_To=ours))
        await looks(home)
        again = await home.bob.sees("Waits for an answer", after=mark)
        assert again.text.split()[1] == first.text.split()[1]
        assert "It is 2031." in again.text
        assert "On Tuesday" not in again.text
        mark = home.bob.mark()
        box.folder.put(
            letter("Send it to me.", sender="zoe@example.com", message_id="<third@example.com>", In_Reply_To=ours)
        )
        await looks(home)
        other = await home.bob.sees("by mail from zoe@example.com", after=mark)
        assert other.text.split()[1] != first.text.split()[1]


async def test_nobody_waits_for_programs(stand_ins: Providers, database_url: str) -> None:
    """Holidays' answers, newsletters, our own mails and what was delivered twice are read, and shown to nobody."""
    async with ImapStandIn() as box, at(stand_ins, database_url, box) as home:
        box.folder.put(letter("I am away.", message_id="<a@example.net>", Auto_Submitted="auto-replied"))
        box.folder.put(letter("News!", message_id="<b@example.net>", List_Id="<news.example.net>"))
        box.folder.put(letter("Report", sender="Studio <studio@example.org>", message_id="<c@example.org>"))
        box.folder.put(letter("Failed", sender="MAILER-DAEMON@example.net", message_id="<d@example.net>"))
        box.folder.put(letter("Nobody", sender="undisclosed", message_id="<e@example.net>"))
        told = await looks(home)
        assert told.startswith("5 mails read (4 by programs, 1 without a sender); 0 messages wait")
        twice = letter("Hello?")
        box.folder.put(twice)
        box.folder.put(twice)
        assert (await looks(home)).startswith("2 mails read (1 to answer, 1 known already)")
        assert sum("Waits for an answer" in seen.text for seen in home.bob.messages()) == 1


async def test_a_folder_that_is_made_anew(stand_ins: Providers, database_url: str) -> None:
    """Where all numbers change nothing is shown twice, and nothing is missed."""
    async with ImapStandIn() as box, at(stand_ins, database_url, box) as home:
        box.folder.put(letter("Hello?"))
        await looks(home)
        box.folder.renumber()
        box.folder.put(letter("Anybody?", "Second", message_id="<second@example.net>"))
        assert (await looks(home)).startswith("2 mails read (1 known already, 1 to answer)")


async def test_a_mail_that_came_back(stand_ins: Providers, database_url: str) -> None:
    """A bounce gives the very mail up that came back, with the server's words; a made-up one does nothing."""
    async with ImapStandIn() as box, at(stand_ins, database_url, box) as home:
        database = home.running.app.services.database
        payload = to_payload(mail_of("Report", Card("<b>Tuesday</b>")))
        await database.write(lambda tx: outbox.add(tx, TENANT, MAIL, "dan@example.org", payload))
        (sent,) = await stand_ins.mail.received(1)
        real = str(sent["Message-ID"])
        box.folder.put(bounce(real.replace(payload["token"], "0" * 20)))
        assert (await looks(home)).startswith("1 mail read (1 of ours that came back)")
        box.folder.put(bounce(real, action="delayed"))
        assert (await looks(home)).startswith("1 mail read (1 by programs)")
        assert [seen for seen in home.carol.messages() if "Not delivered" in seen.text] == []
        box.folder.put(bounce(real))
        await looks(home)
        told = await home.carol.sees("Mail to dan@example.org · Not delivered")
        assert "550 5.1.1 <dan@example.org>: User unknown" in told.text
        await home.carol.says("/failed")
        await home.carol.sees("came back")


def bounce(about: str, action: str = "failed") -> bytes:
    """A report on a delivery, as mail servers write it (RFC 3464)."""
    report = (
        "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; dan@example.org\n"
        f"Action: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <dan@example.org>: User unknown\n"
    )
    returned = f"From: studio@example.org\nTo: dan@example.org\nSubject: Report\nMessage-ID: {about}\n"
    parts = {"text/plain": "It did not arrive.", "message/delivery-status": report, "text/rfc822-headers": returned}
    body = "".join(f"--b\nContent-Type: {kind}\n\n{words}\n" for kind, words in parts.items())
    head = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: studio@example.org\nSubject: Undelivered Mail"
    )
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    return f"{head}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n{kind}\n\n{body}--b--\n".encode()


async def test_files_do_not_go_by_mail(stand_ins: Providers, database_url: str) -> None:
    """An answer with a file is refused with the address that it can be sent to, and nothing goes out."""
    async with ImapStandIn() as box, at(stand_ins, database_url, box) as home:
        box.folder.put(letter("Hello?"))
        await looks(home)
        await home.bob.taps("Answer", await home.bob.sees("Waits for an answer"))
        await home.bob.sees("your next message goes to Zoë by mail")
        await home.bob.sends_file("offer.pdf", b"%PDF-1.4")
        refused = await home.bob.sees("files go there from your own mail program")
        assert "zoe@example.net" in refused.text
        assert stand_ins.mail.messages == []


async def test_clients_in_chat_are_in_the_digest(stand_ins: Providers, database_url: str) -> None:
    """Without a mailbox the digest has what clients wrote in chat; what strangers wrote is for admins alone."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        await home.alice.says("/support May I call you?")
        await home.alice.sees("Sent to the team")
        await home.eve.says("/support May I come in?")
        await home.eve.sees("Sent to the studio")
        assert (await looks(home)).startswith("no mailbox is read; 2 messages wait")
        of_carol = await home.carol.sees("2 messages wait for an answer")
        of_bob = await home.bob.sees("1 message waits for an answer")
        assert of_carol.labels == ["Answer Alice", "Answer Eve"]
        assert of_bob.labels == ["Answer Alice"]
        assert "May I call you?" in of_bob.text


@pytest.mark.parametrize(
    ("spoil", "changes", "words"),
    [
        (lambda box: None, {"imap_password": "wrong"}, "Invalid credentials"),
        (lambda box: None, {"imap_folder": "Support"}, "Unknown Mailbox: Support"),
        (lambda box: box.refuse("[UNAVAILABLE] Temporary failure"), {}, "Temporary failure"),
        (lambda box: box.cut("UID FETCH"), {}, "the connection ended"),
        (lambda box: None, {"imap_port": 9}, "no answer"),
    ],
    ids=["password", "folder", "passing", "cut", "away"],
)
async def test_what_a_server_refuses(
    stand_ins: Providers,
    database_url: str,
    spoil: Callable[[ImapStandIn], None],
    changes: dict[str, Any],
    words: str,
) -> None:
    """The run fails with the server's words, what waits in chat is listed all the same, and no mail is lost."""
    async with ImapStandIn() as box:
        box.folder.put(letter("Hello?"))
        async with at(stand_ins, database_url, box, **changes) as home:
            await home.alice.says("/support May I call you?")
            await home.alice.sees("Sent to the team")
            spoil(box)
            assert words in await looks(home)
            await home.bob.sees("1 message waits for an answer")
        async with at(stand_ins, database_url, box) as home:
            assert (await looks(home)).startswith("1 mail read (1 to answer)")
