"""What the judge by rules says of a draft, in the language that its brief is written in."""

from collections.abc import Mapping

from sandbox.openai import frames

_ENGLISH = {
    "nothing": "there is no draft to judge",
    "echo": "gives the brief back instead of doing what it asks for",
    "short": "only {count} words, too short to stand alone",
    "long": "a sentence of {count} words is hard to follow",
    "block": "one long block of text without headings or lists",
    "clear": "short sentences, clear order",
    "figure": "says {what}, which is not in the brief",
    "figures": "says {what}, which are not in the brief",
    "name": "names {what}, which is not in the brief",
    "names": "names {what}, which are not in the brief",
    "true": "every figure and name is in the brief",
    "form": "is no {kind}, which the brief asks for",
    "table": "is no Markdown table, which the brief asks for",
    "column": "lacks the column {name}",
    "broken off": "breaks off in the middle of a sentence",
    "nothing asked": "the brief asks for nothing in particular",
    "complete": "covers everything the brief asks for",
    "left out": "leaves out {what}",
    "hype": "“{word}” reads like advertising",
    "rude": "“{word}” is no way to address a reader",
    "shouts": "{count} exclamation marks",
    "calm": "plain and friendly, nothing oversold",
}
_SPANISH = {
    "nothing": "no hay ningún borrador que juzgar",
    "echo": "devuelve el brief en lugar de hacer lo que pide",
    "short": "solo {count} palabras: demasiado corto para sostenerse solo",
    "long": "una frase de {count} palabras cuesta seguirla",
    "block": "un solo bloque largo de texto, sin títulos ni listas",
    "clear": "frases cortas, orden claro",
    "figure": "dice {what}, que no está en el brief",
    "figures": "dice {what}, que no están en el brief",
    "name": "nombra {what}, que no está en el brief",
    "names": "nombra {what}, que no están en el brief",
    "true": "todas las cifras y los nombres están en el brief",
    "form": "no es {kind}, que es lo que pide el brief",
    "table": "no es una tabla de Markdown, que es lo que pide el brief",
    "column": "falta la columna {name}",
    "broken off": "se corta a mitad de una frase",
    "nothing asked": "el brief no pide nada en particular",
    "complete": "cubre todo lo que pide el brief",
    "left out": "deja fuera {what}",
    "hype": "“{word}” suena a publicidad",
    "rude": "“{word}” no es forma de dirigirse a quien lee",
    "shouts": "{count} signos de exclamación",
    "calm": "sencillo y amable, sin exagerar nada",
}
_URDU = {
    "nothing": "جانچنے کے لیے کوئی مسودہ نہیں",
    "echo": "کام کرنے کے بجائے بریف ہی لوٹا دیا گیا ہے",
    "short": "صرف {count} الفاظ، اتنا مختصر کہ بات پوری نہیں ہوتی",
    "long": "{count} الفاظ کا جملہ سمجھنا مشکل ہے",
    "block": "عنوان یا فہرست کے بغیر ایک ہی لمبا ٹکڑا",
    "clear": "چھوٹے جملے، واضح ترتیب",
    "figure": "{what} لکھا ہے، جو بریف میں نہیں",
    "figures": "{what} لکھا ہے، جو بریف میں نہیں ہیں",
    "name": "{what} کا نام لیا ہے، جو بریف میں نہیں",
    "names": "{what} کے نام لیے ہیں، جو بریف میں نہیں ہیں",
    "true": "ہر عدد اور نام بریف میں موجود ہے",
    "form": "یہ {kind} نہیں، جو بریف میں مانگا گیا ہے",
    "table": "یہ Markdown کا جدول نہیں، جو بریف میں مانگا گیا ہے",
    "column": "کالم {name} موجود نہیں",
    "broken off": "جملے کے بیچ میں ختم ہو جاتا ہے",
    "nothing asked": "بریف میں کوئی خاص چیز نہیں مانگی گئی",
    "complete": "بریف میں جو کچھ مانگا گیا، سب موجود ہے",
    "left out": "یہ رہ گیا ہے: {what}",
    "hype": "“{word}” اشتہار لگتا ہے",
    "rude": "“{word}” پڑھنے والے سے بات کرنے کا انداز نہیں",
    "shouts": "{count} فجائیہ نشان",
    "calm": "سادہ اور دوستانہ، کوئی مبالغہ نہیں",
}


def of(brief: str) -> Mapping[str, str]:
    """The sentences in the brief's language; the English ones for a language that there are none for."""
    frame = frames.of(brief)
    return _SPANISH if frame is frames.SPANISH else _URDU if frame is frames.URDU else _ENGLISH
