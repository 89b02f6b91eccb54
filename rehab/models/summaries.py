"""Periodic summaries: one row per subject and local period, its versions, what was sent, and how far a run is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from accounts.models import Clinic
from rehab.models.patients import Patient

_Q = models.Q


class Summary(models.Model):
    """What one period was, for one patient, one therapist in one clinic, or one clinic.

    The row is the truth: it is written when the period is over where the subject is, computed by whichever worker
    claims it, and marked stale when a record of the period comes late. ``payload`` is that of ``version``; earlier
    ones are kept as ``SummaryVersion``. Version 0: not computed yet.
    """

    class Audience(models.TextChoices):
        PATIENT = "patient", _("Patient")
        THERAPIST = "therapist", _("Therapist")
        CLINIC = "clinic", _("Clinic")

    class Period(models.TextChoices):
        DAY = "day", _("Day")
        WEEK = "week", _("Week")
        FOUR_WEEKS = "four_weeks", _("Four weeks")
        MONTH = "month", _("Month")

    class Status(models.TextChoices):
        DUE = "due", _("Due")
        COMPUTED = "computed", _("Computed")
        STALE = "stale", _("Late records arrived")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    audience = models.CharField(max_length=9, choices=Audience)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+", db_index=False)
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    period = models.CharField(max_length=10, choices=Period)
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_zone = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    version = models.PositiveIntegerField(default=0)
    schema_version = models.PositiveSmallIntegerField(default=0)
    payload = JsonField(null=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    stale_since = models.DateTimeField(null=True)
    stale_until_quiet = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "period", "starts_on"],
                condition=_Q(audience="patient"),
                name="summary_once_per_patient",
            ),
            models.UniqueConstraint(
                fields=["therapist", "clinic", "period", "starts_on"],
                condition=_Q(audience="therapist"),
                name="summary_once_per_therapist",
            ),
            models.UniqueConstraint(
                fields=["clinic", "period", "starts_on"],
                condition=_Q(audience="clinic"),
                name="summary_once_per_clinic",
            ),
            models.CheckConstraint(
                condition=_Q(audience="patient", patient__isnull=False, therapist__isnull=True)
                | _Q(audience="therapist", patient__isnull=True, therapist__isnull=False)
                | _Q(audience="clinic", patient__isnull=True, therapist__isnull=True),
                name="summary_has_its_subject",
            ),
            models.CheckConstraint(
                condition=_Q(period__in=["day", "week", "four_weeks", "month"]), name="summary_period_known"
            ),
            models.CheckConstraint(condition=_Q(ends_on__gte=models.F("starts_on")), name="summary_ends_after_start"),
            models.CheckConstraint(
                condition=_Q(status="due", version=0, payload__isnull=True, computed_at__isnull=True)
                | _Q(
                    status__in=["computed", "stale"], version__gte=1, payload__isnull=False, computed_at__isnull=False
                ),
                name="summary_computed_has_payload",
            ),
            models.CheckConstraint(
                condition=_Q(status="stale", stale_since__isnull=False)
                | ~_Q(status="stale") & _Q(stale_since__isnull=True),
                name="summary_stale_since_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "starts_on", "id"], name="summary_patient"),
            models.Index(fields=["therapist", "starts_on", "id"], name="summary_therapist"),
            models.Index(fields=["clinic", "audience", "starts_on", "id"], name="summary_clinic"),
            models.Index(fields=["due_at", "id"], condition=_Q(status__in=["due", "stale"]), name="summary_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.audience} · {self.period} · {self.starts_on}"


class SummaryVersion(models.Model):
    """A version of a summary as it was before it was computed anew; kept for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    summary = models.ForeignKey(Summary, models.PROTECT, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    schema_version = models.PositiveSmallIntegerField()
    payload = JsonField()
    inputs_digest = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["summary", "version"], name="summary_version_once"),
            models.CheckConstraint(condition=_Q(version__gte=1), name="summary_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} v{self.version}"


class SummaryDelivery(models.Model):
    """One e-mail with one summary to one person: at most one, unless somebody asked to send it again.

    ``subject``, ``text`` and ``html`` are what was sent, word for word; the row says whether it went out.
    """

    class Drop(models.TextChoices):
        OPTED_OUT = "opted_out", _("No longer wanted")
        LEFT = "left", _("No longer on the care team")
        NO_MAIL = "no_mail", _("No mail server is set up")
        NO_ADDRESS = "no_address", _("No verified e-mail address")
        NOTHING = "nothing", _("Nothing happened")
        TOO_LATE = "too_late", _("Too late to be of use")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    summary = models.ForeignKey(Summary, models.PROTECT, related_name="deliveries", db_index=False)
    summary_version = models.PositiveIntegerField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    resend = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    address = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    send_attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=10, blank=True, choices=Drop)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["summary", "recipient", "resend"], name="summary_delivery_once"),
            models.CheckConstraint(
                condition=_Q(dropped_at__isnull=True, drop_reason="")
                | (_Q(dropped_at__isnull=False, sent_at__isnull=True) & ~_Q(drop_reason="")),
                name="summary_delivery_dropped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=_Q(resend=0) | _Q(asked_by__isnull=False), name="summary_delivery_resent_by_someone"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["send_after", "id"],
                condition=_Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="summary_delivery_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} → {self.recipient_id}"


class SummaryPreference(models.Model):
    """Which summaries a person wants by e-mail, and when not to send. Null: not chosen, the default of the role.

    ``daily`` to ``four_weekly`` are about a record (one's own, or that of somebody cared for), ``caseload_…`` about
    the patients one treats, ``monthly`` about a clinic: who is a patient here and a therapist there chooses apart.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="summary_preference"
    )
    daily = models.BooleanField(null=True)
    weekly = models.BooleanField(null=True)
    four_weekly = models.BooleanField(null=True)
    caseload_daily = models.BooleanField(null=True)
    caseload_weekly = models.BooleanField(null=True)
    monthly = models.BooleanField(null=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    unsubscribe_key = models.UUIDField(default=new_id, unique=True, editable=False)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | _Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="summary_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class WeekTotal(models.Model):
    """What a patient logged in one ISO week, in numbers that add up; computed from the records, never edited."""

    id = models.BigAutoField(primary_key=True)
    # Without the database's own check: rows come from records, which have one, patients are not deleted, and to look up
    # each patient again for every week was half of the time of summing up all weeks (``benchmarks.summaries``).
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    starts_on = models.DateField()
    records = models.PositiveIntegerField()
    measurements = models.PositiveIntegerField()
    check_ins = models.PositiveIntegerField()
    sessions = models.PositiveIntegerField()
    sessions_completed = models.PositiveIntegerField()
    active_days = models.PositiveSmallIntegerField()
    minutes = models.FloatField(null=True)
    load = models.FloatField(null=True)
    pain_max = models.PositiveSmallIntegerField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "starts_on"], name="week_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} · {self.starts_on}"


class SummaryRun(models.Model):
    """A run over many summaries of one period, so that people can see how far it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    period = models.CharField(max_length=10, choices=Summary.Period)
    starts_on = models.DateField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_Q(total__gte=models.F("done") + models.F("failed")), name="summary_run_not_more_than_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} · {self.starts_on} · {self.done}/{self.total}"
