"""What the forms of the people pages do: enrolling, editing, inviting, ending."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.models import Invitation, Membership, User
from rehab.models import CareTeamMember, Patient
from rehab.services import clinics, patients
from tests.conftest import Cast
from tests.web.test_people_pages import shown

Browser = Callable[[User | None], Client]
NEW = "/dashboard/patients/new/"


def test_a_patient_is_enrolled_and_invited_once_however_often_the_form_is_sent(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    typed = {**shown(browser, NEW), "name": "Li Na", "conditions": ["stroke"], "email": "li@x.example"}
    answers = [browser.post(NEW, typed) for _attempt in range(2)]
    patient = Patient.objects.get(name="Li Na")
    assert {answer["Location"] for answer in answers} == {f"/patients/{patient.pk}/care-team/"}
    assert (patient.time_zone, patient.conditions) == ("Asia/Shanghai", ["stroke"])
    assert Invitation.objects.filter(email="li@x.example").count() == 1


def test_the_same_form_with_other_content_is_refused_and_kept(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    typed = {**shown(browser, NEW), "name": "Li Na"}
    browser.post(NEW, typed)
    answer = browser.post(NEW, {**typed, "name": "Li Nan"})
    assert answer.status_code == 409
    assert "Li Nan" in answer.content.decode()


def test_a_birth_date_that_cannot_be_is_named_at_its_field_and_everything_is_kept(
    cast: Cast, browser_of: Browser
) -> None:
    browser = browser_of(cast.therapist)
    typed = {**shown(browser, NEW), "name": "Li Na", "birth_date": "1870-01-01", "conditions": ["stroke", "polio"]}
    answer = browser.post(NEW, typed)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert "1870-01-01 is not possible" in form.errors["birth_date"][0]
    assert form["conditions"].value() == ["stroke", "polio"]
    assert not Patient.objects.filter(name="Li Na").exists()


def test_a_lost_race_keeps_what_was_typed_and_says_what_is_stored(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    browser = browser_of(cast.therapist)
    page = f"/patients/{cast.patient.pk}/edit/"
    typed = {**shown(browser, page), "name": "Mine", "sex": "female"}
    patients.amend(cast.patient.pk, {"name": "Theirs"}, expected_version=1, by=cast.therapist, now=now)
    answer = browser.post(page, typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Mine"' in text
    assert "Name: Theirs" in text
    assert "Sex: Not stated" in text
    cast.patient.refresh_from_db()
    assert cast.patient.name == "Theirs"
    again = browser.post(page, {**typed, "version": answer.context["form"]["version"].value()})
    assert again.status_code == 302
    cast.patient.refresh_from_db()
    assert (cast.patient.name, cast.patient.sex) == ("Mine", "female")


def test_a_change_that_cannot_be_is_named_at_its_field(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    page = f"/patients/{cast.patient.pk}/edit/"
    answer = browser.post(page, {**shown(browser, page), "birth_date": "1870-01-01"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"birth_date"}


def test_saving_nothing_changes_nothing(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    page = f"/patients/{cast.patient.pk}/edit/"
    assert browser.post(page, shown(browser, page)).status_code == 302
    cast.patient.refresh_from_db()
    assert cast.patient.version == 1


def test_the_patient_invites_a_caregiver_sees_the_link_and_withdraws_it(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    page = f"/patients/{cast.patient.pk}/care-team/"
    typed = {"email": "aunt@x.example", "permissions": ["amend_records"], "language": "zh-hans"}
    assert browser.post(f"{page}invite-caregiver/", typed)["Location"] == page
    invitation = Invitation.objects.get(email="aunt@x.example")
    assert (invitation.permissions, invitation.language) == (["amend_records", "view_records"], "zh-hans")
    text = browser.get(page).content.decode()
    assert "see the records, correct records" in text
    assert "http://testserver/invitations/" in text
    withdraw = f"/invitations/{invitation.pk}/withdraw/"
    assert browser_of(cast.therapist).post(withdraw).status_code == 404
    assert browser.post(withdraw, {"next": page})["Location"] == page
    assert "aunt@x.example" not in browser.get(page).content.decode().partition("<main")[2].partition("Open inv")[2]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leaves_the_site(cast: Cast, browser_of: Browser, target: str) -> None:
    answer = browser_of(None).post("/language/", {"language": "en", "next": target})
    assert answer["Location"] == "/"


def test_a_caregiver_whose_access_ends_loses_it_at_once(cast: Cast, browser_of: Browser) -> None:
    theirs = browser_of(cast.caregiver)
    page = f"/patients/{cast.patient.pk}/care-team/"
    assert theirs.get(page).status_code == 200
    ended = browser_of(cast.patient_user).post(f"{page}{cast.caregiver.pk}/end/")
    assert ended["Location"] == page
    assert theirs.get(page).status_code == 404


def test_a_therapist_whose_place_ends_loses_access(cast: Cast, browser_of: Browser) -> None:
    page = f"/patients/{cast.patient.pk}/care-team/"
    admin = browser_of(cast.admin)
    assert admin.post(f"{page}add/", {"therapist": str(cast.colleague.pk)})["Location"] == page
    assert admin.post(f"{page}{cast.therapist.pk}/end/")["Location"] == page
    assert browser_of(cast.therapist).get(page).status_code == 404
    assert browser_of(cast.colleague).get(page).status_code == 200


def test_the_last_therapist_stays_and_the_page_says_so(cast: Cast, browser_of: Browser) -> None:
    page = f"/patients/{cast.patient.pk}/care-team/"
    answer = browser_of(cast.admin).post(f"{page}{cast.therapist.pk}/end/", follow=True)
    assert "The last therapist stays" in answer.content.decode()
    assert CareTeamMember.objects.filter(user=cast.therapist, ended_at=None).exists()


def test_nobody_adds_a_stranger(cast: Cast, browser_of: Browser) -> None:
    page = f"/patients/{cast.patient.pk}/care-team/add/"
    answer = browser_of(cast.therapist).post(page, {"therapist": str(cast.other_therapist.pk)})
    assert answer.status_code == 422


def test_an_administrator_changes_the_clinic(cast: Cast, browser_of: Browser) -> None:
    page = f"/clinic/{cast.clinic.pk}/edit/"
    typed = {"clinic_name": "New name", "time_zone": "Europe/Berlin", "emergency_number": "112"}
    answer = browser_of(cast.admin).post(page, typed)
    assert answer["Location"] == f"/clinic/?clinic={cast.clinic.pk}"
    wrong = browser_of(cast.admin).post(page, {**typed, "clinic_name": "", "emergency_number": "1"})
    assert wrong.status_code == 422
    cast.clinic.refresh_from_db()
    assert cast.clinic.name == "New name"


def test_an_administrator_of_two_clinics_chooses(cast: Cast, browser_of: Browser, now: datetime) -> None:
    second = clinics.found(name="Z Clinic", time_zone="UTC", emergency_number="1 12", by=cast.admin, now=now)
    text = browser_of(cast.admin).get("/clinic/", {"clinic": str(second.pk)}).content.decode()
    assert "<h1>Z Clinic</h1>" in text
    assert f"/clinic/?clinic={cast.clinic.pk}" in text
    form = browser_of(cast.admin).get(NEW).context["form"]
    assert "clinic" in form.fields


def test_a_membership_ends_after_it_was_asked(cast: Cast, browser_of: Browser) -> None:
    membership = Membership.objects.get(user=cast.colleague)
    page = f"/clinic/{cast.clinic.pk}/staff/{membership.pk}/end/"
    assert "End the role of Colleague?" in browser_of(cast.admin).get(page).content.decode()
    assert browser_of(cast.other_therapist).post(page).status_code == 404
    assert browser_of(cast.admin).post(page).status_code == 302
    assert browser_of(cast.colleague).get("/dashboard/").status_code == 403


def test_staff_are_invited_by_an_administrator_only(cast: Cast, browser_of: Browser) -> None:
    page = f"/clinic/{cast.clinic.pk}/invite/"
    typed = {"email": "n@x.example", "role": "therapist", "language": "en"}
    assert browser_of(cast.therapist).post(page, typed).status_code == 404
    assert browser_of(cast.admin).post(page, typed).status_code == 302
    text = browser_of(cast.admin).get("/clinic/").content.decode()
    assert "n@x.example" in text
    assert "http://testserver/invitations/" in text


def test_the_involved_side_is_stated_in_the_form(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    page = f"/patients/{cast.patient.pk}/edit/"
    browser.post(page, {**shown(browser, page), "involved_side": "right"})
    cast.patient.refresh_from_db()
    assert (cast.patient.involved_side, cast.patient.version) == ("right", 2)
    assert "involved side: Right" in browser.get(f"/patients/{cast.patient.pk}/").content.decode()
    browser.post(page, {**shown(browser, page), "involved_side": ""})
    cast.patient.refresh_from_db()
    assert cast.patient.involved_side is None
