import accounts.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_crisis_line'),
        ('rehab', '0008_analyses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WordingSignOff',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=64)),
                ('signed_name', models.CharField(max_length=150)),
                ('signed_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('signed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'version'), name='wording_sign_off_once_per_version'), models.CheckConstraint(condition=models.Q(models.Q(('version', ''), _negated=True), models.Q(('signed_name', ''), _negated=True)), name='wording_sign_off_says_what_and_who')],
            },
        ),
    ]
