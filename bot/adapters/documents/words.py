"""What is said of files that cannot be read, and how long lists of what was not read are."""

from collections.abc import Mapping, Sequence

from bot.kernel.errors import Refusal
from bot.kernel.words import count

NOTHING_STARTED = "Nothing was started and nothing is charged."
READABLE = (
    "text, Markdown, CSV, JSON, HTML, mails (EML), DOCX, ODT, RTF, PDF, Excel and ODS tables, PPTX, and pictures "
    "(JPEG, PNG, WebP)"
)
PICTURE = "is a picture in a format that models do not see. Send it as a photo, or save it as JPEG"
FILM = "is in a format that I cannot listen to. To have what is said in it written down, save it as MP4 or MP3"
# Kinds that are known and cannot be read: what they are, and what to do.
INSTEAD: dict[str, str] = {
    ".doc": "is in Word's old format. Open it in Word, save it as .docx, and send that",
    ".ppt": "is in PowerPoint's old format. Open it in PowerPoint, save it as .pptx, and send that",
    ".odp": "is an OpenDocument presentation. Save it as PPTX or PDF, and send that",
    ".pages": "was made by an Apple program. Export it as DOCX, XLSX or PDF, and send that",
    ".numbers": "is a Numbers file. Export it as XLSX or CSV, and send that",
    ".key": "is a Keynote file. Export it as PPTX or PDF, and send that",
    ".msg": "is a mail in Outlook's own format. Save it as text or as .eml, and send that",
    ".epub": "is an e-book. Send the pages that matter as PDF or text",
    "word xml": "is in Word's XML format of 2003. Open it in Word, save it as .docx, and send that",
    "excel xml": "is in Excel's XML format of 2003. Open it in Excel, save it as .xlsx, and send that",
    ".ps": "is a PostScript file. Save it as PDF, and send that",
    ".zip": "is an archive. Unpack it, and send the files in it one by one, or together as an album",
    "locked": "is locked with a password. Save a copy without a password, and send that",
    "sound": "is a recording. Send it as music or as a voice note, or with an ending such as .mp3 or .ogg",
    **dict.fromkeys((".heic", ".gif", ".bmp", ".tiff", ".svg"), PICTURE),
    **dict.fromkeys((".avi", ".mkv", ".mov", ".wmv", ".3gp", ".flv"), FILM),
}
# Nothing of these is fetched: what stands in them cannot be read whatever they are in truth.
NOT_FETCHED = frozenset(
    {
        *(".avi", ".mkv", ".mov", ".wmv", ".3gp", ".flv", ".exe", ".msi", ".dmg", ".iso", ".apk", ".dll", ".so"),
        *(".rar", ".7z", ".gz", ".tar", ".psd", ".ai", ".sketch", ".fig", ".dwg", ".mdb", ".accdb", ".sqlite", ".db"),
        *(".ttf", ".otf", ".woff", ".woff2"),
    }
)
LISTED = 4
KINDS = {
    ".txt": "plain text",
    ".csv": "a table in CSV",
    ".tsv": "a table in TSV",
    ".html": "a web page",
    ".eml": "a mail",
    ".rtf": "RTF",
    ".docx": "a Word file",
    ".odt": "an OpenDocument text",
    ".pptx": "a PowerPoint file",
    ".pdf": "a PDF",
    ".xlsx": "an Excel file",
    ".xls": "an old Excel file",
    ".xlsb": "an Excel file",
    ".ods": "an OpenDocument table",
}


class NotText(ValueError):
    """Bytes that are read as text, and are none."""


def kind_named(kind: str) -> str:
    """The kind as people call it."""
    return KINDS.get(kind, kind)


def unreadable(name: str) -> Refusal:
    """It is of no kind that is read."""
    return Refusal(f"I cannot read {name}. I read {READABLE}; or paste the text here. {NOTHING_STARTED}")


def instead(name: str, kind: str) -> Refusal:
    """It is of a kind that is known, and that has to be sent as another."""
    return Refusal(f"{name} {INSTEAD[kind]}. {NOTHING_STARTED}")


def broken(name: str) -> Refusal:
    """Its library raised over it."""
    return Refusal(
        f"{name} is broken, or is not what its name says. Open it, save it again, and send the copy; or paste the text "
        f"here. {NOTHING_STARTED}"
    )


def not_text(name: str) -> Refusal:
    """It is named as a text, and is none."""
    return Refusal(f"{name} is not text. I read {READABLE}. {NOTHING_STARTED}")


def empty(name: str, notes: Sequence[str]) -> Refusal:
    """Nothing was read in it; `notes` may say why."""
    why = f" ({'; '.join(notes)})" if notes else ""
    return Refusal(f"There is no text in {name}{why}. Send another file, or write what you need. {NOTHING_STARTED}")


def locked(name: str) -> Refusal:
    """It opens with a password only."""
    return instead(name, "locked")


def not_read(missed: Mapping[str, int]) -> list[str]:
    """ "2 pictures and 1 chart were not read", as a list of one; none where nothing was missed."""
    counts = [count(number, what) for what, number in missed.items() if number]
    return [f"{listed(counts)} {'was' if sum(missed.values()) == 1 else 'were'} not read"] if counts else []


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"; the end of a long list is counted."""
    if len(names) > LISTED:
        return f"{', '.join(names[:LISTED])} and {len(names) - LISTED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def numbered(numbers: Sequence[int]) -> str:
    """ "2, 5–7 and 9": numbers in their order, those that follow each other as a range."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    return listed(["–".join(map(str, one)) for one in ranges])
