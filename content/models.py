"""The library in the database: what the files say, where words are found, and what each clinic has reviewed.

The files under ``content/articles`` are the truth for the texts; the loader writes them here so that pages, search and
the API answer with a constant number of statements. Reviews belong to the clinics and are only ever added to.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from accounts.models import Clinic

_Q = models.Q


class Article(models.Model):
    """What the languages of an article share. ``not_for``: conditions it is never shown to."""

    class Kind(models.TextChoices):
        EXPLANATION = "explanation", _("Explanation")
        GUIDE = "guide", _("Guide")

    slug = models.CharField(primary_key=True, max_length=80)
    category = models.CharField(max_length=32)
    kind = models.CharField(max_length=11, choices=Kind)
    covers = JsonField(default=list)
    conditions = JsonField(default=list)
    not_for = JsonField(default=list)
    muscles = JsonField(default=list)
    session_types = JsonField(default=list)
    places = JsonField(default=list)
    sources = JsonField(default=list)
    drawings = JsonField(default=list)
    position = models.PositiveIntegerField()
    """Place on its shelf: that of the first topic it covers."""
    is_listed = models.BooleanField(default=True)
    """False once its files are gone; its address then says so, and what people did with it is kept."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_Q(kind__in=["explanation", "guide"]), name="article_kind_known"),
            models.CheckConstraint(condition=~_Q(slug=""), name="article_slug_not_empty"),
        ]
        indexes: ClassVar = [models.Index(fields=["category", "position", "slug"], name="article_shelf")]

    def __str__(self) -> str:
        return self.slug


class ArticleText(models.Model):
    """One language of an article. ``segments`` are pieces of sanitised HTML, each with the conditions it is not for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=90)
    answer = models.CharField(max_length=260)
    keywords = JsonField(default=list)
    check_questions = JsonField(default=list)
    segments = JsonField(default=list)
    version = models.PositiveIntegerField()
    of_version = models.PositiveIntegerField(null=True)
    """Of a translation: the version of the original it was written from."""
    updated_on = models.DateField()
    reviewed_by = models.CharField(max_length=300, blank=True)
    reviewed_on = models.DateField(null=True)
    review_due_on = models.DateField()
    changes = JsonField(default=list)
    digest = models.CharField(max_length=64)
    """Of the file: what is unchanged is not loaded again, and the ETag follows it."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "language"], name="article_text_once_per_language"),
            models.CheckConstraint(condition=_Q(language__in=["en", "zh-hans"]), name="article_text_language_known"),
            models.CheckConstraint(condition=_Q(version__gte=1), name="article_text_version_from_one"),
            models.CheckConstraint(
                condition=_Q(reviewed_by="", reviewed_on__isnull=True)
                | ~_Q(reviewed_by="") & _Q(reviewed_on__isnull=False),
                name="article_text_reviewed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language})"


class SearchTerm(models.Model):
    """A term under which a text is found and how much it says: words and their trigrams, Chinese characters and pairs.

    Written by the loader from what everybody may read of a text; passages that are gated are not searched.
    """

    id = models.BigAutoField(primary_key=True)
    text = models.ForeignKey(ArticleText, models.CASCADE, related_name="terms")
    term = models.CharField(max_length=64)
    weight = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "text"], name="search_term_once_per_text"),
            models.CheckConstraint(condition=_Q(weight__gt=0), name="search_term_weighs_something"),
        ]

    def __str__(self) -> str:
        return self.term


class ClinicLibrary(models.Model):
    """How a clinic uses the library: whether its patients read only what the clinic has approved."""

    clinic = models.OneToOneField(Clinic, models.PROTECT, primary_key=True, related_name="library")
    requires_approval = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.clinic_id)


class ArticleReview(models.Model):
    """A step of a clinic's review of one version of a text; the latest of a language holds. Only added to."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="reviews", db_index=False)
    language = models.CharField(max_length=8)
    text_version = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State)
    due_on = models.DateField(null=True)
    """Of an approval: when the clinic looks at it again; past it, the state shown is "due"."""
    note = models.CharField(max_length=500, blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_Q(state="approved", due_on__isnull=False)
                | _Q(state__in=["draft", "in_review"], due_on__isnull=True),
                name="article_review_approval_has_due_day",
            ),
            models.CheckConstraint(condition=_Q(language__in=["en", "zh-hans"]), name="article_review_language_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "article", "language", "reviewed_at", "id"], name="article_review_latest")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language}) · {self.state}"
