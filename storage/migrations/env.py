"""Alembic's entry: the connection is handed over by `storage.engine.migrate`."""

from alembic import context

from storage import tables  # noqa: F401 - they fill the metadata
from storage.engine.schema import metadata
from storage.tables import billing as billing_tables  # noqa: F401 - they fill the metadata
from storage.tables import flags as flag_tables  # noqa: F401
from storage.tables import tenants as tenant_tables  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
