"""The cast: a clinic with its people, a stranger from another clinic, and clients that sign in as any of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import settings as generated
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import Clinic, User
from content.loading import load_library
from rehab.models import Patient
from rehab.services import alert_rules, clinics, patients, people
from tests.questionnaires import switch_on

PASSWORD = "correct horse battery"

# A machine that is busy with something else makes no test fail.
generated.register_profile("untimed", deadline=None)
generated.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database: only that is worth running again on another engine."""
    for item in items:
        if "django_db_setup" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db"):
            item.add_marker("database")


@dataclass(frozen=True)
class Cast:
    """``patient_user`` is ``patient``; ``therapist`` treats them; ``caregiver`` may view and log for them."""

    clinic: Clinic
    patient: Patient
    patient_user: User
    caregiver: User
    therapist: User
    colleague: User  # therapist of the same clinic, not on the care team
    admin: User  # administrator of the clinic, not on the care team
    other_clinic: Clinic
    other_patient: Patient
    other_patient_user: User
    other_therapist: User

    def user(self, role: str) -> User:
        user: User = getattr(self, role)
        return user


def make_user(email: str, name: str) -> User:
    with transaction.atomic():
        return people.sign_up(email=email, name=name, password=PASSWORD, language="en")


def make_clinic(name: str, founder: User, *, now: datetime) -> Clinic:
    return clinics.found(name=name, time_zone="Asia/Shanghai", emergency_number="120", by=founder, now=now)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the articles once for every test database: it takes seconds."""
    with django_db_blocker.unblock():
        load_library()


@pytest.fixture
def library(transactional_db: None) -> None:
    """Load the articles again for a test that has the database emptied: those before it did so too."""
    load_library()


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    return make_cast(now=now)


def make_cast(*, now: datetime) -> Cast:
    admin = make_user("admin@clinic.example", "Ada Min")
    clinic = make_clinic("North Clinic", admin, now=now)
    staff = {}
    for name in ("therapist", "colleague"):
        staff[name] = make_user(f"{name}@clinic.example", name.title())
        invitation = people.invite_staff(
            clinic_id=clinic.pk, email=staff[name].email, role="therapist", language="en", by=admin, now=now
        )
        people.accept(invitation, by=staff[name], now=now)
    patient, patient_user = make_patient("Pat Ient", "patient@clinic.example", by=staff["therapist"], now=now)
    caregiver = make_user("carer@clinic.example", "Carrie Giver")
    invitation = people.invite_caregiver(
        patient_id=patient.pk,
        email=caregiver.email,
        permissions=["log_records"],
        language="en",
        by=patient_user,
        now=now,
    )
    people.accept(invitation, by=caregiver, now=now)
    other_therapist = make_user("therapist@other.example", "Other Therapist")
    other_clinic = make_clinic("South Clinic", other_therapist, now=now)
    other_patient, other_patient_user = make_patient("Otto Other", "patient@other.example", by=other_therapist, now=now)
    return Cast(
        clinic=clinic,
        patient=patient,
        patient_user=patient_user,
        caregiver=caregiver,
        admin=admin,
        other_clinic=other_clinic,
        other_patient=other_patient,
        other_patient_user=other_patient_user,
        other_therapist=other_therapist,
        **staff,
    )


@pytest.fixture
def on(cast: Cast, now: datetime) -> Cast:
    """The clinic offers questionnaires; the colleague, who is not on the team, answers item 9."""
    switch_on(cast.clinic, admin=cast.admin, responder=cast.colleague, now=now)
    return cast


def make_patient(name: str, email: str, *, by: User, now: datetime) -> tuple[Patient, User]:
    patient = patients.enrol({"name": name, "birth_date": "1970-05-01"}, by=by, now=now).patient
    user = make_user(email, name)
    invitation = people.invite_patient(patient_id=patient.pk, email=email, language="en", by=by, now=now)
    people.accept(invitation, by=user, now=now)
    return patient, user


def api_client(user: User | None) -> APIClient:
    """Return a client of the API with a token of its own; None is nobody."""
    client = APIClient()
    if user is not None:
        _instance, token = AuthToken.objects.create(user)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def page_client(user: User | None) -> Client:
    """Return a client for the pages, signed in; None is nobody."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    return api_client


@pytest.fixture
def browser_of() -> Callable[[User | None], Client]:
    return page_client


@pytest.fixture
def no_rule_fails_unnoticed(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A derived rule that fails is logged and passed over; in a test that is a fault, but where the test breaks one."""
    yield
    if "fail" not in request.node.name:
        assert [record for record in caplog.get_records("call") if record.name == alert_rules.__name__] == []
