"""The register of processing: every table and column, and the page that shows it."""

from collections.abc import Iterator, Mapping

from bot.privacy.register import briefs, machinery, money, people
from bot.privacy.register.model import Declared

REGISTER: Mapping[str, Declared] = {**people.TABLES, **briefs.TABLES, **money.TABLES, **machinery.TABLES}


def page() -> Iterator[str]:
    """The lines of docs/privacy.md below its title, table by table."""
    yield from ("", "| column | what it is | purpose | ground | kept | erasure |", "|---|---|---|---|---|---|")
    for name, table in sorted(REGISTER.items()):
        for column, what in table.personal.items():
            said = (what, table.purpose, table.ground, table.kept, table.erased(column))
            yield f"| `{name}.{column}` | {' | '.join(str(word) for word in said)} |"
    yield from ("", "## Numbers of people", "")
    yield (
        "These columns hold the number of a row of `people`, and nothing else of a person. They stay when somebody is "
        "erased: the number is then the pseudonym under which invoices and the audit log go on."
    )
    yield ""
    for name, table in sorted(REGISTER.items()):
        if table.by_number:
            yield f"- `{name}`: {', '.join(table.by_number.split())}"
    yield from ("", "## Nothing of a person", "", "Beside `id` and `tenant` of every table:", "")
    for name, table in sorted(REGISTER.items()):
        if table.plain:
            yield f"- `{name}`: {', '.join(table.plain.split())}"
