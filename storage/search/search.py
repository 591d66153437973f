"""Full-text search: briefs, clients and invoices by the beginnings of words, newest first.

The database's own index is asked (`storage.migrations.search_0003`): SQLite's FTS5, PostgreSQL's GIN over tsvector. It
says which rows have the words within the scope; what is shown is read from the tables, by tenant and client once more.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import TextClause, text

from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.search.terms import beginning_with, vocabulary

WORD = re.compile(r"[^\W_]+")
NUMBER_AND_WORD = re.compile(r"([0-9]+e[0-9]+)([^\W\d_].*)")
MOST_WORDS = 8
SHORTEST_BEGINNING = 2
BRIEF, PERSON, INVOICE = 0, 1, 2
# In SQLite an entry's number is the row's id times 4, plus the kind.
KINDS = 4
# In SQLite beginnings of up to so many letters are in the index as they are.
INDEXED_BEGINNINGS = {BRIEF: 8, PERSON: 12, INVOICE: 8}
NONE: Mapping[str, Sequence[str]] = {}
COMMON = 20_000
# So many entries are looked at before those of the scope alone are asked for.
FIRST = 32
POSTGRESQL_MATCH = "words @@ CAST(:query AS tsquery)"  # the scope has the kind


def words_of(query: str) -> list[str]:
    """The words to search for, each once, at most MOST_WORDS."""
    return list(dict.fromkeys(word.lower() for word in WORD.findall(query)))[:MOST_WORDS]


async def find(
    connection: Connection, tenant: str, kind: int, words: Sequence[str], which: Page, client_id: int | None = None
) -> list[int]:
    """Ids of the tenant's rows of a kind, or of one client's, with words that begin like these; newest first.

    It may take long where words are short and common: for `Database.snapshot`.
    """
    if not words:
        return []
    values: dict[str, object] = {"limit": which.limit}
    beside = which.after if which.after is not None else which.before
    if beside is not None:
        values["beside"] = beside
    if connection.dialect.name == "sqlite":
        return await _in_sqlite(connection, tenant, kind, words, which, client_id, values)
    values["query"] = postgresql_query(tenant, kind, words, client_id)
    probe = {"query": values["query"], "limit": COMMON}
    common = int((await connection.execute(POSTGRESQL_PROBE, probe)).scalar_one()) == COMMON
    statement = (POSTGRESQL_COMMON if common else POSTGRESQL)[_way(which)]
    return await _ids(connection, statement, values | ({"kind": kind} if common else {}), which)


async def _in_sqlite(
    connection: Connection,
    tenant: str,
    kind: int,
    words: Sequence[str],
    which: Page,
    client_id: int | None,
    values: Mapping[str, object],
) -> list[int]:
    longer = [word for word in words if len(word) > INDEXED_BEGINNINGS[kind]]
    if not await _all_begin(connection, kind, longer):
        return []
    terms = await beginning_with(connection, SQLITE_TERMS[kind], longer)
    if not all(terms.values()):  # no entry has a word that begins so
        return []
    of_all = {"kind": kind, "query": _sqlite_words(words, terms), "tenant": tenant, "client": client_id}
    found = await _newest_of_all(connection, kind, which, {**values, **of_all})
    if found is not None:
        return found
    of_scope = {"kind": kind, "query": sqlite_query(tenant, kind, words, client_id, terms)}
    return await _ids(connection, SQLITE_OF_KIND[kind][_way(which)], {**values, **of_scope}, which)


async def _ids(connection: Connection, statement: TextClause, values: Mapping[str, object], which: Page) -> list[int]:
    found = [int(row_id) for row_id in (await connection.execute(statement, values)).scalars()]
    return found[::-1] if which.after is not None else found


async def _newest_of_all(
    connection: Connection, kind: int, which: Page, values: Mapping[str, object]
) -> list[int] | None:
    """The page, if it shows among the first entries of everybody that have these words; None where it does not.

    To meet the scope's entries, of which there are as many as rows, takes longer with each entry than to look at the
    row itself.
    """
    rows = (await connection.execute(SQLITE_AMONG_FIRST[kind][_way(which)], {**values, "limit": FIRST})).all()
    found = sorted((row.id for row in rows if row.id is not None), reverse=which.after is None)[: which.limit]
    if len(rows) == FIRST and len(found) < which.limit:
        return None
    return sorted(found, reverse=True)


async def _all_begin(connection: Connection, kind: int, longer: Sequence[str]) -> bool:
    """Whether there are words that begin like each of these as far as beginnings are in the index.

    That takes one look, while to tell that there is no such word among all takes a walk past all entries of the word
    before it.
    """
    for word in longer:
        query = f"words : {_beginning(word[: INDEXED_BEGINNINGS[kind]])}"
        if (await connection.execute(SQLITE_BEGINS[kind], {"query": query})).first() is None:
            return False
    return True


def _way(which: Page) -> str:
    return "after" if which.after is not None else "before" if which.before is not None else "newest"


def sqlite_query(
    tenant: str,
    kind: int,
    words: Sequence[str],
    client_id: int | None = None,
    terms: Mapping[str, Sequence[str]] = NONE,
) -> str:
    """The query in FTS5's own language: https://sqlite.org/fts5.html#full_text_query_syntax.

    terms: by a word's beginning, all words that have it, where they are known.
    """
    scope = f"t{tenant.encode().hex()}k{kind}" + (f"c{client_id}" if client_id is not None else "")
    return f'scope : "{scope}" AND {_sqlite_words(words, terms)}'


def _sqlite_words(words: Sequence[str], terms: Mapping[str, Sequence[str]]) -> str:
    wanted = " AND ".join(_any_of(terms[word]) if word in terms else _beginning(word) for word in words)
    return f"words : ({wanted})"


def _any_of(terms: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{term}"' for term in terms) + ")"


def _beginning(word: str) -> str:
    return f'"{word}"{" *" if len(word) >= SHORTEST_BEGINNING else ""}'


def postgresql_query(tenant: str, kind: int, words: Sequence[str], client_id: int | None = None) -> str:
    """The query as a tsquery: https://www.postgresql.org/docs/current/datatype-textsearch.html."""
    scope = f"/{kind}/{tenant}" + (f"/{client_id}" if client_id is not None else "")
    return " & ".join(["'" + scope.replace("'", "''") + "'", *map(_postgresql_word, words)])


def _postgresql_word(word: str) -> str:
    """What begins with the word. PostgreSQL's parser, which made the entries, takes "02e0d805" for a number and a word:
    https://www.postgresql.org/docs/current/textsearch-parsers.html.
    """
    if found := NUMBER_AND_WORD.fullmatch(word):
        number, rest = found.groups()
        return f"({number} <-> {rest}:*)"
    return f"{word}{':*' if len(word) >= SHORTEST_BEGINNING else ''}"


def _sqlite_statement(index: str, beside: str, order: str) -> TextClause:
    return text(
        f"SELECT (rowid - :kind) / {KINDS} AS subject FROM {index} WHERE {index} MATCH :query {beside} "  # noqa: S608
        f"ORDER BY rowid {order} LIMIT :limit"
    )


def _among_first(statement: TextClause, table: str, client: str) -> TextClause:
    """A row for each that the statement finds: its id if it is the tenant's, and the client's where one is named."""
    theirs = f"its.tenant = :tenant AND (:client IS NULL OR its.{client} = :client)"
    return text(
        f"SELECT its.id FROM ({statement.text}) AS entry"  # noqa: S608 - our own names
        f" LEFT JOIN {table} AS its ON its.id = entry.subject AND {theirs}"
    )


def _sqlite_begins(index: str) -> TextClause:
    return text(f"SELECT rowid FROM {index} WHERE {index} MATCH :query LIMIT 1")  # noqa: S608 - our own names


def _postgresql_statement(where: str, beside: str, order: str, key: str) -> TextClause:
    return text(
        f"SELECT subject FROM search WHERE {where} {beside} ORDER BY {key} {order} LIMIT :limit"  # noqa: S608
    )


def _postgresql_statements(where: str, key: str) -> dict[str, TextClause]:
    return {
        "newest": _postgresql_statement(where, "", "DESC", key),
        "before": _postgresql_statement(where, "AND subject < :beside", "DESC", key),
        "after": _postgresql_statement(where, "AND subject > :beside", "ASC", key),
    }


def _sqlite_statements(index: str) -> dict[str, TextClause]:
    return {
        "newest": _sqlite_statement(index, "", "DESC"),
        "before": _sqlite_statement(index, f"AND rowid < :beside * {KINDS} + :kind", "DESC"),
        "after": _sqlite_statement(index, f"AND rowid > :beside * {KINDS} + :kind", "ASC"),
    }


# Each kind has a word list of its own, so that a word of every brief costs nothing among the others.
SQLITE_INDEXES = {BRIEF: "search", PERSON: "search_people", INVOICE: "search_invoices"}
SQLITE_OF_KIND = {kind: _sqlite_statements(index) for kind, index in SQLITE_INDEXES.items()}
SQLITE = SQLITE_OF_KIND[BRIEF]
SQLITE_ROWS = {BRIEF: ("briefs", "client_id"), PERSON: ("people", "id"), INVOICE: ("invoices", "client_id")}
SQLITE_AMONG_FIRST = {
    kind: {way: _among_first(statement, *SQLITE_ROWS[kind]) for way, statement in ways.items()}
    for kind, ways in SQLITE_OF_KIND.items()
}
SQLITE_BEGINS = {kind: _sqlite_begins(index) for kind, index in SQLITE_INDEXES.items()}
SQLITE_TERMS = {kind: vocabulary(index) for kind, index in SQLITE_INDEXES.items()}
# PostgreSQL guesses how many rows have words with a beginning, and guesses badly. So it is asked first: where they are
# few, the index on words finds them ("+ 0": not by looking through all in the order of ids); where they are many, the
# newest are soon met in that order.
POSTGRESQL = _postgresql_statements(POSTGRESQL_MATCH, "subject + 0")
POSTGRESQL_COMMON = _postgresql_statements(f"kind = :kind AND {POSTGRESQL_MATCH}", "subject")
POSTGRESQL_PROBE = text(
    f"SELECT count(*) FROM (SELECT 1 FROM search WHERE {POSTGRESQL_MATCH} LIMIT :limit) AS few"  # noqa: S608
)
