"""Office files saved as "Strict Open XML": the same documents, under the names that ISO gave their parts.

Office offers it in its list of formats, and the libraries know the older names alone. The pairs:
https://learn.microsoft.com/openspecs/office_standards/ms-oi29500
"""

import io
import re
import zipfile

KINDS = frozenset({".docx", ".xlsx", ".pptx"})
SIGN = b"http://purl.oclc.org/ooxml/"
_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)(?:/([A-Za-z]+))?")
_MAIN = frozenset({b"wordprocessingml", b"spreadsheetml", b"presentationml", b"drawingml"})


def transitional(data: bytes) -> bytes:
    """The file under the names that libraries know; as it is where it has those, or cannot be opened."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {member: packed.read(member) for member in packed.infolist() if _is_xml(member)}
        if not any(SIGN in part for part in parts.values()):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for member in packed.infolist():
                part = parts.get(member)
                made.writestr(member.filename, packed.read(member) if part is None else _NAME.sub(_older, part))
    return out.getvalue()


def _is_xml(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().endswith((".xml", ".rels"))


def _older(found: re.Match[bytes]) -> bytes:
    area, part = found[1], found[2] or b"main"
    if area in _MAIN:
        return b"http://schemas.openxmlformats.org/%s/2006/%s" % (area, part)
    return b"http://schemas.openxmlformats.org/%s/2006%s" % (area, b"/" + found[2] if found[2] else b"")
