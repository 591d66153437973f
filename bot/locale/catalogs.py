"""The catalogues of sentences: one `<language>/messages.po` for each language but English, which stands in the code."""

import gettext
import io
import re
import string
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.kernel import translation
from bot.locale import extraction

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FOLDERS = ("bot", "handlers", "jobs", "storage", "web")
TEMPLATES = ROOT / "web" / "templates"
# Besides gettext's own: the summaries of @router.command("…") and Job("janitor", "…").
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "ngettext": (1, 2),
    "N_": None,
    "pgettext": ((1, "c"), 2),
    "NP_": ((1, "c"), 2),
    "command": (1,),
    "Job": (2,),
}
TAG = re.compile(r"</?[a-z-]+[^>]*>")


def known() -> list[str]:
    """The languages that there is a catalogue of, by their BCP 47 tags."""
    return sorted(path.parent.name for path in HERE.glob("*/messages.po"))


def install_all() -> None:
    """Make them known to `translation`."""
    for language in known():
        translation.install(language, partial(_translations_of, language))


@lru_cache
def _translations_of(language: str) -> gettext.GNUTranslations:
    """Read once in a process: it takes a tenth of a second."""
    return translations(_read(HERE / language / "messages.po"))


def translations(catalog: Catalog) -> gettext.GNUTranslations:
    """A catalogue as gettext uses it."""
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def template() -> Catalog:
    """Every sentence that the code has, with the files where it stands; its comments begin with "Translators:"."""
    catalog = Catalog(project="EchoPilot", charset="utf-8")
    methods = [(path, extraction.python) for path in sources()]
    for path, method in (*methods, *((path, extraction.templates) for path in sorted(TEMPLATES.rglob("*.html")))):
        with path.open("rb") as file:
            for _, message, comments, context in extract(
                method, file, keywords=KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
            ):
                where = path.relative_to(ROOT).as_posix()
                catalog.add(message, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalog


def sources() -> Iterator[Path]:
    """The files that may speak to people."""
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def update(language: str) -> Path:
    """Bring a language's file in line with the code, beginning it where there is none; returns its path.

    What is new there is empty; what a sentence like it said before is kept as "fuzzy", for a translator to look at.
    """
    path = HERE / language / "messages.po"
    catalog = _read(path) if path.exists() else Catalog(locale=language.replace("-", "_"), charset="utf-8")
    since = catalog.creation_date
    catalog.update(template())
    catalog.creation_date = since  # else it were another each time
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False, sort_output=True, omit_header=False)
    return path


def faults() -> list[str]:
    """What is wrong with the catalogues that there are, a line each: missing, stale, unsure, or unlike the English."""
    wanted = template()
    return [fault for path in sorted(HERE.glob("*/messages.po")) for fault in faults_of(_read(path), wanted)]


def faults_of(catalog: Catalog, wanted: Catalog) -> list[str]:
    """The faults of one catalogue, beside the sentences that the code has."""
    known = {_identity(message): message for message in _messages(catalog)}
    needed = {_identity(message) for message in _messages(wanted)}
    language = f"{catalog.locale}"
    found = [f"{language}: missing: {identity!r}" for identity in sorted(needed - known.keys(), key=str)]
    found += [f"{language}: no longer in the code: {identity!r}" for identity in sorted(known.keys() - needed, key=str)]
    for message in known.values():
        found += [f"{language}: {fault}: {_identity(message)!r}" for fault in _faults(message, catalog.num_plurals)]
    return found


def _identity(message: Message) -> object:
    """What tells it from every other: its English, and its context where it has one."""
    return (message.context, message.id) if message.context else message.id


def _faults(message: Message, plurals: int) -> Iterator[str]:
    said = _forms(message.string)
    english = _forms(message.id)[-1]
    if not all(said) or not said:
        yield "not translated"
        return
    if message.fuzzy:
        yield "not looked at since the English changed"
    if len(said) != (plurals if isinstance(message.id, tuple | list) else 1):
        yield f"{len(said)} plural forms, not {plurals}"
    for form in said:
        # A language may leave the number out where a form is for one number alone.
        if placeholders(form) | {"n"} != placeholders(english) | {"n"}:
            yield f"its placeholders are {sorted(placeholders(form))}"
        if sorted(TAG.findall(form)) != sorted(TAG.findall(english)):
            yield f"its tags are {TAG.findall(form)}"


def placeholders(sentence: str) -> set[str]:
    """The names between braces, with what is asked of them: a translation that asks for `{name.x}` has another."""
    parsed = string.Formatter().parse(sentence)
    return {
        f"{name}!{conversion or ''}:{form}".removesuffix("!:")
        for _, name, form, conversion in parsed
        if name is not None
    }


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name.replace("-", "_"))
