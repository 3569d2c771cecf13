"""The record store's tables.

On PostgreSQL the log is cut into partitions by time (`lrs.models.partitions` makes them), and each
statement keeps the transaction that wrote it: a sequence hands out numbers in another order than
transactions commit, so a reader that goes by ``seq`` alone would pass by a row that commits late.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PARTITIONED = ("lrs_statement", "lrs_statementkey")
# Numbers come from a sequence and are never written twice: where an index would do nothing but
# hold that true, there is none.
INDEXED = (
    "ALTER TABLE lrs_statement ADD CONSTRAINT lrs_statement_pkey PRIMARY KEY (seq, stored)",
    "ALTER TABLE lrs_statement ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX statement_xid ON lrs_statement (xid)",
    "CREATE INDEX statement_key ON lrs_statementkey (tenant_id, key, stored)",
    "ALTER TABLE lrs_statementid DROP CONSTRAINT lrs_statementid_pkey",
)


def cut_by_time(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in PARTITIONED:
        for statement in (
            f"ALTER TABLE {table} RENAME TO {table}_plain",
            f"CREATE TABLE {table} (LIKE {table}_plain) PARTITION BY RANGE (stored)",
            f"DROP TABLE {table}_plain",
            f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT",
        ):
            schema_editor.execute(statement)
    for statement in INDEXED:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('is_platform', models.BooleanField(default=False)),
                ('organisation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='StatementKey',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'key', 'stored', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('key', models.BigIntegerField()),
                ('stored', models.DateTimeField()),
                ('seq', models.BigIntegerField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='StatementId',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField()),
                ('stored', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('pk', models.CompositePrimaryKey('seq', 'stored', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('stored', models.DateTimeField()),
                ('uuid', models.UUIDField()),
                ('timestamp', models.DateTimeField()),
                ('actor_key', models.BigIntegerField(null=True)),
                ('verb_key', models.BigIntegerField()),
                ('object_key', models.BigIntegerField(null=True)),
                ('registration_key', models.BigIntegerField(null=True)),
                ('authority_key', models.BigIntegerField(null=True)),
                ('is_voiding', models.BooleanField()),
                ('payload', models.TextField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('stored', models.DateTimeField()),
                ('source', models.UUIDField()),
                ('target', models.UUIDField()),
                ('is_voiding', models.BooleanField()),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'State'), (2, 'Activity profile'), (3, 'Agent profile')])),
                ('activity_key', models.BigIntegerField(default=0)),
                ('agent_key', models.BigIntegerField(default=0)),
                ('registration_key', models.BigIntegerField(default=0)),
                ('document_key', models.BigIntegerField()),
                ('activity', models.TextField(blank=True)),
                ('agent', models.TextField(blank=True)),
                ('document_id', models.TextField()),
                ('content', models.BinaryField()),
                ('content_type', models.CharField(max_length=1000)),
                ('etag', models.CharField(max_length=80)),
                ('updated_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('label', models.CharField(blank=True, max_length=120, verbose_name='what it is for')),
                ('key', models.CharField(max_length=64, unique=True, verbose_name='key')),
                ('secret_digest', models.CharField(max_length=64)),
                ('scopes', models.JSONField(default=list)),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credentials', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha2', models.CharField(max_length=128)),
                ('content', models.BinaryField()),
                ('stored', models.DateTimeField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='ActivityDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('iri', models.TextField()),
                ('definition', models.TextField()),
                ('changed_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lrs.tenant')),
            ],
        ),
        migrations.RunPython(cut_by_time, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.UniqueConstraint(condition=models.Q(('is_platform', True)), fields=('is_platform',), name='one_platform_tenant'),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_platform', True), ('organisation__isnull', True)), models.Q(('is_platform', False), ('organisation__isnull', False)), _connector='OR'), name='tenant_is_platform_or_organisation'),
        ),
        migrations.AddConstraint(
            model_name='statementid',
            constraint=models.UniqueConstraint(fields=('tenant', 'uuid'), name='statement_id_once_in_tenant'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['tenant', 'stored'], name='statement_stored'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['tenant', 'actor_key', 'stored'], name='statement_actor'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['tenant', 'verb_key', 'stored'], name='statement_verb'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['tenant', 'object_key', 'stored'], name='statement_object'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('registration_key__isnull', False)), fields=['tenant', 'registration_key', 'stored'], name='statement_registration'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['tenant', 'authority_key', 'stored'], name='statement_authority'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['tenant', 'target'], name='reference_target'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['tenant', 'source'], name='reference_source'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['tenant', 'kind', 'agent_key'], name='document_agent'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('tenant', 'kind', 'activity_key', 'agent_key', 'registration_key', 'document_key'), name='document_once_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('tenant', 'sha2'), name='attachment_once_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='activitydefinition',
            constraint=models.UniqueConstraint(fields=('tenant', 'key'), name='definition_once_in_tenant'),
        ),
    ]
