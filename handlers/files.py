"""The text in a file that somebody sent."""

from pathlib import PurePath

from bot.kernel.errors import Refusal
from bot.kernel.telegram import Chat
from handlers.incoming import SentFile

LARGEST = 1_000_000
READABLE = {".txt", ".md", ".markdown", ".csv", ".json"}


async def text_of(file: SentFile, caption: str, chat: Chat) -> str:
    """The caption and the file's text.

    Raises Refusal for a file that is too large, of another kind, or not text.
    """
    if file.size > LARGEST:
        raise Refusal(
            f"{file.name} has {file.size / 1_000_000:.0f} MB; I read text files of up to 1 MB. "
            "Send the part that matters as text. Nothing was started."
        )
    if PurePath(file.name).suffix.lower() not in READABLE:
        raise Refusal(
            f"I cannot read {file.name}. I read {', '.join(sorted(READABLE))}; "
            "or paste the text into a message. Nothing was started."
        )
    try:
        text = (await chat.download(file.file_id)).decode()
    except UnicodeDecodeError:
        raise Refusal(f"{file.name} is not plain text in UTF-8. Save it as UTF-8, or paste it here.") from None
    return f"{caption.strip()}\n\n{text}".strip()
