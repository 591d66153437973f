"""Plain checks beside the judge: kinds of drafts that no score may let through, and good ones that they leave alone."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.adapters.languages import detect
from bot.briefs.model import Brief
from bot.checks import lengths
from bot.checks.checks import PROSE, Flaw, PlainChecks
from bot.checks.words import plain, words
from bot.kernel.task_type import TaskType
from bot.quality.gate import Move, Rules, next_step
from bot.quality.gate import Sample as GateSample
from tests.briefs import made_up
from tests.golden.cases import Sample, load

CHECKS = PlainChecks(detect)
GOOD = [sample for sample in load() if not sample.wrong]
GOOD_PROSE = [sample for sample in GOOD if sample.task_type in PROSE]
FAR_LANGUAGES = {
    "es": "La lámpara solar se carga en seis horas de sol y alumbra hasta cuarenta horas. Está hecha de plástico "
    "reciclado, pesa menos que un libro y resiste la lluvia fuerte. Para acampar o para la terraza, está lista.",
    "de": "Die Solarlampe lädt in sechs Stunden Sonnenlicht und leuchtet bis zu vierzig Stunden. Sie besteht aus "
    "recyceltem Kunststoff, wiegt weniger als ein Buch und übersteht starken Regen. Sie ist immer bereit.",
    "fr": "La lampe solaire se charge en six heures de soleil et éclaire jusqu'à quarante heures. Elle est faite de "
    "plastique recyclé, pèse moins qu'un livre et résiste à une forte pluie. Elle est toujours prête.",
    "ur": "شمسی لیمپ چھ گھنٹے کی دھوپ میں چارج ہوتا ہے اور چالیس گھنٹے تک روشنی دیتا ہے۔ یہ ری سائیکل شدہ پلاسٹک سے "
    "بنا ہے، ایک کتاب سے کم وزن رکھتا ہے اور تیز بارش برداشت کرتا ہے۔ یہ ہمیشہ تیار ہے۔",
    "pt": "A lâmpada solar carrega em seis horas de sol e ilumina até quarenta horas. É feita de plástico reciclado, "
    "pesa menos do que um livro e resiste a chuva forte. Para acampar ou para a varanda, está sempre pronta.",
    "ru": "Солнечная лампа заряжается за шесть часов и светит до сорока часов. Она сделана из переработанного "
    "пластика, весит меньше книги и выдерживает сильный дождь. Она всегда готова к работе.",
}
LEFTOVERS = (
    "The price is TBC.", "Ask [insert name] at the door.", "Dear [Your Name],",
    "As an AI language model, I have no shop.",
    "As an AI, I cannot taste bread.", "Call us on ____________.", "It costs XX EUR.", "It costs $XX a week.",
    "Hello {{first_name}}.", "We open on [DATE OF OPENING].", "I'm just an AI and do not know.",
    "Lorem ipsum dolor sit.",
    "TODO: add the price.", "The date is to be confirmed.", "Would you like me to make it shorter?",
    "Let me know if you'd like any changes.", "I cannot access the attached file.", "<think>The reader is old.</think>",
    "Als KI kenne ich den Preis nicht.", "Como modelo de lenguaje no lo sé.", "En tant qu'IA je ne sais pas.",
    "بطور اے آئی میں نہیں جانتا۔", "The price: ???", "<|im_end|>", "Write to <your e-mail>.",
    "The price is tbc.", "Price: T.B.D.", "Dear [Customer],", "[Logo]", "[image: lamp]", "[Bild einfügen]",
    "[à compléter]", "[Section 3 goes here]", "Hello {name},", "Hello ${first_name}.", "Hello %NAME%.", "<PRICE>",
    "Hello <first name>.", "Price: ___", "It costs xx euros.", "To be decided.", "lorem-ipsum", "Your text goes here.",
    "I am an artificial intelligence.", "I'm sorry, but I cannot fulfill this request.", "Sorry, I can't do that.",
    "I don't have access to real-time data.", "Lo siento, no puedo ayudar con eso.", "Soy un modelo de lenguaje.",
    "Ich bin eine KI.", "Je suis un modèle de langage.", "I hope this helps!", "Feel free to adjust the tone.",
    "I have assumed that it costs 20 EUR.", "This draft assumes a price.", "Word count: 120", "(To be continued)",
    "Here is the revised version:", "Write to name@company.com.", "Visit us at 123 Main Street, Anytown.", "</draft>",
    "### Assistant: the text",
)  # fmt: skip


WRITE = made_up("Write a page about our solar lamp for people who like to camp.", TaskType.DRAFTING)


def brief_of(sample: Sample) -> Brief:
    return made_up(sample.brief, sample.task_type)


def flaws(brief: Brief, draft: str) -> set[Flaw]:
    return {found.flaw for found in CHECKS.of(brief, draft)}


def echoes(sample: Sample, pick: random.Random) -> tuple[str, str]:
    """The brief as it is, with a heading, a preface, its sentences in another order, or other marks."""
    sentences = sample.brief.split(". ")
    pick.shuffle(sentences)
    ways = (
        sample.brief,
        f"# The text\n\n{sample.brief}",
        f"Thank you for the brief, which reads as follows.\n\n{sample.brief}",
        ". ".join(sentences),
        "\n".join(f"- {line}" for line in sample.brief.split(". ")),
        sample.brief.upper(),
        f"{sample.brief}\n\n{sample.brief}",
    )
    return sample.brief, pick.choice(ways)


def broken_off(sample: Sample, pick: random.Random) -> tuple[str, str]:
    """The good draft, cut within a sentence of one of its paragraphs."""
    ends = [
        n
        for n in range(len(sample.draft) // 4, len(sample.draft) - 1)
        if sample.draft[n - 1].isalnum() and sample.draft[n] not in ".!?:\n" and _in_a_sentence(sample.draft[:n])
    ]
    return sample.brief, sample.draft[: pick.choice(ends)] if ends else f"{sample.draft}\n\nAll of this stands and"


def _in_a_sentence(start: str) -> bool:
    """Whether it ends within running text that has a sentence before."""
    blocks = [block for block in start.split("\n\n") if not block.startswith(("#", "-", "|", "*", "1"))]
    within = blocks[-1:] == [start.rpartition("\n\n")[2]]
    return within and len(blocks) > 1 and len(blocks[-1].rpartition(". ")[2].split()) > 3


def of_other_length(sample: Sample, pick: random.Random) -> tuple[str, str]:
    """The good draft for a brief that asks for twice as much, or for half."""
    count = len(words(plain(sample.draft)))
    asked = pick.choice((count * 2, count // 2))
    form = pick.choice(
        ("About {} words.", "Make it a {}-word text.", "{} words, please.", "In {} palabras.", "Length: {} words")
    )
    text = " ".join(one for one in sample.brief.split(". ") if not lengths.asked(one))
    return f"{text} {form.format(asked)}", sample.draft


def in_another_language(sample: Sample, pick: random.Random) -> tuple[str, str]:
    """A text in a language that the brief does not name, as a whole or from the middle on."""
    strange = FAR_LANGUAGES[pick.choice(sorted(FAR_LANGUAGES))]
    half = sample.draft[: len(sample.draft) // 2].rpartition("\n\n")[0]
    return sample.brief, pick.choice((strange, f"{half}\n\n{strange}\n\n{strange}"))


def with_leftovers(sample: Sample, pick: random.Random) -> tuple[str, str]:
    """A sentence that was left over, at the beginning, in the middle or at the end."""
    parts = sample.draft.split("\n\n")
    parts.insert(pick.randint(0, len(parts)), pick.choice(LEFTOVERS))
    return sample.brief, "\n\n".join(parts)


WAYS: dict[Flaw, Callable[[Sample, random.Random], tuple[str, str]]] = {
    Flaw.ECHO: echoes,
    Flaw.BROKEN_OFF: broken_off,
    Flaw.LENGTH: of_other_length,
    Flaw.LANGUAGE: in_another_language,
    Flaw.LEFTOVER: with_leftovers,
}


def spoiled() -> Iterator[tuple[Flaw, Brief, str]]:
    """Two hundred spoiled drafts, forty of a kind."""
    pick = random.Random(2026)
    for flaw, way in WAYS.items():
        for number in range(40):
            sample = GOOD_PROSE[number % len(GOOD_PROSE)]
            text, draft = way(sample, pick)
            yield flaw, brief_of(replace(sample, brief=text)), draft


ASKED = (
    "Write a landing page text for Nordwind, a bicycle courier in Hamburg. Delivery takes 48 hours. Mention that every "
    "parcel is insured up to 500 EUR and that pickup is free."
)
THAI = "เขียนหน้าเกี่ยวกับโคมไฟพลังงานแสงอาทิตย์ของเราสำหรับคนที่ชอบตั้งแคมป์ น้ำหนัก 140 กรัม"
HINDI = "हमारे सौर दीपक के बारे में एक पृष्ठ लिखें, जो शिविर लगाने वालों के लिए हो। इसका वज़न 140 ग्राम है।"


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        (ASKED, ASKED.replace("a", "\u0430").replace("e", "\u0435")),
        (ASKED, ASKED.replace(" ", "-")),
        (
            ASKED,
            ASKED.replace("Write", "We write").replace("Delivery", "The delivery").replace("Mention", "We mention"),
        ),
        (ASKED, "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in ASKED)),
        (ASKED, "".join(f"<b>{word}</b> " for word in ASKED.split())),
        (ASKED, ASKED.replace(" ", "&nbsp;")),
        (ASKED, ASKED.replace("e", "é").replace("a", "á")),
        (ASKED, ASKED.replace(" ", "")),
        (ASKED, " ".join(word + " indeed" * (n % 3 == 2) for n, word in enumerate(ASKED.split()))),
        (ASKED, f"I will {ASKED[0].lower()}{ASKED[1:]}".replace("Mention", "I will mention too")),
        (
            ASKED,
            "Nordwind is a bicycle courier in Hamburg. Delivery takes 48 hours. Every parcel is insured up to 500 EUR "
            "and pickup is free.",
        ),
        (THAI, THAI),
        (HINDI, HINDI),
    ],
    ids=[
        "letters that look alike",
        "hyphens",
        "a few words before",
        "wide letters",
        "tags",
        "entities",
        "accents",
        "no spaces",
        "words between",
        "as a promise",
        "its sentences alone",
        "Thai",
        "Hindi",
    ],
)
def test_an_echo_in_disguise(text: str, draft: str) -> None:
    """The brief's own words are found in whatever letters, with whatever between them, in any script."""
    assert Flaw.ECHO in flaws(replace(WRITE, text=text), draft)


@pytest.mark.parametrize("left", LEFTOVERS)
def test_each_leftover(left: str) -> None:
    """Each thing that was left over is found within a text that is good without it."""
    parts = GOOD_PROSE[0].draft.split("\n\n")
    assert Flaw.LEFTOVER in flaws(brief_of(GOOD_PROSE[0]), "\n\n".join([*parts[:2], left, *parts[2:]]))


def test_two_hundred_spoiled_drafts() -> None:
    """Of 200 drafts that echo, break off, miss length or language or keep leftovers, none passes alone with a judge who
    says 100; each is found for what it is.
    """
    full = [GateSample(1, (100, 100, 100, 100))] * 7
    cases = list(spoiled())
    missed = [(flaw, draft) for flaw, brief, draft in cases if flaw not in flaws(brief, draft)]
    moves = [next_step(full, 1, Rules(automatic=not CHECKS.of(brief, draft))).move for _, brief, draft in cases]
    assert len(cases) == 200
    assert missed == []
    assert set(moves) == {Move.PERSON}


@pytest.mark.parametrize("sample", GOOD, ids=lambda sample: sample.name)
def test_good_drafts_are_left_alone(sample: Sample) -> None:
    """In a good draft of a golden case nothing is found."""
    assert CHECKS.of(brief_of(sample), sample.draft) == ()


@pytest.mark.parametrize(
    "draft", ["", " \n\t ", "\u200b\u200d\ufeff\u2060", "\u00ad\u200e", "# ", "---", "…", "\u3164"]
)
def test_nothing_to_read(draft: str) -> None:
    """White space, what has no width, and marks alone are no draft."""
    assert flaws(WRITE, draft) == {Flaw.EMPTY}


@pytest.mark.parametrize(
    ("asked", "count", "fits"),
    [
        ("about 200 words", 150, True), ("about 200 words", 100, False), ("about 200 words", 300, False),
        ("a 200-word page", 210, True), ("at most 150 words", 60, True), ("at most 150 words", 200, False),
        ("at least 300 words", 200, False), ("at least 300 words", 900, True), ("200 to 300 words", 260, True),
        ("200-300 words", 120, False), ("between 200 and 300 words", 400, False), ("1,000 words", 480, False),
        ("1.000 Wörter", 480, False), ("unas 200 palabras", 90, False), ("environ 200 mots", 400, False),
        ("تقریباً 200 الفاظ", 90, False), ("120 words max", 200, False), ("200+ words", 120, False),
        ("no more than 100 words", 180, False), ("a headline of 5 words", 180, True), ("100 words each", 300, True),
        ("two hundred words", 90, False), ("two hundred words", 210, True), ("two hundred and fifty words", 90, False),
        ("etwa zweihundert Wörter", 90, False), ("unas doscientas palabras", 90, False), ("deux cents mots", 90, False),
        ("about 1k words", 200, False), ("1.5k words", 1_450, True), ("200 (two hundred) words", 90, False),
        ("word count: 200", 90, False), ("Wortzahl: 200", 190, True), ("200 kelime", 90, False),
        ("fifteen words", 200, False), ("ninety words", 90, True), ("word limit: 100", 300, False),
        ("Words: 100", 110, True), ("1'000 words", 100, False), ("1’000 words", 990, True),
        ("fifty words", 200, False), ("a hundred words", 30, False),
        ("no máximo 100 palavras", 60, True), ("no máximo 100 palavras", 140, False), ("até 100 palavras", 60, True),
        ("não mais de 100 palavras", 40, True), ("pelo menos 300 palavras", 700, True),
        ("pelo menos 300 palavras", 200, False), ("cento e cinquenta palavras", 150, True),
        ("duzentas palavras", 90, False), ("entre 100 e 150 palavras", 60, False),
        ("vinte e cinco palavras", 60, False),
        ("nicht länger als 100 Wörter", 50, True), ("bis 100 Wörter", 50, True), ("jusqu'à 100 mots", 50, True),
        ("not longer than 100 words", 50, True), ("≤100 words", 50, True), ("< 100 words", 130, False),
        (">300 words", 700, True), ("> 300 words", 200, False), ("um 100 Wörter", 105, True),
        ("one page", 180, True), ("two pages", 100, False), ("the 12 words of our motto, explained", 300, True),
    ],
)  # fmt: skip
def test_length_asked_for(asked: str, count: int, fits: bool) -> None:
    """A length is read as people write it, and a text that has it is left alone."""
    assert (lengths.missed(f"Write a note for our guests, {asked}.", "word " * count) is None) is fits


@pytest.mark.parametrize(
    ("asked", "draft", "fits"),
    [
        ("in three sentences", "It is one. It is two. It is three.", True),
        ("in three sentences", "It is one.", False),
        ("as 5 bullet points", "- a\n- b\n- c\n- d\n- e", True),
        ("as 5 bullet points", "- a\n- b", False),
        ("two paragraphs", "# Head\n\nOne is here.\n\nTwo is here.", True),
        ("four paragraphs", "One is here.\n\nTwo is here.", False),
        ("280 characters at most", "a" * 400, False),
    ],
)
def test_other_measures(asked: str, draft: str, fits: bool) -> None:
    """Sentences, points, paragraphs and characters are counted too."""
    assert (lengths.missed(f"Say what we do, {asked}.", draft) is None) is fits


@pytest.mark.parametrize(
    ("text", "language", "code", "fits"),
    [
        ("Write a page about our solar lamp for people who like to camp.", "es", "es", True),
        ("Write a page about our solar lamp for people who like to camp.", "es", "de", False),
        ("Write a page about our solar lamp in Spanish, for people who like to camp.", "", "es", True),
        ("Write a page about our solar lamp in Spanish, for people who like to camp.", "", "fr", False),
        ("Translate the page about our solar lamp into German.", "", "de", True),
        ("Escribe una página sobre nuestra lámpara solar para quienes acampan.", "", "es", True),
        ("Escribe una página sobre nuestra lámpara solar para quienes acampan.", "", "ru", False),
        ("Schreibe eine Seite über unsere Solarlampe auf Französisch, bitte.", "", "fr", True),
        ("ہمارے شمسی لیمپ کے بارے میں ایک صفحہ لکھیں جو کیمپ لگانے والوں کے لیے ہو۔", "", "ur", True),
        ("ہمارے شمسی لیمپ کے بارے میں ایک صفحہ لکھیں جو کیمپ لگانے والوں کے لیے ہو۔", "", "es", False),
        ("Compare courses in Spanish and French for beginners of all ages.", "", "es", True),
        ("Escribe una página sobre nuestra lámpara solar para quienes acampan.", "", "pt", False),
        ("Escreva uma página sobre a nossa lâmpada solar para quem gosta de acampar.", "", "pt", True),
        ("Escreva uma página sobre a nossa lâmpada solar para quem gosta de acampar.", "", "es", False),
    ],
)
def test_language_asked_for(text: str, language: str, code: str, fits: bool) -> None:
    """The language chosen, else the one that the words ask for, else their own: a draft in it is left alone."""
    brief = replace(WRITE, text=text, language=language)
    assert (Flaw.LANGUAGE not in flaws(brief, FAR_LANGUAGES[code])) is fits


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("A letter template for new members.",
         "Dear [name],\n\nWelcome to the club. We meet on Mondays.\n\nYours,\n[your name]"),
        ("Write why bots say “as an AI language model”.",
         "They say “As an AI language model” because they were told to."),
        ("A letter to our members about the fee.",
         "Dear members,\n\nThe fee stays as it is.\n\nBest regards,\nThe board"),
        ("A slogan for our bread.", "Bread that waits for you"),
        ("A note with the address of our site.", "Read all of it on our site.\n\nhttps://example.com/notes"),
        ("Proof-read this text: we opens at nine and closes at five, and on sunday we is closed.",
         "We open at nine and close at five, and on Sunday we are closed."),
        ("A note that says sorry.", "I am sorry, but I cannot come to the dinner on Monday, as I have a cold."),
        ("A mail to our guests.", "Dear guests,\n\nPlease feel free to ask us anything.\n\nYours,\nThe team"),
        ("A list of what to take along.", "# Take along\n\n- water\n- bread\n- a map"),
        ("A note that we open at nine.", "```\nWe open at nine in the morning.\n```"),
        ("A table of the trams.", "| Tram | Minutes |\n| --- | --- |\n| 1 | 5 |"),
    ],
)  # fmt: skip
def test_what_looks_odd_rightly(text: str, draft: str) -> None:
    """Templates, letters, slogans, links, corrections, lists and tables are left alone."""
    brief = replace(WRITE, text=text, task_type=TaskType.DRAFTING)
    assert CHECKS.of(brief, draft) == ()


@pytest.mark.parametrize(
    "odd", ["a" * 50_000, "[" * 50_000, "( " * 25_000, "_" * 50_000, "as an " * 8_000, "\n" * 50_000 + "x"]
)
def test_no_draft_takes_long(odd: str) -> None:
    """Repeated signs, which make a careless pattern run for hours, end (pytest's own limit of time is the judge)."""
    CHECKS.of(replace(WRITE, text=odd), odd)
    assert True


LEAD = "The solar lamp charges in six hours of sun. It is made of recycled plastic and withstands heavy rain."


@pytest.mark.parametrize(
    ("points", "cut"),
    [
        ("- Light\n- Strong\n-", True),
        ("1. Light\n2. Strong\n3.", True),
        ("- It is light.\n- It charges in six hours of direct sunl", True),
        ("- It is light.\n- It is strong.\n- It is small\n- It charges in six hours of direct", True),
        ("- It is light. It is strong.\n- It charges fast. It lasts for up to forty", True),
        ("- **Light** to carry\n- **Stro", True),
        ("- Light (140 g)\n- Strong (up to 2", True),
        ("- Light\n- “Best lamp", True),
        ("- Light\n- Made for you and our", True),
        ("- Leicht\n- Für alle, die sie im", True),
        ("- Ligera\n- Para todos sus", True),
        ("- Leve\n- Feita com", True),
        ("- Light\n- Strong\n- Small", False),
        ("- Light.\n- Strong.\n- Small.", False),
        ("- Vitamin A", False),
        ("- It is light.\n- Strong", False),
        ("- Weight: 140 g\n- Price: 20 EUR", False),
        ("1. Charge it.\n2. Hang it.\n\n## What is open\n\n- Who carries it\n- Whether it floats on a lake", False),
        ("- Der „Lichtbringer“\n- Die „Sonne“", False),
        ("- **Light** to carry\n- **Strong** in rain", False),
        ("- A) by day\n- B) by night", False),
    ],
)
def test_a_list_that_breaks_off(points: str, cut: bool) -> None:
    """A last point that is cut is seen, by its own words or by those before it; one that is only short is not."""
    assert (Flaw.BROKEN_OFF in flaws(WRITE, f"{LEAD}\n\n{points}")) is cut
