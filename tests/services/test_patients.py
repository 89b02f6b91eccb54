"""Enrolling patients and changing what is known about them."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts import audit
from accounts.ids import new_id
from accounts.models import Clinic, Event
from rehab.errors import IdInUse, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import CareTeamMember, Patient
from rehab.selectors import patients as patient_selectors
from rehab.selectors.patients import Seen
from rehab.services import clinics, patients
from tests.conftest import Cast


def enrolled(cast: Cast, now: datetime, **document: Any) -> Patient:
    return patients.enrol({"name": "Li Wei", **document}, by=cast.therapist, now=now).patient


def refused(cast: Cast, changes: Any, *, now: datetime) -> dict[str, tuple[str, str]]:
    """Amend the cast's patient; return pointer → (code, message), after a look that nothing was written."""
    before = (Patient.objects.values().get(pk=cast.patient.pk), Event.objects.count())
    with pytest.raises(Invalid) as raised:
        patients.amend(cast.patient.pk, changes, expected_version=1, by=cast.therapist, now=now)
    assert (Patient.objects.values().get(pk=cast.patient.pk), Event.objects.count()) == before
    return {problem.pointer: (problem.code, str(problem.message)) for problem in raised.value.problems}


# --- Enrolling
def test_who_enrols_is_on_the_team_and_the_clinic_gives_the_time_zone(cast: Cast, now: datetime) -> None:
    patient = enrolled(cast, now, birth_date="1960-02-29", time_zone=None)
    assert (patient.clinic, patient.time_zone, patient.birth_date) == (cast.clinic, "Asia/Shanghai", date(1960, 2, 29))
    assert CareTeamMember.objects.get(patient=patient).user == cast.therapist
    assert Event.objects.get(action="patient.enrolled", target_id=patient.pk).actor_id == cast.therapist.pk


@pytest.mark.parametrize(
    "birth_date",
    ["0", "86400", "-1", 86400, 0.5, True, "", "1960-02-30", "1960-2-9", "19600229", "1960-W09-1", "１９６０-02-29",
     "1960-02-29T00:00:00Z", " 1960-02-29", "1960-02-29\n", ["1960-02-29"]],
)  # fmt: skip
def test_a_birth_date_is_an_iso_date_and_nothing_else(cast: Cast, now: datetime, birth_date: Any) -> None:
    with pytest.raises(Invalid) as raised:
        enrolled(cast, now, birth_date=birth_date)
    [problem] = raised.value.problems
    assert (problem.pointer, problem.code) == ("/birth_date", "date_parsing")
    assert str(problem.message).startswith("Date of birth: ")
    assert str(problem.message).endswith("Expected: a date.")
    assert not Patient.objects.filter(name="Li Wei").exists()


@pytest.mark.parametrize("birth_date", ["1899-12-31", "9999-12-31"])
def test_nobody_was_born_before_1900_or_will_be(cast: Cast, now: datetime, birth_date: str) -> None:
    with pytest.raises(Invalid) as raised:
        enrolled(cast, now, birth_date=birth_date)
    assert [(problem.pointer, problem.code) for problem in raised.value.problems] == [("/birth_date", "out_of_range")]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"conditions": ["polio", "nonsense"]}, "/conditions", "unknown_code"),
        ({"name": " "}, "/name", "string_too_short"),
        ({"name": "x" * 121}, "/name", "string_too_long"),
        ({"name": "a\x07b"}, "/name", "control_character"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "unknown_time_zone"),
        ({"id": str(uuid.uuid4())}, "/id", "uuid_version"),
    ],
)
def test_what_cannot_be_is_named(cast: Cast, now: datetime, changes: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as raised:
        enrolled(cast, now, **changes)
    assert [(problem.pointer, problem.code) for problem in raised.value.problems] == [(pointer, code)]


def test_the_same_again_answers_what_is_stored_and_other_content_is_refused(cast: Cast, now: datetime) -> None:
    document = {"id": str(new_id()), "name": "Li Wei", "conditions": ["stroke"]}
    first, again = (patients.enrol(document, by=cast.therapist, now=now) for _attempt in range(2))
    assert (first.created, again.created, again.patient) == (True, False, first.patient)
    with pytest.raises(IdInUse):
        patients.enrol({**document, "name": "Other"}, by=cast.therapist, now=now)
    with pytest.raises(IdInUse):
        patients.enrol(document, by=cast.other_therapist, now=now)
    assert Event.objects.filter(action="patient.enrolled", target_id=first.patient.pk).count() == 1


def test_a_row_that_the_database_refuses_for_another_reason_is_not_taken_for_a_replay(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise IntegrityError("another constraint")

    monkeypatch.setattr(audit, "write", fail)
    with pytest.raises(IntegrityError, match="another constraint"):
        enrolled(cast, now)
    assert not Patient.objects.filter(name="Li Wei").exists()


def second_clinic(cast: Cast, now: datetime) -> Clinic:
    return clinics.found(name="B", time_zone="UTC", emergency_number="112", by=cast.therapist, now=now)


def test_a_therapist_of_two_clinics_says_which_one(cast: Cast, now: datetime) -> None:
    second = second_clinic(cast, now)
    with pytest.raises(Invalid) as raised:
        enrolled(cast, now)
    assert [(problem.pointer, problem.code) for problem in raised.value.problems] == [("/clinic", "missing")]
    assert enrolled(cast, now, clinic=str(second.pk)).clinic == second
    with pytest.raises(NotFound):
        enrolled(cast, now, clinic=str(cast.other_clinic.pk))


def test_only_a_therapist_enrols(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        patients.enrol({"name": "Li Wei"}, by=cast.patient_user, now=now)


# --- Amending
def test_what_is_changed_is_kept_and_told(cast: Cast, now: datetime) -> None:
    changes = {"birth_date": None, "conditions": ["stroke"], "time_zone": "UTC"}
    changed = patients.amend(cast.patient.pk, changes, expected_version=1, by=cast.therapist, now=now)
    assert (changed.version, changed.birth_date, changed.conditions, changed.time_zone) == (2, None, ["stroke"], "UTC")
    assert changed.name == cast.patient.name
    told = Event.objects.get(action="patient.amended")
    assert told.changes == {"fields": ["birth_date", "conditions", "time_zone"]}


@pytest.mark.parametrize("changes", [{"name": "Pat Ient"}, {"birth_date": "1970-05-01", "conditions": []}])
def test_changes_that_change_nothing_are_refused(cast: Cast, now: datetime, changes: dict[str, Any]) -> None:
    assert refused(cast, changes, now=now) == {"/changes": ("nothing_changed", "Changes: they change nothing.")}


@pytest.mark.parametrize("changes", [{}, [], None, "name"])
def test_changes_are_an_object_with_at_least_one_field(cast: Cast, now: datetime, changes: Any) -> None:
    assert refused(cast, changes, now=now)["/changes"][0] == "missing"


@pytest.mark.parametrize("field", ["id", "clinic"])
def test_id_and_clinic_stay(cast: Cast, now: datetime, field: str) -> None:
    found = refused(cast, {field: str(new_id()), "name": "New"}, now=now)
    assert found == {f"/changes/{field}": ("not_allowed", f"{field}: cannot be amended.")}


def test_a_time_zone_is_not_taken_away(cast: Cast, now: datetime) -> None:
    found = refused(cast, {"time_zone": None}, now=now)
    assert found == {
        "/changes/time_zone": ("string_type", "Time zone: null has the wrong type or form. Expected: text.")
    }


def test_problems_point_into_the_changes(cast: Cast, now: datetime) -> None:
    assert refused(cast, {"sex": "x", "nick": "Wei"}, now=now).keys() == {"/changes/sex", "/changes/nick"}
    assert refused(cast, {"birth_date": "86400"}, now=now)["/changes/birth_date"][0] == "date_parsing"
    assert refused(cast, {"birth_date": "1899-12-31"}, now=now)["/changes/birth_date"][0] == "out_of_range"
    assert refused(cast, {"conditions": ["x"]}, now=now)["/changes/conditions"][0] == "unknown_code"


def test_a_version_that_is_gone_is_a_conflict(cast: Cast, now: datetime) -> None:
    patients.amend(cast.patient.pk, {"name": "New"}, expected_version=1, by=cast.therapist, now=now)
    with pytest.raises(VersionConflict) as raised:
        patients.amend(cast.patient.pk, {"name": "New"}, expected_version=1, by=cast.therapist, now=now)
    assert raised.value.current == 2


def test_of_two_who_read_one_version_the_second_is_told(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read version 1 when the first one writes."""
    read = patient_selectors.get

    def read_and_be_overtaken(**kwargs: Any) -> Seen:
        seen = read(**kwargs)
        monkeypatch.setattr(patient_selectors, "get", read)
        patients.amend(cast.patient.pk, {"name": "First"}, expected_version=1, by=cast.therapist, now=now)
        return seen

    monkeypatch.setattr(patient_selectors, "get", read_and_be_overtaken)
    with pytest.raises(VersionConflict) as raised:
        patients.amend(cast.patient.pk, {"name": "Second"}, expected_version=1, by=cast.therapist, now=now)
    assert raised.value.current == 2
    cast.patient.refresh_from_db()
    assert cast.patient.name == "First"


# --- Discharging
def test_a_patient_is_discharged_and_taken_back(cast: Cast, now: datetime) -> None:
    on = now.date().isoformat()
    left = patients.amend(cast.patient.pk, {"discharged_on": on}, expected_version=1, by=cast.therapist, now=now)
    assert left.discharged_on is not None
    assert left.discharged_on.isoformat() == on
    back = patients.amend(cast.patient.pk, {"discharged_on": None}, expected_version=2, by=cast.therapist, now=now)
    assert back.discharged_on is None
    told = [row.changes["discharged_on"] for row in Event.objects.filter(action="patient.amended").order_by("id")]
    assert told == [[None, on], [on, None]]


def test_who_edits_patients_alone_discharges(cast: Cast, now: datetime) -> None:
    changes = {"discharged_on": now.date().isoformat()}
    with pytest.raises(NotPermitted):
        patients.amend(cast.patient.pk, changes, expected_version=1, by=cast.patient_user, now=now)


@pytest.mark.parametrize("days", [-30_000, 400])
def test_a_last_day_of_care_is_within_life_and_a_year_ahead(cast: Cast, now: datetime, days: int) -> None:
    on = (now.date() + timedelta(days=days)).isoformat()
    code, message = refused(cast, {"discharged_on": on}, now=now)["/changes/discharged_on"]
    assert code == "out_of_range"
    assert on in message
    assert "1970-05-01 to " in message


def test_nobody_is_enrolled_as_discharged(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        patients.enrol({"name": "Li Wei", "discharged_on": "2026-01-01"}, by=cast.therapist, now=now)
