"""Which of some named queries answers a question, by plain rules: the words of each, in English, Spanish and Urdu.

Written apart from the rules of the product, as another reader. A real model reads better; what it must not do, these do
not either: whatever wants something changed, or asks for what is no figure, is answered with "none".
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

NONE = "none"
# Orders, other people's business, and what is no figure at all.
_OFF = re.compile(
    r"\b(?:delete|erase|remove|insert|update|truncate|alter|drop (?:the )?(?:table|database)|sql|"
    r"select\b.*\bfrom|"
    r"approve|void|cancel|send|pay (?:out|him|her|me)|refund (?:invoice|client|him|her|them|everyone)|mark .* paid|"
    r"set (?:the|my|a)|change (?:the|my|our|his) (?:price|role|target|prompt|setting|limit)s?|create|"
    r"make (?:me|him|an?)|"
    r"switch|turn (?:off|on)|restart|run (?:the|job|a)|(?:an)?other (?:tenant|compan\w+|business\w*|studio)s?|tenants?|"
    r"ignore|disregard|forget (?:all|your|the|everything)|pretend|override|instructions?|prompts?|rules|passwords?|"
    r"secrets?|tokens?|api ?keys?|credentials?|env(?:ironment)?|emails?|phones?|addresses|cards?|weather|joke|poem|"
    r"borra(?:r|me|lo|las|los)?|elimina\w*|cambia (?:el|la|los)|cancela\w*|anula\w*|aprueba|envia\w*|reembolsa\w*|crea|"
    r"modifica|otr[ao]s? "
    r"empresas?|ignora|olvida|instrucciones|contrasena\w*|claves?|secretos?|chiste|tiempo hara|correos?)\b"
    r"|حذف|مٹا|ڈیلیٹ|منسوخ|بھیج|بدل د|تبدیل کر|منظور کر"
    r"|واپس کر د|دوسری کمپنی|کسی اور|نظر ?انداز|ہدایات|پاس ?ورڈ|خفیہ|پرامپٹ|موسم|لطیفہ"
)
_EARNED = (
    r"revenue|earn|income|sales|turnover|\bma(?:de|ke)\b|ingres|ventas|factura|gana|آمدنی|آمدن|کمائی|کمایا|سیلز|amdani"
)
_CHANGED = (
    r"\bwhy\b|how come|compare|month before|\bgo(?:es)? up\b|drop|fell|fall|rise|rose|grow|grew|chang|declin|decreas"
    r"|increas|por que|\bbaj|\bsubi|cayo|cayeron|crec|cambi|کیوں|کم |بڑھ|گر گئی|kyun"
)
_KINDS = r"\btypes?\b|\bkinds?\b|\btipos?\b|قسم|اقسام"
_MOST = r"top|best|biggest|most|largest|mejor|principal|mas |بڑے|زیادہ|بہترین"
_OWED = r"\bow(?:e|es|ed|ing)\b|unpaid|outstanding|receivable|deben?\b|por cobrar|sin pagar|pendiente|واجب|بقایا"
_TIME = (
    r"turn ?around|how (?:fast|quick|long)|deliver\w* time|tardamos|tarda|tiempo de entrega|rapid"
    r"|کتنا وقت|کتنی دیر|کتنی جلدی|رفتار"
)
# The first whose signs all are there.
_QUERIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("model_costs", (r"\b(?:ai|models?|modelos?|ia|openai)\b|ماڈل|اے آئی", r"cost|spen[dt]|bill|gast|خرچ|لاگت|kharch")),
    ("margin", (r"margin|profit|margen|ganancia|beneficio|منافع|مارجن|munafa",)),
    ("refunds", (r"refund|money back|reembols|devol|devuel|ریفنڈ|واپس",)),
    ("failed_jobs", (r"\bjobs?\b|\btareas?\b|جاب|شیڈول", r"fail|miss|broke|fall|ناکام|فیل")),
    ("incidents", (r"incident|outage|downtime|trouble|caidas? del|averia|interrupcion|واقع|بندش|خرابی",)),
    ("ratings", (r"\bstars?\b|rating|satisf|happy|estrella|valoracion|calificacion|content[oa]s|ستار|ریٹنگ|خوش",)),
    ("quality_scores", (r"quality|score|how good|calidad|puntuacion|معیار|کوالٹی|اسکور",)),
    ("overdue_invoices", (r"overdue|past due|late|vencid|atrasad|retraso|تاخیر|لیٹ",)),
    ("receivables", (_OWED,)),
    ("load", (r"\bbus(?:y|iest)\b|\bload\b|\bpeak\b|ocupad|\bcarga\b|hora pico|مصروف|لوڈ|رش|بوجھ",)),
    ("revenue_change", (_EARNED, _CHANGED)),
    ("briefs_by_type", (r"brief|order|pedido|encargo|بریف|آرڈر", _KINDS)),
    ("revenue_by_type", (_EARNED, _KINDS)),
    ("top_clients", (r"clients?\b|customers?\b|clientes\b|کلائنٹ|گاہک", _MOST)),
    ("turnaround", (_TIME,)),
    ("revenue", (_EARNED,)),
    ("briefs_by_state", (r"brief|order|pedido|encargo|بریف|آرڈر",)),
)
_PERIODS = (
    ("last_week", r"(?:last|previous) week|semana pasada|ultima semana|(?:گزشتہ|پچھلے) ہفت|pichle hafte"),
    ("this_week", r"this week|esta semana|اس ہفت"),
    ("last_month", r"(?:last|previous) month|mes pasado|ultimo mes|(?:گزشتہ|پچھلے) (?:مہین|ماہ)|pichle mahine"),
    ("this_month", r"this month|este mes|اس (?:مہین|ماہ)"),
    ("last_quarter", r"last quarter|trimestre pasado|(?:گزشتہ|پچھلی) سہ ماہی"),
    ("this_quarter", r"this quarter|este trimestre|اس سہ ماہی"),
    ("last_year", r"last year|ano pasado|(?:گزشتہ|پچھلے) سال"),
    ("this_year", r"this year|este ano|اس سال"),
    ("last_7_days", r"(?:last|past) (?:7|seven) days|ultimos (?:7|siete) dias|(?:گزشتہ|پچھلے) (?:7|سات) دن"),
    ("last_30_days", r"(?:last|past) (?:30|thirty) days|ultimos (?:30|treinta) dias|(?:گزشتہ|پچھلے) (?:30|تیس) دن"),
    ("last_90_days", r"(?:last|past) (?:90|ninety) days|ultimos (?:90|noventa) dias|(?:گزشتہ|پچھلے) (?:90|نوے) دن"),
    ("yesterday", r"\byesterday\b|\bayer\b|گزشتہ روز|(?:^|\s)کل(?:\s|$)"),
    ("today", r"\btoday\b|\bhoy\b|(?:^|\s)آج(?:\s|$)"),
)
_MONTHS = (
    r"january|enero|جنوری", r"february|febrero|فروری", r"march|marzo|مارچ", r"april|abril|اپریل", r"\bmay\b|mayo|مئی",
    r"june|junio|جون", r"july|julio|جولائی", r"august|agosto|اگست", r"september|septiembre|ستمبر",
    r"october|octubre|اکتوبر", r"november|noviembre|نومبر", r"december|diciembre|دسمبر",
)  # fmt: skip
_TYPES = (
    ("Research", r"research|investigacion|تحقیق|ریسرچ"),
    ("Drafting", r"drafting|redaccion|تحریر|ڈرافٹنگ"),
    ("Data-transform", r"data[- ]transform|transformacion de datos|ڈیٹا"),
    ("Transcription", r"transcription|transcripcion|ٹرانسکرپشن"),
)
_MONEY = (("EUR", r"\beur(?:os?)?\b|یورو"), ("USD", r"\busd\b|dollar|dolar|ڈالر"), ("PKR", r"\bpkr\b|rupee|روپ"))
_CLIENT = re.compile(r"(?:clients?|customers?|clientes?|کلائنٹ|گاہک)(?: (?:number|numero|نمبر|no\.?))? ?#?(\d{1,9})")
_TODAY = re.compile(r"Today is \w+ (\d{4}-\d{2}-\d{2})")
_IN_PERIOD = frozenset(name for name, _ in _QUERIES) - {"overdue_invoices", "receivables"}
_TAKES = {
    "period": _IN_PERIOD,
    "currency": frozenset({"revenue", "revenue_change", "revenue_by_type", "top_clients", "margin", "refunds",
                           "overdue_invoices", "receivables"}),
    "type": frozenset({"revenue", "briefs_by_state", "turnaround", "quality_scores"}),
    "client": frozenset({"revenue", "briefs_by_state", "overdue_invoices"}),
}  # fmt: skip


def chooses_a_query(schema: Mapping[str, Any]) -> bool:
    """Whether a structured call is to name one of some queries and its arguments."""
    query = schema.get("properties", {}).get("query", {})
    return NONE in query.get("enum", ()) and "period" in schema.get("properties", {})


def answer(schema: Mapping[str, Any], system: str, question: str) -> dict[str, Any]:
    """The query, and what it is given; "none" where no words of it are known, or where it is no question on figures."""
    said = _plain(question)
    empty = dict.fromkeys(schema["properties"]) | {"query": NONE}
    if _OFF.search(said):
        return empty
    named = next((name for name, signs in _QUERIES if all(re.search(sign, said) for sign in signs)), NONE)
    if named not in schema["properties"]["query"]["enum"]:
        return empty
    client = _CLIENT.search(said)
    given: dict[str, Any] = {
        "period": _period(said, _today(system)),
        "currency": next((code for code, sign in _MONEY if re.search(sign, said)), None),
        "type": next((kind for kind, sign in _TYPES if re.search(sign, said)), None),
        "client": None if client is None else int(client[1]),
    }
    if any(value is not None and named not in _TAKES[key] for key, value in given.items()):
        return empty
    return empty | {"query": named} | given


def _period(said: str, today: date) -> str | None:
    if (days := re.search(r"20\d\d-\d\d-\d\d", said)) is not None:
        return days[0]
    if (month := re.search(r"20\d\d-\d\d", said)) is not None:
        return month[0]
    for name, sign in _PERIODS:
        if re.search(sign, said):
            return name
    for number, sign in enumerate(_MONTHS, 1):
        if re.search(sign, said):
            year = re.search(r"20\d\d", said)
            passed = today.year if number <= today.month else today.year - 1
            return f"{year[0] if year else passed}-{number:02d}"
    return None


def _today(system: str) -> date:
    found = _TODAY.search(system)
    return date.fromisoformat(found[1]) if found else date(2026, 1, 1)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text).casefold()
    latin = "".join(letter for letter in spread if not "\u0300" <= letter <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", latin).split())
