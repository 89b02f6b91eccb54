import accounts.fields
import accounts.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('rehab', '0007_series'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='involved_side',
            field=models.CharField(blank=True, choices=[('left', 'Left'), ('right', 'Right'), ('both', 'Both sides'), ('none', 'Neither side')], max_length=5, null=True, verbose_name='involved side'),
        ),
        migrations.CreateModel(
            name='HintDismissal',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('hint_key', models.CharField(max_length=120)),
                ('reason', models.CharField(max_length=500)),
                ('seen_ids', accounts.fields.JsonField()),
                ('method', models.CharField(max_length=32)),
                ('created_digest', models.CharField(editable=False, max_length=64)),
                ('dismissed_at', models.DateTimeField()),
                ('dismissed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rehab.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'hint_key', 'dismissed_at', 'id'], name='hint_dismissal_of_patient')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('hint_key', ''), _negated=True), name='hint_dismissal_names_hint'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hint_dismissal_has_reason'),
                ],
            },
        ),
    ]
