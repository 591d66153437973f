"""Alembic's entry: the connection is handed over by `storage.migrations.migrate`."""

from alembic import context

from storage.migrations.schema import whole

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=whole(), transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
