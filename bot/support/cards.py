"""What clients and the team see of what they write to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.access.model import Person, Role
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.text.words import clock, duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.support.model import About, Message, Sent, Thread, View, Waiting, Words

ECHOED = 300
EARLIER = 160
WRITE_OPEN = N_("Still open: your message to the team. Write it; /stop sends nothing.")
LETTER_OPEN = N_("Still open: your message to {name}. Write it; /stop sends nothing.")
ANSWER_OPEN = N_("Still open: your answer to {name}. Write it; /stop sends nothing.")
QUESTION_OPEN = N_("Still open: what is the client of brief {brief} to be asked? Write it; /stop asks nothing.")
# By what a message is about: a brief, a quote, an invoice, nothing in particular.
ASK: Mapping[str, str] = {
    "brief": N_("Write your message to the team, about brief {number}: your next message goes to them."),
    "quote": N_("Write your message to the team, about your quote “{title}”: your next message goes to them."),
    "invoice": N_("Write your message to the team, about invoice {number}: your next message goes to them."),
    "": N_("Write your message to the team: your next message goes to them."),
}
# What [Never mind] says that was asked of the team, and by what the question names whom it is for.
ASKED: Mapping[str, str] = {"answer": "thread", "letter": "client", "question": "brief"}
SENT: Mapping[str, str] = {
    "brief": N_("Sent to the team, about brief {number}"),
    "quote": N_("Sent to the team, about your quote “{title}”"),
    "invoice": N_("Sent to the team, about invoice {number}"),
    "": N_("Sent to the team"),
}
FROM_TEAM: Mapping[str, str] = {
    "brief": N_("From the team, about brief {number}"),
    "quote": N_("From the team, about your quote “{title}”"),
    "invoice": N_("From the team, about invoice {number}"),
    "": N_("From the team"),
}
WITH_TEAM: Mapping[str, str] = {
    "brief": N_("You and the team, about brief {number}"),
    "quote": N_("You and the team, about your quote “{title}”"),
    "invoice": N_("You and the team, about invoice {number}"),
    "": N_("You and the team"),
}


def _about(sentences: Mapping[str, str], about: About) -> str:
    return _(sentences[about.kind], number=about.number, title=about.title)


def ask(about: About, kind: str, number: int) -> Card:
    """The client is to write. kind, number: by what the question names what it is about; "" and 0 for nothing."""
    shown = replace(about, number=escape(about.number), title=escape(about.title))
    lines = Lines(_("A message to the team")).add(_about(ASK, shown))
    return Card(str(lines), (_never_mind(kind, number),))


def _never_mind(asked: str, number: int) -> tuple[Button, ...]:
    return (Button(_("Never mind"), "unwritten", number, choice=asked),)


def sent(about: About, text: str, file: Sent | None = None) -> Card:
    """What the client wrote was taken for a message to the team."""
    echo = _with_file(first_lines(text, ECHOED), file)
    lines = Lines(_about(SENT, about)).add(f"<blockquote>{echo}</blockquote>")
    return Card(str(lines.add(_("They answer here."))))


def left(text: str) -> Card:
    """The same for somebody whom nobody invited."""
    lines = Lines(_("Sent to the studio")).add(f"<blockquote>{first_lines(text, ECHOED)}</blockquote>")
    return Card(str(lines.add(_("If they answer, it comes here. You can leave one message a day."))))


def how_to_leave() -> Card:
    """To somebody whom nobody invited: how the studio is written to."""
    lines = Lines(_("A message to the studio"))
    lines.add(_("Write it behind the command, in one message, for example:"))
    lines.add(_("/support I would like texts for a bakery. May I come in?"))
    return Card(str(lines.add(_("You can leave one message a day."))))


def ask_question(brief_id: int, title: str) -> Card:
    """The operator is to write what the client is asked."""
    lines = Lines(_("Brief {brief} · Ask the client", brief=brief_id)).add(escape(title))
    lines.add(_("Write the question: your next message goes to the client, and the draft waits for the answer."))
    lines.add(_("For example: which opening hours should it name?"))
    return Card(str(lines), (_never_mind("question", brief_id),))


def question(thread: Thread, title: str, text: str) -> Card:
    """What the team asks the client about a brief that waits for the answer."""
    lines = Lines(_("Brief {brief} · A question from the team", brief=thread.brief_id or 0)).add(escape(title))
    lines.add(escape(text)).add(_("The work goes on with your answer."))
    return Card(str(lines), ((Button(_("Answer"), "tell", thread.id),),))


def heard(brief_id: int, text: str) -> Card:
    """What the client wrote was taken for the answer."""
    lines = Lines(_("Brief {brief} · Your answer is in", brief=brief_id))
    lines.add(f"<blockquote>{first_lines(text, ECHOED)}</blockquote>")
    return Card(str(lines.add(_("A new draft is made with it; a person looks at it before it comes here."))))


def from_team(thread: Thread, about: About, text: str) -> Card:
    """What the team wrote, in the client's chat."""
    return Card(str(Lines(_about(FROM_TEAM, about)).add(escape(text))), _client_answers(thread))


def file_of_team(thread: Thread, about: About, file: Sent) -> Card:
    """A file that the team sent, in the client's chat."""
    return Card(str(Lines(_about(FROM_TEAM, about))), _client_answers(thread), copied=(file.chat_id, file.message_id))


def file_of_client(thread: Thread, file: Sent) -> Card:
    """A file that a client sent, beside the card of what they wrote."""
    said = {"thread": thread.id, "name": thread.name}
    lines = Lines(_("Message {thread} · A file from {name}", **said))
    rows = ((Button(_("Answer"), "answer", thread.id, thread.version),),)
    return Card(str(lines), rows, copied=(file.chat_id, file.message_id))


def _client_answers(thread: Thread) -> tuple[tuple[Button, ...], ...]:
    """Who was never invited has one message a day, and no button for another."""
    return ((Button(_("Answer"), "tell", thread.id),),) if thread.client_id is not None else ()


def of_client(view: View) -> Card:
    """The thread, as its client sees it."""
    lines = Lines(_about(WITH_TEAM, view.about))
    for one in view.messages:
        who = _("The team") if one.from_team else _("You")
        lines.add(f"{clock(one.at)} <b>{who}</b>: {_said(one)}")
    if view.thread.waits:
        lines.add(_("Your message waits for an answer, which comes here."))
    return Card(str(lines), ((Button(_("Write to the team"), "tell", view.thread.id),),))


def for_team(view: View, viewer: Person) -> Card:
    """What a client wrote, to be answered by `viewer`, the words that wait in full."""
    thread = view.thread
    lines = Lines(_("Message {thread} · Waits for an answer", thread=thread.id)).add(_from_whom(view))
    if view.holder_id is not None and view.until is not None:
        lines.add(_who_has_it(view, view.until, viewer))
    unanswered = view.unanswered
    for one in [one for one in view.messages if one not in unanswered][-2:]:
        lines.add(f"<i>{escape(_author(view, one))}: {_said(one, EARLIER)}</i>")
    for one in unanswered:
        lines.add(f"<blockquote>{_said(one)}</blockquote>")
    return Card(str(lines), _rows(view, viewer))


def whole(view: View) -> Card:
    """A thread in which nothing waits, as the team sees it."""
    lines = Lines(_("Message {thread} · Answered", thread=view.thread.id)).add(_from_whom(view))
    for one in view.messages:
        lines.add(f"{clock(one.at)} <b>{escape(_author(view, one))}</b>: {_said(one)}")
    return Card(str(lines), (_write_again(view.thread.id, view.thread.version),))


def answered(view: View, version: int, words: Words, by: str, at: datetime) -> Card:
    """A thread's card once it was answered. view: as it was before; version: the thread's since then."""
    said = {"thread": view.thread.id, "name": by, "time": clock(at)}
    lines = Lines(_("Message {thread} · Answered by {name}, {time}", **said)).add(_from_whom(view))
    for one in view.unanswered:
        lines.add(f"<i>{_said(one, EARLIER)}</i>")
    lines.add(_with_file(first_lines(words.text, ECHOED), words.file))
    return Card(str(lines), (_write_again(view.thread.id, version),), silent=True)


def settled(view: View, by: str, at: datetime) -> Card:
    """A thread's card once somebody found that nothing in it asks for an answer."""
    said = {"thread": view.thread.id, "name": by, "time": clock(at)}
    # Translators: {name} said that the message needs no answer.
    lines = Lines(_("Message {thread} · Noted by {name}, {time}", **said)).add(_from_whom(view))
    for one in view.unanswered:
        lines.add(f"<i>{_said(one, EARLIER)}</i>")
    return Card(str(lines), (_write_again(view.thread.id, view.thread.version),), silent=True)


def ask_answer(view: View) -> Card:
    """The operator is to write."""
    lines = Lines(_("Message {thread} · Answer", thread=view.thread.id)).add(_from_whom(view))
    sentence = _("Write the answer: your next message goes to {name}.", name=escape(view.thread.name))
    if view.thread.address:
        sentence = _("Write the answer: your next message goes to {name} by mail.", name=escape(view.thread.name))
    lines.add(sentence)
    return Card(str(lines), (_never_mind("answer", view.thread.id),))


def ask_letter(client: Person) -> Card:
    """Somebody of the team is to write to a client who did not write first."""
    name = client.name
    lines = Lines(_("A message to {name}", name=name))
    lines.add(_("Write it: your next message goes to {name}, who can answer.", name=escape(name)))
    return Card(str(lines), (_never_mind("letter", client.id),))


def answer_sent(thread: Thread) -> Card:
    """The operator's answer is on its way."""
    if thread.address:
        return Card(_("Goes to {name} by mail. /support_{thread}", name=escape(thread.name), thread=thread.id))
    return Card(_("Sent to {name}. /support_{thread}", name=escape(thread.name), thread=thread.id))


def ordered(view: View, title: str) -> Card:
    """The client's words were made a quote. title: of what it is for."""
    lines = Lines(_("Quote · Sent to {name}", name=view.thread.name)).add(escape(title))
    lines.add(_("{name} reads the price and says yes or no.", name=escape(view.thread.name)))
    return Card(str(lines))


def waiting(view: Waiting) -> Card:
    """What waits for an answer, the longest wait first."""
    if not view.count:
        lines = Lines(_("No message waits for an answer"))
        return Card(str(lines.add(_("What clients write to the team comes to you here."))))
    return Card(str(_listed(Lines(_how_many(view.count)), view)))


def reminder(longest: Sequence[Thread], count: int, now: datetime) -> Card:
    """Messages that wait longer than they should; `longest` are the first of `count`."""
    head = ngettext("A message still waits for an answer", "{n} messages still wait for an answer", count)
    return Card(str(_listed(Lines(head), Waiting(longest, count, now))))


def last_level(longest: Sequence[Thread], count: int, now: datetime) -> Card:
    """To admins, daily: all that waits past the last level."""
    head = ngettext(
        "{n} message waits far too long for an answer", "{n} messages wait far too long for an answer", count
    )
    lines = Lines(head).add(_("Operators and admins were reminded. As of {time}.", time=clock(now)))
    return Card(str(_listed(lines, Waiting(longest, count, now))))


def _how_many(count: int) -> str:
    return ngettext("{n} message waits for an answer", "{n} messages wait for an answer", count)


def _listed(lines: Lines, view: Waiting) -> Lines:
    for thread in view.threads:
        lines.add(in_a_row((f"/support_{thread.id} {first_lines(thread.name, 40)}", duration(view.now - thread.since))))
    if view.count > len(view.threads):
        lines.add(ngettext("and {n} more", "and {n} more", view.count - len(view.threads)))
    return lines


def _from_whom(view: View) -> str:
    name, about = escape(view.thread.name), view.about
    if about.kind == "brief":
        said = {"name": name, "brief": about.number, "title": escape(about.title)}
        return _("From {name} · brief {brief}: {title} /brief_{brief}", **said)
    if about.kind == "quote":
        return _("From {name} · quote: {title}", name=name, title=escape(about.title))
    if about.kind == "invoice" and about.brief_id is not None:
        said = {"name": name, "number": escape(about.number), "title": escape(about.title)}
        said["brief"] = str(about.brief_id)
        return _("From {name} · invoice {number} for brief {brief}: {title} /brief_{brief}", **said)
    if about.kind == "invoice":
        return _("From {name} · invoice {number}", name=name, number=escape(about.number))
    if view.thread.address:
        said = {"name": name, "address": escape(view.thread.address), "subject": escape(about.title)}
        return _("From {name}, by mail from {address}: {subject}", **said)
    if view.thread.client_id is None:
        link = f'<a href="tg://user?id={view.thread.chat_id}">{name}</a>'
        return _("From {name}, whom nobody invited", name=link)
    return _("From {name}", name=name)


def _said(one: Message, limit: int | None = None) -> str:
    """The words, and the name of the file that came with them."""
    return _with_file(escape(one.text) if limit is None else first_lines(one.text, limit), one.file)


def _with_file(words: str, file: Sent | None) -> str:
    if file is None:
        return words
    named = _("File: {name}", name=escape(file.name))
    return f"{words}\n{named}" if words else named


def _author(view: View, one: Message) -> str:
    return one.author or view.thread.name


def _who_has_it(view: View, until: datetime, viewer: Person) -> str:
    if view.holder_id == viewer.id:
        return _("<b>You have it</b>, until {time} at most", time=clock(until))
    return _("<b>{name} has it</b>, until {time} at most", name=escape(view.holder), time=clock(until))


def _rows(view: View, viewer: Person) -> tuple[tuple[Button, ...], ...]:
    thread = view.thread
    first = [Button(_("Answer"), "answer", thread.id, thread.version)]
    if view.holder_id is None:
        first.append(Button(_("Take it"), "takethread", thread.id, thread.version))
    elif viewer.role is Role.ADMIN or view.holder_id == viewer.id:
        first.append(Button(_("Give back"), "freethread", thread.id, thread.version))
    second = [Button(_("No answer needed"), "settle", thread.id, thread.version)]
    if thread.client_id is not None:
        second.insert(0, Button(_("Make it an order"), "ordered", thread.id, thread.version))
    else:
        second.insert(0, Button(_("Invite as a client"), "letin", thread.id, thread.version))
    third = () if view.about.paid is None else ((Button(_("Refund"), "refundof", view.about.paid),),)
    return tuple(first), tuple(second), *third


def _write_again(thread_id: int, version: int) -> tuple[Button, ...]:
    return (Button(_("Write again"), "answer", thread_id, version),)
