"""What /find searches: the words of briefs, clients' names and invoices' numbers, kept by triggers of the database.

Every entry carries its scope beside its words: the tenant and kind, and once more with the client, so that a search
reads nobody else's entries. Kinds: 0 a brief, 1 a person, 2 an invoice. The briefs' triggers fire only when words
change, so that a brief's way from state to state costs nothing.
"""

SQLITE_TABLE = (
    # No copy of the words is kept: an entry is deleted by saying it once more. detail=column: phrases are not searched.
    "CREATE VIRTUAL TABLE {index} USING fts5(words, scope, content='', detail='column', prefix='{beginnings}', "
    "tokenize='unicode61 remove_diacritics 2')",
    # What is deleted is gone from the file as well.
    "INSERT INTO {index} ({index}, rank) VALUES ('secure-delete', 1)",
)
POSTGRESQL_TABLE = (
    "CREATE TABLE search (kind smallint NOT NULL, subject bigint NOT NULL, words tsvector NOT NULL, "
    "CONSTRAINT pk_search PRIMARY KEY (kind, subject))",
    "CREATE INDEX ix_search_words ON search USING gin (words)",
)
# table: kind, the words of a row, the client that it belongs to, which columns the words come from, whether it counts
ENTRIES: dict[str, tuple[int, str, str, str, str]] = {
    "briefs": (0, "{row}.title || ' ' || {row}.text", "{row}.client_id", "title, text", "{row}.text <> ''"),
    "people": (1, "{row}.name", "{row}.id", "name", "{row}.role = 'client'"),
    "invoices": (2, "{row}.number", "{row}.client_id", "number", "{row}.number IS NOT NULL"),
}
WATCHED = {"people": "name, role"}


def statements(dialect: str) -> list[str]:
    """What to run, in order, on a database that may hold rows already."""
    made = sqlite_table("search") if dialect == "sqlite" else list(POSTGRESQL_TABLE)
    for table in ENTRIES:
        made += sqlite_entries(table, "search") if dialect == "sqlite" else _postgresql(table)
    return made


def sqlite_table(index: str, beginnings: str = "2 3 4") -> list[str]:
    """What makes an index of words, by its name, and of beginnings of these lengths."""
    return [statement.format(index=index, beginnings=beginnings) for statement in SQLITE_TABLE]


def sqlite_entries(table: str, index: str) -> list[str]:
    """What keeps the rows of a table in an index of words, also those that are there."""
    kind, words, client, columns, counts = ENTRIES[table]

    def scope(row: str) -> str:
        mark = f"'t' || hex({row}.tenant) || 'k{kind}'"
        return f"{mark} || ' ' || {mark} || 'c' || {client.format(row=row)}"

    def entry(row: str) -> str:
        return f"{row}.id * 4 + {kind}, {words.format(row=row)}, {scope(row)}"

    add = f"INSERT INTO {index} (rowid, words, scope) SELECT {entry('new')} WHERE {counts.format(row='new')};"
    drop = (
        f"INSERT INTO {index} ({index}, rowid, words, scope) "
        f"SELECT 'delete', {entry('old')} WHERE {counts.format(row='old')};"
    )
    watched = WATCHED.get(table, columns)
    return [
        f"CREATE TRIGGER {table}_search_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_search_changed AFTER UPDATE OF {watched} ON {table} BEGIN {drop} {add} END",
        f"CREATE TRIGGER {table}_search_dropped AFTER DELETE ON {table} BEGIN {drop} END",
        f"INSERT INTO {index} (rowid, words, scope) SELECT {entry(table)} FROM {table} "  # noqa: S608
        f"WHERE {counts.format(row=table)}",
    ]


def sqlite_leave(table: str) -> list[str]:
    """What takes the rows of a table out of the index that all kinds share, and keeps them there no more."""
    made = [f"DROP TRIGGER {table}_search_{name}" for name in ("added", "changed", "dropped")]
    filled = sqlite_entries(table, "search")[-1]
    gone = "INSERT INTO search (search, rowid, words, scope) SELECT 'delete',"
    return [*made, filled.replace("INSERT INTO search (rowid, words, scope) SELECT", gone)]


def _postgresql(table: str) -> list[str]:
    kind, words, client, columns, counts = ENTRIES[table]

    def entry(row: str) -> str:
        plain = f"regexp_replace({words.format(row=row)}, '[^[:alnum:]]+', ' ', 'g')"
        mark = f"'/{kind}/' || {row}.tenant"  # no word begins like this
        scope = f"array_to_tsvector(ARRAY[{mark}, {mark} || '/' || {client.format(row=row)}])"
        return f"{kind}, {row}.id, to_tsvector('simple', {plain}) || {scope}"

    function = f"""CREATE FUNCTION {table}_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search WHERE kind = {kind} AND subject = old.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search (kind, subject, words) SELECT {entry("new")} WHERE {counts.format(row="new")};
    END IF;
    RETURN NULL;
END $$"""  # noqa: S608
    watched = WATCHED.get(table, columns)
    return [
        function,
        f"CREATE TRIGGER {table}_search AFTER INSERT OR DELETE OR UPDATE OF {watched} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_search()",
        f"INSERT INTO search (kind, subject, words) SELECT {entry(table)} FROM {table} "  # noqa: S608
        f"WHERE {counts.format(row=table)}",
    ]
