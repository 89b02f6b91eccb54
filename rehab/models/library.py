"""What people do with the learning library: read, check their understanding, ask, and are given to read."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.fields import JsonField
from accounts.ids import new_id
from content.models import Article
from rehab.models.patients import Patient

_Q = models.Q


class ArticleReading(models.Model):
    """What one person on a patient's care team, the patient or a caregiver, did with one article."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", db_index=False)
    language = models.CharField(max_length=8)
    read_at = models.DateTimeField(null=True)
    helped = models.BooleanField(null=True)
    check_answers = JsonField(default=list)
    check_right = models.PositiveSmallIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "reader", "article"], name="article_reading_once"),
            models.CheckConstraint(
                condition=_Q(check_right__isnull=True, checked_at__isnull=True)
                | _Q(check_right__lte=3, checked_at__isnull=False),
                name="article_reading_checked_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} · {self.article_id}"


class ArticleQuestion(models.Model):
    """A question to the therapist about an article, and its answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~_Q(text=""), name="article_question_not_empty"),
            models.CheckConstraint(
                condition=_Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | ~_Q(answer="") & _Q(answered_by__isnull=False, answered_at__isnull=False),
                name="article_question_answered_by_someone",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "asked_at", "id"], name="article_question_patient")]

    def __str__(self) -> str:
        return f"{self.patient_id} · {self.article_id}"


class ArticleAssignment(models.Model):
    """An article that a therapist gave a patient to read, with a note. It ends; it is not deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", db_index=False)
    note = models.CharField(max_length=500, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "article"], condition=_Q(ended_at__isnull=True), name="article_assigned_once"
            ),
            models.CheckConstraint(
                condition=_Q(ended_at__isnull=True, ended_by__isnull=True)
                | _Q(ended_at__isnull=False, ended_by__isnull=False),
                name="article_assignment_ended_by_someone",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "assigned_at", "id"], name="article_assigned_patient")]

    def __str__(self) -> str:
        return f"{self.patient_id} · {self.article_id}"
