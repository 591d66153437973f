"""What no client should ever read in finished work: gaps to be filled in, and a model that speaks of itself."""

import re
from collections.abc import Sequence

_TO_FILL = (
    r"insert|your|name|company|date|add|enter|placeholder|client|number|amount|link|address|phone|e-?mail|title|recipient"
    r"|sender|price|city|product|here|xx|tbc|tbd|fill|to be|inserta|su |tu |nombre|empresa|fecha|dein|ihr|einf|firma"
    r"|datum|votre|ins[ée]re|nom |entreprise|nome"
)
# One for each sign that it begins with, which is found far quicker than all of them at every place of a text.
_GAPS = (
    re.compile(rf"\[(?:(?i:{_TO_FILL})[^\[\]\n]{{0,60}}|[A-Z][A-Z _/-]{{3,40}}|…|\.\.\.)\](?!\()"),
    re.compile(r"\{\{[^{}\n]{1,60}\}\}"),
    re.compile(r"<<[^<>\n]{1,60}>>"),
    re.compile(r"<(?i:insert|your|name|company|date|placeholder)\b[^<>\n]{0,60}>"),
    re.compile(r"_{4,}"),
)
_OPEN = re.compile(
    r"\b(?:TBC|TBD|TBA|FIXME|XXX+|TODO(?=\s*[:(\]])|XX+\s?(?:%|EUR\b|USD\b))|[$€£]\s?XX+\b|\?{3,}"
    r"|\b(?i:lorem ipsum|to be (?:confirmed|determined|announced|added|completed)|por confirmar|noch zu ergänzen)\b"
    r"|(?i:à confirmer)\b"
)
_OF_ITSELF = re.compile(
    r"\bas an? (?:(?:large )?(?:ai\b|artificial intelligence|language model)|virtual assistant|chatbot)"
    r"|\bi(?: a|['’])m (?:just |only )?an? (?:ai\b|(?:large )?language model)"
    r"|\bi(?: cannot| can['’]t| am unable to|['’]m unable to) "
    r"(?:browse|access|assist|help|provide|comply|fulfil|complete)\b"
    r"|\bmy (?:training data|knowledge cut-?off|last (?:knowledge )?update)\b"
    r"|\bals (?:eine? )?(?:ki\b|sprachmodell|künstliche intelligenz)|\bcomo (?:una? )?(?:ia\b|inteligencia artificial"
    r"|modelo de lenguaje)|\ben tant qu['’](?:ia\b|intelligence artificielle|assistant)|\ben tant que modèle"
    r"|\bcome (?:una? )?(?:ia\b|modello linguistico)|\bcomo (?:uma )?(?:ia\b|modelo de linguagem)"
    r"|بطور (?:ایک )?(?:اے آئی|مصنوعی ذہانت)|زبان کے ماڈل کے طور پر"
)
_BEGINS = re.compile(
    r"\W*(?:(?:sure|certainly|of course|absolutely|gladly|happy to help)\b[^\n]{0,20}[,!.:]"
    r"|(?:here(?:['’]s| is| are)|below is|hier ist|aquí (?:está|tienes)|voici|ecco)\b[^\n]{0,120}"
    r"(?:draft|version|text|article|page|e-?mail|letter|entwurf|borrador|texto|texte|brouillon|bozza)[^\n]{0,60}:\s*\n)"
)
_TO_THE_CLIENT = re.compile(
    r"\b(?:let me know|tell me) if you(?:['’]d| would)? (?:like|want|need) "
    r"(?:me to|any (?:changes|edits|adjustments|revisions))|\bwould you like me to\b"
    r"|\bi(?:['’]ve| have) (?:written|drafted|kept|added|included|left) (?:this|the|it)\b[^\n]{0,60}"
    r"\b(?:as (?:you )?(?:asked|requested)|placeholder|brief)\b"
)
_MACHINERY = (
    re.compile(r"</?(?:material|think|thinking|reasoning|analysis|answer|output)\b[^<>\n]{0,60}>"),
    re.compile(r"<\|[a-z_]{2,30}\|>"),
    re.compile(r"\[/?INST\]"),
    re.compile(r"\A\s*(?:assistant|system|user)\s*:\s", re.IGNORECASE),
)
_WANTS_GAPS = re.compile(
    r"\b(?:templates?|placeholders?|fill[ -]in|fillable|form letter|blanks?|plantilla|vorlage|platzhalter|modèle)\b",
    re.IGNORECASE,
)


def leftover(brief: str, draft: str) -> str:
    """The first thing in the draft that was left over; empty where there is none.

    A template has its gaps rightly, and a brief about models may quote how they speak.
    """
    gaps = () if _WANTS_GAPS.search(brief) else _GAPS
    if found := _first((*_MACHINERY, *gaps, _OPEN), draft):
        return found
    said = draft.casefold()
    begins = _BEGINS.match(said)
    words = " ".join(begins[0].split()) if begins else _first((_OF_ITSELF, _TO_THE_CLIENT), said)
    return "" if words in brief.casefold() else words


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> str:
    found = next((one for pattern in patterns if (one := pattern.search(text))), None)
    return " ".join(found[0].split()) if found else ""
