"""What came with a brief in files."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["document", "image", "audio", "voice"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A row of `attachments`. `text`: what was read out of it; None for what a model has to see or hear."""

    id: int
    kind: Kind
    file_id: str
    name: str
    mime_type: str
    seconds: int | None
    text: str | None
