"""People who want summaries by e-mail, and what tests do with them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction

from accounts.models import User
from rehab.models import CareTeamMember, Patient, Summary, SummaryDelivery, SummaryPreference
from rehab.outbound.email import Letter
from rehab.selectors.summaries import SeenSummary
from rehab.services import summary_deliveries, summary_preferences
from tests.conftest import Cast
from tests.summaries import caseload_payload, clinic_payload, looked, of_patient, stored

#: Four in the morning of the Monday after the week of the payloads, in Shanghai.
NIGHT = datetime(2026, 3, 8, 20, tzinfo=UTC)
MORNING = datetime(2026, 3, 8, 23, tzinfo=UTC)
LATER = MORNING + timedelta(hours=2)


def write(seen: SeenSummary, user: User, unsubscribe: str) -> Letter:
    return Letter(f"Summary {seen.summary.period}", f"v{seen.version} for {user.name}", f"<p>{unsubscribe}</p>")


def send(now: datetime = LATER) -> int:
    return summary_deliveries.send_due(clock=lambda: now, write=write)


def enqueue(*rows: Summary, now: datetime = NIGHT) -> int:
    with transaction.atomic():
        return summary_deliveries.enqueue(rows, now=now)


def wants(user: User, **choices: Any) -> None:
    summary_preferences.change({"weekly": True, **choices}, by=user, now=NIGHT)


def recipients() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def reasons() -> dict[str, str]:
    return dict(SummaryDelivery.objects.values_list("recipient__email", "drop_reason"))


def week_of_caseload(cast: Cast, *, now: datetime = NIGHT, **changes: Any) -> Summary:
    payload = caseload_payload(looked(cast.patient), **changes)
    return stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now)


def day_of_caseload(cast: Cast, *, patients: tuple[Any, ...]) -> Summary:
    day = date(2026, 3, 8)
    payload = caseload_payload(*patients, period="day", starts_on=day, ends_on=day)
    return stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=NIGHT)


def month_of_clinic(cast: Cast) -> Summary:
    return stored(clinic_payload(), clinic=cast.clinic, now=NIGHT)


def many_patients(cast: Cast, count: int) -> list[Summary]:
    made = Patient.objects.bulk_create(
        Patient(clinic=cast.clinic, name=f"P {i}", time_zone="Asia/Shanghai", created_digest="") for i in range(count)
    )
    users = User.objects.bulk_create(User(email=f"p{i}-{made[i].pk}@x.example", name=f"P {i}") for i in range(count))
    CareTeamMember.objects.bulk_create(
        CareTeamMember(patient=patient, user=user, role="patient", added_by=cast.therapist)
        for patient, user in zip(made, users, strict=True)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email.lower(), verified=True, primary=True) for user in users
    )
    SummaryPreference.objects.bulk_create(SummaryPreference(user=user, weekly=True, updated_at=NIGHT) for user in users)
    return [of_patient(patient, now=NIGHT) for patient in made]
