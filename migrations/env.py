"""Alembic's entry: it is given a connection and runs in our transaction."""

from alembic import context

from dispatch.tables import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations with `doorstep migrate`.")

context.configure(connection=connection, target_metadata=metadata, render_as_batch=False, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
