"""What a text is written for, and what is missing in a brief, by plain rules: open figures, the reader, the length."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sandbox.openai.reading import OPEN_FIGURE, sentences

_READER = re.compile(r"\b(?:for|readers?|audience|customers|clients|visitors)\b", re.IGNORECASE)
_LENGTH = re.compile(r"\b\d+\s*(?:words|pages|lines|characters|sentences)\b|\b(?:short|brief|long)\b", re.IGNORECASE)
_ANSWERS = "## Answers"
_LONG = 25  # words: so much is written about what is to be made
_ORDER = re.compile(
    r"\W*(?:(?:hi|hello|hey|please|pls|hola|buenas|salam|so|ok|thanks[^.!]*[.!]|gracias[^.!]*[.!]|can you|could you|"
    r"would you|i|we|need|want|would like|necesito|quiero|quisiera|me|puedes|podrian|por favor)\W+)*"
    r"(?:write|draft|create|compose|translate|summari[sz]e|compare|research|transcribe|turn|convert|describe|make a|"
    r"an? (?:\w+ ){0,3}(?:text|page|post|article|letter|email|speech|script|list|ad|report)|"
    r"escrib|redact|traduc|compara|resum|prepara|haz un|un[ao]? (?:\w+ ){0,2}(?:texto|carta|articulo|artículo|correo)|"
    r"(?:\w+ ){0,4}(?:text|page|post|article|letter|email|speech|script|flyer|description|bio|slogan|tagline|texto|"
    r"carta|descripci[oó]n|art[ií]culo|correo|gui[oó]n|anuncio) ?(?:for|about|on|to|para|sobre|de|:)\W)"
)
_MONEY = r"refund|money back|charged|complain|cancel|reembols|dinero|queja|واپس|شکایت|منسوخ|wapas|shikayat"
_WISH = (
    r"\bneed an?\b|\bnecesito una?\b|لکھ د|لکھوا|لکھنا|چاہیے|درکار|likh d|likhw|likhna|likho|chahiye|bana d|"
    r"\b\d+ (?:words|palabras|الفاظ)"
)
_OTHERWISE = r"shorter|longer|instead|change|replace|remove|acort|cambi|quita|en vez de|بدل|چھوٹا|ہٹا|chota|badal"
_SIGNS = (
    ("refund", re.compile(_MONEY)),
    ("order", re.compile(_WISH)),
    ("change", re.compile(_OTHERWISE)),
    ("question", re.compile(r"\?|؟|\bwhen\b|\bwhere\b|\bwhy\b|\bstatus\b|کب|کہاں|kab |kahan")),
    ("thanks", re.compile(r"thank|thx|perfect|gracias|genial|شکریہ|زبردست|shukriya|zabardast")),
    ("chat", re.compile(r"^\W*(?:hello|hi|hey|good morning|ok|hola|buenos|salam|assalam|السلام|ہیلو)\b")),
)


def asks_for_questions(schema: Mapping[str, Any]) -> bool:
    """Whether a structured call asks what is missing: an object of `questions`, perhaps with what it is `about`."""
    return set(schema.get("properties", {})) - {"about"} == {"questions"}


def answer(schema: Mapping[str, Any], brief: str) -> dict[str, Any]:
    """What was asked for. Where the text is no order, nothing is missing in it."""
    if "about" not in schema.get("properties", {}):
        return questions(brief)
    kind = about(brief)
    return {"about": kind, **(questions(brief) if kind in {"order", "unsure"} else {"questions": []})}


def about(text: str) -> str:
    """What the text is written for: a sign of an order at its beginning counts before all others."""
    said = unicodedata.normalize("NFKC", text).casefold()
    if _ORDER.match(said):
        return "order"
    return next(
        (kind for kind, sign in _SIGNS if sign.search(said)), "order" if len(said.split()) >= _LONG else "unsure"
    )


def questions(brief: str) -> dict[str, list[str]]:
    """The questions about a brief, those on open figures first; what stands under Answers is known."""
    asked = [f"What is the figure in “{_open_part(line)}”?" for line in sentences(brief) if OPEN_FIGURE.search(line)]
    if _ANSWERS in brief:
        return {"questions": []}
    if not _READER.search(brief):
        asked.append("Who reads it?")
    if not _LENGTH.search(brief):
        asked.append("About how many words should it have?")
    return {"questions": asked}


def _open_part(sentence: str) -> str:
    return sentence.strip("# *_").rstrip(" .")
