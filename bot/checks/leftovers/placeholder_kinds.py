"""The kinds of placeholders that are told by words or signs, as tables; a row is explained by `kinds.Kind`.

The rows of a table stand in the order in which they are tried at a place.
"""

from functools import partial

from bot.checks.leftovers.kinds import Kind

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
_HERE_SIGNS = " here| hier| einf| eintrag| einsetz| aquí| ici| qui| aqui"
_NOT_HTML = (
    r"(?!(?:input|button|script|select|option|video|audio|details|form|textarea|ol|iframe|meta|link|img|br|hr"
    r"|dialog)\b)"
)

_Exact = partial(Kind, exact=True)

# Markup of templates: <your name>, {first name}.
MARKUP = (
    _Exact(
        "words in angle brackets, but no tag of HTML",
        "<",
        rf"<{_NOT_HTML}[^\W\d_]{{2,20}}(?: [^\W\d_]{{1,20}}){{1,4}}>",
    ),
    _Exact("a word in angle brackets that is not Latin", "<", r"<[^\W\d_a-zA-Z]{2,30}>"),
    _Exact(
        "a thing in angle brackets",
        "<",
        r"<(?i:product|city|e-?mail|place|town|brand|website|amount|headline|your[\w -]{0,30})>",
    ),
    _Exact("the same, escaped", "&lt;", r"&lt;\s*[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,4}\s*&gt;"),
    _Exact("words in braces", "{", r"(?<![\\\w^}{$])\{[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){1,4}\}"),
    _Exact("a tag of a template", "{%", r"\{%[^{}\n]{1,60}%\}"),
    _Exact("a comment in HTML", "<!--", r"<!--[^\n]{0,200}"),
    _Exact("a number in braces", "{", r"(?<![\\\w^}{])\{\d\}"),
    _Exact("what JavaScript calls an object", "[object ", r"\[object \w+\]"),
)
# Letters and signs in place of a value: XX hours, Price: ?
LETTERS = (
    _Exact("XX hours", "XX", rf"(?<![\w.-])XX+ (?i:{_UNIT})\b"),
    _Exact("XX €", "XX", r"(?<!\w)XX+[ \t]?[€$£%](?!\w)"),
    _Exact(
        "costs XX",
        "XX|YY|ZZ|NN",
        rf"(?i:{_VALUE})[€$£]?(?:XX+|YY+|ZZ+|NN)(?![\w'’:-])(?=[ \t]*(?:[.,;)]|$))",
    ),
    _Exact(
        "in X days",
        "X ",
        r"(?:^|[a-zß-ÿ(,:] )X (?i:days?|hours?|minutes?|weeks?|months?|km|kg|cm|words|percent|euros?|dollars?"
        r"|pounds?|tage"
        r"|stunden|wochen|monate|días|horas|semanas|meses|jours|heures|semaines|mois|dias)\b",
    ),
    _Exact("X %", "X%|X %", r"(?:^|[a-zß-ÿ(,:] )X ?%"),
    _Exact("20XX", "XX|X|xx|x", r"\b(?:19|20)(?:XX|xx|\d[Xx])\b"),
    _Exact("$PRICE$", "$", r"\$[A-Z_]{3,30}\$"),
    _Exact("Price: X", "X", r":[ \t]*X[ \t]*$"),
    _Exact("XX:XX, XX.XX.XX", "XX", r"\bXX+(?:[:.,/-]XX+)+\b"),
    _Exact("XX/2026", "XX", r"\bXX+[./-](?:19|20)?\d\d\b"),
    _Exact("31.XX", "XX", r"\b(?:\d{1,2}[./-])+XX+\b"),
    _Exact(
        "Dear Mr. X,",
        "X|YY|ZZ|N.|NN",
        rf"^[ \t]*(?i:{_GREETING})(?: (?i:mr|mrs|ms|dr|herrn?|frau|señora?|monsieur|madame))?\.? "
        r"(?:X{1,4}|XY|XYZ|Y{2,}|Z{2,}|N\. ?N\.|NN)[ \t]*[,:!]",
    ),
    _Exact("Company XYZ", " XY", r"\b(?i:company|firma|empresa|entreprise|société) XYZ?\b"),
    _Exact("XYZ Ltd", "XY", rf"\bXYZ? {_FIRM}\b"),
    _Exact(
        "on DD/MM/YYYY",
        "YY|JJ|AA|yy",
        r"(?i:[:(\[]|\b(?:on|from|until|by|since|am|vom|bis|el|le|du)) ?\[?"
        r"(?:DD|MM|TT|JJ|dd|mm)[./-](?:MM|DD|mm|dd)[./-](?:Y{2,4}|J{2,4}|A{2,4}|y{2,4})",
    ),
    _Exact("costs ??", "?", rf"(?i:{_VALUE})[€$£]?\?+(?=[ \t]*(?:[.,;)€$£]|$))"),
    _Exact("a line that ends before its value", ":", r"^[^|\n:]{1,40}:[ \t]*(?:[-–—?]|\.\.\.|…)[ \t]*$"),
    _Exact("a row of dots, but none that leads to a page", "....", r"(?<![\w.!?)])\.{4,}(?![ \t.]*\d)"),
    _Exact("the same with spaces", ". . . . ", r"(?:\. ){4,}\.?(?![ \t.]*\d)"),
    _Exact("@@price@@", "@@", r"@@\w{2,30}@@"),
    _Exact("%%price%%", "%%", r"%%\w{2,30}%%"),
    _Exact("((price))", "((", r"\(\([^()\n]{2,40}\)\)"),
    _Exact("00/00/0000", "0000", r"\b00[./]00[./]0000\b"),
    _Exact(
        "__NAME__",
        "__|@@|%",
        r"(?<!\w)(?:__|@@|%)(?:NAME|PRICE|DATE|COMPANY|ADDRESS|name|price|date|company|address)(?:__|@@|%)(?!\w)",
    ),
)
# What a program writes where it was given no value.
NO_VALUE = (
    _Exact("NaN EUR", "NaN|None|undefined|null", r"\b(?:NaN|None|undefined|null) ?(?:€|\$|EUR\b|USD\b|%)"),
    _Exact("a line of its own", "NaN|None|undefined|null", r"^[ \t]*(?:undefined|null|NaN|None)[ \t]*$"),
    _Exact("Hello undefined", "NaN|None|undefined|null", rf"^[ \t]*(?i:{_GREETING}) (?:undefined|null|None|NaN)\b"),
    _Exact("Price: undefined", "NaN|undefined", r":[ \t]*(?:undefined|NaN)[ \t]*$"),
    _Exact(
        "Itâ€™s, CafÃ©",
        "â€|Ã|Â|ï»¿|â‚|\ufffd",
        r"â€[™œ˜“”\x80-\x9f\u2013-\u2122]|Ã[\x80-\xbf\u0152-\u0192\u2018-\u2030]|Â[\xa0£€°»«·§®©]|â‚¬|ï»¿|\ufffd",
    ),
    _Exact("line breaks spelled out", r"\n\n", r"(?:\\n){2,}"),
    _Exact("a sign spelled out", r"\u", r"\\u[0-9a-fA-F]{4}"),
)
# Words that say what is to go there, and persons, numbers and addresses that nobody has.
WORDS = (
    Kind(
        "your text here",
        _HERE_SIGNS,
        rf"{_EDGE}(?:{_PUT} )?(?:{_OWN} )?(?:{_OWN} )?(?:{_THING} ){{1,2}}{_HERE}{_ENDS}",
    ),
    Kind(
        "hier Text einfügen",
        "einfügen|eintragen|einsetzen|ergänzen|insertar|insérer",
        rf"{_EDGE}(?:hier|aquí|ici|qui) (?:{_OWN} )?{_THING} "
        rf"(?:einfügen|eintragen|einsetzen|ergänzen|insertar|insérer){_ENDS}",
    ),
    Kind(
        "(insert the opening hours)",
        "inser|insér|paste|fill in",
        r"(?:^|\()[ \t*_]{0,4}(?:insert|paste|fill in|inserte?|ins[ée]rer|inserire)"
        rf"(?! (?:with|into|in|it|them|up|until)\b)(?: {_OWN})?(?: [\w-]{{2,20}}){{1,3}}[ \t]*[)*_]",
    ),
    Kind("(add price)", ")|*|_", rf"(?:\(|^)[ \t*_]{{0,4}}(?:{_PUT} )(?:{_OWN} )?{_THING}(?: {_HERE})?[ \t]*[)*_]"),
    Kind("(your name)", "(your |(ihr|(su |(votre ", rf"\((?:your|ihre?|su|votre) {_THING}\)"),
    Kind("type here", " here", r"^[ \t*_]{0,4}(?:type|write|enter|click)(?: \w{2,12}){0,2} here[ \t*_.]{0,4}$"),
    Kind(
        "about 100 words here",
        _HERE_SIGNS,
        r"\b(?:xx+|about \d+|\d+|some|more) (?:words?|wörter|palabras|mots|sentences?|paragraphs?) "
        rf"(?:go(?:es)? )?{_HERE}{_ENDS}",
    ),
    Kind(
        "Regards, Your Name",
        "your |ihr|su |votre |il tuo |seu ",
        r"(?:^|,[ \t]{1,3})[ \t*_]{0,4}(?:your|ihre?|su|votre|il tuo|seu) (?:full |first |last |company |business )?"
        rf"{_THING}[ \t*_.]{{0,4}}$",
    ),
    Kind(
        "Sincerely, Name",
        "name",
        r"^(?:sincerely|(?:kind |best |warm )?regards|yours(?: \w+)?|mit freundlichen grüßen|saludos|cordialement)"
        r"[,.]?\s{1,3}(?:\[?name\]?|name surname|first name)[ \t]*$",
    ),
    Kind(
        "sample text",
        "placeholder|platzhalter|sample text|dummy text|filler text|example text|beispieltext|mustertext|fülltext"
        "|testo segn|marcador|blah|asdf|folgt|wird |hier steht|hier könnte",
        r"^[ \t*_#>-]{0,6}(?:placeholder|platzhalter|(?:sample|dummy|filler|example) text|beispieltext|mustertext"
        r"|fülltext|testo segnaposto|marcador de posición|blah(?:[ ,]{1,2}blah)*|asdf\w*|folgt (?:noch|in kürze)"
        r"|wird (?:noch )?(?:ergänzt|nachgereicht)"
        r"|hier (?:steht|könnte) (?:der|ihr|ein) text(?: stehen)?)[ \t*_.:]{0,4}$",
    ),
    Kind(
        "price to be advised",
        "to be advised|to be supplied|to be provided|to be filled|to be inserted",
        rf"\b{_THING}s? (?:is |are )?to be (?:advised|supplied|provided|filled in|inserted)\b(?! (?:by|at|to)\b)",
    ),
    Kind(
        "details will be added",
        "will be |will add|will suppl|will prov|will follow|will insert|will fill",
        rf"\b{_THING}s? will (?:be )?(?:added|supplied|provided|follow|inserted|filled in)(?: later| soon)?{_ENDS}",
    ),
    Kind(
        "I will add the price later",
        "later|soon",
        r"\bi(?:['’]ll| will) (?:add|fill in|insert|provide) (?:the|this|that|these) [\w ]{2,30}(?:later|soon)\b",
    ),
    Kind(
        "to be filled in, in other languages",
        "da definire|da completare|da confermare|da inserire|in attesa di conferma|preencher|a definir|a confirmar"
        "|in te vullen|te bepalen|aan te vullen|uzupełnienia|ustalenia|potwierdzenia|уточняется|уточнено|à remplir"
        "|à renseigner",
        r"\b(?:da (?:definire|completare|confermare|inserire)|in attesa di conferma|a preencher|por preencher"
        r"|a (?:definir|confirmar)|nog (?:in te vullen|te bepalen|aan te vullen)"
        r"|do (?:uzupełnienia|ustalenia|potwierdzenia)|уточняется|будет уточнено|à remplir|à renseigner)"
        rf"{_ENDS}",
    ),
    Kind("n.t.b.", "n.t.b.", r"\bn\.t\.b\."),
    Kind(
        "Company Name, ABC Ltd",
        "company name|abc |musterfirma| abc",
        rf"^\W{{0,4}}company name\W{{0,4}}$|\bcompany name {_FIRM}\b|\babc {_FIRM}\b|\b(?:company|firma|empresa"
        rf"|entreprise)"
        r" (?-i:ABC)\b|\bmusterfirma\b",
    ),
    Kind("123 Example Street", "example st|example ro|example av", r"\b\d{1,4} example (?:street|st\b|road|avenue)"),
    Kind("your@email.com", "@", r"\b(?:your?|my|name|person)@(?:e?-?mail|domain|company|mail)\.(?:com|org|net)\b"),
    Kind(
        "www.website.com",
        "website.|mysite.",
        r"\b(?:www\.)?(?:your-?website|website|mysite)\.com\b",
    ),
    Kind(
        "+49 123 456789",
        "123|234",
        r"(?<!\d)\+\d{1,3}[ -]?\(?123\)?[ /-]?456[ -]?\d{2,4}|\+1[ -]234[ -]567[ -]\d{3}"
        r"|(?<!\d)1234567890?(?:89)?(?!\d)|(?<!\d)123456789(?!\d)",
    ),
    Kind("N. N.", "n.n.|n. n.", r"^[ \t]*n\. ?n\.[ \t]*$"),
    Kind("Jane Doe", "john doe|jane doe", r"\b(?:john|jane) doe\b"),
    Kind("Acme Inc", "acme ", r"\bacme (?:inc|corp|ltd)\b"),
    Kind(
        "name@studio.org",
        "mail@|name@|user@|someone@",
        r"\b(?:your\.?e?mail|your\.?name|name|user|someone)@[\w.-]{1,40}\.\w{2,6}\b",
    ),
    Kind("info@example.com", "@example.", r"\b(?:info|hello|contact|support|office|mail)@example\.(?:com|org|net)\b"),
    Kind("www.example.com", "www.example.", r"\bwww\.example\.(?:com|org|net)\b"),
    Kind(
        "Price: — EUR",
        "—|–|-",
        r":[ \t]*[—–-]{1,3}[ \t]*(?:EUR|USD|GBP|CHF|PKR|€|\$|£|kg|cm)(?!\w)"
        r"|(?<!\d)(?<!\d[ \xa0])[€$£][ \t]*[—–-]{1,3}(?![\w—–-])",
    ),
    Kind("foo@bar.com", "foo@bar.", r"\bfoo@bar\.\w{2,3}\b"),
    Kind("(555) 123-4567", "555", r"(?<!\d)\(?555\)?[ .-]\d{3}[ .-]?\d{4}\b"),
    Kind("555-1234", "555-", r"(?<![\d-])555-\d{4}\b"),
    Kind("123-456-7890", "7890", r"\b123[-. ]?456[-. ]?7890\b"),
    Kind("0123 456789", "0123", r"\b0123[ /-]?456[ ]?789\d?\b"),
)
