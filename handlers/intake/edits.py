"""A message that was edited: what it became follows while nothing was started, else its sender hears that it does not.

Telegram lets people change the words of a message and put another file into it.
"""

from collections.abc import Collection
from dataclasses import replace

from bot.access.model import Person
from bot.briefs.material import Attachment, SentFile
from bot.briefs.model import Brief, State
from bot.kernel.card import Card
from bot.kernel.errors import Refusal, Stale
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.intake import guided
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.request import Request

SOUNDS = frozenset({"voice", "audio"})
ANEW = N_("Send it as a new message, and I take it up.")


async def edited(who: Person, request: Request, services: Services) -> Card | None:
    """Let what the message became follow; None where it became nothing, or where the quote itself shows it."""
    became = await services.intake.materials.became(who, request.source_key, request.file_key)
    kept, own, brief = became.kept, became.brief, became.brief or became.other
    waits = await conversations.of_dialog(who, request, services, "brief")
    if brief is not None and (brief.state is State.CANCELLED or brief.client_id != who.id):
        return None
    card = None
    if request.file is not None:
        card = await _file(who, request, services, request.file, kept, brief, waits)
    if own is not None:
        if kept is not None and kept.kind in SOUNDS and kept.text is not None:
            await _words_beside(who, request, services, own, kept)
        else:
            await _words(who, request, services, own)
    elif brief is None and kept is not None and kept.kind in SOUNDS and kept.source_key not in _held(waits):
        if not request.album and (request.file is None or kept.may_be(request.file)):
            await services.recordings.reword(who, kept, request.beside)
    elif brief is None and waits is not None:
        await _words_of_guided(who, request, services, waits)
    if brief is None and (kept is None or kept.kind not in SOUNDS):
        await _words_of_remark(who, request, services)
    return card


async def is_brief(who: Person, request: Request, services: Services) -> bool:
    """Whether a message that went to the team is a brief too, which is to follow; else its words are kept as edited."""
    became = await services.intake.materials.became(who, request.source_key, request.file_key)
    if became.brief is None:
        await _words_of_remark(who, request, services)
    return became.brief is not None


async def _words_of_remark(who: Person, request: Request, services: Services) -> None:
    words = request.words
    await services.remarks.reword(who, request.source_key, words)


def _held(waits: Conversation | None) -> Collection[str]:
    """The keys of the files that a guided brief has by now."""
    return () if waits is None else waits.data.get("files", ())


async def _file(
    who: Person,
    request: Request,
    services: Services,
    file: SentFile,
    kept: Attachment | None,
    brief: Brief | None,
    waits: Conversation | None,
) -> Card | None:
    """What becomes of the file that the message brings now."""
    if kept is None:
        return await _first(who, request, services, file, brief)
    if kept.may_be(file) and (kept.kind != "document" or file.file_id == kept.file_id):
        return None
    if brief is not None:
        await _of_brief(who, services, file, kept, brief)
        return None
    if waits is not None and kept.source_key in _held(waits):
        return await guided.file_replaced(
            who, services, waits, await services.intake.materials.put_in_place(who, kept, file)
        )
    if kept.kind in SOUNDS and file.kind in SOUNDS:
        await services.recordings.put_in_place(who, kept, file, request.beside)
        return None
    unused = _("{file} is not used: nothing came of the message that it is in now.", file=file.name)
    raise Refusal(f"{unused} {_(ANEW)}")


async def _first(who: Person, request: Request, services: Services, file: SentFile, brief: Brief | None) -> Card | None:
    """The message brought no file that was kept: it had none, or one that was refused."""
    if brief is None:
        unused = _("{file} came with an edited message, and is not used.", file=file.name)
        raise Refusal(f"{unused} {_(ANEW)}")
    if brief.state is not State.QUOTED:
        raise Stale(_too_late(brief, file.name))
    _check_heard(brief, file)
    attachment = await services.intake.materials.attach(who, request.file_key, file)
    await services.intake.quotes.add_file(who, brief.id, attachment)
    return None


async def _of_brief(who: Person, services: Services, file: SentFile, kept: Attachment, brief: Brief) -> None:
    """Have the quote follow. Raises Stale where it was started, Refusal where the new file cannot be read."""
    stands = _("“{title}” keeps {file} as you sent it first.", title=brief.title, file=kept.name)
    if kept.may_be(file) or brief.state is State.QUOTED:
        try:
            _check_heard(brief, file)
            if kept.kind in SOUNDS and kept.text is not None:
                raise Refusal(
                    _(
                        "{file} is not used: “{title}” was made from what is said in {recording}.",
                        file=file.name,
                        title=brief.title,
                        recording=kept.name,
                    )
                )
            file, reading = await services.intake.materials.look_into(who, file)
            if reading is not None and (kept.name, kept.text) == (file.name, reading.text):
                return
            if brief.state is State.QUOTED:
                await services.intake.quotes.replace_file(who, brief.id, kept, file, reading)
                return
        except Stale:
            raise
        except Refusal as refusal:
            raise Refusal(f"{refusal} {stands}") from refusal
    raise Stale(_too_late(brief, file.name))


def _too_late(brief: Brief, name: str) -> str:
    if brief.is_quote:
        ended = _("{file} is not used: the quote “{title}” has ended.", file=name, title=brief.title)
        return f"{ended} {_(ANEW)}"
    return _(
        "{file} is not used: brief {brief} is {state}, with what you sent before. To have the new file used, send "
        "it as a new message, which is a new brief. /brief_{brief} shows whether this one can still be cancelled.",
        file=name,
        brief=brief.id,
        state=brief.state.within,
    )


def _check_heard(brief: Brief, file: SentFile) -> None:
    if file.kind in SOUNDS and brief.task_type is not TaskType.TRANSCRIPTION:
        raise Refusal(
            _(
                "{file} is a recording, and “{title}” is no transcription: it is not used.",
                file=file.name,
                title=brief.title,
            )
        )


async def _words(who: Person, request: Request, services: Services, brief: Brief) -> None:
    """Let the brief's own words follow. A file without words takes none of them away."""
    words, before = request.words.strip(), request.words_before
    if not words and request.file is not None:
        return
    own = await services.intake.quotes.own_words(brief)
    if before is not None:
        before = replace(request, text=before).words.strip()
        if before == words:
            return
        words = own.replace(before, words, 1) if before and before in own else words
    if own != words:
        await services.intake.quotes.reword(who, brief.id, None, words, show=True)


async def _words_beside(who: Person, request: Request, services: Services, brief: Brief, recording: Attachment) -> None:
    """Let the words under a recording follow, in a brief that is made of them and of what was said in it."""
    own, before = await services.intake.quotes.own_words(brief), recording.beside
    if request.beside == before:
        return
    said = own.replace(before, "", 1).strip() if before in own else own
    await services.intake.quotes.reword(who, brief.id, None, f"{request.beside}\n\n{said}".strip(), show=True)
    await services.recordings.set_beside(who, recording, request.beside)


async def _words_of_guided(who: Person, request: Request, services: Services, waits: Conversation) -> None:
    words = request.words
    if "words" in waits.data and waits.data.get("source_key") == request.source_key and (words or request.file is None):
        data = {**waits.data, "words": words}
        await conversations.change(who, request, services, waits, data)
