"""Alembic's way in: run the steps on the connection, and in the transaction, that the catalog hands over."""

from alembic import context

import catalog.letters.subscribertables
import catalog.letters.tables
import catalog.listings.tables
import catalog.scheduletables  # noqa: F401 - they add to METADATA
from catalog.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
