"""What a draft by rules says around the brief's own words, in each language that it can be written in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.openai import layout
from sandbox.openai.layout import Shape

_REQUEST = re.compile(
    r"^(?:please |kindly |also |can you |could you |i need |we need |i want |we want )*"
    r"(?:(?:write|draft|prepare|create|make|produce|compose|research|find out|summari[sz]e|compile|compare|transcribe"
    r"|convert|mention|include|explain|describe|cover|list|add|say|state|tell (?:them|readers|people)) (?:that )?)?"
    r"(?:me |us )?(?:(?:an? |the |our )?(?:[\w-]+ ){0,3}?(?:announcement|e-?mail|letter|newsletter|post|report|summary"
    r"|article|notice|overview|page|text|note|description|brief) (?:to (?:[\w-]+ ){1,4}?)?(?:about|on|of|for) )?",
    re.IGNORECASE,
)
_REQUEST_ES = re.compile(
    r"^(?:por favor,? |necesito (?:que )?|quiero (?:que )?|queremos (?:que )?|también )*"
    r"(?:(?:(?:escrib|redact|prepar|mencion|incluy|explic|describ)\w*|crea|haz|di|agrega|añade) (?:que )?)?"
    r"(?:(?:un|una|el|la|nuestro|nuestra) (?:[\w-]+ ){1,5}?(?:para|sobre|acerca de) )?",
    re.IGNORECASE,
)
_REQUEST_UR = re.compile(
    r"^(?:براہ کرم )?(?:یہ بھی )?(?:لکھیں|بتائیں|شامل کریں) کہ "
    r"|\s*کے لیے (?:[^\s،]+ ){0,8}?(?:متن|صفحہ|مضمون|خط|اعلان|تحریر) (?:لکھیں|لکھ دیں|تیار کریں)"
)


@dataclass(frozen=True)
class Frame:
    """One language's words. request: what a sentence says of being written, which is no part of the text.

    about, readers, later: with {topic}, {readers} and {point}; later is said of a figure that is not settled.
    stop: what ends a sentence.
    """

    shapes: Mapping[str, Shape]
    follow_on: tuple[str, ...]
    request: re.Pattern[str]
    about: str
    readers: str
    later: str
    unanswered: str
    stop: str = "."


ENGLISH = Frame(
    layout.SHAPES,
    layout.FOLLOW_ON,
    _REQUEST,
    " about {topic}",
    ", written for {readers}",
    "{point}: we will tell you as soon as it is settled",
    "The brief does not answer this, so it needs a source.",
)
SPANISH = Frame(
    {
        "Research": Shape(
            "Esta nota reúne lo que se sabe{about}{readers}. Cada hallazgo se presenta por separado.",
            "Hallazgo: {title}",
            "Lo que queda abierto",
            "Los hallazgos se basan en lo entregado. Donde falta una fuente, conviene comprobarla antes de citarla.",
        ),
        "Data-transform": Shape(
            "El material{about} se reúne en una sola tabla{readers}. Cada fila viene del brief; no se añade ninguna.",
            "{title}",
            "Notas",
            "Cada entrada conserva su redacción. Las filas siguen el orden del brief, para poder compararlas.",
        ),
        "Transcription": Shape(
            "Copia en limpio de la grabación{about}{readers}. Se omiten las muletillas y se mantiene el orden.",
            "{title}",
            "Una nota sobre la copia",
            "Los pasajes siguen la grabación. Lo que no se oía bien conviene confirmarlo con quien habla.",
        ),
        "Drafting": Shape(
            "Aquí está lo que conviene saber{about}{readers}. Siguen los puntos principales, cada uno en su sección.",
            "{title}",
            "Siguiente paso",
            "Gracias por leer. Si algo no queda claro, basta una respuesta breve y habrá una aclaración sencilla.",
        ),
        "Other": Shape(
            "A continuación, un texto breve{about}{readers}, con una sección para cada punto pedido.",
            "{title}",
            "En resumen",
            "Eso es todo. Cada parte puede cambiarse sin tocar las demás.",
        ),
    },
    (
        "En la práctica, esto significa menos preguntas más adelante y un comienzo claro.",
        "Se dice una sola vez y con sencillez, para que sea fácil de encontrar.",
        "Quien quiera más detalles puede preguntar cuando guste.",
        "Si cambian las circunstancias, esta es la parte que conviene actualizar.",
        "Importa sobre todo a quienes leen sobre el tema por primera vez.",
        "No hace falta nada más para ponerlo en marcha.",
        "Aquí se puede añadir una foto o un ejemplo corto si ayuda.",
        "Esta es la parte que conviene compartir con quien pregunte.",
        "Quien ya lo conoce puede seguir sin perder el hilo.",
        "Vale la pena leerlo otra vez antes de empezar.",
        "La idea es simple, y así debe quedar.",
        "Encaja con lo demás de esta página y no pide otro paso.",
    ),
    _REQUEST_ES,
    " sobre {topic}",
    ", escrito para {readers}",
    "{point}: lo comunicaremos en cuanto esté decidido",
    "El brief no lo responde, así que hace falta una fuente.",
)
URDU = Frame(
    {
        "Research": Shape(
            "اس نوٹ میں{about} معلوم باتیں درج ہیں{readers}۔ ہر نکتہ الگ رکھا گیا ہے۔",
            "نکتہ: {title}",
            "جو ابھی کھلا ہے",
            "یہ نکات فراہم کردہ مواد پر مبنی ہیں۔ جہاں ماخذ نہ ہو، حوالہ دینے سے پہلے جانچ لینا بہتر ہے۔",
        ),
        "Data-transform": Shape(
            "مواد{about} ایک جدول میں رکھا گیا ہے{readers}۔ ہر سطر بریف سے لی گئی ہے؛ کچھ بڑھایا نہیں گیا۔",
            "{title}",
            "نوٹس",
            "ہر اندراج کے الفاظ ویسے ہی رکھے گئے ہیں۔ سطروں کی ترتیب بریف والی ہے، تاکہ دونوں کا موازنہ آسان رہے۔",
        ),
        "Transcription": Shape(
            "ریکارڈنگ{about} کی صاف نقل{readers}۔ بھرتی کے الفاظ نکال دیے گئے ہیں اور ترتیب وہی ہے۔",
            "{title}",
            "نقل کے بارے میں",
            "یہ حصے ریکارڈنگ کے مطابق ہیں۔ جو بات صاف سنائی نہ دی ہو، اس کی بولنے والے سے تصدیق کر لینا بہتر ہے۔",
        ),
        "Drafting": Shape(
            "ذیل میں{about} ضروری باتیں درج ہیں{readers}۔ ہر اہم نکتے کا اپنا حصہ ہے۔",
            "{title}",
            "اگلا قدم",
            "پڑھنے کا شکریہ۔ کوئی بات واضح نہ ہو تو ایک مختصر جواب کافی ہے، سادہ وضاحت مل جائے گی۔",
        ),
        "Other": Shape(
            "ذیل میں{about} ایک مختصر تحریر ہے{readers}، ہر مطلوبہ نکتے کے لیے ایک حصہ۔",
            "{title}",
            "مختصراً",
            "بس اتنا ہی۔ ہر حصہ باقی حصوں کو چھیڑے بغیر بدلا جا سکتا ہے۔",
        ),
    },
    (
        "عملی طور پر اس سے بعد میں سوال کم ہوتے ہیں اور آغاز واضح رہتا ہے۔",
        "یہ بات ایک ہی بار اور سادہ لفظوں میں کہی گئی ہے، تاکہ آسانی سے مل جائے۔",
        "جو مزید تفصیل چاہے وہ بلا جھجک پوچھ سکتا ہے۔",
        "حالات بدل جائیں تو یہی حصہ تازہ کرنا ہوگا۔",
        "یہ سب سے زیادہ ان کے کام کا ہے جو پہلی بار اس کے بارے میں پڑھ رہے ہیں۔",
        "اس پر عمل کے لیے کچھ اور درکار نہیں۔",
        "مدد ملے تو یہاں کوئی تصویر یا چھوٹی مثال شامل کی جا سکتی ہے۔",
        "پوچھنے والوں کو یہی حصہ بھیجنا مناسب ہے۔",
        "جو پہلے سے جانتے ہیں وہ تسلسل کھوئے بغیر آگے بڑھ سکتے ہیں۔",
        "کام شروع کرنے سے پہلے اسے دوبارہ دیکھ لینا اچھا ہے۔",
        "بات سادہ ہے، اور اسے سادہ ہی رہنا چاہیے۔",
        "یہ صفحے کی باقی باتوں سے میل کھاتا ہے اور کوئی اور قدم نہیں مانگتا۔",
    ),
    _REQUEST_UR,
    " {topic} کے بارے میں",
    "، {readers} کے لیے",
    "{point}: طے ہوتے ہی بتا دیا جائے گا",
    "بریف میں اس کا جواب نہیں، اس لیے ماخذ درکار ہے۔",
    "۔",
)
# Small words by which a language is told from those beside it.
_SMALL_WORDS = {
    "en": "the of and to for a in that is with on by it this every",
    "es": "el la los las de del que un una y para con por en se es su más también",
    "pt": "o a os as de do da que um uma e para com por em se é não",
    "it": "il la gli le di del della che un una e per con è non in",
    "de": "der die das und ein eine für mit auf ist in zu von",
    "nl": "de het een en voor van met is op in te die",
    "sv": "och den det en ett är för på som med till av om i",
    "da": "og den det en et er for på som med til af om i",
    "fr": "le la les des du de que un une et pour avec par dans est",
}
_COUNTED = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_URDU_LETTERS = re.compile("[ٹڈڑںہھےگچپکی]")
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")


def of(brief: str) -> Frame:
    """The frame in the brief's language; the English one for a language that there is none for."""
    letters = len(_LETTERS.findall(brief))
    if letters and len(_URDU_LETTERS.findall(brief)) * 5 > letters:
        return URDU
    words = _WORD.findall(brief.lower())
    hits = {language: sum(word in small for word in words) for language, small in _COUNTED.items()}
    return SPANISH if hits["es"] > max(hits[language] for language in hits if language != "es") else ENGLISH
