"""Who you are (User), where you work (Clinic, Membership), how you came in (Invitation), what you did (Event)."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import JsonField
from accounts.ids import new_id
from accounts.roles import CareRole, ClinicRole


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. Units and language are how they read, not what is stored."""

    class ForceUnit(models.TextChoices):
        NEWTON = "N", "N"
        KILOGRAM_FORCE = "kgf", "kgf"
        POUND_FORCE = "lbf", "lbf"

    class LengthUnit(models.TextChoices):
        CENTIMETRE = "cm", "cm"
        INCH = "in", "in"

    class MassUnit(models.TextChoices):
        KILOGRAM = "kg", "kg"
        POUND = "lb", "lb"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SIMPLIFIED_CHINESE = "zh-hans", "简体中文"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.ENGLISH)
    force_unit = models.CharField(_("unit of force"), max_length=3, choices=ForceUnit, default=ForceUnit.NEWTON)
    length_unit = models.CharField(_("unit of length"), max_length=2, choices=LengthUnit, default=LengthUnit.CENTIMETRE)
    mass_unit = models.CharField(_("unit of mass"), max_length=2, choices=MassUnit, default=MassUnit.KILOGRAM)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(condition=~models.Q(email=""), name="user_email_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Clinic(models.Model):
    """An organisation that looks after patients. Nothing clinical crosses from one to another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("clinic's name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64)
    emergency_number = models.CharField(_("local emergency number"), max_length=20)
    crisis_line = models.CharField(_("crisis line"), max_length=120, null=True, blank=True)  # no default is guessed
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="clinic_name_not_empty"),
            models.CheckConstraint(condition=~models.Q(emergency_number=""), name="clinic_emergency_number_set"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's work for a clinic. It ends; it is not deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=ClinicRole)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "clinic", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_one_current_per_role",
            ),
            models.CheckConstraint(condition=models.Q(role__in=ClinicRole.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.clinic}"


class Invitation(models.Model):
    """A single-use, expiring way in. The link is signed, never stored; ``patient_id`` names a patient of ``rehab``."""

    class Purpose(models.TextChoices):
        THERAPIST = ClinicRole.THERAPIST.value, _("Therapist")
        CLINIC_ADMIN = ClinicRole.CLINIC_ADMIN.value, _("Clinic administrator")
        PATIENT = CareRole.PATIENT.value, _("Patient")
        CAREGIVER = CareRole.CAREGIVER.value, _("Caregiver")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=16, choices=Purpose)
    email = models.EmailField(_("e-mail address"))
    patient_id = models.UUIDField(null=True, blank=True)
    permissions = JsonField(default=list, blank=True)
    language = models.CharField(max_length=8, choices=User.Language, default=User.Language.ENGLISH)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    send_after = models.DateTimeField(default=timezone.now)
    send_attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="invitations_accepted")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["therapist", "clinic_admin"], patient_id__isnull=True)
                | models.Q(purpose__in=["patient", "caregiver"], patient_id__isnull=False),
                name="invitation_patient_matches_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.purpose}"

    def is_open(self, *, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class Event(models.Model):
    """One row per write: audit, outbox and changes feed at once. Append-only and without foreign keys, so that it
    outlives what it speaks of. ``digest`` is keyed (accounts.audit); ``sealed_in`` names the seal that chains it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=48)
    target_kind = models.CharField(max_length=32)
    target_id = models.UUIDField()
    patient_id = models.UUIDField(null=True)
    clinic_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    changes = JsonField(default=dict)
    digest = models.CharField(max_length=64)
    sealed_in = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["patient_id", "at", "id"], name="event_patient_at"),
            models.Index(fields=["id"], condition=models.Q(sealed_in__isnull=True), name="event_unsealed"),
            models.Index(fields=["sealed_in", "id"], name="event_sealed_in"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_id}"


class EventSeal(models.Model):
    """One link of the chain: the digests of a batch of events, together with the link before."""

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    previous_digest = models.CharField(max_length=64, unique=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(count__gt=0), name="event_seal_not_empty"),
        ]

    def __str__(self) -> str:
        return f"seal {self.pk}"
