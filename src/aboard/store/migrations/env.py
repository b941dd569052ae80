"""What does Alembic run? The migrations, on the connection and in the transaction it is given.

Without a connection they are written out as a script for PostgreSQL, for whoever has one.

Source: Alembic's documentation, "Commands" and "Generating SQL Scripts".
"""

from alembic import context

from aboard.store.schema import metadata

if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql",
        target_metadata=metadata,
        literal_binds=True,
        # The transaction is the caller's.
        transactional_ddl=False,
    )
else:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
    )
context.run_migrations()
