"""The kinds of leftovers, as tables; a row is explained by `kinds.Kind`.

The rows of a table stand in the order in which they are tried at a place, those of MACHINERY and GAPS in the order in
which they are tried at all.
"""

from functools import partial

from bot.checks.leftovers.kinds import Kind

_Exact = partial(Kind, exact=True)
_TO_FILL = (
    r"insert|your|name|company|date|add|enter|placeholder|client|number|amount|link|address|phone|e-?mail|title"
    r"|recipient"
    r"|sender|price|city|product|here|xx|tbc|tbd|fill|to be|inserta|su |tu |nombre|empresa|fecha|dein|ihr|einf|firma"
    r"|datum|votre|ins[ée]re|nom |entreprise|nome|customer|logo|signature|image|picture|photo|foto|bild|stadt|ville"
    r"|ciudad|pr[ée]nom|preis|prix|precio|rest of|continue|words:|à compl|a complet|por |adress|dirección|vorname"
    r"|nachname|telefon|tel[ée]fono|t[ée]l[ée]phone|num[ée]ro|nummer|ort\b|straße|betrag|montant|importe\b|unternehmen"
    r"|produkt|produit|titel|titre|título|time\b|uhrzeit|heure|hora\b|location|venue|website|url\b|webseite|correo"
    r"|kunde|apellido|sitio|lieu\b|firmen|hier\b|aquí|ici\b|nom\b"
)
_FILLED_IN = r"goes here|einfügen|einsetzen|eintragen|ergänzen|compléter|completar|insérer|insertar|unchanged"
_LINKED = r"\(|\[|:\s*<?(?:https?:|mailto:|/|#)"  # Markdown's ways to give words an address

# What the machinery around a model leaves in a text.
MACHINERY = (
    _Exact(
        "<thinking>",
        "<",
        r"</?(?:material|think|thinking|reasoning|analysis|answer|output|draft|brief|instructions)\b[^<>\n]{0,60}>",
    ),
    _Exact("<|im_end|>", "<", r"<\|[a-z_]{2,30}\|>"),
    _Exact("[INST]", "INST]", r"\[/?INST\]"),
    Kind(
        "### Assistant:",
        "assistant|response|instruction",
        r"^#{1,6}\s*(?:assistant|response|instructions?)\s*:",
    ),
    Kind("Assistant: at the start", "assistant|system|user", r"\A\s*(?:assistant|system|user)\s*:\s"),
)
# What is to be filled in, told by the signs around it.
GAPS = (
    _Exact(
        "[your name], [DATE]",
        "[",
        rf"(?<![\w\])])\[(?:(?i:{_TO_FILL})[^\[\]\n]{{0,60}}|[A-Z][A-Z _/-]{{3,40}}|…|\.\.\.)\](?!{_LINKED})",
    ),
    _Exact("[text goes here]", "[|(", rf"[\[(][^\[\]()\n]{{1,60}}\b(?i:{_FILLED_IN})[\])]"),
    _Exact("{{name}}", "{{", r"\{\{[^{}\n]{1,60}\}\}"),
    _Exact("{name}", "{", r"(?<![\\\w^}{])\$?\{(?:[A-Za-z][A-Za-z_]{2,30}|insert [^{}\n]{1,40})\}"),
    _Exact("%NAME%", "%|#", r"%[A-Z][A-Z_]{2,30}%|#[A-Z][A-Z_]{2,30}#"),
    _Exact("<NAME>", "<", r"<[A-Z][A-Z _]{3,30}>"),
    _Exact("<<name>>", "<<", r"<<[^<>\n]{1,60}>>"),
    _Exact(
        "<your name>",
        "<",
        r"<(?i:insert|your|name|company|date|placeholder|price|amount|(?:first|last|full) name|recipient|customer"
        r"|client|ihre?|ihren|dein|votre|nom|su|tu|nombre|firma|datum|fecha|preis|prix|precio|phone|address)\b"
        r"[^<>\n]{0,60}>",
    ),
    _Exact("a line to write on", "__", r"_{4,}|[:€$£]\s?_{2,3}(?!\w)|(?<=\w )_{3}(?![\w_])"),
)
# What is still open, in words and signs that mean nothing else.
OPEN = (
    Kind("TBD", "tb|t.b", r"\bt\.?b\.?[acd]"),
    _Exact("FIXME", "FIXME", r"\bFIXME"),
    _Exact("XXX, but no number and no size", "XXX", r"\b(?<!Bowl )(?<!Psalm )XXX+\b(?!-?L)"),
    _Exact("TODO:", "TODO", r"\bTODO(?=\s*[:(\]])"),
    _Exact("XX %", "XX", r"\bXX+\s?(?:%|EUR\b|USD\b)"),
    _Exact("€ xx", "xx|xX|Xx|XX", r"[$€£]\s?[Xx]{2,}\b"),
    _Exact("???", "???", r"\?{3,}"),
    Kind("xx euros", "xx", r"\bxx+\s?(?:euros?|dollars?|pounds?|percent)\b"),
    Kind(
        "lorem ipsum, to be confirmed",
        "lorem|placeholder text|text goes here|to be |por |noch zu ergänzen",
        r"\b(?:lorem.ipsum|placeholder text|text goes here"
        r"|to be (?:confirmed|determined|decided|announced|added|completed|continued)|por (?:confirmar|definir)"
        r"|noch zu ergänzen)\b",
    ),
    Kind("à confirmer", "à confirmer|à compléter", r"à (?:confirmer|compléter)\b"),
    _Exact("a line of dots", "…|...", r"^[ \t]*(?:…|\.\.\.)[ \t]*$"),
)
_NOT_SPANISH = r"(?!(?:lo|la|los|las|el|un|una|en|es|está|para|por|con|de|incluido|list|lists|app|apps|items?)\b)"
_THING = r"(?:price|prices|details|date|dates|text|image|photo|figures|address|logo)"
_DING = r"(?:preise?|details|datum|termin|text|bild|bilder|foto|fotos|link|adresse|angaben|logo|zahlen|inhalt|name)"
_COSA = r"(?:precios?|fechas?|datos?|texto|imagen|foto|enlace|dirección|detalles|nombre|importe)"
_CHOSE = r"(?:prix|tarif|texte|photo|image|lien|adresse|montant|nom|logo)"
_BEGINS_ONE, _ENDS_ONE = r"(?:^|[.:;(\[,–|\-]|\*)[ \t*]*", r"[ \t*]*(?=[.;)\]|*]|$)"
_NOTED = r"^[^\w\n]{0,20}"
_NOW = r"is|are|costs?|ist|kostet|es|cuesta|est|coûte"
_UNSURE = r"(?:confirmed|known|specified|provided|given|available|stated|verified|decided|set|fixed)"
_OPEN_VALUE = rf"(?: (?:is |are )?not (?:yet )?{_UNSURE}|:[ \t*]*(?:unknown|not (?:yet )?{_UNSURE}|as per brief))"
# What is still to come, in the words of who writes it down for later: only where nothing else is said.
TO_COME = (
    Kind("TODO add the price", "todo", rf"{_NOTED}(?-i:TODO)[ \t]+{_NOT_SPANISH}[^\W\d_]"),
    Kind("The price is TODO", "todo", rf"(?:[:(]|\b(?:{_NOW}))[ \t]*(?-i:TODO)\b"),
    Kind(
        "to-do: add",
        "todo:|to-do:",
        rf"{_NOTED}(?:todo|to-do):\s{{0,4}}(?:add|insert|write|check|ask|fill|confirm|update|replace)\b",
    ),
    Kind(
        "price to follow",
        " follow| to come| pending",
        rf"{_BEGINS_ONE}(?:(?:the|more) )?{_THING} (?:to follow|follows?|to come|pending){_ENDS_ONE}",
    ),
    Kind(
        "Preis folgt",
        " folg| fehl| noch offen|nachge|ergänzt|eingefügt",
        rf"{_BEGINS_ONE}(?:(?:der|die|das) )?{_DING} (?:(?:folgt|folgen|fehlt|fehlen)(?: noch)?"
        r"|(?:ist |sind )?noch offen|wird (?:noch )?(?:nachgereicht|nachgetragen|ergänzt|eingefügt))"
        rf"{_ENDS_ONE}",
    ),
    Kind("(noch offen)", "noch offen", r"[(\[]noch offen[)\]]"),
    Kind(
        "precio pendiente",
        " pendiente| a confirmar| a definir",
        rf"{_BEGINS_ONE}(?:(?:el|la|los|las) )?{_COSA} (?:pendientes?|a (?:confirmar|definir)){_ENDS_ONE}",
    ),
    Kind(
        "por confirmar",
        " confirmar| definir| determinar| completar",
        rf"\b(?:pendiente de|por) (?:confirmar|definir|determinar|completar){_ENDS_ONE}",
    ),
    Kind(
        "prix à venir",
        " à venir| à préciser| à définir| à déterminer| manquant",
        rf"{_BEGINS_ONE}(?:(?:le|la|les) )?{_CHOSE} (?:à (?:venir|préciser|définir|déterminer)|manquante?){_ENDS_ONE}",
    ),
    Kind(
        "price not confirmed",
        "not |unknown|as per brief",
        rf"{_BEGINS_ONE}(?:(?:the|exact|final|nb:|n\.b\.:) ){{0,2}}{_THING}{_OPEN_VALUE}(?: yet)?{_ENDS_ONE}",
    ),
    Kind(
        "(unconfirmed), (check), 20 EUR (?)",
        "(unconf|(unver|(not |(check|(sp|(?|(to |(verify|(unsure|(guess",
        r"\((?:unconfirmed|unverified|not (?:yet )?(?:confirmed|sure)|check|to (?:check|verify)|verify|unsure"
        r"|guess(?:ed)?"
        r"|sp\.?\??|spelling\??|\?{1,3})\)",
    ),
    Kind(
        "words that only fill the room",
        "dolor sit amet|consectetur|mustermann|musterstrasse|musterstadt|blindtext|texto de|texte d|texte à",
        r"\bdolor sit amet\b|\bconsectetur adipiscing\b|\bmax mustermann\b|\bmusterstraße\b|\bmusterstadt\b"
        r"|\bblindtext\b|\btexto de (?:relleno|ejemplo)\b|\btexte (?:d['’]exemple|à remplacer)\b",
    ),
)
_OF_VALUE = rf"{_NOW}|be|at|for|until|from|about|beträgt|ab|bis|für|um|am|son|desde"
# Letters in place of a value; a letter may end with kisses (“love, xxx”), and some things have a Roman number.
CROSSED = (
    Kind(
        "the price is xxx",
        "xxx",
        rf"(?:[:=]|\b(?:{_OF_VALUE}))[ \t]*xxx+\b(?!\s?[-.@/\w])"
        r"|\bxxx+[ \t]?(?:[€$%]|eur\b|usd\b|gbp\b|km\b|kg\b|h\b|uhr\b)"
        r"|\bxxx+(?:[-/. ]xx+)+\b|\|[ \t]*xxx+[ \t]*\||(?<![.@\w])(?<!bowl )(?<!psalm )xxx+\.(?=\s|$)|@xxx+\b"
        r"|\bxxx+@",
    ),
)
# In data and tables it says that there is none; in running text that nobody looked.
NO_ANSWER = (
    Kind(
        "Price: N/A",
        "n/a|n.a.|k.a.|k. a.|s/d|n/d",
        rf"^(?![ \t]*\|)[^|\n]{{0,60}}(?::|=|\b(?:{_OF_VALUE}))\s*\(?(?:n/a|n\.a\.|k\. ?a\.|s/d|n/d){_ENDS_ONE}"
        r"|^[ \t*]*n/a[ \t*.]*$",
    ),
)
# A brief that has these wants gaps.
WANTS_GAPS = (
    Kind(
        "a template",
        "template|placeholder|fill|form letter|blank|plantilla|vorlage|platzhalter|modèle",
        r"\b(?:templates?|placeholders?|fill[ -]in|fillable|form letter|blanks?|plantilla|vorlage|platzhalter"
        r"|modèle)\b",
    ),
)
