from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rehab', '0009_alert_news'),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='discharged_on',
            field=models.DateField(blank=True, null=True, verbose_name='discharged on'),
        ),
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
