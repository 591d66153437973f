"""The kinds of sentences in which a model speaks of itself or to whoever asked, as tables; a row is explained by
`kinds.Kind`. They are looked for in the casefolded text.

The rows of a table stand in the order in which they are tried at a place.
"""

from functools import partial

from bot.checks.leftovers.kinds import Kind

_Exact = partial(Kind, exact=True)
_ITSELF = "artificial intelligence|language model"

# A model that says what it is, or that it cannot.
OF_ITSELF = (
    _Exact(
        "as an AI",
        f"as a ai|as an ai|large ai|virtual assistant|chatbot|{_ITSELF}",
        r"\bas an? (?:(?:large )?(?:ai\b|artificial intelligence|language model)|virtual assistant|chatbot)",
    ),
    _Exact(
        "I am an AI",
        f" a ai| an ai|{_ITSELF}",
        r"\bi(?: a|['’])m (?:just |only )?an? (?:ai\b|artificial intelligence|(?:large )?language model)",
    ),
    _Exact(
        "I cannot access",
        "i cannot|i can't|i can’t|unable to",
        r"\bi(?: cannot| can['’]t| am unable to|['’]m unable to) "
        r"(?:browse|access|assist|help|provide|comply|fulfill?|complete)\b",
    ),
    _Exact(
        "Sorry, but I can't write",
        "sorry|apologise|apologize|unfortunately",
        r"\b(?:sorry|apologi[sz]e|unfortunately),? (?:but )?i (?:can['’]t|cannot|am unable to|won['’]t) "
        r"(?:do|write|create|produce|generate|answer|continue|help|assist)\b",
    ),
    _Exact(
        "I don't have access to the file",
        "i don't have|i don’t have|i do not have",
        r"\bi (?:don['’]t|do not) have (?:the ability to|real-time"
        r"|access to (?:the (?:file|internet|attach)|real|current|external|live))",
    ),
    _Exact("I can't do that", " do that", r"\bi (?:can['’]t|cannot) do that\b"),
    _Exact("lo siento, no puedo", "lo siento", r"\blo siento,? (?:pero )?no puedo (?:ayudar|hacer|escribir|cumplir)"),
    _Exact("es tut mir leid", "tut mir leid", r"\bes tut mir leid, aber ich kann (?:\w+ )?nicht"),
    _Exact("désolé, je ne peux pas", "désolé", r"\bdésolée?,? (?:mais )?je ne peux pas"),
    _Exact(
        "ich bin eine KI",
        "ich bin ",
        r"\bich bin (?:nur )?(?:eine? )?(?:ki\b|sprachmodell|künstliche intelligenz)",
    ),
    _Exact("soy una IA", "soy ", r"\bsoy (?:una? )?(?:ia\b|modelo de lenguaje|inteligencia artificial)"),
    _Exact(
        "je suis une IA",
        "je suis un",
        r"\bje suis une? (?:ia\b|modèle de langage|intelligence artificielle)",
    ),
    _Exact(
        "sono un'IA",
        "sono un",
        r"\bsono un(?:a |['’] ?| )(?:ia\b|intelligenza artificiale|modello linguistico)",
    ),
    _Exact(
        "my training data",
        "my training data|my knowledge|my last ",
        r"\bmy (?:training data|knowledge (?:cut-?off|ends|stops|only goes|is limited)|last (?:knowledge )?update)\b",
    ),
    _Exact(
        "als KI",
        "als ki|als ein|sprachmodell|künstliche intelligenz",
        r"\bals (?:eine? )?(?:ki\b|sprachmodell|künstliche intelligenz)",
    ),
    _Exact(
        "como IA",
        "como ia|como un|como inteligencia|como modelo",
        r"\bcomo (?:una? )?(?:ia\b|inteligencia artificial|modelo de lenguaje)",
    ),
    _Exact(
        "en tant qu'IA",
        "en tant qu",
        r"\ben tant qu['’](?:ia\b|intelligence artificielle|assistant)|\ben tant que modèle",
    ),
    _Exact("come IA", "come ia|come un|modello linguistico", r"\bcome (?:una? )?(?:ia\b|modello linguistico)"),
    _Exact("como uma IA", "como ia|como uma|modelo de linguagem", r"\bcomo (?:uma )?(?:ia\b|modelo de linguagem)"),
    _Exact("as an AI, in Urdu", "بطور", r"بطور (?:ایک )?(?:اے آئی|مصنوعی ذہانت)"),
    _Exact("as a language model, in Urdu", "زبان کے ماڈل", r"زبان کے ماڈل کے طور پر"),
)
# What is said to the client, and addresses that nobody has.
TO_THE_CLIENT = (
    _Exact(
        "let me know if you'd like any changes",
        "let me know if you|tell me if you",
        r"\b(?:let me know|tell me) if you(?:['’]d| would)? (?:like|want|need) "
        r"(?:me to|any (?:changes|edits|adjustments|revisions)|(?:it|this|the (?:text|tone|page)) (?:in another"
        r"|changed|longer|shorter|simpler|less|more)|(?:another|a different|a longer|a shorter) version)\b",
    ),
    _Exact("would you like me to", "would you like me to", r"\bwould you like me to\b"),
    _Exact("I hope this helps", "i hope this", r"\bi hope this (?:helps|meets)"),
    _Exact("feel free to adjust", "feel free to", r"\bfeel free to (?:adjust|edit|modify|customi[sz]e|tweak)\b"),
    _Exact("I have assumed", "assumed", r"\bi(?:['’]ve| have) assumed\b"),
    _Exact("this draft assumes", "this draft", r"\bthis draft (?:assumes|uses|is based)\b"),
    _Exact("word count: 120", "wordcount|word count", r"\bword ?count: ?\d"),
    _Exact(
        "Here is the revised version:",
        "here is|here are|here's|here’s",
        r"^here(?: is| are|['’]s) (?:the|your|an?) (?:revised|updated|final|requested|improved) [^\n]{0,60}:$",
    ),
    _Exact("123 Main Street", "123 main st", r"\b123 main st"),
    _Exact("Anytown", "anytown", r"\banytown\b"),
    _Exact("name@company.com", "name@", r"\b(?:your)?name@(?:company|example|domain|email)\."),
    _Exact(
        "your-company.com",
        "your-|yourco|yourdo|yourwe|yoursi",
        r"\byour-?(?:company|domain|website|site)\.(?:com|org|net)\b",
    ),
    _Exact(
        "I have kept it as you asked",
        "i've |i’ve |i have ",
        r"\bi(?:['’]ve| have) (?:written|drafted|kept|added|included|left) (?:this|the|it)\b[^\n]{0,60}"
        r"\b(?:as (?:you )?(?:asked|requested)|placeholder|brief)\b",
    ),
)
