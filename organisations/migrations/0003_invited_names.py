
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0002_supervision_in_a_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='invited_family_name',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='membership',
            name='invited_given_name',
            field=models.CharField(blank=True, max_length=150),
        ),
    ]
