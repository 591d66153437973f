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
