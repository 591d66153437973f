"""How answers read."""

from collections.abc import Sequence

from bot.ask.catalog import EXAMPLES, QUERIES
from bot.ask.cells import heads, in_file, shown
from bot.ask.model import MOST_ROWS, Cell, Name, Result
from bot.ask.packing import packed
from bot.ask.sentences import days_of, said
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines
from bot.kernel.text import played
from bot.kernel.text.csv_table import table
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import local, ngettext, number

ROWS_SHOWN = 15
LONGEST_QUESTION = 100
LONGEST_ROW = 160


def answer(of: Result, *, without_model: bool = False) -> Card:
    """The figures, and by which query of what time they were found. without_model: no model read the question."""
    lines = played.below(_title(of))
    if without_model:
        lines.add(_("No model answered, so I went by the words that I know. Check that this is what you asked."))
    for line in said(of):
        lines.add(line)
    lines.add(_source(of))
    return Card(str(lines), (_buttons(of),) if of.rows else ())


def _title(of: Result) -> str:
    parts = [_(QUERIES[of.choice.name].title)]
    kind = getattr(of.choice.given, "type", None)
    parts += [kind.words] if kind is not None else []
    parts += [shown(of.client)] if of.client is not None else []
    if of.span is None:
        return " · ".join([*parts, _("now")])
    days = days_of(of.span)
    return " · ".join([*parts, _("{days} so far", days=days) if of.so_far else days])


def _source(of: Result) -> str:
    """ "Query revenue, 17 rows, as of 14:03"."""
    name = f"<code>{of.choice.name.value}</code>"
    when = moment(of.now)
    if of.more:
        most = {"name": name, "n": number(MOST_ROWS), "time": when}
        return _("Query {name}, over {n} rows, of which these are the newest. As of {time}", **most)
    return ngettext("Query {name}, {n} row. As of {time}", "Query {name}, {n} rows. As of {time}", len(of.rows),
                    name=name, time=when)  # fmt: skip


def _buttons(of: Result) -> tuple[Button, ...]:
    subject, version = packed(of.choice, of.span)
    name = of.choice.name.value
    return (
        Button(_("Rows"), "askrows", subject, version, choice=name),
        Button(_("CSV"), "askcsv", subject, version, choice=name),
    )


def rows(of: Result) -> Card:
    """The rows, the first of them where they are many."""
    lines = played.below(_title(of))
    for row in of.rows[:ROWS_SHOWN]:
        lines.add(first_lines(" · ".join(filter(None, map(shown, row))), LONGEST_ROW))
    if not of.rows:
        lines.add(_("No rows."))
    elif len(of.rows) > ROWS_SHOWN:
        lines.add(
            _("{shown} of {all} rows; the file has them all.", shown=number(ROWS_SHOWN), all=number(len(of.rows)))
        )
    return Card(str(lines), (_buttons(of)[1:],) if of.rows else ())


def as_file(of: Result) -> Card:
    """All rows as a CSV file."""
    header = [head for place, column in enumerate(of.columns) for head in heads(column, _first(of.rows, place))]
    widths = [len(heads(column, _first(of.rows, place))) for place, column in enumerate(of.columns)]
    written = [header]
    for row in of.rows:
        cells = [[*in_file(cell), "", ""][:width] for cell, width in zip(row, widths, strict=True)]
        written.append([one for cell in cells for one in cell])
    file = Document(f"{of.choice.name}-{local(of.now):%Y-%m-%d}.csv", table(written))
    lines = Lines(_title(of)).add(ngettext("{n} row", "{n} rows", len(of.rows)))
    return Card(str(lines), document=file)


def _first(of: Sequence[Sequence[Cell]], place: int) -> Cell:
    return next((row[place] for row in of if row[place] is not None), None)


def none_answers(question: str) -> Card:
    """That no query answers it, and what can be asked."""
    lines = Lines(_("No query answers that"))
    lines.add(_("You asked: {question}", question=first_lines(question, LONGEST_QUESTION)))
    lines.add(_("I answer from fixed queries on this business's own figures, and I never guess. I change nothing."))
    lines.add(_("/ask lists what you can ask. For example:"))
    return Card(str(lines), _examples())


def no_model() -> Card:
    """That only a model could have read it."""
    lines = Lines(_("I could not read that question"))
    lines.add(_("The model that reads questions does not answer now. Try again in some minutes, or use simpler words."))
    lines.add(_("These work without it:"))
    return Card(str(lines), _examples())


def overview(names: Sequence[Name]) -> Card:
    """What can be asked, by those who may ask these."""
    lines = Lines(_("Ask about the figures"))
    lines.add(
        _("Write a question behind the command, such as: {example}", example=f"/ask {_(QUERIES[EXAMPLES[0]].example)}")
    )
    for name in names:
        lines.add(f"• {escape(_(QUERIES[name].example))}")
    return Card(str(lines), _examples())


def _examples() -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(_(QUERIES[name].example), "askeg", choice=name.value),) for name in EXAMPLES)
