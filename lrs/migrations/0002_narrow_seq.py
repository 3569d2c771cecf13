"""On PostgreSQL the log is found by number alone: half the width of number and time together.

A number is never given twice, so the index need not hold that true.
"""

from django.db import migrations


def narrow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE lrs_statement DROP CONSTRAINT lrs_statement_pkey")
        schema_editor.execute("CREATE INDEX statement_seq ON lrs_statement (seq)")


class Migration(migrations.Migration):

    dependencies = [("lrs", "0001_initial")]

    operations = [migrations.RunPython(narrow, migrations.RunPython.noop)]
