"""What a person is shown, whatever shows it: a text, rows of buttons, perhaps a file.

Handlers and jobs make Cards; `bot.adapters.telegram.chat` turns them into messages. Texts are the HTML subset that
Telegram accepts (https://core.telegram.org/bots/api#html-style); whatever came from outside passes through `escape`.
"""

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from bot.kernel.translation import laid_out

LONGEST_TOAST = 200  # https://core.telegram.org/bots/api#answercallbackquery


def escape(text: str) -> str:
    """Make text from outside safe to stand in a Card."""
    return html.escape(text, quote=False)


def bold(text: str) -> str:
    """The text escaped, in bold."""
    return f"<b>{escape(text)}</b>"


def first_lines(text: str, limit: int) -> str:
    """The beginning of a text, cut at a word, escaped; with an ellipsis where something is left out."""
    text = text.strip()
    if len(text) <= limit:
        return escape(text)
    cut = text[:limit].rsplit(None, 1)[0].rstrip(" .,;:…") or text[:limit]
    return f"{escape(cut)}…"


@dataclass(frozen=True, slots=True)
class Button:
    """A verb to tap. Either `url`, or `web_app`, or `action` with the row it acts on.

    action: a short name that a router of `handlers` answers to.
    subject, version: the row's id and the version that the person is looking at.
    choice: which of several it is, by a short name: small letters, digits, - and _. Never a place in a list, which
    another release may order anew.
    web_app: an https address that is opened inside Telegram, which says who opens it; in private chats alone.
    """

    label: str
    action: str = ""
    subject: int = 0
    version: int = 0
    url: str = ""
    choice: str = ""
    web_app: str = ""


def in_rows(buttons: Sequence[Button], width: int = 2) -> tuple[tuple[Button, ...], ...]:
    """Buttons side by side, `width` to a row. Three fit a phone where no label is over ten letters."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


@dataclass(frozen=True, slots=True)
class Document:
    """A file to go with a Card; `content` is text, sent as UTF-8, or the file's bytes in base64 where `binary`."""

    name: str
    content: str
    binary: bool = False

    @classmethod
    def of(cls, name: str, data: bytes) -> Self:
        """A file of these bytes."""
        return cls(name, base64.b64encode(data).decode("ascii"), binary=True)

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return base64.b64decode(self.content) if self.binary else self.content.encode()


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `toast` is for the popup that answers a tap, plain text of up to LONGEST_TOAST characters."""

    text: str = ""
    rows: tuple[tuple[Button, ...], ...] = ()
    document: Document | None = None
    # A PNG above the text, which then is its caption: https://core.telegram.org/bots/api#sendphoto
    picture: Document | None = None
    toast: str = ""
    silent: bool = False
    # "edit" puts the Card in place of the message whose button was tapped; "new" sends another.
    place: Literal["new", "edit"] = "new"
    # The slot that the message shows from now on, so that later news of the thing is edited into it.
    slot: str = ""
    # What may be said of it in one line where everybody reads along; all else of a private answer stays private.
    openly: str = ""
    # Sent one at a time: of such Cards a kill can have at most one come twice.
    singly: bool = False
    # What is written down in place of a text that is a secret, where it cannot be shown at once.
    kept: str = ""
    # The chat and the number of a message whose file it shows, above its own text.
    copied: tuple[int, int] | None = None

    @property
    def has_file(self) -> bool:
        """Whether its text is the caption of something."""
        return self.document is not None or self.picture is not None or self.copied is not None


NO_BUTTONS = Card()  # in the place of a message that is shown: its text stays


@dataclass(frozen=True)
class Lines:
    """Collects a Card's text line by line; the first line is the thing and its state, in bold."""

    headline: str
    rest: list[str] = field(default_factory=list)

    def add(self, line: str) -> "Lines":
        """Add a line of ready HTML."""
        self.rest.append(line)
        return self

    def __str__(self) -> str:
        return laid_out("\n".join([bold(self.headline), *self.rest]))


def to_payload(card: Card) -> dict[str, Any]:
    """A Card as plain JSON values, for the outbox."""
    return {
        "text": card.text,
        "rows": [[_as_list(button) for button in row] for row in card.rows],
        "document": None if card.document is None else _file(card.document),
        "silent": card.silent,
        **({"picture": _file(card.picture)} if card.picture is not None else {}),
        **({"singly": True} if card.singly else {}),
        **({"copied": list(card.copied)} if card.copied is not None else {}),
    }


def _file(file: Document) -> list[Any]:
    return [file.name, file.content, file.binary]


def _as_list(button: Button) -> list[Any]:
    choice = [button.choice] if button.choice or button.web_app else []
    inside = [button.web_app] if button.web_app else []
    return [button.label, button.action, button.subject, button.version, button.url, *choice, *inside]


def from_payload(payload: Mapping[str, Any]) -> Card:
    """The Card that `to_payload` wrote."""
    document = payload["document"]
    return Card(
        text=payload["text"],
        rows=tuple(tuple(Button(*button) for button in row) for row in payload["rows"]),
        document=None if document is None else Document(*document),
        picture=Document(*payload["picture"]) if "picture" in payload else None,
        silent=payload["silent"],
        singly=payload.get("singly", False),
        copied=tuple(payload["copied"]) if "copied" in payload else None,
    )
