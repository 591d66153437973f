"""What the people of the demo say, and what they wait for, in each language that there is a catalogue of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.invoices.countries import country_name
from bot.kernel.text.fitting import plain
from bot.kernel.translation import Reader, best_language, gettext, locale_of, ngettext, reading_as
from bot.kernel.translation import pgettext_noop as NP_

# What the bot shows, by the sentences of its code: as keys of its catalogues they name the same in every language.
SHOWN: Mapping[str, str] = {
    "welcome": "Welcome, {name}",
    "quote": "Nothing is spent until you say yes. You pay after delivery.",
    "where": "Where should the invoice go?",
    "name": "Which name goes on the invoice?",
    "country": "Which country?",
    "started": "Brief {briefs} is started",
    "delivered": "<b>Brief {brief} · Delivered</b>",
    "to pay": "{money} for brief {brief}: {title}",
    "received": "Received {money} · thank you",
    "receipt": "Invoice {number} for brief {brief}: {title}",
    "brief": "Brief {brief} · {state}",
    "drafting": "Being drafted",
    "paid": NP_("brief", "Paid"),
    "decide": "Brief {brief} · Needs your decision",
    "reasons": "What should change? Tap a reason, or write it as your next message.",
    "change": "What should change? Write it as your next message.",
    "sent back": "Brief {brief} · Sent back by {name}, {time}",
    "approved": "Brief {brief} · Approved by {name}, {time}",
    "briefs": "Your briefs",
    "handed in": "{n} brief handed in: {parts}",
    "all delivered": "{n} delivered",
    "left": "Left to refund: {money}. Write how much, or tap.",
    "why": "{amount} to {client}. Why? Those who approve it read what you write.",
    "preview": "Refund · Invoice {number} · Not asked for yet",
    "approval": "{what} · Needs approval",
    "fuse": "{what} · Approved, done in {n} minute",
    "nothing done": "Nothing was done. You can ask for it anew.",
    "sent back to client": "Refund {number} · Sent back",
    "refund": "Refund of {money} · Sent",
    "reconciliation": "Reconciliation",
    "compared": "{compared} movements compared · {new} new · {gone} gone",
    "mismatch": "Mismatch {number} · {kind}",
    "repaired": "Repaired from Stripe's own figures. /ledger shows the entry.",
    "agrees": "Reconciliation · Everything agrees",
    "dashboard": "Your dashboard",
    "briefs today": "Briefs today",
    "played": "Played for a demo. No person, brief or amount is real.",
}
# The same of more than one.
MANY: Mapping[str, str] = {
    "started": "Brief {briefs} are started",
    "handed in": "{n} briefs handed in: {parts}",
    "fuse": "{what} · Approved, done in {n} minutes",
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ANYTHING = "\x00"


@dataclass(frozen=True, slots=True)
class Said:
    """What Alice and Bob write. good: a brief whose draft passes; open_: one that leaves a figure open.

    note: what Bob wants otherwise in its draft. why: why he wants a payment refunded.
    """

    good: str
    open_: str
    note: str
    why: str


SAID: Mapping[str, Said] = {
    "en": Said(
        "Write a landing page text for Nordwind, a bicycle courier in Hamburg. Delivery takes 48 hours. "
        "Mention that every parcel is insured up to 500 EUR and that pickup is free.",
        "Write a short product page for the solar lamp L2, for campers. Battery life: TBC. "
        "Say that it folds flat and weighs 140 grams.",
        "Leave the battery life out, we do not know it yet.",
        "She got it a day too late and could not use it.",
    ),
    "es": Said(
        "Escribe un texto de portada para Nordwind, una mensajería en bicicleta de Hamburgo. La entrega tarda 48 "
        "horas. Menciona que cada paquete está asegurado hasta 500 EUR y que la recogida es gratuita.",
        "Escribe una página de producto breve para la lámpara solar L2, para campistas. Duración de la batería: TBC. "
        "Menciona que se pliega por completo y pesa 140 gramos.",
        "No menciones la duración de la batería, todavía no la sabemos.",
        "Lo recibió un día tarde y ya no le servía.",
    ),
    "ur": Said(
        "ہیمبرگ کی سائیکل کوریئر Nordwind کے لیے ویب سائٹ کے پہلے صفحے کا متن لکھیں۔ ڈیلیوری 48 گھنٹے میں ہوتی ہے۔ "
        "یہ بھی لکھیں کہ ہر پارسل کا 500 EUR تک بیمہ ہے اور پک اپ مفت ہے۔",
        "شمسی لیمپ L2 کے لیے پروڈکٹ کا ایک مختصر صفحہ لکھیں۔ یہ کیمپنگ کے شوقین لوگوں کے لیے ہے۔ بیٹری کا وقت: TBC۔ "
        "یہ بھی لکھیں کہ لیمپ پورا تہہ ہو جاتا ہے اور اس کا وزن 140 گرام ہے۔",
        "بیٹری کا وقت شامل نہ کریں، ہمیں ابھی معلوم نہیں۔",
        "متن ایک دن دیر سے ملا اور اب ان کے کام کا نہیں رہا۔",
    ),
}


def chosen(wanted: str) -> str:
    """The language of LANGUAGE, which may be a list of locales, as GNU gettext has it: "es_MX:en". English where none
    of them has a catalogue.

    https://www.gnu.org/software/gettext/manual/html_node/The-LANGUAGE-variable.html
    """
    tags = [locale.partition(".")[0].replace("_", "-") for locale in wanted.split(":") if locale]
    return best_language(*tags) if tags else "en"


@dataclass(frozen=True, slots=True)
class Words:
    """What is written and shown in one language."""

    language: str

    @property
    def said(self) -> Said:
        return SAID[self.language]

    def table(self) -> list[str]:
        """A line on the language, for the head of the demo."""
        known = ", ".join(f"{tag} {locale_of(tag).english_name}" for tag in SAID)
        return [f"  {'Language':<9} {locale_of(self.language).english_name}  (LANGUAGE: {known})"]

    def shown(self, *names: str, **values: object) -> re.Pattern[str]:
        """What the bot shows by one of these names of SHOWN. A value that is not given may be anything."""
        with reading_as(Reader(self.language)):
            return re.compile("|".join(self._pattern(name, values) for name in names))

    def counted(self, name: str, most: int) -> re.Pattern[str]:
        """The same of any number from 1 to `most`."""
        return re.compile("|".join(self.shown(name, n=number).pattern for number in range(1, most + 1)))

    def words(self, name: str) -> str:
        """A sentence without placeholders."""
        with reading_as(Reader(self.language)):
            return gettext(SHOWN[name])

    def delivered(self, briefs: int) -> str:
        """How many briefs were delivered, as a report has it."""
        with reading_as(Reader(self.language)):
            return gettext(SHOWN["all delivered"], n=briefs)

    def country(self, code: str) -> str:
        """A country's name."""
        with reading_as(Reader(self.language)):
            return country_name(code)

    def _pattern(self, name: str, values: Mapping[str, object]) -> str:
        given = {found: values.get(found, _ANYTHING) for found in _PLACEHOLDER.findall(SHOWN[name])}
        if name in MANY:
            count = given.pop("n", 1)
            assert isinstance(count, int)
            text = ngettext(SHOWN[name], MANY[name], count, **given)
        else:
            text = gettext(SHOWN[name], **given)
        return re.escape(plain(text)).replace(_ANYTHING, ".*")
