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
    ]
