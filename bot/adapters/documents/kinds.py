"""What kind of file it is: told by its content first, then by the type that its sender gives, then by its name.

A kind is written as the ending that such files have by rights; TEXT and PICTURES stand for several.
"""

import io
import re
import zipfile
from pathlib import PurePath

from bot.models.sounds import content_of

LOCKED, ARCHIVE, SOUND, TEXT, FLAT, LINK = "locked", ".zip", "sound", ".txt", "flat", "link"
PICTURES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
# What programs leave on a disk of a document that is elsewhere: the way to it, and nothing of what it says.
LINKS = frozenset({".gdoc", ".gsheet", ".gslides", ".gdraw", ".gform", ".url", ".webloc", ".website", ".desktop"})
# What a text is read as where its sender's type or its name says so. Anything else that is text is plain text.
KINDS_OF_TEXT = frozenset({".csv", ".tsv", ".html", ".eml", ".txt"})
SAME = {
    ".htm": ".html",
    ".xhtml": ".html",
    ".mht": ".eml",
    ".mhtml": ".eml",
    ".tab": ".tsv",
    ".jpeg": ".jpg",
    ".docm": ".docx",
    ".dotx": ".docx",
    ".dotm": ".docx",
    ".xlsm": ".xlsx",
    ".xltx": ".xlsx",
    ".pptm": ".pptx",
    ".ppsx": ".pptx",
    ".ott": ".odt",
    ".fodt": ".odt",
    ".ots": ".ods",
    ".fods": ".ods",
    ".dot": ".doc",
    ".heif": ".heic",
    ".tif": ".tiff",
}
TYPES = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/comma-separated-values": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "message/rfc822": ".eml",
}
# Names of members, and names of streams, that tell what a ZIP file and an OLE file hold.
_IN_ZIP = (
    ("word/document", ".docx"),
    ("xl/workbook", ".xlsx"),
    ("ppt/presentation", ".pptx"),
    ("Index/Document.iwa", ".pages"),
)
TYPES_PART, MOST_TYPES = "[Content_Types].xml", 1_000_000
# https://learn.microsoft.com/openspecs/office_standards/ms-docx and its like; macros and templates are named beside.
_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", ".docx"),
    (b"wordprocessingml.template.main+xml", ".docx"),
    (b"word.document.macroEnabled.main+xml", ".docx"),
    (b"spreadsheetml.sheet.main+xml", ".xlsx"),
    (b"spreadsheetml.template.main+xml", ".xlsx"),
    (b"excel.sheet.macroEnabled.main+xml", ".xlsx"),
    (b"presentationml.presentation.main+xml", ".pptx"),
    (b"presentationml.slideshow.main+xml", ".pptx"),
    (b"powerpoint.presentation.macroEnabled.main+xml", ".pptx"),
)
_IN_OLE = {
    "WordDocument": ".doc",
    "PowerPoint Document": ".ppt",
    "Workbook": ".xls",
    "Book": ".xls",
    "__nameid": ".msg",
}
_OPEN_DOCUMENT = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}
_FLAT = re.compile(  # all of it in one piece of XML
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?<office:document\s[^>]{0,9000}?opendocument\.(\w+)"
)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\0", ".tiff"),
    (b"MM\0*", ".tiff"),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b\x08", ARCHIVE),
    (b"%!PS", ".ps"),
)
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})


def by_name(name: str) -> str:
    """The kind that a name speaks of; "" where it has no ending."""
    suffix = PurePath(name).suffix.lower()
    return SAME.get(suffix, suffix)


def kind_of_text(name: str, mime_type: str, start: bytes) -> str:
    """What a text is read as. A page in HTML is known by its beginning, unless it is named as source to be read."""
    told = TYPES.get(mime_type.partition(";")[0].strip().lower()) or by_name(name)
    if told in KINDS_OF_TEXT:
        return told
    if told in LINKS or start.lstrip(b"\xef\xbb\xbf").startswith(b"[InternetShortcut]"):
        return LINK
    if flat := _FLAT.match(start):
        return {b"text": ".odt", b"spreadsheet": ".ods"}.get(flat[1], FLAT)
    start = start[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<?mso-application" in start:
        return "excel xml" if b"excel" in start else "word xml"
    if told == ".svg" or start.startswith(b"<svg"):
        return ".svg"
    page = start.startswith((b"<!doctype html", b"<html"))
    return ".html" if page and told not in {".md", ".markdown", ".json", ".xml"} else TEXT


def by_content(name: str, data: bytes) -> str:
    """The kind that the content shows; "" where it shows none, as texts do. `name` decides where it may be two."""
    if b"%PDF-" in data[:1_024]:
        return ".pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(name, data)
    if data.startswith(_OLE):
        return _in_ole(name, data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return ".heic"
    if data[:2] == b"BM" and int.from_bytes(data[2:6], "little") == len(data):
        return ".bmp"
    known = next((kind for start, kind in _STARTS if data.startswith(start)), "")
    return known or (SOUND if content_of(data) else "")


def _in_zip(name: str, data: bytes) -> str:
    """What a ZIP file holds; what its name says where it is too broken to tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = set(packed.namelist())
            types = packed.open(TYPES_PART).read(MOST_TYPES) if TYPES_PART in members else b""
            declared = packed.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in members else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        return by_name(name) or ARCHIVE
    if "xl/workbook.bin" in members:
        return ".xlsb"
    if "opendocument" in declared:
        return _OPEN_DOCUMENT.get(declared.rpartition(".")[2].partition("-")[0].strip(), ARCHIVE)
    if "epub" in declared:
        return ".epub"
    if told := _declared(types):
        return told
    found = (kind for start, kind in _IN_ZIP if any(member.startswith(start) for member in members))
    return next(found, ARCHIVE)


def _declared(types: bytes) -> str:
    """What an Office file says that its main part is, whatever that part is called."""
    return next((kind for sign, kind in _MAIN_PARTS if sign in types), "")


def _in_ole(name: str, data: bytes) -> str:
    """What an OLE file holds: an old Office file, or a locked one of any age. Its streams have names in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return LOCKED
    found = [kind for stream, kind in _IN_OLE.items() if stream.encode("utf-16-le") in data]
    told = by_name(name)
    return told if told in found or not found else found[0]
