"""What stands where a fact should, told by its shape and in many languages: a bracket that nobody filled in, letters in
place of a value, a line that says what is to go there.

Only for running text. What the brief says itself is no placeholder, and a template has them rightly: `leftovers` knows.
"""

import re

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_QUOTED = re.compile(r"“[^“”]{0,400}”|„[^„“”]{0,400}[“”]|«[^«»]{0,400}»|\"[^\"\n]{0,400}\"")
_BRACKET = re.compile(
    r"(?<![\w\])!])\[[ \t]*([^\[\]\n]{1,60}?)[ \t]*\](?!\(|\[|:\s*<?(?:https?:|mailto:|/|#))"
    r"|(?<!【)【([^【】\n]{1,60})】"
)
# What editors put into brackets, and what is a reference or a box to tick.
_EDITORIAL = re.compile(
    r"(?:sic|recte|ibid\.?|emphasis (?:added|mine|in (?:the )?original)|(?:my|our|free) translation|trans(?:l"
    r"|lated)?\b.{0,20}"
    r"|ed(?:itor|s)?\.?(?:['’]s)?(?: note)?|laugh(?:s|ter|ing)?|applause|pause|silence|music|inaudible|crosstalk"
    r"|pdf|video|audio|podcast|update|corrected|archived|german|french|spanish|english|latin|[a-h]|[ivxl]{1,6}\.?"
    r"|advertisement|anzeige|werbung|sponsored|publicidad|from (?:the )?left.{0,40}|![a-z]{2,12}|.*[ˈˌːəɪʊ].*"
    r"|esc|ok|tab|ctrl|alt|shift|del|start|stop|yes|no|cancel|save|f\d{1,2}"
    r"|risas|aplausos|lacht|lachen|beifall|rires|applaudissements|hervorhebung .{3,30}|\.\.\.|…|x?|✓|✔|\W*)",
    re.IGNORECASE,
)
_NEVER_LEFT = re.compile(r"(?i:x{1,4}(?:[ ,.:/-].{0,40})?)|_+|\?+(?i:[\w ]{0,20})|.{1,40}\?")
_ALPHANUMERIC = re.compile(r"[^\W\d_]{2}")
_CITATION = re.compile(r"\b(?:1[5-9]|20)\d\d\b|^\d|\bp{1,2}\. ?\d|^\^|et al|^Fig|^Tab", re.IGNORECASE)

_THING = (
    r"(?:price|date|name|phone(?: number)?|number|e-?mail(?: address)?|address|photo|image|picture|logo|link|details?"
    r"|text|title|heading(?:line)?|headline|company(?: name)?|company|brand|city|amount|quote|figures?|content"
    r"|caption"
    r"|paragraph|signature|website|url|intro(?:duction)?|description|testimonial|slogan|hours|location"
    r"|preis|datum|telefon(?:nummer)?|adresse|foto|bild|firma|firmenname|unternehmen|überschrift|titel|inhalt|betrag"
    r"|nombre|precio|fecha|teléfono|correo|dirección|imagen|enlace|texto|título|empresa"
    r"|nom|prix|téléphone|courriel|photo|lien|texte|titre|entreprise|nome|prezzo|data|testo|immagine|preço|imagem)"
)
_OWN = (
    r"(?:your|our|the|an?|some|more|main|ihre?n?|dein(?:e|en)?|der|die|das|su|tu|el|la|votre|notre|le|il|seu|sua"
    r"|o|another)"
)
_PUT = (
    r"(?:insert|add|enter|put|place|paste|type|write|fill in|include|upload|provide|describe|mention|specify"
    r"|inserte?|añad[ea]"
    r"|escrib[ea]|ins[ée]rer|ajoute[rz]|mettre|inserire|aggiungere|inserir|einfügen|hier)"
)
_HERE = r"(?:goes here|here|hier(?: einfügen)?|einfügen|eintragen|einsetzen|aquí|ici|qui|aqui)"
_EDGE, _ENDS = r"(?:^|[(\[*:–—]|[,.] )[ \t*_>#-]{0,8}", r"[ \t*_]{0,4}(?=[.!;:)\]*]|$)"
_VALUE = (
    r"(?:[:=]|\b(?:is|are|costs?|at|for|until|from|about|of|by|weighs|takes|ist|kostet|beträgt|ab|um|am|für|bis"
    r"|es|cuesta"
    r"|son|desde|est|coûte))[ \t]*"
)
_UNIT = (
    r"(?:words?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|people|persons?|guests?|customers?|clients?"
    r"|users?"
    r"|employees|members|pages?|items?|times|km|kg|cm|mm|miles?|litres?|liters?|points?|percent|euros?|dollars?"
    r"|pounds?"
    r"|wörter|stunden|minuten|tage|wochen|monate|jahre|personen|kunden|uhr|palabras|horas|minutos|días|semanas"
    r"|personas"
    r"|mots|heures|jours|semaines|mois|personnes|eur|usd|gbp|chf)"
)
_GREETING = (
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|sehr geehrte[rs]?(?: damen und)?"
    r"|guten tag"
    r"|hola|estimad[oa]s?|querid[oa]|bonjour|ch(?:er|ère)s?|ciao|gentile|caro|cara)"
)
_FIRM = r"(?i:inc|ltd|corp|llc|gmbh|company)"
_LETTERS = re.compile(
    rf"(?<![\w.-])XX+ (?i:{_UNIT})\b|(?<!\w)XX+[ \t]?[€$£%](?!\w)"
    rf"|(?i:{_VALUE})[€$£]?(?:XX+|YY+|ZZ+|NN)(?![\w'’:-])(?=[ \t]*(?:[.,;)]|$))|:[ \t]*X[ \t]*$"
    r"|\bXX+(?:[:.,/-]XX+)+\b|\bXX+[./-](?:19|20)?\d\d\b|\b(?:\d{1,2}[./-])+XX+\b"
    rf"|^[ \t]*(?i:{_GREETING})(?: (?i:mr|mrs|ms|dr|herrn?|frau|señora?|monsieur|madame))?\.? (?:X{{1,4}}|XY|XYZ"
    rf"|Y{{2,}}|Z{{2,}}"
    r"|N\. ?N\.|NN)[ \t]*[,:!]"
    rf"|\b(?i:company|firma|empresa|entreprise|société) XYZ?\b|\bXYZ? {_FIRM}\b"
    r"|(?i:[:(\[]|\b(?:on|from|until|by|since|am|vom|bis|el|le|du)) ?\[?(?:DD|MM|TT|JJ|dd|mm)[./-](?:MM|DD|mm"
    r"|dd)[./-](?:Y{2,4}|J{2,4}|A{2,4}|y{2,4})"
    rf"|(?i:{_VALUE})[€$£]?\?+(?=[ \t]*(?:[.,;)€$£]|$))|^[^|\n:]{{1,40}}:[ \t]*(?:[-–—?]|\.\.\.|…)[ \t]*$"
    r"|(?<![\w.!?)])\.{4,}(?![ \t.]*\d)|(?:\. ){4,}\.?(?![ \t.]*\d)|@@\w{2,30}@@|%%\w{2,30}%%"
    r"|\(\([^()\n]{2,40}\)\)|\b00[./]00[./]0000\b"
    r"|(?<!\w)(?:__|@@|%)(?:NAME|PRICE|DATE|COMPANY|ADDRESS|name|price|date|company|address)(?:__|@@|%)(?!\w)",
    re.MULTILINE,
)
_LINES = re.compile(
    rf"{_EDGE}(?:{_PUT} )?(?:{_OWN} )?(?:{_OWN} )?(?:{_THING} ){{1,2}}{_HERE}{_ENDS}"
    rf"|{_EDGE}(?:hier|aquí|ici|qui) (?:{_OWN} )?{_THING} (?:einfügen|eintragen|einsetzen|ergänzen|insertar"
    rf"|insérer){_ENDS}"
    rf"|(?:^|\()[ \t*_]{{0,4}}(?:insert|paste|fill in|inserte?|ins[ée]rer|inserire)(?! (?:with|into|in|it|them|up"
    rf"|until)\b)(?: {_OWN})?(?: [\w-]{{2,20}}){{1,3}}[ \t]*[)*_]"
    rf"|(?:\(|^)[ \t*_]{{0,4}}(?:{_PUT} )(?:{_OWN} )?{_THING}(?: {_HERE})?[ \t]*[)*_]|\((?:your|ihre?|su"
    rf"|votre) {_THING}\)"
    r"|^[ \t*_]{0,4}(?:type|write|enter|click)(?: \w{2,12}){0,2} here[ \t*_.]{0,4}$"
    rf"|\b(?:xx+|about \d+|\d+|some|more) (?:words?|wörter|palabras|mots|sentences?"
    rf"|paragraphs?) (?:go(?:es)? )?{_HERE}{_ENDS}"
    rf"|(?:^|,[ \t]{{1,3}})[ \t*_]{{0,4}}(?:your|ihre?|su|votre|il tuo|seu) (?:full |first |last |company "
    rf"|business )?{_THING}[ \t*_.]{{0,4}}$"
    r"|^(?:sincerely|(?:kind |best |warm )?regards|yours(?: \w+)?|mit freundlichen grüßen|saludos"
    r"|cordialement)[,.]?\s{1,3}"
    r"(?:\[?name\]?|name surname|first name)[ \t]*$"
    r"|^[ \t*_#>-]{0,6}(?:placeholder|platzhalter|(?:sample|dummy|filler|example) text|beispieltext|mustertext"
    r"|fülltext"
    r"|testo segnaposto|marcador de posición|blah(?:[ ,]{1,2}blah)*|asdf\w*|folgt (?:noch|in kürze)"
    r"|wird (?:noch )?(?:ergänzt|nachgereicht)"
    r"|hier (?:steht|könnte) (?:der|ihr|ein) text(?: stehen)?)[ \t*_.:]{0,4}$"
    rf"|\b{_THING}s? (?:is |are )?to be (?:advised|supplied|provided|filled in|inserted)\b(?! (?:by|at|to)\b)"
    rf"|\b{_THING}s? will (?:be )?(?:added|supplied|provided|follow|inserted|filled in)(?: later| soon)?{_ENDS}"
    r"|\bi(?:['’]ll| will) (?:add|fill in|insert|provide) (?:the|this|that|these) [\w ]{2,30}(?:later|soon)\b"
    r"|\b(?:da (?:definire|completare|confermare|inserire)|in attesa di conferma|a preencher|por preencher"
    r"|a (?:definir|confirmar)"
    r"|nog (?:in te vullen|te bepalen|aan te vullen)|do (?:uzupełnienia|ustalenia|potwierdzenia)|уточняется"
    r"|будет уточнено"
    rf"|à remplir|à renseigner){_ENDS}|\bn\.t\.b\.|^[ \t]*n\. ?n\.[ \t]*$"
    r"|\b(?:john|jane) doe\b|\bacme (?:inc|corp|ltd)\b|\b(?:your\.?e?mail|your\.?name|name|user"
    r"|someone)@[\w.-]{1,40}\.\w{2,6}\b"
    r"|\b(?:info|hello|contact|support|office|mail)@example\.(?:com|org|net)\b|\bfoo@bar\.\w{2,3}\b"
    r"|(?<!\d)\(?555\)?[ .-]\d{3}[ .-]?\d{4}\b|(?<![\d-])555-\d{4}\b"
    r"|\b123[-. ]?456[-. ]?7890\b|\b0123[ /-]?456[ ]?789\d?\b",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_HTML = (
    r"(?!(?:input|button|script|select|option|video|audio|details|form|textarea|ol|iframe|meta|link|img|br|hr"
    r"|dialog)\b)"
)
_SIGNS = re.compile(
    rf"<{_NOT_HTML}[^\W\d_]{{2,20}}(?: [^\W\d_]{{1,20}}){{1,4}}>|<[^\W\d_a-zA-Z]{{2,30}}>"
    r"|<(?i:product|city|e-?mail|place|town|brand|website|amount|headline|your[\w -]{0,30})>"
    r"|&lt;\s*[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,4}\s*&gt;|(?<![\\\w^}{$])\{[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){1,4}\}"
    r"|\{%[^{}\n]{1,60}%\}|<!--[^\n]{0,200}|(?<![\\\w^}{])\{\d\}|\[object \w+\]",
)
_VOID = re.compile(
    rf"\b(?:NaN|None|undefined|null) ?(?:€|\$|EUR\b|USD\b|%)|^[ \t]*(?:undefined|null|NaN|None)[ \t]*$"
    rf"|^[ \t]*(?i:{_GREETING}) (?:undefined|null|None|NaN)\b|:[ \t]*(?:undefined|NaN)[ \t]*$"
    r"|(?:\\n){2,}|\\u[0-9a-fA-F]{4}",
    re.MULTILINE,
)


def placeholder(brief: str, draft: str) -> str:
    """The first placeholder in a text that the brief does not have itself; empty where there is none."""
    text = _CODE.sub(" ", draft)
    asked = brief.casefold()
    for found in (_bracket(asked, text), *(_not_asked(asked, one, text) for one in (_SIGNS, _LETTERS, _VOID, _LINES))):
        if found:
            return found
    return ""


def _not_asked(asked: str, pattern: re.Pattern[str], text: str) -> str:
    for found in pattern.finditer(text):
        words = " ".join(found[0].split())
        if words.casefold().strip("()[]*_.,: ") not in asked or not words.strip("()[]*_.,: "):
            return words
    return ""


def _bracket(asked: str, text: str) -> str:
    """Words in brackets that are no note of an editor's, no reference, and stand in no quotation."""
    if "[" not in text and "【" not in text:
        return ""
    for found in _BRACKET.finditer(_QUOTED.sub(" ", text)):
        inner = (found[1] or found[2] or "").strip()
        if found[2] and not re.search(r"[您你]|请|填|插入|公司名|姓名|名称|日期|价格", inner):
            continue
        if _is_gap(inner) and inner.casefold() not in asked:
            return found[0]
    return ""


def _is_gap(inner: str) -> bool:
    if _CITATION.search(inner) or (_EDITORIAL.fullmatch(inner) and not inner.startswith(("_", "?"))):
        return inner == "X"
    return bool(_NEVER_LEFT.fullmatch(inner) or _ALPHANUMERIC.search(inner))
