"""What a handler is told about the thing that a person asked for."""

from dataclasses import dataclass

from bot.access.buttons import Tap
from bot.briefs.material import SentFile, about_quote, forwarded


@dataclass(frozen=True, slots=True)
class Request:
    """A command, a tap or an answer.

    text: what stands behind the command, or the plain message. shown: the message whose button was tapped.
    subject, version: the row that a button or a command such as /brief_1042 is about. choice: what a button names.
    source_key: names the message once and for ever, so that the same one twice has one effect; an album is one message.
    file_key: names the message that brought the file, also where it is one of an album.
    update_key: names the message or the tap itself, which moves a conversation once; "" where it may do so again.
    album_keys: the file keys of the album that are here by now, in their order.
    words_before: what stood under the album before one of its captions was edited; None where that is not known.
    forwarded_from: whose words they are, where they were passed on.
    parts: how many messages the text came in.
    topic: of a forum, where it came from one.
    chat_title, public: of the group, where it came from one; anybody can read along in a public one.
    location: latitude and longitude of where the person says that they are.
    replied: what the first button under the answered message says; quote: the part of it that was pointed at, and
    quoted_from whose words that is, in another chat;
    replied_id: that message's number, where it is one of ours.
    """

    chat_id: int
    message_id: int
    text: str = ""
    shown: str = ""
    subject: int = 0
    version: int = 0
    choice: str = ""
    source_key: str = ""
    language: str = ""
    file: SentFile | None = None
    file_key: str = ""
    update_key: str = ""
    album: bool = False
    album_keys: tuple[str, ...] = ()
    words_before: str | None = None
    forwarded_from: str = ""
    parts: int = 1
    replied: Tap | None = None
    replied_id: int = 0
    quote: str = ""
    quoted_from: str = ""
    topic: int = 0
    chat_title: str = ""
    public: bool = False
    location: tuple[float, float] | None = None

    @property
    def later_of_album(self) -> bool:
        """Whether another file of the same album came before this one."""
        return self.album and self.file_key in self.album_keys[1:]

    @property
    def beside(self) -> str:
        """The words under a recording; those of an album stand under its first."""
        has_words = self.text.strip() and not self.later_of_album
        return self.words.strip() if has_words else ""

    @property
    def words(self) -> str:
        """The words, saying whose they are where they were passed on, and what they point at in an answered message."""
        return about_quote(forwarded(self.text, self.forwarded_from), self.quote, self.quoted_from)
