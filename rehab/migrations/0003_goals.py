import accounts.fields
import accounts.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('rehab', '0002_alerts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('levels', accounts.fields.JsonField()),
                ('baseline_level', models.SmallIntegerField(default=-1)),
                ('importance', models.PositiveSmallIntegerField(default=1)),
                ('difficulty', models.PositiveSmallIntegerField(default=1)),
                ('levels_written_on', models.DateField()),
                ('period_start', models.DateField()),
                ('period_end', models.DateField()),
                ('review_dates', accounts.fields.JsonField(default=list)),
                ('status', models.CharField(choices=[('active', 'Active'), ('stopped', 'Stopped'), ('entered_in_error', 'Entered in error')], default='active', max_length=16)),
                ('version', models.PositiveIntegerField(default=1)),
                ('change_reason', models.CharField(blank=True, max_length=500)),
                ('created_digest', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rehab.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'created_at', 'id'], name='goal_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='goal_title_not_empty'), models.CheckConstraint(condition=models.Q(('baseline_level__in', [-2, -1, 0])), name='goal_baseline_known'), models.CheckConstraint(condition=models.Q(('difficulty__gte', 1), ('difficulty__lte', 3), ('importance__gte', 1), ('importance__lte', 3)), name='goal_weight_known'), models.CheckConstraint(condition=models.Q(('levels_written_on__lte', models.F('period_start'))), name='goal_levels_before_period'), models.CheckConstraint(condition=models.Q(('period_end__gt', models.F('period_start'))), name='goal_period_has_length'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'stopped', 'entered_in_error'])), name='goal_status_known'), models.CheckConstraint(condition=models.Q(('status', 'active'), models.Q(models.Q(('change_reason', ''), _negated=True), ('changed_by__isnull', False)), _connector='OR'), name='goal_end_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='GoalReview',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField()),
                ('rated_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=2000)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('created_digest', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField()),
                ('corrects', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rehab.goalreview')),
                ('goal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='rehab.goal')),
                ('rated_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['goal', 'rated_on', 'id'], name='goal_review_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', [-2, -1, 0, 1, 2])), name='goal_review_level_known'), models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('corrects',), name='goal_review_corrected_once'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('reason', '')), models.Q(('corrects__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='goal_review_correction_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('performed_at', models.DateTimeField()),
                ('performed_on', models.DateField()),
                ('source', models.CharField(choices=[('portal', 'Pages'), ('api', 'API'), ('batch', 'Batch'), ('demo', 'Demo data')], max_length=8)),
                ('status', models.CharField(choices=[('final', 'Final'), ('amended', 'Amended'), ('entered_in_error', 'Entered in error')], default='final', max_length=16)),
                ('version', models.PositiveIntegerField(default=1)),
                ('change_reason', models.CharField(blank=True, max_length=500)),
                ('note', models.CharField(blank=True, max_length=2000)),
                ('details', accounts.fields.JsonField()),
                ('derived', accounts.fields.JsonField(default=dict)),
                ('confirmed', accounts.fields.JsonField(default=list)),
                ('created_digest', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('side', models.CharField(choices=[('left', 'Left'), ('right', 'Right'), ('both', 'Both sides'), ('none', 'No side')], max_length=5)),
                ('series_key', models.CharField(max_length=512)),
                ('series_value', models.FloatField(null=True)),
                ('assessment', models.CharField(max_length=16)),
                ('muscle', models.CharField(blank=True, max_length=24)),
                ('scale', models.CharField(blank=True, max_length=24)),
                ('vital_capacity_ml', models.FloatField(null=True)),
                ('vital_capacity_ml_per_kg', models.FloatField(null=True)),
                ('mip_cmh2o', models.FloatField(null=True)),
                ('mep_cmh2o', models.FloatField(null=True)),
                ('single_breath_count', models.PositiveSmallIntegerField(null=True)),
                ('systolic_mmhg', models.FloatField(null=True)),
                ('is_baseline', models.BooleanField(default=False)),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rehab.patient')),
                ('recorded_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'performed_at', 'id'], name='assessment_timeline'), models.Index(fields=['patient', 'updated_at', 'id'], name='assessment_updated'), models.Index(fields=['patient', 'series_key', 'performed_on', 'series_value'], name='assessment_series')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['final', 'amended', 'entered_in_error'])), name='assessment_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'final'), ('version', 1)), models.Q(('version__gt', 1), models.Q(('status', 'final'), _negated=True)), _connector='OR'), name='assessment_version_fits_status'), models.CheckConstraint(condition=models.Q(('version', 1), models.Q(models.Q(('change_reason', ''), _negated=True), ('changed_by__isnull', False)), _connector='OR'), name='assessment_change_has_reason'), models.CheckConstraint(condition=models.Q(('side__in', ['left', 'right', 'both', 'none'])), name='assessment_side_known'), models.CheckConstraint(condition=models.Q(('assessment__in', ['mas', 'isncsci_motor', 'mrc_sum', 'function_scale', 'respiratory'])), name='assessment_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('assessment', 'mas'), _negated=True), models.Q(('series_value__gte', 0), ('series_value__isnull', False), ('series_value__lte', 5)), _connector='OR'), name='assessment_tone_has_rank'), models.CheckConstraint(condition=models.Q(models.Q(('assessment', 'mrc_sum'), _negated=True), ('series_value__isnull', True), models.Q(('series_value__gte', 0), ('series_value__lte', 60)), _connector='OR'), name='assessment_mrc_sum_possible'), models.CheckConstraint(condition=models.Q(models.Q(('assessment', 'function_scale'), ('series_value__isnull', False), models.Q(('scale', ''), _negated=True)), models.Q(models.Q(('assessment', 'function_scale'), _negated=True), ('scale', '')), _connector='OR'), name='assessment_scale_has_value'), models.CheckConstraint(condition=models.Q(models.Q(('vital_capacity_ml__isnull', True), ('vital_capacity_ml__gte', 0), _connector='OR'), models.Q(('vital_capacity_ml_per_kg__isnull', True), ('vital_capacity_ml_per_kg__gte', 0), _connector='OR'), models.Q(('mip_cmh2o__isnull', True), ('mip_cmh2o__gte', 0), _connector='OR'), models.Q(('mep_cmh2o__isnull', True), ('mep_cmh2o__gte', 0), _connector='OR'), models.Q(('systolic_mmhg__isnull', True), ('systolic_mmhg__gte', 0), _connector='OR')), name='assessment_measures_possible'), models.CheckConstraint(condition=models.Q(('is_baseline', False), ('assessment', 'respiratory'), _connector='OR'), name='assessment_baseline_is_measured')],
            },
        ),
    ]
