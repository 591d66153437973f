"""What the check says of the catalogues and of the code's sentences."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from bot.locale import calls, extraction
from bot.locale.catalogs import KEYWORDS, faults_of

SENTENCE = "<b>{money}</b> for {title}"
GERMAN = "<b>{money}</b> für {title}"
PLURAL = ("{n} brief", "{n} briefs")


def english() -> Catalog:
    wanted = Catalog()
    wanted.add(SENTENCE)
    wanted.add(PLURAL)
    return wanted


def german(
    sentence: str = "<b>{money}</b> für {title}", plural: tuple[str, ...] = ("{n} Auftrag", "{n} Aufträge")
) -> Catalog:
    made = Catalog(locale="de")
    made.add(SENTENCE, sentence)
    made.add(PLURAL, plural)
    return made


def test_nothing_wrong() -> None:
    """A whole catalogue has no faults."""
    assert faults_of(german(), english()) == []


@pytest.mark.parametrize(
    ("catalog", "fault"),
    [
        (german(sentence=""), "not translated"),
        (german(sentence="<b>{amount}</b> für {title}"), "its placeholders are ['amount', 'title']"),
        (german(sentence="<b>{money.__class__}</b> für {title}"), "its placeholders are ['money.__class__', 'title']"),
        (german(sentence="{money} für {title}"), "its tags are []"),
        (german(plural=("{n} Auftrag",)), "1 plural forms, not 2"),
        (german(plural=("{n} Auftrag", "")), "not translated"),
    ],
)
def test_faults(catalog: Catalog, fault: str) -> None:
    """Each kind of fault is named."""
    [line] = faults_of(catalog, english())
    assert line.startswith(f"de: {fault}: ")


def test_contexts_are_sentences_of_their_own() -> None:
    """One that is translated in one context is missing in another."""
    wanted, made = english(), german()
    for context in ("brief", "invoice"):
        wanted.add("Paid", context=context)
    made.add("Paid", "Bezahlt", context="brief")
    assert faults_of(made, wanted) == ["de: missing: ('invoice', 'Paid')"]


def test_missing_and_stale() -> None:
    """A sentence that the catalogue has not, or the code has no more, is a fault."""
    made = german()
    made.delete(SENTENCE)
    made.add("Gone", "Weg")
    assert faults_of(made, english()) == [f"de: missing: {SENTENCE!r}", "de: no longer in the code: 'Gone'"]


def test_unsure() -> None:
    """A sentence whose English changed has to be looked at."""
    made = german()
    made[SENTENCE].flags.add("fuzzy")
    assert faults_of(made, english()) == [f"de: not looked at since the English changed: {SENTENCE!r}"]


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ('_("Paid")', ""),
        ('_("{money} paid", money=1)', ""),
        ('ngettext("one brief", "{n} briefs", 2)', ""),
        ("_(state.words)", ""),
        ('_(f"{money} paid")', "put together"),
        ('_("a" + "b")', "put together"),
        ('_("{money} paid")', "it says ['money'] and is given []"),
        ('_("{money} paid", amount=1)', "it says ['money'] and is given ['amount']"),
        ('pgettext("brief", "{money} paid", money=1)', ""),
        ('pgettext("brief", "{money} paid")', "it says ['money'] and is given []"),
        ('pgettext(kind, "Paid")', "put together"),
        ('NP_(kind, "Paid")', "put together"),
        ('ngettext("{n} brief of {who}", "{n} briefs", 2)', "it says ['n', 'who'] and is given ['n']"),
    ],
)
def test_calls(call: str, fault: str) -> None:
    """A sentence is a literal whose placeholders are the values that it is given."""
    code = f"from bot.kernel.translation import gettext as _, ngettext, pgettext, pgettext_noop as NP_\n{call}\n"
    found = calls.faults_of(code, Path("cards.py"))
    assert (len(found), all(fault in line for line in found)) == (1 if fault else 0, True)


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ('_("Paid")', ["Paid"]),
        ('f"{_("Paid")} · {_(\'Due\')}"'.replace('"Paid"', "'Paid'"), ["Paid", "Due"]),
        ('_("Why: {why}", why=first(brief.why or _("unknown")))', ["Why: {why}", "unknown"]),
        ('ngettext("{n} brief", "{n} briefs", count)', [("{n} brief", "{n} briefs")]),
        ('{A: N_("Paid"), B: _(state.words)}', ["Paid"]),
        ('{A: NP_("invoice", "Paid"), B: pgettext("brief", "Due")}', [("invoice", "Paid"), ("brief", "Due")]),
    ],
)
def test_what_is_extracted(code: str, sentences: list[object]) -> None:
    """A translator gets every sentence of the code with its context, also those within another and an f-string."""
    rows = list(extract(extraction.python, io.BytesIO(code.encode()), keywords=KEYWORDS))
    assert [row[1] if row[3] is None else (row[3], row[1]) for row in rows] == sentences


def test_comments_are_extracted() -> None:
    """What stands right above a sentence for translators goes with it, and no other comment."""
    code = b'# why\n# Translators: a kind\n# of work\n_("Other")\n\n# not this\n_("Paid")\n'
    rows = extract(extraction.python, io.BytesIO(code), keywords={"_": None}, comment_tags=["Translators:"])
    assert [(row[1], row[2]) for row in rows] == [("Other", ["Translators: a kind", "of work"]), ("Paid", [])]
