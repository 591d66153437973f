"""What no client should ever read in finished work: gaps to be filled in, and a model that speaks of itself."""

import re
from collections.abc import Sequence

_TO_FILL = (
    r"insert|your|name|company|date|add|enter|placeholder|client|number|amount|link|address|phone|e-?mail|title|recipient"
    r"|sender|price|city|product|here|xx|tbc|tbd|fill|to be|inserta|su |tu |nombre|empresa|fecha|dein|ihr|einf|firma"
    r"|datum|votre|ins[ée]re|nom |entreprise|nome|customer|logo|signature|image|picture|photo|foto|bild|stadt|ville"
    r"|ciudad|pr[ée]nom|preis|prix|precio|rest of|continue|words:|à compl|a complet|por "
)
_FILLED_IN = r"goes here|einfügen|einsetzen|eintragen|ergänzen|compléter|completar|insérer|insertar|unchanged"
# One for each sign that it begins with, which is found far quicker than all of them at every place of a text.
_GAPS = (
    re.compile(rf"\[(?:(?i:{_TO_FILL})[^\[\]\n]{{0,60}}|[A-Z][A-Z _/-]{{3,40}}|…|\.\.\.)\](?!\()"),
    re.compile(rf"[\[(][^\[\]()\n]{{1,60}}\b(?i:{_FILLED_IN})[\])]"),
    re.compile(r"\{\{[^{}\n]{1,60}\}\}"),
    re.compile(r"(?<![\\\w^}{])\$?\{(?:[A-Za-z][A-Za-z_]{2,30}|insert [^{}\n]{1,40})\}"),
    re.compile(r"%[A-Z][A-Z_]{2,30}%|#[A-Z][A-Z_]{2,30}#"),
    re.compile(r"<[A-Z][A-Z _]{3,30}>"),
    re.compile(r"<<[^<>\n]{1,60}>>"),
    re.compile(
        r"<(?i:insert|your|name|company|date|placeholder|price|amount|(?:first|last|full) name|recipient|customer"
        r"|client)\b[^<>\n]{0,60}>"
    ),
    re.compile(r"_{4,}|[:€$£]\s?_{2,3}(?!\w)"),
)
_OPEN = re.compile(
    r"\b(?:(?i:t\.?b\.?[acd])|FIXME|XXX+|TODO(?=\s*[:(\]])|XX+\s?(?:%|EUR\b|USD\b))|[$€£]\s?XX+\b|\?{3,}"
    r"|\b(?i:xx+\s?(?:euros?|dollars?|pounds?|percent)|lorem.ipsum|placeholder text|text goes here|to be"
    r" (?:confirmed|determined|decided|announced|added|completed|continued)|por (?:confirmar|definir)"
    r"|noch zu ergänzen)\b|(?i:à (?:confirmer|compléter))\b|^[ \t]*(?:…|\.\.\.)[ \t]*$",
    re.MULTILINE,
)
_OF_ITSELF = re.compile(
    r"\bas an? (?:(?:large )?(?:ai\b|artificial intelligence|language model)|virtual assistant|chatbot)"
    r"|\bi(?: a|['’])m (?:just |only )?an? (?:ai\b|artificial intelligence|(?:large )?language model)"
    r"|\bi(?: cannot| can['’]t| am unable to|['’]m unable to) "
    r"(?:browse|access|assist|help|provide|comply|fulfill?|complete)\b"
    r"|\b(?:sorry|apologi[sz]e|unfortunately),? (?:but )?i (?:can['’]t|cannot|am unable to|won['’]t) "
    r"(?:do|write|create|produce|generate|answer|continue|help|assist)\b"
    r"|\bi (?:don['’]t|do not) have (?:the ability to|real-time|access to (?:the (?:file|internet|attach)|real|current"
    r"|external|live))|\bi (?:can['’]t|cannot) do that\b"
    r"|\blo siento,? (?:pero )?no puedo (?:ayudar|hacer|escribir|cumplir)"
    r"|\bes tut mir leid, aber ich kann (?:\w+ )?nicht"
    r"|\bdésolée?,? (?:mais )?je ne peux pas|\bich bin (?:nur )?(?:eine? )?(?:ki\b|sprachmodell|künstliche intelligenz)"
    r"|\bsoy (?:una? )?(?:ia\b|modelo de lenguaje|inteligencia artificial)|\bje suis une? (?:ia\b|modèle de langage"
    r"|intelligence artificielle)|\bsono un(?:a |['’] ?| )(?:ia\b|intelligenza artificiale|modello linguistico)"
    r"|\bmy (?:training data|knowledge cut-?off|last (?:knowledge )?update)\b"
    r"|\bals (?:eine? )?(?:ki\b|sprachmodell|künstliche intelligenz)|\bcomo (?:una? )?(?:ia\b|inteligencia artificial"
    r"|modelo de lenguaje)|\ben tant qu['’](?:ia\b|intelligence artificielle|assistant)|\ben tant que modèle"
    r"|\bcome (?:una? )?(?:ia\b|modello linguistico)|\bcomo (?:uma )?(?:ia\b|modelo de linguagem)"
    r"|بطور (?:ایک )?(?:اے آئی|مصنوعی ذہانت)|زبان کے ماڈل کے طور پر"
)
_BEGINS = re.compile(
    r"\W*(?:(?:final (?:answer|draft|version)|revised version|draft|answer|response)\**:"
    r"|(?:sure|certainly|of course|absolutely|gladly|happy to help)\b[^\n]{0,20}[,!.:]"
    r"|(?:here(?:['’]s| is| are)|below is|hier ist|aquí (?:está|tienes)|voici|ecco)\b[^\n]{0,120}"
    r"(?:draft|version|text|article|page|e-?mail|letter|entwurf|borrador|texto|texte|brouillon|bozza)[^\n]{0,60}:\s*\n)"
)
_TO_THE_CLIENT = re.compile(
    r"\b(?:let me know|tell me) if you(?:['’]d| would)? (?:like|want|need) "
    r"(?:me to|any (?:changes|edits|adjustments|revisions))|\bwould you like me to\b"
    r"|\bi hope this (?:helps|meets)|\bfeel free to (?:adjust|edit|modify|customi[sz]e|tweak)\b"
    r"|\bi(?:['’]ve| have) assumed\b|\bthis draft (?:assumes|uses|is based)\b|\bword ?count: ?\d"
    r"|^here (?:is|are|['’]s) (?:the|your|an?) (?:revised|updated|final|requested|improved) [^\n]{0,60}:$"
    r"|\b123 main st|\banytown\b|\b(?:your)?name@(?:company|example|domain|email)\."
    r"|\byour-?(?:company|domain|website|site)\.(?:com|org|net)\b"
    r"|\bi(?:['’]ve| have) (?:written|drafted|kept|added|included|left) (?:this|the|it)\b[^\n]{0,60}"
    r"\b(?:as (?:you )?(?:asked|requested)|placeholder|brief)\b",
    re.MULTILINE,
)
_MACHINERY = (
    re.compile(
        r"</?(?:material|think|thinking|reasoning|analysis|answer|output|draft|brief|instructions)\b[^<>\n]{0,60}>"
    ),
    re.compile(r"<\|[a-z_]{2,30}\|>"),
    re.compile(r"\[/?INST\]"),
    re.compile(r"^#{1,6}\s*(?:assistant|response|instructions?)\s*:", re.IGNORECASE | re.MULTILINE),
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
