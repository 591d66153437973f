"""Sentences found in code by its syntax tree: Babel's own reader of Python misses those within others and f-strings;
and in the templates of pages.

Methods for `babel.messages.extract`: https://babel.pocoo.org/en/latest/messages.html#writing-extraction-methods.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any


def python(
    file: Any,
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],  # noqa: ARG001 - every method's shape
) -> Iterator[Any]:
    """The line, the function's name, its arguments and the translators' comment above it, of each call."""
    code = file.read().decode()
    lines = code.splitlines()
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        name = _name(call.func)
        if name in keywords and call.args:
            yield call.lineno, name, tuple(map(_text, call.args)), _comment(lines, call.lineno, tuple(comment_tags))


def templates(
    file: Any, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """The same of a page's template, as Jinja reads it. Raises jinja2.TemplateSyntaxError."""
    from jinja2.ext import babel_extract

    yield from babel_extract(file, list(keywords), list(comment_tags), {**options, "silent": "false"})


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _text(argument: ast.expr) -> str | None:
    """None for what is no text, or has to be put together first."""
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _comment(lines: Sequence[str], line: int, tags: tuple[str, ...]) -> list[str]:
    """The comment right above a line, from the first of its lines that begins with a tag."""
    above: list[str] = []
    while line > 1 and lines[line - 2].strip().startswith("#"):
        line -= 1
        above.insert(0, lines[line - 1].strip().lstrip("# "))
    start = next((at for at, words in enumerate(above) if words.startswith(tags)), len(above))
    return above[start:]
