"""What was left over in finished work in Spanish and Urdu, ordinary sentences that look a little like it; echoes."""

import pytest

from bot.briefs.model import Brief
from bot.checks.checks import Flaw
from bot.kernel.task_type import TaskType
from tests.bot.checks.test_leftovers import CHECKS
from tests.briefs import made_up

SPANISH = made_up("Escribe una página sobre nuestra lámpara solar para quienes acampan.", TaskType.DRAFTING)
URDU = made_up("ہمارے شمسی لیمپ کے بارے میں ایک صفحہ لکھیں جو کیمپ لگانے والوں کے لیے ہو۔", TaskType.DRAFTING)
AROUND = {
    SPANISH.text: ("La lámpara es ligera y muy resistente.", "Alumbra durante cuarenta horas sin recargarse."),
    URDU.text: ("یہ لیمپ ہلکا اور بہت مضبوط ہے۔", "یہ چارج کیے بغیر چالیس گھنٹے تک روشنی دیتا ہے۔"),
}
LEFT_ES = (
    "Aquí tienes el texto solicitado:", "¡Claro! Aquí tienes la página:", "Por supuesto, aquí tiene el borrador:",
    "Espero que te sea útil.", "¿Te gustaría que lo acorte?", "¿Quiere una versión más corta?",
    "Si necesitas algún cambio, dímelo.", "(añadir precio)", "Lamento no poder ayudar con eso.",
    "No puedo acceder a internet.", "Nota: sustituye los datos entre corchetes.", "El brief no menciona el precio.",
    "Según las instrucciones, he omitido el precio.", "Soy un asistente virtual y no conozco el precio.",
    "Cuesta ___ euros.", "Versión final:", "(continuará)", "Pendiente: foto del producto.", "A completar",
)  # fmt: skip
LEFT_UR = (
    "یہ رہا آپ کا متن:", "جی ضرور! یہ رہا صفحہ:", "امید ہے یہ آپ کے کام آئے گا۔",
    "کیا آپ چاہیں گے کہ میں اسے مختصر کروں؟", "اگر آپ کوئی تبدیلی چاہتے ہیں تو بتائیں۔",
    "معذرت، میں اس میں مدد نہیں کر سکتا۔", "معذرت چاہتا ہوں، میں یہ نہیں لکھ سکتا۔", "میں ایک اے آئی ماڈل ہوں۔",
    "مصنوعی ذہانت کے طور پر میں رائے نہیں دے سکتا۔", "(قیمت شامل کریں)", "یہاں قیمت لکھیں", "آپ کا نام",
    "نوٹ: بریکٹ میں دی گئی معلومات بدل دیں۔", "بریف میں قیمت کا ذکر نہیں ہے۔", "قیمت: بعد میں بتائی جائے گی۔",
    "قیمت کی تصدیق باقی ہے", "قیمت XX روپے", "حتمی مسودہ:", "الفاظ کی تعداد: 120", "(جاری ہے)", "قیمت ___ روپے",
)  # fmt: skip
ORDINARY_ES = (
    "Aquí tienes todo lo que necesitas para acampar.", "Espero que te guste el regalo.",
    "¿Te gustaría que fuéramos juntos?", "(añadir sal al gusto)", "¿Qué hago si no puedo acceder a internet?",
    "Nota: la lámpara resiste la lluvia.", "La versión final de la lámpara llega en mayo.",
    "Una pendiente suave lleva al lago.", "Según las instrucciones, la lámpara se carga al sol.",
    "El cargador va aparte, a completar el juego ayuda la funda.", "Si necesitas otra lámpara, dímelo.",
)  # fmt: skip
ORDINARY_UR = (
    "یہاں لیمپ کی قیمت لکھی ہوئی ہے۔", "امید ہے یہ سفر یادگار رہے گا۔", "کیا آپ چاہیں گے کہ سفر آسان ہو؟",
    "معذرت، ہم اتوار کو بند ہیں۔", "آپ کا نام فہرست میں سب سے اوپر ہے۔", "پہلا مسودہ کل تیار ہو گا۔",
    "مصنوعی ذہانت ہمارے کام کو آسان بناتی ہے۔", "قیمت میں تھیلا بھی شامل ہے۔", "اس کی وضاحت ہدایات میں درج ہے۔",
)  # fmt: skip


def flaws(brief: Brief, line: str) -> set[Flaw]:
    first, last = AROUND[brief.text]
    return {one.flaw for one in CHECKS.of(brief, f"{first}\n\n{line}\n\n{last}")}


@pytest.mark.parametrize(("brief", "line"), [*((SPANISH, one) for one in LEFT_ES), *((URDU, one) for one in LEFT_UR)])
def test_left_over(brief: Brief, line: str) -> None:
    """Each is found within a text that is good without it."""
    assert Flaw.LEFTOVER in flaws(brief, line)


@pytest.mark.parametrize(
    ("brief", "line"), [*((SPANISH, one) for one in ORDINARY_ES), *((URDU, one) for one in ORDINARY_UR)]
)
def test_ordinary(brief: Brief, line: str) -> None:
    """Ordinary sentences are left alone."""
    assert Flaw.LEFTOVER not in flaws(brief, line)


@pytest.mark.parametrize(
    "draft",
    [URDU.text.replace("ی", "ي").replace("ک", "ك"), URDU.text.replace("م", "مـ"), URDU.text.replace("م", "مَ")],
    ids=["as an Arabic keyboard writes it", "with strokes", "with vowels"],
)
def test_an_echo_in_arabic_letters(draft: str) -> None:
    """The brief's own words are found as well in the letters that stand for Urdu's on other keyboards."""
    assert Flaw.ECHO in {one.flaw for one in CHECKS.of(URDU, draft)}
