"""What stands on the start page, in each language that there is a catalogue of."""

from collections.abc import Mapping

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "EchoPilot, the demo",
        "played": "Everything here is played: no account, no money, nobody real.",
        "anew": "Sign in as Carol",
        "choose": "What is shown",
        "chat": "Chat",
        "dashboard": "Dashboard",
    },
    "es": {
        "title": "EchoPilot, la demostración",
        "played": "Todo esto es simulado: sin cuenta, sin dinero, sin nadie real.",
        "anew": "Entrar como Carol",
        "choose": "Qué se muestra",
        "chat": "Chat",
        "dashboard": "Panel",
    },
    "ur": {
        "title": "EchoPilot کا نمونہ",
        "played": "یہاں سب کچھ فرضی ہے: نہ کوئی اکاؤنٹ، نہ رقم، نہ کوئی اصل شخص۔",
        "anew": "بطور Carol داخل ہوں",
        "choose": "کیا دکھایا جائے",
        "chat": "چیٹ",
        "dashboard": "ڈیش بورڈ",
    },
}
