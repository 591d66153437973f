"""What was left over in finished work, in four languages, and ordinary sentences that look a little like it."""

from dataclasses import replace

import pytest

from bot.adapters.languages import detect
from bot.briefs.model import Brief
from bot.checks.checks import Flaw, PlainChecks
from bot.kernel.task_type import TaskType
from tests.briefs import made_up

CHECKS = PlainChecks(detect)
BRIEF = made_up("Write a page about our solar lamp for people who like to camp.", TaskType.DRAFTING)
DATA = replace(BRIEF, text="Turn this list into a table with name, phone and price.", task_type=TaskType.DATA_TRANSFORM)
LEFT = (
    "TODO add the price", "- TODO price", "// TODO check the weight", "The price is TODO.", "Weight: TODO",
    "todo: add the opening hours", "To-do: confirm the date", "(TODO)", "TODO: preis ergänzen", "TODO precio",
    "TODO prix",
    "Price: N/A", "Delivery date: n/a.", "The weight is N/A.", "Preis: k. A.", "Precio: N/D", "Prix : n/a",
    "Price to follow", "Price to follow.", "The price follows.", "(image to come)", "Date pending.",
    "More details to follow.", "Preis folgt", "Preis folgt.", "Der Preis folgt noch.", "(Bild folgt)",
    "Termin: Datum folgt", "Adresse fehlt noch.", "Preis wird nachgereicht.", "[noch offen]",
    "Der Preis ist noch offen.",
    "Precio pendiente", "Precio: pendiente de confirmar.", "Fecha por determinar.", "(importe a confirmar)",
    "Prix à venir", "Le prix à préciser.", "(photo à venir)", "Lien à définir",
    "The price is xxx.", "Price: xxx", "It weighs xxx kg.", "Call xxx-xxx-xxxx.", "| Lamp | xxx |",
    "Es kostet xxx €.",
    "Cuesta xxx.", "Le prix est xxx", "Write to xxx@studio.org.", "It costs $xxx.", "The price is XXX.",
    "Hello {{name}},", "Hello {{ first_name }},", "Hola {{nombre}}:", "Bonjour {{prénom}},",
    "Lorem ipsum dolor sit amet.", "Dolor sit amet, consectetur.", "Max Mustermann, Musterstraße 1",
    "Texto de relleno.",
    "Dear [Name],", "Dear [Name]:", "[Firmenname]", "[Ihr Name]", "[Telefonnummer]", "[Adresse]", "[Ort, Datum]",
    "[Nombre]", "[su nombre]", "[teléfono]", "[Nom]", "[Votre nom]", "[numéro de téléphone]", "[heure]", "[Website]",
    "Hallo <Ihr Name>,", "Hola <nombre>,", "Bonjour <votre nom>,",
)  # fmt: skip
ORDINARY = (
    "Keep a to do list beside your bed.", "The to-do list of a camper is short.",
    "Our TODO app has a lamp for an icon.",
    "TODO INCLUIDO: la lámpara, el cable y la funda.", "TODO lo que necesitas está en la caja.", "Lo tenemos todo.",
    "Todo comienza con la luz.", "Sobre todo: es ligera.", "Is there much to do? There is.",
    "The thing to do: charge it.",
    "Write N/A where a question does not apply to you.", "Rated n/a by some.", "| Lamp | N/A |",
    "The price follows the market.", "Use this link to follow us.", "These are the rules to follow.",
    "The details follow:", "Dates to remember", "Der Preis folgt dem Markt.", "Auf Regen folgt Sonne.",
    "Weitere Lampen folgen im Herbst.", "Der Laden ist noch offen.", "Die Frage ist noch offen.",
    "Das Sortiment wird ergänzt.", "Hay una pendiente suave hasta el lago.", "Vamos a definir el plan.",
    "Consultez les dates à venir.", "Les objectifs à définir ensemble sont clairs.", "Le texte à lire est court.",
    "Love, Anna xxx", "Good night xxx", "In sizes from S to XXXL.", "In sizes S to XXX-L.",
    "Super Bowl XXX was in 1996.",
    "We read Psalm XXX.", "It takes place, come what may.", "See [our prices](https://studio.org/prices).",
    "See [price list][1].\n\n[1]: https://studio.org", "[address]: https://studio.org/find-us",
    "He said that “[the lamp] is lighter than a book”.", "The imported lamp [sic] is lighter.",
    "Take items[name] first.",
    "He asked what it costs; it costs little.", "The lamp is at home in a tent.",
)  # fmt: skip


def found(brief: Brief, line: str) -> str:
    text = f"The lamp is light and strong.\n\n{line}\n\nIt shines for forty hours."
    return next((one.say() for one in CHECKS.of(brief, text) if one.flaw is Flaw.LEFTOVER), "")


@pytest.mark.parametrize("line", LEFT)
def test_left_over(line: str) -> None:
    """Each is found within a text that is good without it, and named."""
    assert "it contains" in found(BRIEF, line)


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary(line: str) -> None:
    """Ordinary sentences are left alone."""
    assert found(BRIEF, line) == ""


@pytest.mark.parametrize(
    "draft",
    ["| Name | Phone |\n| --- | --- |\n| Anna | N/A |", "Name: Anna\nPhone: N/A", '{"name": "Anna", "phone": "N/A"}',
     "<customer><name>Anna</name><price/></customer>", "<list><client id='1'><address>Kiel</address></client></list>"],
)  # fmt: skip
def test_data(draft: str) -> None:
    """In data N/A says that there is none, and what stands in tags that are closed is no gap."""
    asked = replace(DATA, text=f"{DATA.text} As it is asked for: XML." if draft.startswith("<") else DATA.text)
    assert [one for one in CHECKS.of(asked, draft) if one.flaw is Flaw.LEFTOVER] == []


def test_asked_for() -> None:
    """What the brief itself says may be said in its work."""
    brief = replace(BRIEF, text="Write that the price follows. The exact words: Price to follow.")
    assert found(brief, "Price to follow.") == ""


TASKS = (
    "- [ ] add price", "- [ ] Add the price", "- [ ] confirm opening hours", "☐ Preis ergänzen", "* [ ] añadir fecha",
    "1. [ ] vérifier l'adresse", "- [ ] adicionar fotos", "- [ ] قیمت شامل کریں", "- [] insert photo",
    "It stays dry (Source: [1]).", "(Source: [1])", "Quelle: [2]", "(fuente [3])", "(citation needed)", "[Beleg fehlt]",
    "# <title>Our lamp</title>", "<title>Our lamp</title>", "<heading>", "<h1>Our lamp</h1>", "<p class='a'>Light</p>",
    "It costs 20&nbsp;EUR.", "Fish &amp; chips",
)  # fmt: skip
DONE = (
    "- [ ] Charge it", "- [x] Added the price", "See the sources: [1](https://studio.org/1).",
    "The study [1] shows it.", "Use <b>bold</b> words.", "The source is [sic] old.",
    "Johnson & Johnson", "R&D; and more", "- [ ] Pack the tent",
)  # fmt: skip


@pytest.mark.parametrize("line", TASKS)
def test_unfinished_by_its_form(line: str) -> None:
    """A task noted for later, a source that is no source, tags around plain text: a person decides."""
    assert "it contains" in found(BRIEF, line)


@pytest.mark.parametrize("line", DONE)
def test_finished_by_its_form(line: str) -> None:
    """Steps for the reader, references and signs that belong there are left alone."""
    assert found(BRIEF, line) == ""


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("Write a checklist for people who sell a lamp.", "- [ ] Add the price"),
        ("Write a page in HTML.", "<h1>Our lamp</h1>"),
        ("Write about our lamp, with sources.", "It stays dry (Source: [1]).\n\n## Sources\n\n[1] Studio, 2026"),
        ("Write about our lamp, with sources.", "It stays dry (Source: [1]).\n\n1. Studio, 2026"),
    ],
)
def test_asked_for_by_its_form(asked: str, line: str) -> None:
    """A checklist may have boxes to tick, a page in HTML its tags, a source that is listed its number."""
    assert found(replace(BRIEF, text=asked), line) == ""


IN_OTHER_LANGUAGES = (
    "Claro! Aqui está o texto:", "Aqui está a página solicitada:", "Espero que isto ajude!", "Preço em breve",
    "Sou um modelo de linguagem.", "Deseja que eu encurte o texto?", "Se quiser, posso também encurtar o texto.",
    "Nota: substitua o preço pelo seu.", "O briefing não menciona o preço.", "Não tenho acesso ao ficheiro.",
    "Preço a definir", "(insira a foto aqui)", "Texto de exemplo", "98 palavras", "Desculpe, mas não posso ajudar.",
    "Hier der Text:", "Anmerkung: Die Adresse fehlt im Briefing.", "Wortanzahl: 98", "Laut Briefing ist sie leicht.",
    "Falls Sie möchten, kann ich den Text kürzen.", "Bitte ergänzen Sie den Preis.", "Die Preise sind Beispiele.",
    "Si quieres, puedo acortarlo.", "Avísame si quieres cambios.", "Nota: he supuesto el precio.",
    "Por favor, completa el precio.", "Nota: los precios son inventados.", "Recuento de palabras: 98",
    "Bien sûr, voici le texte demandé :", "Dites-moi si vous voulez des changements.", "Nombre de mots : 98",
    "Remarque : j'ai supposé le prix.", "Le brief ne mentionne pas le prix.", "Merci de compléter le prix.",
    "Les prix sont fictifs.", "Ecco il testo:", "Se vuoi, posso accorciarlo.", "(inserire il prezzo)",
)  # fmt: skip
OF_ONE_WHO_IS_TIRED = (
    "According to the brief, it is light.", "The brief says it is light.", "Changes made: shortened the intro.",
    "Summary of changes:", "I've shortened the intro.", "Revised per feedback:", "Ready for your review.",
    "Please review and let me know.", "I don't know the price.", "**Note:** the price is a guess.", "Human: thanks",
    "AI: Here it is.", "Sent from my iPhone", "CTA:", "Hook:", "H1: Our lamp", "Paragraph 1:", "Tone: friendly",
    "Price not confirmed.", "Price (unconfirmed): 20 EUR", "Price: unknown", "Price: not specified", "20 EUR (?)",
    "(check)", "(sp?)", "n/a", "Itâ€™s light", "CafÃ© in the tent", "It costs 20Â€", "It\ufffds light", "in X days",
    "It is X% lighter", "since 20XX", "$PRICE$", "Company Name", "ABC GmbH", "123 Example Street", "your@email.com",
    "www.website.com", "+49 123 456789", "Call 123456789.",
)  # fmt: skip
STILL_ORDINARY = (
    "Espero que te guste el regalo.", "Aqui está o mapa da cidade:", "Nota: o museu fecha às segundas.",
    "Se quiser, posso levar o bolo.", "Die Preise sind fair.", "Bitte prüfen Sie die Tür.", "Si quieres, ven a vernos.",
    "Le prix est de 20 euros.", "Changes made it lighter.", "I removed the price tag from the lamp.",
    "Hit the hook: it holds.",
    "The X in the name is silent.", "Generation X years ago", "Café in the tent", "Âge minimum : 12 ans", "Ça va",
    "The price is not negotiable.", "Her tone: firm, but kind.", "Ask a human: it is faster.",
    "Check (or cash) is fine.",
)  # fmt: skip


@pytest.mark.parametrize("line", [*IN_OTHER_LANGUAGES, *OF_ONE_WHO_IS_TIRED])
def test_what_a_tired_studio_would_regret(line: str) -> None:
    """What models say beside the work in the languages that clients write, and what their haste leaves."""
    assert "it contains" in found(BRIEF, line)


@pytest.mark.parametrize("line", STILL_ORDINARY)
def test_what_sounds_a_little_like_it(line: str) -> None:
    """Ordinary sentences that share words with those are left alone."""
    assert found(BRIEF, line) == ""
