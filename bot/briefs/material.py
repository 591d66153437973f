"""What a brief is made of: the person's own words, their answers to our questions, and what came with them in files.

All of it stands in one text, in that order, so that whoever reads the brief reads all there is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Literal

from bot.kernel.card import escape, first_lines
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import in_a_row, in_parts, playing_time
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number
from bot.models.sounds import SOUNDS, is_sound

FileKind = Literal["document", "image", "audio", "voice"]
ANSWERS = "\n\n## Answers\n"
GUESSES: tuple[tuple[TaskType, re.Pattern[str]], ...] = (
    (TaskType.TRANSCRIPTION, re.compile(r"\btranscri(b|p)|ٹرانسکر|تحریری متن", re.IGNORECASE)),
    (
        TaskType.DATA_TRANSFORM,
        re.compile(
            r"\b(csv|json|xlsx?|spreadsheet|reformat|convert|hoja de cálculo|convierte|اسپریڈشیٹ)\b", re.IGNORECASE
        ),
    ),
    (
        TaskType.RESEARCH,
        re.compile(
            r"\b(research|compare|comparison|find out|investigate|investigar?|comparar?|تحقیق|موازنہ)\b",
            re.IGNORECASE,
        ),
    ),
)
LARGEST_FILE = 20_000_000  # bytes: what Telegram gives out to bots
# What of a brief's pictures a model looks at. Requests may have 50 MB, and a picture is a third larger in them:
# https://platform.openai.com/docs/guides/images-vision
MOST_PICTURES = 10
SHOWN_OF_NOTES = 300
MOST_PICTURE_BYTES = 30_000_000


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a message. `size` in bytes and `seconds` as Telegram says, 0 where it does not."""

    file_id: str
    name: str
    size: int
    mime_type: str
    kind: FileKind = "document"
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What a brief leaves open, as a line of its quote. asked: about how many facts it asks one by one, 0 for none."""

    line: str = ""
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A row of `attachments`. `text`: what was read out of it; None for what a model has to see or hear.

    extent: how much it is in its own measure, such as "3 pages"; "" where it has none.
    notes: what was not read of it, or was guessed, a line each; of a recording, the words that stood under it.
    """

    id: int
    tenant: str
    person_id: int
    brief_id: int | None
    source_key: str
    kind: FileKind
    file_id: str
    name: str
    mime_type: str
    size: int
    seconds: int | None
    text: str | None
    extent: str
    created_at: datetime
    notes: tuple[str, ...] = ()
    # when its sender discarded it, which can be undone for a moment
    dropped_at: datetime | None = None

    def may_be(self, file: SentFile) -> bool:
        """Whether the file that a message brings since it was edited may be this one; its id need not be the same."""
        return file.file_id == self.file_id or (file.name, file.size) == (self.name, self.size)

    @property
    def beside(self) -> str:
        """The words that stood under a recording, which are a part of what its speaker says."""
        return "\n".join(self.notes) if self.kind in {"voice", "audio"} else ""

    @property
    def as_material(self) -> str:
        """How it stands in the brief's text; "" where only a model can read it, or where it became the words."""
        if self.text is None or self.kind in {"voice", "audio"}:
            return ""
        notes = f"\n\n(About {self.name}: {'; '.join(self.notes)})" if self.notes else ""
        return f"\n\n## Attached: {self.name}\n{self.text.strip()}{notes}"


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person hands in. `files` are the source keys of what came with it; `answers` lines of `answer_lines`.

    language: a code of `bot.briefs.options`; "" is that of the text. qa_target: None for the usual one.
    """

    words: str
    task_type: TaskType
    files: tuple[str, ...] = ()
    answers: str = ""
    deadline: datetime | None = None
    language: str = ""
    qa_target: int | None = None


def guess_type(words: str) -> TaskType:
    """The type that the words suggest; the client sees it on the quote and can change it."""
    return next((task_type for task_type, sign in GUESSES if sign.search(words)), TaskType.DRAFTING)


def kind_of(name: str, mime_type: str) -> FileKind:
    """What a file is to us before it is fetched; that a document is a picture, its content tells."""
    return "audio" if is_sound(name, mime_type) else "document"


def seconds_of(attached: Sequence[Attachment]) -> int | None:
    """How long the recordings among these play together; None where there are none."""
    sounds = [attachment.seconds or 0 for attachment in attached if attachment.kind in {"voice", "audio"}]
    return sum(sounds) if sounds else None


def pictures_of(attached: Sequence[Attachment]) -> list[Attachment]:
    """The pictures among these."""
    return [attachment for attachment in attached if attachment.kind == "image"]


def looked_at(attached: Sequence[Attachment]) -> list[Attachment]:
    """The pictures that a model looks at: the first ones, up to a number, and to a size of them together."""
    room, seen = MOST_PICTURE_BYTES, []
    for picture in pictures_of(attached)[:MOST_PICTURES]:
        room -= picture.size or LARGEST_FILE
        if room < 0:
            break
        seen.append(picture)
    return seen


def check_size(file: SentFile) -> None:
    """Raise Refusal for what Telegram does not hand out."""
    if file.size > LARGEST_FILE:
        raise Refusal(
            _(
                "{file} has {megabytes} MB; Telegram hands me files of up to {most} MB. Send the part that matters, or "
                "its text. Nothing was started and nothing is charged.",
                file=file.name,
                megabytes=number(round(file.size / 1_000_000)),
                most=number(round(LARGEST_FILE / 1_000_000)),
            )
        )


def check_sound(file: SentFile, heard_seconds: int | None, longest_seconds: int | None = None) -> None:
    """Raise Refusal for a recording that is too large, too long, or of a kind that models do not listen to.

    heard_seconds: what the model hears at most, None where it has no such end.
    longest_seconds: None where it is priced by the minute, so that its length has to be known.
    """
    check_size(file)
    if PurePath(file.name).suffix.lower() not in SOUNDS:
        raise Refusal(
            _(
                "I cannot listen to {file}. Save it as MP3 and send that, or speak it as a voice note. "
                "Nothing was started and nothing is charged.",
                file=file.name,
            )
        )
    if longest_seconds is None and not file.seconds:
        raise Refusal(
            _(
                "Telegram does not tell how long {file} is, and a transcript is priced by the minute. Send it as "
                "music instead of as a file. Nothing was started and nothing is charged.",
                file=file.name,
            )
        )
    if heard_seconds is not None and file.seconds > heard_seconds:
        raise Refusal(
            _(
                "{file} plays {time}, and I can write down {most} at most. Cut it into shorter parts and send those. "
                "Nothing was started and nothing is charged.",
                file=file.name,
                time=playing_time(file.seconds),
                most=playing_time(heard_seconds),
            )
        )
    if longest_seconds is not None and file.seconds > longest_seconds:
        raise Refusal(
            _(
                "That is {minutes} min long; I listen to a spoken brief of up to {most} min. "
                "Send a shorter one, or write it. To have a recording itself written down, send it as a file with the "
                "word Transcribe. Nothing was started and nothing is charged.",
                minutes=number(file.seconds // 60),
                most=number(longest_seconds // 60),
            )
        )


def compose(words: str, answers: str, attached: Sequence[Attachment]) -> str:
    """The brief's text; `answers` are lines of `answer_lines`."""
    own = words.strip() + (ANSWERS + answers.strip() if answers else "")
    return (own + "".join(attachment.as_material for attachment in attached)).strip()


def split(text: str, attached: Sequence[Attachment]) -> tuple[str, str]:
    """The person's own words and the answers in a text that `compose` made with these attachments."""
    files = "".join(attachment.as_material for attachment in attached)
    own = "" if text == files.strip() else text.removesuffix(files)
    words, mark, answers = own.rpartition(ANSWERS)
    return (words, answers) if mark else (own, "")


def answer_lines(answers: Sequence[tuple[str, str]]) -> str:
    """Questions with their answers, a line each."""
    return "\n".join(f"- {question} {answer}" for question, answer in answers)


def forwarded(text: str, sender: str) -> str:
    """The words of a forwarded message, saying whose they are where Telegram tells."""
    return f"{text.strip()}\n\n(Forwarded from {sender})" if sender else text


def about_quote(words: str, quote: str, sender: str) -> str:
    """The words with the passage that their sender points at, and whose that is where it is of another chat."""
    if not quote.strip() or not words.strip():
        return words
    return f"{words.strip()}\n\n(About{f' what {sender} wrote' if sender else ''}: “{quote.strip()}”)"


def not_all_looked_at(sent: int, seen: int) -> str:
    """More pictures came than a model looks at."""
    return ngettext(
        "Of the {n} picture the first {seen} are looked at: one brief holds {most}, of {megabytes} MB together. Send "
        "the others as another brief.",
        "Of the {n} pictures the first {seen} are looked at: one brief holds {most}, of {megabytes} MB together. Send "
        "the others as another brief.",
        sent,
        seen=number(seen),
        most=number(MOST_PICTURES),
        megabytes=number(MOST_PICTURE_BYTES // 1_000_000),
    )


def file_lines(attached: Sequence[Attachment]) -> list[str]:
    """A line for each file; several pictures, which have no names worth reading, in one."""
    pictures = pictures_of(attached)
    if len(pictures) < 2:
        return [file_line(attachment) for attachment in attached]
    others = [file_line(attachment) for attachment in attached if attachment.kind != "image"]
    return [*others, ngettext("{n} picture", "{n} pictures", len(pictures))]


def file_line(attachment: Attachment) -> str:
    """ "offer.pdf, 3 pages, 4,200 characters"."""
    if attachment.kind == "image":
        return _("{file}, seen as a picture", file=escape(attachment.name))
    if attachment.kind in {"audio", "voice"}:
        name = _("voice note") if attachment.kind == "voice" else attachment.name
        return in_a_row((escape(name), playing_time(attachment.seconds or 0)))
    extent = f"{attachment.extent}, " if attachment.extent else ""
    length = ngettext("{n} character", "{n} characters", len(attachment.text or ""))
    return in_a_row((escape(attachment.name), f"{extent}{length}"))


def note_line(attachment: Attachment) -> str:
    """What was not read of a file, or was guessed: its sender knows whether that matters."""
    notes = first_lines(in_parts(attachment.notes), SHOWN_OF_NOTES)
    return _("Note on {file}: {notes}", file=escape(attachment.name), notes=notes)
