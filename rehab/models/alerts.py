"""Alerts: what needs a therapist's eyes, why, who was told, and what was decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from rehab.models.patients import Patient

_LEVELS = ["emergency", "same_day", "review"]
_Q = models.Q


class AlertMute(models.Model):
    """A therapist's decision not to be alerted by one rule for one patient until the end of a day of the patient's.

    It silences alerts and messages to the care team, never what the patient reads. It ends; it is not deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=16)
    reason = models.CharField(max_length=500)
    until_on = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    created_digest = models.CharField(max_length=64, editable=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "rule"], condition=_Q(ended_at__isnull=True), name="alert_mute_one_in_force"
            ),
            models.CheckConstraint(condition=~_Q(reason=""), name="alert_mute_has_reason"),
            models.CheckConstraint(
                condition=_Q(ended_by__isnull=True) | _Q(ended_at__isnull=False), name="alert_mute_ended_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "created_at", "id"], name="alert_mute_patient")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.patient_id}"


class Alert(models.Model):
    """One matter of one patient: the causes of a rule and subject since it was raised, until somebody closes it.

    ``waiting_since`` is when it last began to wait for an answer: when it was raised, when its level rose, or when
    something urgent was reported again. ``withdrawn`` is closed by the service: every cause was entered in error.
    """

    class Level(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency")
        SAME_DAY = "same_day", _("Same day")
        REVIEW = "review", _("Review")

    class Status(models.TextChoices):
        OPEN = "open", _("Not answered")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=16)
    rule_version = models.CharField(max_length=16)
    subject = models.CharField(max_length=128, blank=True)
    level = models.CharField(max_length=9, choices=Level)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    raised_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    assigned_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    close_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "rule", "subject"],
                condition=_Q(status__in=["open", "acknowledged"]),
                name="alert_one_open_per_subject",
            ),
            models.CheckConstraint(condition=_Q(level__in=_LEVELS), name="alert_level_known"),
            models.CheckConstraint(
                condition=~_Q(status="open") | _Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True),
                name="alert_open_is_unanswered",
            ),
            models.CheckConstraint(
                condition=~_Q(status="acknowledged") | _Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_someone",
            ),
            # A status that is none of these four is refused here too.
            models.CheckConstraint(
                condition=_Q(status__in=["open", "acknowledged"], closed_at__isnull=True, closed_by__isnull=True)
                | (_Q(status="closed", closed_at__isnull=False, closed_by__isnull=False) & ~_Q(close_reason=""))
                | _Q(status="withdrawn", closed_at__isnull=False, closed_by__isnull=True),
                name="alert_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=_Q(assigned_at__isnull=True, assigned_to__isnull=True)
                | _Q(assigned_at__isnull=False, assigned_to__isnull=False),
                name="alert_assigned_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "raised_at", "id"], name="alert_patient_raised"),
            models.Index(fields=["waiting_since", "id"], condition=_Q(status="open"), name="alert_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.level} · {self.patient_id}"

    @property
    def is_finished(self) -> bool:
        return self.status in (self.Status.CLOSED, self.Status.WITHDRAWN)


class AlertCause(models.Model):
    """One thing that made a rule fire. There is one row for ever per rule, subject and source: however often it is
    evaluated, and by however many workers, it raises once. Without an alert it was silenced by ``mute``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="causes")
    mute = models.ForeignKey(AlertMute, models.PROTECT, null=True, related_name="causes")
    rule = models.CharField(max_length=16)
    rule_version = models.CharField(max_length=16)
    subject = models.CharField(max_length=128, blank=True)
    level = models.CharField(max_length=9, choices=Alert.Level)
    source_kind = models.CharField(max_length=32)
    source_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    evidence = JsonField(default=dict)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_id", "source_kind", "rule", "subject"], name="alert_cause_once_for_ever"
            ),
            models.CheckConstraint(condition=_Q(level__in=_LEVELS), name="alert_cause_level_known"),
            models.CheckConstraint(
                condition=_Q(alert__isnull=False, mute__isnull=True) | _Q(alert__isnull=True, mute__isnull=False),
                name="alert_cause_raised_or_muted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.source_kind} {self.source_id}"


class AlertMessage(models.Model):
    """The outbox: one e-mail to one person about one step of an alert. The row says whether it was sent.

    It names no patient and nothing clinical; ``clinic`` is what administrators are told, who may not see the alert.
    """

    class Step(models.TextChoices):
        RAISED = "raised", _("Raised")
        ESCALATED = "escalated", _("Escalated")
        ASSIGNED = "assigned", _("Assigned")

    class Audience(models.TextChoices):
        CARE_TEAM = "care_team", _("Care team")
        CLINIC = "clinic", _("Clinic administrators")

    class Drop(models.TextChoices):
        ANSWERED = "answered", _("Answered before it was sent")
        LEFT = "left", _("No longer responsible")
        NO_MAIL = "no_mail", _("No mail server is set up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="messages", db_index=False)
    alert_version = models.PositiveIntegerField()
    level = models.CharField(max_length=9, choices=Alert.Level)
    step = models.CharField(max_length=9, choices=Step)
    audience = models.CharField(max_length=9, choices=Audience)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    send_attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=8, blank=True, choices=Drop)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "alert_version", "step", "audience", "recipient"], name="alert_message_once_per_step"
            ),
            models.CheckConstraint(
                condition=_Q(step__in=["raised", "escalated", "assigned"]), name="alert_message_step_known"
            ),
            models.CheckConstraint(
                condition=_Q(audience__in=["care_team", "clinic"]), name="alert_message_audience_known"
            ),
            models.CheckConstraint(
                condition=_Q(dropped_at__isnull=True, drop_reason="")
                | (_Q(dropped_at__isnull=False, sent_at__isnull=True) & ~_Q(drop_reason="")),
                name="alert_message_dropped_for_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["send_after", "id"],
                condition=_Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="alert_message_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} · {self.alert_id}"


class AlertWatermark(models.Model):
    """How far workers have read: the last sealed event whose patients were evaluated, or today's sweep.

    ``summary`` is the last sealed event that was looked at for summaries which it makes stale.
    """

    class Name(models.TextChoices):
        EVENTS = "events"
        SWEEP = "sweep"
        SUMMARY = "summary"

    name = models.CharField(primary_key=True, max_length=8, choices=Name)
    seal_id = models.BigIntegerField(default=0)
    event_id = models.UUIDField(null=True)
    swept_on = models.DateField(null=True)
    patient_id = models.UUIDField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_Q(name__in=["events", "sweep", "summary"]), name="alert_watermark_name_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
