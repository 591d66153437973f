"""Recordings by name, type and content: the model that listens goes by the name's ending, which senders get wrong."""

from pathlib import PurePath

# What models listen to, films among it: https://platform.openai.com/docs/api-reference/audio/createTranscription
SOUNDS = frozenset({".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".oga", ".ogg", ".wav", ".webm"})
ENDINGS = {
    "audio/flac": ".flac",
    "audio/m4a": ".m4a",
    "audio/mp3": ".mp3",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/mpeg3": ".mp3",
    "audio/ogg": ".ogg",
    "audio/opus": ".ogg",
    "audio/vnd.wave": ".wav",
    "audio/wav": ".wav",
    "audio/wave": ".wav",
    "audio/webm": ".webm",
    "audio/x-flac": ".flac",
    "audio/x-m4a": ".m4a",
    "audio/x-mp3": ".mp3",
    "audio/x-wav": ".wav",
    "video/mp4": ".mp4",
    "video/mpeg": ".mpeg",
    "video/webm": ".webm",
    "video/x-m4v": ".mp4",
}
# Recordings and films that they do not listen to, whatever type their sender gives them.
OTHERS = frozenset({".3gp", ".aac", ".aif", ".aiff", ".amr", ".ape", ".avi", ".caf", ".mid", ".mkv", ".mov", ".wma"})
# The endings that content of a kind may have; the first is given to what has another.
_OGG, _MP3, _MP4 = (".ogg", ".oga"), (".mp3", ".mpga", ".mpeg"), (".mp4", ".m4a")
_STARTS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"OggS\0", _OGG),
    (b"ID3\2", _MP3),
    (b"ID3\3", _MP3),
    (b"ID3\4", _MP3),
    (b"fLaC\0", (".flac",)),
    (b"\x1aE\xdf\xa3", (".webm",)),
    (b"\x00\x00\x01\xba", (".mpeg",)),
)


def is_sound(name: str, mime_type: str) -> bool:
    """Whether a file may be one to listen to, by its name or the type that its sender gives."""
    return PurePath(name).suffix.lower() in SOUNDS or mime_type in ENDINGS or mime_type.startswith("audio/")


def sound_name(name: str, mime_type: str) -> str:
    """The name, with the ending of its type where its own says nothing to the model that listens."""
    if PurePath(name).suffix.lower() in SOUNDS | OTHERS:
        return name
    return name + ENDINGS.get(mime_type, "")


def heard_name(name: str, data: bytes) -> str:
    """The name under which the model is given a recording: with another ending where its content is of another kind."""
    kinds = content_of(data)
    return name if not kinds or PurePath(name).suffix.lower() in kinds else name + kinds[0]


def content_of(data: bytes) -> tuple[str, ...]:
    """The endings that a recording of this content may have; none where it is no recording that models listen to."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return (".wav",)
    if data[4:8] == b"ftyp" and data[8:12] not in {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"qt  ", b"crx "}:
        return _MP4
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] & 0xF0 != 0xF0:  # MPEG, layer III
        return _MP3
    return next((endings for start, endings in _STARTS if data.startswith(start)), ())
