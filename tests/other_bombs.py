"""Files made to hurt their readers, as in `tests.bombs`, of the formats that people send less often."""

from collections.abc import Callable

from tests.bombs import LAUGHS, MILLION, OUTSIDE, PACKED, Bomb, overlapping, zipped
from tests.office import OPEN, presentation

ANY = (
    "unpacks to more than I can take in|takes too long to read|more than 50,000 characters|There is no text in|"
    "is broken, or is not what its name says|reading it broke off|is an archive"
)


def _text(body: str, before: str = "", how: int = 0) -> bytes:
    inner = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"{before}<office:document-content {OPEN}>{inner}</office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}, how)


def _slide(body: str) -> bytes:
    return presentation(f"<p:sld>{body}</p:sld>")


def _mail(kind: bytes, body: bytes) -> bytes:
    return b"Subject: x\nContent-Type: " + kind + b"\n\n" + body


CELL = '<table:table-cell table:number-columns-repeated="9999999"><text:p>x</text:p></table:table-cell>'
FRAME = "<draw:frame><draw:image/></draw:frame>"
FIELD = '<form:text form:id="a" form:value="x"/>'
WORDS = "<a:p><a:r><a:t>ha</a:t></a:r></a:p>"
EITHER = "<mc:AlternateContent><mc:Choice/><mc:Fallback/></mc:AlternateContent>"
ATTRIBUTES = " ".join(f'a{number}="1"' for number in range(100_000))
READ = {  # small or harmless: they may be read
    "boxes.odt": lambda: _text(
        f"<text:p>{'<draw:frame><draw:text-box><text:p>' * 80}x{'</text:p></draw:text-box></draw:frame>' * 80}</text:p>"
    ),
    "columns.odt": lambda: _text(f"<table:table><table:table-row>{CELL}</table:table-row></table:table>"),
    "groups.pptx": lambda: _slide(f"{'<p:grpSp>' * 200}{WORDS}{'</p:grpSp>' * 200}"),
    "either.pptx": lambda: _slide(
        f"{'<mc:AlternateContent><mc:Choice>' * 90}{WORDS}{'</mc:Choice><mc:Fallback/></mc:AlternateContent>' * 90}"
    ),
    "bytes.rtf": lambda: b"{\\rtf1 a\\bin2000000000 b}",
    "picture.rtf": lambda: b"{\\rtf1 {\\pict " + b"ff" * 9 * MILLION + b"} x}",
    "wide.html": lambda: b"<html><table><tr><td colspan=2000000000 rowspan=2000000000>x</td></tr></table>",
    "lists.html": lambda: b"<html>" + b"<ol start=2000000000><li>" * 100_000 + b"x",
    "letters.eml": lambda: _mail(b"text/plain; charset=punycode", b"x-" + b"a" * 9_000),
    "packed.eml": lambda: _mail(b"text/plain; charset=zlib", b"x" * 100),
}
REFUSED = {
    "spaces.odt": lambda: _text("<text:p>" + '<text:s text:c="9999999"/>' * 200_000 + "</text:p>"),
    "cells.odt": lambda: _text(f"<table:table><table:table-row>{CELL * 100_000}</table:table-row></table:table>"),
    "unpacked.odt": lambda: _text(" " * 60 * MILLION, how=PACKED),
    "overlap.odt": lambda: overlapping("content.xml", 60_000),
    "laughs.odt": lambda: _text("<text:p>&a11;</text:p>", before=LAUGHS + "]>"),
    "outside.odt": lambda: _text("<text:p>&out;</text:p>", before=OUTSIDE),
    "deep.odt": lambda: _text("<text:span>" * 300_000 + "</text:span>" * 300_000),
    "paragraphs.odt": lambda: _text("<text:p/>" * 1_500_000),
    "attributes.odt": lambda: _text(f"<text:p {ATTRIBUTES}/>"),
    "frames.odt": lambda: _text(f"<text:p><draw:g>{FRAME * 300_000}</draw:g></text:p>"),
    "fields.odt": lambda: _text(f"<office:forms>{FIELD * 300_000}</office:forms>"),
    "unpacked.pptx": lambda: zipped({"ppt/presentation.xml": " " * 60 * MILLION}, PACKED),
    "overlap.pptx": lambda: overlapping("ppt/presentation.xml", 60_000),
    "deep.pptx": lambda: _slide("<p:grpSp>" * 500_000 + "</p:grpSp>" * 500_000),
    "paragraphs.pptx": lambda: _slide("<a:p/>" * 2_500_000),
    "words.pptx": lambda: _slide(WORDS * 400_000),
    "runs.pptx": lambda: _slide(f"<a:p>{'<a:r><a:t/></a:r>' * 800_000}</a:p>"),
    "tables.pptx": lambda: _slide(f"{'<a:tbl><a:tr><a:tc>' * 70}{WORDS * 1_000}{'</a:tc></a:tr></a:tbl>' * 70}"),
    "choices.pptx": lambda: _slide(EITHER * 150_000),
    "broken.pptx": lambda: zipped({"ppt/presentation.xml": "<p:presentation"}),
    "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 4 * MILLION + b"x" + b"}" * 4 * MILLION,
    "open.rtf": lambda: b"{\\rtf1 " + b"{\\b " * 3 * MILLION,
    "letters.rtf": lambda: b"{\\rtf1 " + b"\\u9999?" * 2 * MILLION,
    "hex.rtf": lambda: b"{\\rtf1 " + b"\\'e4" * 4 * MILLION,
    "pictures.rtf": lambda: b"{\\rtf1 " + b"{\\pict " * 2 * MILLION,
    "raised.rtf": lambda: b"{\\rtf1 " + b"{\\super " * 2 * MILLION,
    "word.rtf": lambda: b"{\\rtf1 \\" + b"a" * 15 * MILLION,
    "digits.rtf": lambda: b"{\\rtf1 \\fs" + b"9" * 9 * MILLION,
    "fields.rtf": lambda: b"{\\rtf1 " + b'{\\field{\\*\\fldinst HYPERLINK "x"}{\\fldrslt ' * 200_000,
    "deep.html": lambda: b"<html>" + b"<div>" * 3 * MILLION + b"x",
    "tables.html": lambda: b"<html>" + b"<table><tr><td>" * 100_000 + b"x",
    "cells.html": lambda: b"<html><table><tr>" + b"<td>" * 2 * MILLION,
    "attributes.html": lambda: b"<html><p " + ATTRIBUTES.encode() * 8 + b">",
    "fields.html": lambda: b"<html>" + b"<input " * 2 * MILLION,
    "pictures.html": lambda: b"<html>" + b"<img " * 3 * MILLION,
    "raised.html": lambda: b"<html>" + b"<sup>" * 3 * MILLION,
    "struck.html": lambda: b"<html>" + (b"<s>" + b"a" * 1_990) * 9_000,
    "comments.html": lambda: b"<html>" + b"<!--" * 4 * MILLION,
    "titles.html": lambda: b"<html>" + b"<title>" * 2 * MILLION,
    "nested.eml": lambda: b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 200_000,
    "parts.eml": lambda: _mail(b"multipart/mixed; boundary=b", b"--b\n\nx\n" * 500_000),
    "forms.eml": lambda: _mail(b"multipart/alternative; boundary=b", b"--b\nContent-Type: text/html\n\nx\n" * 50_000),
    "subject.eml": lambda: b"Subject: " + b"a" * 18 * MILLION,
    "words.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 500_000,
    "people.eml": lambda: b"Subject: x\nTo: " + b"a@b.c, " * 500_000,
    "brackets.eml": lambda: b"Subject: x\nTo: " + b"(" * 500_000,
    "sound.eml": lambda: b"Subject: x\nContent-Transfer-Encoding: base64\n\n" + b"YWFh" * 4 * MILLION,
    "types.eml": lambda: _mail(b"text/plain" + b"".join(b"; a*%d=x" % n for n in range(200_000)), b"x"),
}


def _of(ending: str) -> tuple[Bomb, ...]:
    made: list[tuple[dict[str, Callable[[], bytes]], str]] = [(READ, ""), (REFUSED, ANY)]
    return tuple(Bomb(name, make, words) for cases, words in made for name, make in cases.items()
                 if name.endswith(ending))  # fmt: skip


OTHERS = {kind: _of(f".{kind.lower()}") for kind in ("ODT", "PPTX", "RTF", "HTML", "EML")}
