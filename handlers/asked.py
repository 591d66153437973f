"""What a handler is told about the thing that a person asked for."""

from dataclasses import dataclass

from handlers.incoming import SentFile


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, a tap or an answer.

    text: what stands behind the command, or the plain message.
    subject, version: the row that a button or a command such as /brief_1042 is about.
    source_key: names the message once and for ever, so that the same one twice has one effect.
    """

    chat_id: int
    message_id: int
    text: str = ""
    subject: int = 0
    version: int = 0
    source_key: str = ""
    language: str = "en"
    file: SentFile | None = None
