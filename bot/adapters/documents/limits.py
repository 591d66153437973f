"""What a file may unpack to, by what it says of itself, before a library takes it at its word."""

import io
import zipfile
from typing import Any

LARGEST_UNPACKED = 100_000_000  # bytes, of a whole DOCX or XLSX
LARGEST_XML = 20_000_000  # bytes, of the parts of it that are parsed
MOST_RATIO = 200  # bytes out of one; XML packs to a tenth, and a sheet of one word over and over to a hundredth
RATIO_FROM = 5_000_000  # bytes unpacked; what is smaller harms nobody
MOST_MEMBERS = 5_000
# Of a PDF: https://pypdf.readthedocs.io/en/latest/user/security.html
PDF: dict[str, Any] = {
    "maximum_declared_stream_length": 25_000_000,
    "array_based_stream_maximum_output_length": 15_000_000,
    "zlib_maximum_output_length": 15_000_000,
    "lzw_maximum_output_length": 15_000_000,
    "run_length_maximum_output_length": 15_000_000,
    "jbig2_maximum_output_length": 15_000_000,
    "brotli_maximum_output_length": 15_000_000,
    "stream_decoding_work_maximum_length": 60_000_000,
    "stream_parsing_work_maximum_count": 500_000,
    "array_maximum_element_count": 50_000,
    "page_tree_maximum_entries": 10_000,
    "page_tree_maximum_page_entries": 100_000,
    "xform_maximum_invocations_per_extraction": 500,
    "jbig2dec_binary": None,
}
PDF_OBJECTS = 200_000


def fits(data: bytes) -> bool:
    """Whether a DOCX or XLSX, each a ZIP file, says that it unpacks to what can be taken in. Raises BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = packed.infolist()
    whole = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    return (
        len(members) <= MOST_MEMBERS
        and whole <= LARGEST_UNPACKED
        and xml <= LARGEST_XML
        and (whole <= RATIO_FROM or whole <= MOST_RATIO * len(data))
    )


def limit_pdf() -> None:
    """Have pypdf stop where its limits are, in this process."""
    from pypdf import overwrite_configuration

    overwrite_configuration(**PDF)
