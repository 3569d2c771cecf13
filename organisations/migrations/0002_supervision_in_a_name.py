import django.db.models.deletion
from django.db import migrations, models


def drop_nameless(apps, schema_editor):
    """A supervision in nobody's name opens nothing, and the constraint forbids it."""
    apps.get_model("organisations", "Supervision").objects.filter(organisation=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(drop_nameless, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='supervision',
            name='supervision_once',
        ),
        migrations.AddField(
            model_name='supervision',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='supervisions', to='organisations.team'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', True), ('team__isnull', True), _connector='XOR'), name='supervision_for_organisation_or_team'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('supervisor', 'person', 'organisation', 'starts_on'), name='supervision_for_organisation_once'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.UniqueConstraint(condition=models.Q(('team__isnull', False)), fields=('supervisor', 'person', 'team', 'starts_on'), name='supervision_for_team_once'),
        ),
    ]
