"""What is unfinished by its form: a task that somebody noted for later, a source that is a number without a list, tags
around what should be plain text.

Only for running text, and not where the brief asks for such a thing: a checklist, a page in HTML.
"""

import re

from bot.checks.leftovers.kinds import Kind, each, folded, in_one_line
from bot.kernel.text.patterns import LazyPattern

_THING = (
    r"(?:price|date|time|photo|image|picture|link|address|phone|e-?mail|logo|name|quote|source|text|detail"
    r"|figure|number"
    r"|section|paragraph|intro|headline|heading|conclusion|call to action|cta|testimonial|opening hour|url|contact|fact"
    r"|preis|datum|termin|bild|foto|link|adresse|telefon|quelle|angabe|zahl|überschrift|öffnungszeit|abschnitt"
    r"|precio|fecha|hora|imagen|enlace|dirección|teléfono|fuente|texto|dato|cita|horario"
    r"|prix|heure|lien|adresse|téléphone|titre|chiffre|horaire|preço|endereço|telefone|fonte|título|ligação"
    r"|قیمت|تاریخ|تصویر|لنک|پتہ|فون|نام|ماخذ)"
)
_DONE_LATER = (
    r"(?:add|insert|write|check|confirm|update|replace|ask|fill in|get|find|verify|include|finish|complete|decide"
    r"|shorten|expand|proofread|link|ergänz\w+|einfüg\w+|prüf\w+|nachtrag\w+|klär\w+|eintrag\w+|hinzufüg\w+"
    r"|añadir|agregar|insertar|confirmar|revisar|completar|verificar|poner|ajouter|insérer|vérifier|compléter|confirmer"
    r"|adicionar|inserir|rever|شامل|لکھ|ڈال|معلوم|چیک)"
)
_BOX = r"^[ \t]*(?:[-*+•][ \t]*|\d{1,3}[.)][ \t]*)?(?:\[ ?\]|☐|▢|◻)[ \t]*"
_NAMED = (
    r"sources?|references?|refs?\.?|cited in|quellen?|belege?|fuentes?|referencias?|référence|fontes?|referências?|ماخذ"
)
TASKS = (
    Kind("- [ ] add the price", "[|☐|▢|◻", rf"{_BOX}{_DONE_LATER}\b[^\n]{{0,40}}\b{_THING}\w*[^\n]{{0,30}}$"),
    Kind("- [ ] Preis ergänzen", "[|☐|▢|◻", rf"{_BOX}[^\n]{{0,40}}\b{_THING}\w*[^\n]{{0,20}}[ \t]{_DONE_LATER}\b"),
)
SOURCES = (
    Kind("(Source: [1])", "[", rf"\b(?:{_NAMED})[ \t]*:?[ \t]*\[\d{{1,3}}\](?![(:\[])"),
    Kind("(citation needed)", "needed|fehlt|requerida|nécessaire", r"[(\[](?:citation|source|reference) needed[)\]]"
         r"|[(\[](?:quelle fehlt|beleg fehlt|cita requerida|référence nécessaire)[)\]]"),
)  # fmt: skip
TAGS = (
    Kind(
        "<title>Our lamp</title>",
        "<",
        r"</?(?:title|heading|headline|body|paragraph|text|article|content|page|section|intro|introduction|conclusion"
        r"|email|letter|subject|summary|post|caption|html|head|doc|document|response|result|final|completion|message"
        r"|h[1-6]|p|div|main|header|footer)(?:\s[^<>\n]{0,100})?>",
    ),
    Kind(
        "5&nbsp;EUR",
        "&",
        r"&(?:nbsp|amp|quot|apos|[lg]t|#\d{2,5}|#x[0-9a-f]{2,5}|[a-z]uml|[aeiou](?:acute|grave|circ));",
    ),
)
_CHECKLISTS = LazyPattern(
    r"check-?\s?list|to-?do|\btasks?\b|action items?|\bsteps?\b|packing list|\btick\b|aufgaben|abhak|tareas"
    r"|lista de|liste de|tâches|tarefas|چیک لسٹ|فہرست",
    re.IGNORECASE,
)
_MARKUP = LazyPattern(r"html|xml|\btags?\b|markup|web ?page code|source code|template|wordpress|json", re.IGNORECASE)
_LISTED = LazyPattern(r"^[ \t>*_-]{0,6}(?:\[\^?\d{1,3}\]|\d{1,3}[.)])[ \t:]*\S", re.MULTILINE)


def unfinished(brief: str, draft: str) -> str:
    """The first thing of the draft that is unfinished by its form; empty where there is none."""
    said = folded(draft)
    if not _CHECKLISTS.search(brief) and (found := next(each(TASKS, draft, said), None)):
        return in_one_line(found[0])
    if (found := next(each(SOURCES, draft, said), None)) and not _is_listed(draft, found[0]):
        return in_one_line(found[0])
    if not _MARKUP.search(brief) and (found := next(each(TAGS, draft, said), None)):
        return in_one_line(found[0])
    return ""


def _is_listed(draft: str, reference: str) -> bool:
    """Whether a list in the draft says what its numbers stand for."""
    return any(character.isdigit() for character in reference) and _LISTED.search(draft) is not None
