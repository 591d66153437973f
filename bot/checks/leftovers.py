"""What no client should ever read in finished work: gaps to be filled in, and a model that speaks of itself."""

import re
from collections.abc import Sequence

from bot.checks.asides import aside
from bot.checks.placeholders import placeholder

_TO_FILL = (
    r"insert|your|name|company|date|add|enter|placeholder|client|number|amount|link|address|phone|e-?mail|title|recipient"
    r"|sender|price|city|product|here|xx|tbc|tbd|fill|to be|inserta|su |tu |nombre|empresa|fecha|dein|ihr|einf|firma"
    r"|datum|votre|ins[ée]re|nom |entreprise|nome|customer|logo|signature|image|picture|photo|foto|bild|stadt|ville"
    r"|ciudad|pr[ée]nom|preis|prix|precio|rest of|continue|words:|à compl|a complet|por |adress|dirección|vorname"
    r"|nachname|telefon|tel[ée]fono|t[ée]l[ée]phone|num[ée]ro|nummer|ort\b|straße|betrag|montant|importe\b|unternehmen"
    r"|produkt|produit|titel|titre|título|time\b|uhrzeit|heure|hora\b|location|venue|website|url\b|webseite|correo"
    r"|kunde|apellido|sitio|lieu\b|firmen|hier\b|aquí|ici\b|nom\b"
)
_FILLED_IN = r"goes here|einfügen|einsetzen|eintragen|ergänzen|compléter|completar|insérer|insertar|unchanged"
_LINKED = r"\(|\[|:\s*<?(?:https?:|mailto:|/|#)"  # Markdown's ways to give words an address
# One for each sign that it begins with, which is found far quicker than all of them at every place of a text.
_GAPS = (
    re.compile(rf"(?<![\w\])])\[(?:(?i:{_TO_FILL})[^\[\]\n]{{0,60}}|[A-Z][A-Z _/-]{{3,40}}|…|\.\.\.)\](?!{_LINKED})"),
    re.compile(rf"[\[(][^\[\]()\n]{{1,60}}\b(?i:{_FILLED_IN})[\])]"),
    re.compile(r"\{\{[^{}\n]{1,60}\}\}"),
    re.compile(r"(?<![\\\w^}{])\$?\{(?:[A-Za-z][A-Za-z_]{2,30}|insert [^{}\n]{1,40})\}"),
    re.compile(r"%[A-Z][A-Z_]{2,30}%|#[A-Z][A-Z_]{2,30}#"),
    re.compile(r"<[A-Z][A-Z _]{3,30}>"),
    re.compile(r"<<[^<>\n]{1,60}>>"),
    re.compile(
        r"<(?i:insert|your|name|company|date|placeholder|price|amount|(?:first|last|full) name|recipient|customer"
        r"|client|ihre?|ihren|dein|votre|nom|su|tu|nombre|firma|datum|fecha|preis|prix|precio|phone|address)\b[^<>\n]{0,60}>"
    ),
    re.compile(r"_{4,}|[:€$£]\s?_{2,3}(?!\w)"),
)
_TAG, _CLOSES = re.compile(r"</?([A-Za-z][\w-]{0,60})[^<>\n]{0,200}>"), re.compile(r"</([A-Za-z][\w-]{0,60})[ \t]*>")
_OPEN = re.compile(
    r"\b(?:(?i:t\.?b\.?[acd])|FIXME|(?<!Bowl )(?<!Psalm )XXX+\b(?!-?L)|TODO(?=\s*[:(\]])|XX+\s?(?:%|EUR\b|USD\b))"
    r"|[$€£]\s?[Xx]{2,}\b|\?{3,}"
    r"|\b(?i:xx+\s?(?:euros?|dollars?|pounds?|percent)|lorem.ipsum|placeholder text|text goes here|to be"
    r" (?:confirmed|determined|decided|announced|added|completed|continued)|por (?:confirmar|definir)"
    r"|noch zu ergänzen)\b|(?i:à (?:confirmer|compléter))\b|^[ \t]*(?:…|\.\.\.)[ \t]*$",
    re.MULTILINE,
)
_NOT_SPANISH = r"(?!(?:lo|la|los|las|el|un|una|en|es|está|para|por|con|de|incluido|list|lists|app|apps|items?)\b)"
_THING = r"(?:price|prices|details|date|dates|text|image|photo|figures|address|logo)"
_DING = r"(?:preise?|details|datum|termin|text|bild|bilder|foto|fotos|link|adresse|angaben|logo|zahlen|inhalt|name)"
_COSA = r"(?:precios?|fechas?|datos?|texto|imagen|foto|enlace|dirección|detalles|nombre|importe)"
_CHOSE = r"(?:prix|tarif|texte|photo|image|lien|adresse|montant|nom|logo)"
_BEGINS_ONE, _ENDS_ONE = r"(?:^|[.:;(\[,–|\-]|\*)[ \t*]*", r"[ \t*]*(?=[.;)\]|*]|$)"
_NOTED = r"^[^\w\n]{0,20}"
_NOW = r"is|are|costs?|ist|kostet|es|cuesta|est|coûte"
# What is still to come, in the words of who writes it down for later: only where nothing else is said.
_TO_COME = re.compile(
    rf"{_NOTED}(?-i:TODO)[ \t]+{_NOT_SPANISH}[^\W\d_]|(?:[:(]|\b(?:{_NOW}))[ \t]*(?-i:TODO)\b"
    rf"|{_NOTED}(?:todo|to-do):\s{{0,4}}(?:add|insert|write|check|ask|fill|confirm|update|replace)\b"
    rf"|{_BEGINS_ONE}(?:(?:the|more) )?{_THING} (?:to follow|follows?|to come|pending){_ENDS_ONE}"
    rf"|{_BEGINS_ONE}(?:(?:der|die|das) )?{_DING} (?:(?:folgt|folgen|fehlt|fehlen)(?: noch)?|(?:ist |sind )?noch offen"
    rf"|wird (?:noch )?(?:nachgereicht|nachgetragen|ergänzt|eingefügt)){_ENDS_ONE}|[(\[]noch offen[)\]]"
    rf"|{_BEGINS_ONE}(?:(?:el|la|los|las) )?{_COSA} (?:pendientes?|a (?:confirmar|definir)){_ENDS_ONE}"
    rf"|\b(?:pendiente de|por) (?:confirmar|definir|determinar|completar){_ENDS_ONE}"
    rf"|{_BEGINS_ONE}(?:(?:le|la|les) )?{_CHOSE} (?:à (?:venir|préciser|définir|déterminer)|manquante?){_ENDS_ONE}"
    r"|\bdolor sit amet\b|\bconsectetur adipiscing\b|\bmax mustermann\b|\bmusterstraße\b|\bmusterstadt\b|\bblindtext\b"
    r"|\btexto de (?:relleno|ejemplo)\b|\btexte (?:d['’]exemple|à remplacer)\b",
    re.IGNORECASE | re.MULTILINE,
)
_OF_VALUE = rf"{_NOW}|be|at|for|until|from|about|beträgt|ab|bis|für|um|am|son|desde"
# Letters in place of a value; a letter may end with kisses (“love, xxx”), and some things have a Roman number.
_CROSSED = re.compile(
    rf"(?:[:=]|\b(?:{_OF_VALUE}))[ \t]*xxx+\b(?!\s?[-.@/\w])"
    r"|\bxxx+[ \t]?(?:[€$%]|eur\b|usd\b|gbp\b|km\b|kg\b|h\b|uhr\b)"
    r"|\bxxx+(?:[-/. ]xx+)+\b|\|[ \t]*xxx+[ \t]*\||(?<![.@\w])(?<!bowl )(?<!psalm )xxx+\.(?=\s|$)|@xxx+\b|\bxxx+@",
    re.IGNORECASE | re.MULTILINE,
)
# In data and tables it says that there is none; in running text that nobody looked.
_NO_ANSWER = re.compile(
    rf"^(?![ \t]*\|)[^|\n]{{0,60}}(?::|=|\b(?:{_OF_VALUE}))\s*\(?(?:n/a|n\.a\.|k\. ?a\.|s/d|n/d){_ENDS_ONE}",
    re.IGNORECASE | re.MULTILINE,
)
# A text without any of these has nothing of what is looked for above, and most texts have none: far quicker to see.
_HINTS = (
    (_TO_COME, ("todo", "to-do", "to follow", "follow", "to come", "pending", "folg", "fehl", "noch offen", "nachge",
                "ergänzt", "eingefügt", "pendiente", "confirmar", "definir", "determinar", "completar", "à venir",
                "à préciser", "à définir", "à déterminer", "manquant", "dolor sit", "consectetur", "muster",
                "blindtext", "texto de", "texte d", "texte à")),
    (_CROSSED, ("xxx",)),
    (_NO_ANSWER, ("n/a", "n.a.", "k.a.", "k. a.", "s/d", "n/d")),
)  # fmt: skip
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
    r"|^here(?: is| are|['’]s) (?:the|your|an?) (?:revised|updated|final|requested|improved) [^\n]{0,60}:$"
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
# Each of their alternatives has one of these; see `_HINTS`.
_SAID_HINTS = (
    (_OF_ITSELF, ("as an ai", "as a ai", "large ai", "an ai", "a ai", "language model", "artificial",
                  "virtual assistant", "chatbot", "i cannot", "i can't", "i can’t", "unable to", "i won't", "i won’t",
                  "i don't", "i don’t", "i do not", "lo siento", "tut mir leid", "désolé", "bin ki", "nur ki",
                  "eine ki", "ein ki", "als ki", "sprachmodell", "künstliche intelligenz", "soy ia", "soy un",
                  "de lenguaje", "de linguagem", "inteligencia", "je suis un", "sono un", "my training data",
                  "my knowledge", "my last", "como ia", "como un", "como uma", "en tant qu", "modèle de langage",
                  "come ia", "come un", "modello linguistico", "intelligenza", "بطور", "زبان کے")),
    (_TO_THE_CLIENT, ("let me know", "tell me if", "would you like me", "i hope this", "feel free", "assumed",
                      "this draft", "wordcount", "word count", "here is", "here are", "here's", "here’s",
                      "123 main", "anytown", "name@", "your-", "yourco", "yourdo", "yourwe", "yoursi",
                      "i've", "i’ve", "i have")),
)  # fmt: skip
_WANTS_GAPS = re.compile(
    r"\b(?:templates?|placeholders?|fill[ -]in|fillable|form letter|blanks?|plantilla|vorlage|platzhalter|modèle)\b",
    re.IGNORECASE,
)


def leftover(brief: str, draft: str, *, prose: bool = True) -> str:
    """The first thing in the draft that was left over; empty where there is none.

    A template has its gaps rightly, and a brief about models may quote how they speak. prose: not data.
    """
    gaps = () if _WANTS_GAPS.search(brief) else _GAPS
    found = _first(_MACHINERY, draft) or _first(gaps, _without_markup(draft)) or _first((_OPEN,), draft)
    if found:
        return found
    said = draft.casefold()
    later = _first([pattern for pattern in _hinted(_HINTS, said) if prose or pattern is not _NO_ANSWER], draft)
    if later and later.casefold() not in brief.casefold():
        return later
    begins = _BEGINS.match(said)
    words = " ".join(begins[0].split()) if begins else _first(_hinted(_SAID_HINTS, said), said)
    if words and words not in brief.casefold():
        return words
    return (aside(brief, draft) or (placeholder(brief, draft) if gaps else "")) if prose else ""


def _hinted(hints: Sequence[tuple[re.Pattern[str], Sequence[str]]], said: str) -> list[re.Pattern[str]]:
    return [pattern for pattern, signs in hints if any(sign in said for sign in signs)]


def _without_markup(text: str) -> str:
    """The text without tags that are closed somewhere: <name>…</name> is data, <name> alone is a gap."""
    closed = set(_CLOSES.findall(text))
    return _TAG.sub(lambda tag: "" if tag[1] in closed or tag[0].endswith("/>") else tag[0], text) if closed else text


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> str:
    found = next((one for pattern in patterns if (one := pattern.search(text))), None)
    return " ".join(found[0].split()) if found else ""
