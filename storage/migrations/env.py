"""What Alembic runs: the changes that are due, on the connection that `upgrade` gives."""

from alembic import context

# The connection is in a transaction already, so all changes are made together or not at all.
context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
