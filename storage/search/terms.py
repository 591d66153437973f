"""The words themselves that begin alike, by which SQLite's FTS5 finds the newest entries without gathering all of them.

For the beginning of a word FTS5 looks up an index of beginnings of just that length, or else gathers every entry of
every word that begins so before it gives the first: 100,000 entries take 3 ms, a million 30. A whole word is read from
its newest entry on. So where few words begin alike, they are asked for by name.
"""

import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import TextClause, text

from storage.engine.connection import Connection

# Each word costs a look into every segment of the index, and its own place in the search.
MOST = 32
AFTER_ALL = "\U0010ffff"


def vocabulary(index: str) -> TextClause:
    """The statement that lists words of an index between two, each by one look that skips all its entries."""
    terms = f"{index}_terms"
    first = f"SELECT term FROM {terms} WHERE term >= :begin AND term < :end LIMIT 1"  # noqa: S608 - our own names
    following = (
        f"SELECT next.term FROM {terms} next WHERE next.term >= some.term || char(1)"  # noqa: S608
        " AND next.term < :end LIMIT 1"
    )
    return text(
        f"WITH RECURSIVE some (term) AS (SELECT ({first}) UNION ALL"  # noqa: S608
        f" SELECT ({following}) FROM some WHERE some.term IS NOT NULL LIMIT :most)"
        " SELECT term FROM some WHERE term IS NOT NULL"
    )


async def beginning_with(
    connection: Connection, statement: TextClause, words: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    """The index's words by the beginnings that they have, for those beginnings that few words have, or none."""
    found: dict[str, Sequence[str]] = {}
    for word in filter(_as_indexed, words):
        values = {"begin": word, "end": word + AFTER_ALL, "most": MOST + 1}
        terms = [str(term) for term in (await connection.execute(statement, values)).scalars()]
        if len(terms) <= MOST and all(map(_as_indexed, terms)) and (terms or word.isascii()):
            found[word] = terms
    return found


def _as_indexed(word: str) -> bool:
    """Whether the index has the word as it is written: it keeps letters without their marks."""
    return unicodedata.normalize("NFD", word) == word
