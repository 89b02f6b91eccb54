from django.db import migrations, models


class Migration(migrations.Migration):
    """One more reader of the audit trail: the names that a watermark may have are widened."""

    dependencies = [
        ('rehab', '0010_discharge'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alertwatermark',
            name='alert_watermark_name_known',
        ),
        migrations.AlterField(
            model_name='alertwatermark',
            name='name',
            field=models.CharField(choices=[('events', 'Events'), ('sweep', 'Sweep'), ('summary', 'Summary')], max_length=8, primary_key=True, serialize=False),
        ),
        migrations.AddConstraint(
            model_name='alertwatermark',
            constraint=models.CheckConstraint(condition=models.Q(('name__in', ['events', 'sweep', 'summary'])), name='alert_watermark_name_known'),
        ),
    ]
