"""What does Alembic run? The migrations, on the connection and in the transaction it is given.

Source: Alembic's documentation, "Commands"; ADR-0008, SQLite first.
"""

from alembic import context

from aboard.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
