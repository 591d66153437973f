"""Whether the code's sentences can be translated: each a literal whose placeholders are the values that it is given."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.locale.catalogs import ROOT, placeholders, sources

MODULE = "bot.kernel.translation"
# How many sentences the function begins with; of those with a context, that too has to be a literal.
SENTENCES = {"gettext": 1, "ngettext": 2, "gettext_noop": 1, "pgettext": 2, "pgettext_noop": 2}
MARKED = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)  # what may hold a sentence that `gettext_noop` marked


def faults() -> list[str]:
    """A line for each call that no translator can serve, with the file and line where it stands."""
    return [fault for path in sources() for fault in faults_of(path.read_text(), path.relative_to(ROOT))]


def faults_of(code: str, path: Path) -> list[str]:
    """The same of one file."""
    tree = ast.parse(code)
    names = dict(_imported(tree))
    return [
        f"{path}:{call.lineno}: {fault}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
        for fault in _faults(call, names[call.func.id])
    ]


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The name that a function of `translation` goes by here, and its own."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ImportFrom) and statement.module == MODULE:
            for alias in statement.names:
                if alias.name in SENTENCES:
                    yield alias.asname or alias.name, alias.name


def _faults(call: ast.Call, function: str) -> Iterator[str]:
    sentences = call.args[: SENTENCES[function]]
    literal = [one.value for one in sentences if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if len(literal) < len(sentences):
        marked = function == "gettext" and isinstance(sentences[0], MARKED)
        if not marked:
            yield "the sentence is put together: write it whole, with named placeholders, so that it can be extracted"
        return
    if function.endswith("_noop") or any(keyword.arg is None for keyword in call.keywords):
        return
    given = {str(keyword.arg) for keyword in call.keywords} | ({"n"} if function == "ngettext" else set())
    named = set().union(*(placeholders(sentence) for sentence in literal))
    unlike = (named ^ given) - ({"n"} if function == "ngettext" else set())
    if unlike:
        yield f"it says {sorted(named)} and is given {sorted(given)}"
