"""The demo load: complete, through the services, once, and private."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from accounts import audit
from accounts.models import Clinic, Event, User
from rehab.management.demo import analyses, neuron, people
from rehab.management.demo import goals as demo_goals
from rehab.management.demo.stories import EVERYBODY, STORIES
from rehab.models import Alert, CareTeamMember, Goal, Patient, Record, RecordVersion
from rehab.services.kinds import KINDS


@dataclass(frozen=True)
class Demo:
    file: Path
    said: str

    @property
    def sign_ins(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return found


def load(**options: Any) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def rows() -> list[Record]:
    return [row for kind in KINDS.values() for row in kind.model._default_manager.select_related("patient")]


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder):
        yield Demo(folder / "demo.json", load())
        transaction.set_rollback(True)


def test_everybody_is_there(db: None, demo: Demo) -> None:
    assert Patient.objects.count() == len(EVERYBODY)
    assert Clinic.objects.get().name == people.CLINIC
    assert not User.objects.exclude(email__endswith="@demo.example").exists()
    assert User.objects.filter(care_roles__role="caregiver").exists()
    assert CareTeamMember.objects.filter(role="patient").count() == sum(story.account for story in EVERYBODY)
    assert all(story.name in demo.said for story in EVERYBODY)
    treating = CareTeamMember.objects.get(patient_id=STORIES[0].id, role="therapist").user
    assert treating.email == demo.sign_ins["therapist"]


def test_every_record_was_written_by_the_services(db: None, demo: Demo) -> None:
    found = rows()
    told = set(Event.objects.filter(action__endswith=".created").values_list("target_id", flat=True))
    assert {row.pk for row in found} <= told
    assert {row.source for row in found} == {"demo"}
    assert all(row.confirmed == [] for row in found)
    assert audit.verify().events == Event.objects.count()
    assert f"Loaded {len(found)} records" in demo.said


def test_goals_are_rated_and_a_fall_of_vital_capacity_raised_its_red_flag(db: None, demo: Demo) -> None:
    assert set(Goal.objects.values_list("patient_id", flat=True)) == {
        story.id for story in STORIES if story.key in demo_goals.GOALS
    }
    assert all(goal.reviews.count() == 2 for goal in Goal.objects.all())
    [alert] = Alert.objects.filter(rule="RESP_NM")
    assert alert.patient_id == neuron.MOTOR_NEURON.id


def test_the_last_records_are_of_yesterday_or_some_days_before_and_none_of_the_future(db: None, demo: Demo) -> None:
    now, found = timezone.now(), rows()
    for patient in Patient.objects.filter(pk__in=[story.id for story in STORIES]):
        today = now.astimezone(ZoneInfo(patient.time_zone)).date()
        days = [row.performed_on for row in found if row.patient_id == patient.pk]
        assert today - timedelta(days=7) <= max(days) < today
        before = sum(analyses.DAYS_BEFORE.get(story.key, 0) for story in STORIES if story.id == patient.pk)
        assert min(days) >= today - timedelta(days=113 + before)  # one more if midnight passed since the load
    assert all(row.performed_at < now for row in found)


def test_some_records_are_amended_or_in_error_with_reasons_and_some_have_notes(db: None, demo: Demo) -> None:
    found = rows()
    changed = [row for row in found if row.version > 1]
    assert {row.status for row in changed} == {"amended", "entered_in_error"}
    assert all(row.change_reason for row in changed)
    assert RecordVersion.objects.exclude(kind="programs").count() == len(changed)
    notes = " ".join(row.note for row in found)
    assert "术后" in notes
    assert "stick" in notes
    by = {row.recorded_by_id for row in found if row.patient_id == STORIES[0].id}
    assert len(by) == 3  # therapist, patient, caregiver


def test_the_sign_ins_work_and_are_private(db: None, demo: Demo, api: Callable[[User | None], APIClient]) -> None:
    sign_ins = demo.sign_ins
    assert demo.file.stat().st_mode & 0o777 == 0o600
    for role in ("therapist", "patient", "caregiver", "admin"):
        assert User.objects.get(email=sign_ins[role]).check_password(sign_ins["password"])
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Token {sign_ins['token']}")
    answer = client.get("/api/v1/timeline/", {"patient": sign_ins["patient_id"], "limit": 3})
    assert len(answer.json()["results"]) == 3


def test_loading_again_changes_nothing_but_a_lost_file_is_made_anew(db: None, demo: Demo) -> None:
    before, events, old = len(rows()), Event.objects.count(), demo.file.read_text(encoding="utf-8")
    assert "there already" in load()
    assert demo.file.read_text(encoding="utf-8") == old
    demo.file.unlink()
    assert "there already" in load()
    sign_ins = demo.sign_ins
    assert sign_ins["password"] != json.loads(old)["password"]
    assert User.objects.get(email=sign_ins["patient"]).check_password(sign_ins["password"])
    assert (len(rows()), Event.objects.count()) == (before, events + 1)  # the new token stands in the audit trail
    demo.file.write_text(old, encoding="utf-8")
    demo.file.chmod(0o600)


def test_a_day_in_the_future_is_refused(db: None, demo: Demo) -> None:
    with pytest.raises(CommandError, match="future"):
        load(today=timezone.now().date() + timedelta(days=2))
