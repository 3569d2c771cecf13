"""On PostgreSQL, each statement keeps the transaction that wrote it.

A sequence hands out numbers in another order than transactions commit, so a reader that goes by
``seq`` alone would pass by a row that commits late. It goes by (xid, seq) below the oldest
transaction still running.
"""

from django.db import migrations

FORWARDS = (
    "ALTER TABLE lrs_statement ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX statement_xid ON lrs_statement (xid, seq)",
)
BACKWARDS = (
    "DROP INDEX IF EXISTS statement_xid",
    "ALTER TABLE lrs_statement DROP COLUMN IF EXISTS xid",
)


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("lrs", "0001_initial")]

    operations = [migrations.RunPython(_run(FORWARDS), _run(BACKWARDS))]
