"""Alembic's entry: the connection is handed over by `storage.migrate`."""

from alembic import context

from storage import billing_tables, gate_tables, tables  # noqa: F401 - they fill the metadata
from storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
