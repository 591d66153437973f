"""What is said of files that cannot be read, and how long lists of what was not read are."""

from collections.abc import Callable, Mapping, Sequence

from bot.kernel.errors import Refusal
from bot.kernel.text import words
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

NOTHING_STARTED = N_("Nothing was started and nothing is charged.")
READABLE = N_(
    "text, Markdown, CSV, JSON, HTML, mails (EML), DOCX, ODT, RTF, PDF, Excel and ODS tables, PPTX, and pictures "
    "(JPEG, PNG, WebP)"
)
PICTURE = N_("{file} is a picture in a format that models do not see. Send it as a photo, or save it as JPEG.")
FILM = N_(
    "{file} is in a format that I cannot listen to. To have what is said in it written down, save it as MP4 or MP3."
)
# Kinds that are known and cannot be read: what they are, and what to do.
INSTEAD: dict[str, str] = {
    ".doc": N_("{file} is in Word's old format. Open it in Word, save it as .docx, and send that."),
    ".ppt": N_("{file} is in PowerPoint's old format. Open it in PowerPoint, save it as .pptx, and send that."),
    ".odp": N_("{file} is an OpenDocument presentation. Save it as PPTX or PDF, and send that."),
    ".pages": N_("{file} was made by an Apple program. Export it as DOCX, XLSX or PDF, and send that."),
    ".numbers": N_("{file} is a Numbers file. Export it as XLSX or CSV, and send that."),
    ".key": N_("{file} is a Keynote file. Export it as PPTX or PDF, and send that."),
    ".msg": N_("{file} is a mail in Outlook's own format. Save it as text or as .eml, and send that."),
    ".epub": N_("{file} is an e-book. Send the pages that matter as PDF or text."),
    "word xml": N_("{file} is in Word's XML format of 2003. Open it in Word, save it as .docx, and send that."),
    "excel xml": N_("{file} is in Excel's XML format of 2003. Open it in Excel, save it as .xlsx, and send that."),
    ".ps": N_("{file} is a PostScript file. Save it as PDF, and send that."),
    ".zip": N_("{file} is an archive. Unpack it, and send the files in it one by one, or together as an album."),
    "link": N_(
        "{file} is only a link to something that lies elsewhere. Open it there, and send what it shows as DOCX, XLSX "
        "or PDF."
    ),
    "locked": N_("{file} is locked with a password. Save a copy without a password, and send that."),
    "sound": N_("{file} is a recording. Send it as music or as a voice note, or with an ending such as .mp3 or .ogg."),
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
    ".txt": N_("plain text"),
    ".csv": N_("a table in CSV"),
    ".tsv": N_("a table in TSV"),
    ".html": N_("a web page"),
    ".eml": N_("a mail"),
    ".rtf": N_("RTF"),
    ".docx": N_("a Word file"),
    ".odt": N_("an OpenDocument text"),
    ".pptx": N_("a PowerPoint file"),
    ".pdf": N_("a PDF"),
    ".xlsx": N_("an Excel file"),
    ".xls": N_("an old Excel file"),
    ".xlsb": N_("an Excel file"),
    ".ods": N_("an OpenDocument table"),
}


class NotText(ValueError):
    """Bytes that are read as text, and are none."""


def kind_named(kind: str) -> str:
    """The kind as people call it."""
    return _(KINDS[kind]) if kind in KINDS else kind


def misnamed(told: str, kind: str) -> str:
    """A note on a file whose content is of another kind than its name says."""
    return _("it is named {ending}, and was read as {kind}, which it is", ending=told, kind=kind_named(kind))


def unreadable(name: str) -> Refusal:
    """It is of no kind that is read."""
    said = _("I cannot read {file}. I read {kinds}; or paste the text here.", file=name, kinds=_(READABLE))
    return refusal(said)


def instead(name: str, kind: str) -> Refusal:
    """It is of a kind that is known, and that has to be sent as another."""
    return refusal(_(INSTEAD[kind], file=name))


def broken(name: str) -> Refusal:
    """Its library raised over it."""
    return refusal(
        _(
            "{file} is broken, or is not what its name says. Open it, save it again, and send the copy; or paste the "
            "text here.",
            file=name,
        )
    )


def not_text(name: str) -> Refusal:
    """It is named as a text, and is none."""
    return refusal(_("{file} is not text. I read {kinds}.", file=name, kinds=_(READABLE)))


def empty(name: str, notes: Sequence[str]) -> Refusal:
    """Nothing was read in it; `notes` may say why."""
    if not notes:
        return refusal(_("There is no text in {file}. Send another file, or write what you need.", file=name))
    why = "; ".join(notes)
    return refusal(
        _("There is no text in {file} ({why}). Send another file, or write what you need.", file=name, why=why)
    )


def locked(name: str) -> Refusal:
    """It opens with a password only."""
    return instead(name, "locked")


def refusal(why: str) -> Refusal:
    """A file is not taken: why, as one or more sentences."""
    return Refusal(f"{why} {_(NOTHING_STARTED)}")


def too_large(name: str) -> str:
    """What unpacks to more than can be taken in."""
    return _("{file} unpacks to more than I can take in. Send the part that matters as a smaller file.", file=name)


def too_slow(name: str) -> str:
    """What takes more time to read than there is."""
    return _(
        "{file} takes too long to read. Send the pages that matter as a smaller file, or paste the text.", file=name
    )


# What is met in files and not read, by the names by which it is counted.
THINGS: Mapping[str, Callable[[int], str]] = {
    "picture": lambda n: ngettext("{n} picture", "{n} pictures", n),
    "chart": lambda n: ngettext("{n} chart", "{n} charts", n),
    "diagram": lambda n: ngettext("{n} diagram", "{n} diagrams", n),
    "embedded object": lambda n: ngettext("{n} embedded object", "{n} embedded objects", n),
    "sign": lambda n: ngettext("{n} sign of a font of symbols", "{n} signs of a font of symbols", n),
    "embedded document": lambda n: ngettext("{n} embedded document", "{n} embedded documents", n),
}


def not_read(missed: Mapping[str, int]) -> list[str]:
    """ "2 pictures and 1 chart were not read", as a list of one; none where nothing was missed."""
    things = [THINGS[what](number) for what, number in missed.items() if number]
    if not things:
        return []
    return [ngettext("{things} was not read", "{things} were not read", sum(missed.values()), things=listed(things))]


def hidden(names: Sequence[str]) -> str:
    """A note on sheets that are hidden."""
    return ngettext(
        "{sheets} is hidden, and read all the same",
        "{sheets} are hidden, and read all the same",
        len(names),
        sheets=listed(names),
    )


def attached(names: Sequence[str]) -> str:
    """A note on what is attached to a file."""
    return _("what is attached to it ({files}) was not read", files=listed(names))


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"; the end of a long list is counted."""
    if len(names) > LISTED:
        beginning, more = words.in_a_row(names[:LISTED]), len(names) - LISTED
        return ngettext("{names} and {n} more", "{names} and {n} more", more, names=beginning)
    return words.listed(names) if names else ""


def numbered(numbers: Sequence[int]) -> str:
    """ "2, 5–7 and 9": numbers in their order, those that follow each other as a range."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    return listed(["–".join(map(str, one)) for one in ranges])
