"""A Card as a page that mail programs show: tables and inline styles, since many of them know nothing else.

Colours are given in pairs of letters and ground, so that a program that darkens mails does not lose one of them; those
that know `color-scheme` take our own dark colours. https://www.caniemail.com
"""

import html
import re
from collections.abc import Sequence

from bot.kernel.card import Card
from bot.kernel.translation import reader, right_to_left

PICTURE = "picture@echopilot"  # its Content-ID, RFC 2392
_TAG = re.compile(r"<(/?)([a-z-]+)([^<>]*)>", re.IGNORECASE)
_HREF = re.compile(r'href="(https?://[^"<>]*|mailto:[^"<>]*)"', re.IGNORECASE)
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.IGNORECASE | re.DOTALL)
_QUOTATION = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL)
_QUOTE_SIDE = {True: "border-right", False: "border-left"}
_CODE = "font-family:Consolas,Menlo,monospace;font-size:14px"
_LINK = "color:#0b6b5d"
# Of the tags of a Card those that mail programs know, with how they look; others leave their words alone.
_TAGS = {
    **dict.fromkeys(("b", "strong", "i", "em", "u", "ins", "s", "strike", "del"), ""),
    "code": _CODE,
    "pre": f"{_CODE};white-space:pre-wrap;margin:8px 0",
}
_LETTERS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_URDU_LETTERS = "'Noto Nastaliq Urdu','Jameel Noori Nastaleeq','Noto Naskh Arabic',Tahoma,Arial,sans-serif"
_DARK = (
    "@media (prefers-color-scheme:dark){"
    ".ground{background:#0e1621!important}.sheet,.sheet td{background:#17212b!important;color:#ffffff!important}"
    ".sheet a{color:#6ab3f3!important}.sheet .link{background:#6ab3f3!important;color:#0e1621!important}}"
)
_WHOLE = (
    '<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
    "<title>{title}</title>\n<style>{dark}</style>\n</head>\n"
    '<body class="ground" style="margin:0;padding:0;background:#f4f4f0" bgcolor="#f4f4f0">\n'
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" dir="{direction}">'
    '<tr><td class="ground" align="center" bgcolor="#f4f4f0" style="background:#f4f4f0;padding:16px 8px">\n'
    '<table class="sheet" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
    'dir="{direction}" style="max-width:600px;background:#ffffff">\n{rows}</table>\n'
    "</td></tr></table>\n</body>\n</html>\n"
)
_ROW = (
    '<tr><td align="{side}" dir="{direction}" bgcolor="#ffffff" style="background:#ffffff;color:#16211e;'
    'font-family:{letters};font-size:16px;line-height:{height};text-align:{side};padding:16px 20px">{words}</td></tr>\n'
)
_SHOWN = (
    '<tr><td bgcolor="#ffffff" style="background:#ffffff;padding:0"><img src="cid:{cid}" alt="{alt}" width="600" '
    'style="display:block;width:100%;max-width:600px;height:auto;border:0"></td></tr>\n'
)
_LED = (
    '<p style="margin:16px 0 0"><a class="link" href="{url}" style="background:#0b6b5d;color:#ffffff;'
    'text-decoration:none;padding:10px 16px;display:inline-block">{label}</a></p>'
)


def page(subject: str, card: Card, links: Sequence[tuple[str, str]] = (), *, headed: bool = True) -> str:
    """The page of a Card in the reader's language. links: below its words, each as its label and its address.

    headed: its first line is its headline.
    """
    from_right = right_to_left()
    words = (_words if headed else _known)(card.text, from_right=from_right)
    words += "".join(_LED.format(url=html.escape(url), label=html.escape(label)) for label, url in links)
    said = {"side": "right" if from_right else "left", "direction": "rtl" if from_right else "ltr"}
    look = {"letters": _URDU_LETTERS if from_right else _LETTERS, "height": "2" if from_right else "1.5"}
    picture = "" if card.picture is None else _SHOWN.format(cid=PICTURE, alt=html.escape(subject))
    rows = picture + _ROW.format(words=words, **said, **look)
    return _WHOLE.format(
        language=reader().language, direction=said["direction"], title=html.escape(subject), dark=_DARK, rows=rows
    )


def quoted(markup: str) -> str:
    """The text with a mark before each line of its quotations, as plain mails have it (RFC 3676)."""
    return _QUOTATION.sub(lambda found: "\n".join(f"&gt; {line}" for line in found[1].split("\n")), markup)


def _words(markup: str, *, from_right: bool) -> str:
    """The lines of a Card; the first of them is its headline."""
    first, _line, rest = markup.strip().partition("\n")
    head = f'<p style="margin:0 0 8px;font-size:19px">{_known(first, from_right=from_right)}</p>'
    return head + _known(rest, from_right=from_right) if rest else head


def _known(markup: str, *, from_right: bool) -> str:
    styled = _TAG.sub(lambda found: _styled(found, from_right=from_right), markup)
    parts = _PRE.split(styled)
    lines = (part if part.lower().startswith("<pre") else part.replace("\n", "<br>\n") for part in parts)
    return "".join(lines).replace("<br>\n<div", "<div").replace("</div><br>\n", "</div>")


def _styled(found: re.Match[str], *, from_right: bool) -> str:
    closing, name, attributes = found[1], found[2].lower(), found[3]
    if name == "a":
        if closing:
            return "</a>"
        led = _HREF.search(attributes)
        return f'<a href="{led[1]}" style="{_LINK}">' if led else "<a>"
    if name == "blockquote":
        side = f"{_QUOTE_SIDE[from_right]}:3px solid #93a09b;padding:0 10px;margin:8px 0"
        return "</div>" if closing else f'<div style="{side}">'
    if name not in _TAGS:
        return ""
    if closing:
        return f"</{name}>"
    return f'<{name} style="{_TAGS[name]}">' if _TAGS[name] else f"<{name}>"
