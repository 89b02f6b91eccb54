"""The pages of the library: acting on an article, giving, answering, reviewing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.ids import new_id
from accounts.models import Membership, User
from accounts.roles import ClinicRole
from content.models import Article, ArticleReview, ArticleText
from content.renamed import RENAMED
from rehab.models import ArticleAssignment, ArticleQuestion, ArticleReading, Patient
from rehab.selectors import library as selectors
from rehab.selectors.library_reviews import version_of
from rehab.services import library, library_reviews, people
from rehab.web.learn import care
from rehab.web.records.presenters import zone_of
from tests.conftest import Cast, make_patient
from tests.summaries import of_patient
from tests.web.library_pages import PAGE, SLUG, condition, html, post

Browser = Callable[[User | None], Client]


def test_a_patient_reads_checks_and_asks_and_the_therapist_sees_and_answers(cast: Cast, browser_of: Browser) -> None:
    own, therapist = browser_of(cast.patient_user), browser_of(cast.therapist)
    about = {"patient": str(cast.patient.pk)}
    assert post(own, f"{PAGE}read/", **about)["Location"] == f"{PAGE}#done"
    assert post(own, f"{PAGE}helped/", helped="no", **about).status_code == 302
    wrong = post(own, f"{PAGE}check/", **about, **{"check-answers_0": "0"})
    assert wrong.status_code == 422
    assert "Choose one of the answers." in html(wrong)
    sent = {f"check-answers_{i}": "0" for i in range(3)}
    assert post(own, f"{PAGE}check/", **about, **sent)["Location"] == f"{PAGE}#check"
    row = ArticleReading.objects.get()
    shown = html(own.get(PAGE))
    assert f"{row.check_right} of 3 right." in shown
    check = ArticleText.objects.get(article_id=SLUG, language="en").check_questions
    assert check[0]["because"] in shown
    question = {"ask-id": str(new_id()), "ask-text": "May I <b>train</b> every day?"}
    for _ in range(2):
        assert post(own, f"{PAGE}ask/", **about, **question)["Location"] == f"{PAGE}#questions"
    asked = ArticleQuestion.objects.get()
    assert "1 open question" in html(therapist.get("/dashboard/"))
    assert "May I &lt;b&gt;train&lt;/b&gt;" in html(therapist.get("/dashboard/questions/"))
    overview = html(therapist.get(reverse("reading", args=[cast.patient.pk])))
    assert f"check: {row.check_right} of 3 right" in overview
    assert "it did not help" in overview
    page = reverse("question", args=[asked.pk])
    assert post(therapist, page, version="1", text=" ").status_code == 422
    assert post(therapist, page, version="1", text="Every other day.")["Location"] == "/dashboard/questions/"
    late = post(therapist, page, version="1", text="Never.")
    assert late.status_code == 409
    assert "Every other day." in html(late)
    assert "Never." in html(late)
    for seen in (PAGE, page, reverse("reading", args=[cast.patient.pk])):
        assert "Every other day." in html(own.get(seen))
    assert "Your question was answered" in html(own.get("/portal/"))
    assert "open question" not in html(therapist.get("/dashboard/"))


def test_the_answers_are_shown_on_the_day_of_a_change(cast: Cast) -> None:
    """In the morning in Shanghai, when it is the day before in UTC; answers to the text before it are not."""
    given: dict[str, Any] = {"patient_id": cast.patient.pk, "language": "en", "by": cast.patient_user}
    ArticleText.objects.filter(article_id=SLUG).update(updated_on=date(2026, 3, 3))
    for hour, shown in ((20, 3), (10, 0)):
        now = datetime(2026, 3, 2, hour, tzinfo=UTC)
        row = library.answer_check(SLUG, {"answers": [0, 0, 0]}, now=now, **given)
        text = selectors.text(SLUG, selectors.desk_of(cast.patient_user, language="en", now=now))
        assert len(care.checked(text, row, zone=zone_of(cast.patient))) == shown


def test_an_article_is_given_from_the_patient_and_from_the_article(cast: Cast, browser_of: Browser) -> None:
    therapist, own = browser_of(cast.therapist), browser_of(cast.patient_user)
    condition(cast.patient, "myasthenia_gravis")
    give = reverse("reading-give", args=[cast.patient.pk])
    form = html(therapist.get(give, {"article": SLUG}))
    assert 'value="muscle-relaxants"' not in form
    assert f'value="{SLUG}" selected' not in form  # not for this patient
    sent = {"id": str(new_id()), "chosen": "muscle-relaxants", "note": "x"}
    assert post(therapist, give, **sent).status_code == 422
    sent |= {"chosen": "myasthenia-symptoms", "note": "Please <i>read</i>"}
    assert post(therapist, give, **sent).status_code == 302
    assert "Please &lt;i&gt;read&lt;/i&gt;" in html(own.get("/portal/"))
    assert "Please &lt;i&gt;read&lt;/i&gt;" in html(own.get("/learn/myasthenia-symptoms/"))
    assert post(therapist, give, **sent).status_code == 302  # the same form again
    assert ArticleAssignment.objects.count() == 1
    again = post(therapist, give, **{**sent, "id": str(new_id())})
    assert again.status_code == 422
    assert "already" in html(again)
    from_article = "/learn/muscle-relaxants/give/"
    assert "None of your patients may be given this article." in html(therapist.get(from_article))
    from_article = "/learn/warning-signs/give/"
    chosen = {"id": str(new_id()), "chosen": str(cast.patient.pk), "note": ""}
    assert post(therapist, from_article, **chosen)["Location"] == "/learn/warning-signs/"
    end = reverse("assignment-end", args=[ArticleAssignment.objects.get(article_id="warning-signs").pk])
    assert therapist.get(end).status_code == 200
    assert post(therapist, end).status_code == 302
    assert post(therapist, end).status_code == 302
    assert ArticleAssignment.objects.filter(ended_at__isnull=True).count() == 1


def test_who_cares_for_two_reads_for_one_of_them(cast: Cast, browser_of: Browser, now: datetime) -> None:
    second, user = make_patient("Ann Other", "ann@clinic.example", by=cast.therapist, now=now)
    invitation = people.invite_caregiver(
        patient_id=second.pk, email=cast.caregiver.email, permissions=[], language="en", by=user, now=now
    )
    people.accept(invitation, by=cast.caregiver, now=now)
    client = browser_of(cast.caregiver)
    assert "You read for: Ann Other." in html(client.get(PAGE))
    assert "You read for: Pat Ient." in html(client.get(PAGE, {"patient": str(cast.patient.pk)}))
    assert "You read for: Ann Other." in html(client.get(PAGE, {"patient": str(cast.other_patient.pk)}))
    back = post(client, f"{PAGE}read/", patient=str(cast.patient.pk), language="zh-hans")["Location"]
    assert back == f"{PAGE}?patient={cast.patient.pk}&language=zh-hans#done"
    assert ArticleReading.objects.get().patient_id == cast.patient.pk
    assert post(client, f"{PAGE}read/", patient=str(cast.other_patient.pk)).status_code == 404
    assert post(client, f"{PAGE}read/", patient="nobody").status_code == 404
    condition(second, "myasthenia_gravis")
    assert client.get("/learn/muscle-relaxants/", {"patient": str(cast.patient.pk)}).status_code == 404


def test_who_cares_for_patients_of_two_clinics_reads_what_each_has_released(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    invitation = people.invite_caregiver(
        patient_id=cast.other_patient.pk, email=cast.caregiver.email, permissions=[], language="en",
        by=cast.other_patient_user, now=now,
    )  # fmt: skip
    people.accept(invitation, by=cast.caregiver, now=now)
    step = {"article": SLUG, "language": "en", "text_version": version_of(SLUG, language="en"), "state": "draft"}
    library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    client = browser_of(cast.caregiver)
    theirs, others = ({"patient": str(one.pk)} for one in (cast.patient, cast.other_patient))
    assert client.get(PAGE, theirs).status_code == 404
    assert client.get(PAGE, others).status_code == 200
    assert post(client, f"{PAGE}read/", **others).status_code == 302
    assert post(client, f"{PAGE}read/", **theirs).status_code == 404
    assert client.get(PAGE, {"patient": "nobody"}).status_code in (200, 404)


def cares_for_two(cast: Cast, other: Patient, user: User, *, now: datetime) -> None:
    invitation = people.invite_caregiver(
        patient_id=other.pk, email=cast.caregiver.email, permissions=[], language="en", by=user, now=now
    )
    people.accept(invitation, by=cast.caregiver, now=now)


def test_links_of_one_patient_are_read_for_that_patient(cast: Cast, browser_of: Browser, now: datetime) -> None:
    """Who cares for Ann and Pat opens what Pat is given to read: it is read, and noted, for Pat."""
    ann, user = make_patient("Ann Other", "ann@clinic.example", by=cast.therapist, now=now)
    therapist, client = browser_of(cast.therapist), browser_of(cast.caregiver)
    for patient in (cast.patient, ann):
        give = reverse("reading-give", args=[patient.pk])
        assert post(therapist, give, id=str(new_id()), chosen=SLUG, note=f"For {patient.name}").status_code == 302
    pats, anns = (reverse("reading", args=[one.pk]) for one in (cast.patient, ann))
    assert f'href="{PAGE}"' in html(client.get(pats))
    cares_for_two(cast, ann, user, now=now)
    named = f"{PAGE}?patient={cast.patient.pk}"
    form = f"/patients/{cast.patient.pk}/log/strength/grip/"
    summary = reverse("summary", args=[of_patient(cast.patient, now=now, article=SLUG).pk])
    for path in (pats, f"/learn/?patient={cast.patient.pk}", summary):
        assert f'href="{named}"' in html(client.get(path)), path
    assert f'/?patient={cast.patient.pk}"' in html(client.get(form)).partition('id="beside-heading"')[2]
    shown = html(client.get(named))
    assert "You read for: Pat Ient." in shown
    assert "For Pat Ient" in shown
    assert f'href="{PAGE}"' in html(client.get(anns))
    assert f'href="{PAGE}"' in html(browser_of(cast.patient_user).get(pats))


def test_a_drawing_is_there_where_the_article_is(cast: Cast, browser_of: Browser, now: datetime) -> None:
    """Its address names no patient: what the clinic of one of them has released is enough."""
    client, drawing = browser_of(cast.caregiver), f"{PAGE}effort-rest-growth.svg"
    cares_for_two(cast, cast.other_patient, cast.other_patient_user, now=now)
    for language in ("en", "zh-hans"):
        ArticleReview.objects.create(
            clinic=cast.other_clinic, article_id=SLUG, language=language, text_version=1, state="draft",
            reviewer=cast.other_therapist, reviewed_at=now,
        )  # fmt: skip
    theirs, others = ({"patient": str(one.pk)} for one in (cast.patient, cast.other_patient))
    assert client.get(PAGE, others).status_code == 404
    assert client.get(PAGE, theirs).status_code == 200
    assert client.get(drawing).status_code == 200
    assert browser_of(cast.other_patient_user).get(drawing).status_code == 404
    condition(cast.other_patient, "duchenne")
    assert client.get(drawing).status_code == 404


def test_a_form_that_was_not_filled_in_right_stays_in_the_language_of_the_article(
    cast: Cast, browser_of: Browser
) -> None:
    """The page is in English, the article was read in Chinese: so are the questions, and the next try."""
    client = browser_of(cast.patient_user)
    sent = {"patient": str(cast.patient.pk), "language": "zh-hans"}
    for action in ("check", "ask"):
        answer = post(client, f"{PAGE}{action}/", **sent)
        assert answer.status_code == 422
        assert 'lang="zh-Hans" id="article"' in html(answer)
        assert html(answer).count('name="language" value="zh-hans"') == html(client.get(
            PAGE, {"language": "zh-hans"}
        )).count('name="language" value="zh-hans"')  # fmt: skip


def test_only_who_treats_patients_is_asked_to_give_an_article(cast: Cast, browser_of: Browser, now: datetime) -> None:
    give = f'href="{PAGE}give/"'
    assert give in html(browser_of(cast.therapist).get(PAGE))
    admin = browser_of(cast.admin)
    assert give in html(admin.get(PAGE))
    Membership.objects.filter(user=cast.admin, role=ClinicRole.THERAPIST).update(ended_at=now)
    assert admin.get(f"{PAGE}give/").status_code == 403
    assert give not in html(admin.get(PAGE))


def test_a_review_under_an_earlier_address_is_of_the_article_that_stands_now(
    cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RENAMED, "getting-strong", SLUG)
    admin = browser_of(cast.admin)
    page, earlier = (reverse("clinic-article", args=[cast.clinic.pk, slug, "en"]) for slug in (SLUG, "getting-strong"))
    version = str(version_of(SLUG, language="en"))
    assert post(admin, earlier, text_version=version, state="draft", due_on="", note="Too long")["Location"] == page
    assert "Too long" in html(admin.get(earlier))


def test_a_clinic_reviews_a_text(cast: Cast, browser_of: Browser, now: datetime) -> None:
    admin, own = browser_of(cast.admin), browser_of(cast.patient_user)
    page = reverse("clinic-article", args=[cast.clinic.pk, SLUG, "en"])
    shelves = reverse("clinic-library", args=[cast.clinic.pk])
    assert admin.get(reverse("clinic-article", args=[cast.clinic.pk, SLUG, "fr"])).status_code == 404
    due_on = (now.date() + timedelta(days=90)).isoformat()
    version = str(version_of(SLUG, language="en"))
    assert post(admin, page, text_version=version, state="approved", due_on="").status_code == 422
    assert post(admin, page, text_version="77", state="approved", due_on=due_on).status_code == 409
    assert post(admin, page, text_version=version, state="draft", due_on=due_on, note="Too long").status_code == 302
    assert own.get(PAGE).status_code == 404
    assert own.get(f"{PAGE}effort-rest-growth.svg").status_code == 200  # the Chinese text shows it
    assert "Too long" in html(admin.get(page))
    assert post(admin, shelves, required="on").status_code == 302
    assert own.get("/learn/warning-signs/").status_code == 404
    assert post(admin, page, text_version=version, state="approved", due_on=due_on).status_code == 302
    assert own.get(PAGE).status_code == 200
    assert html(admin.get(shelves, {"state": "approved"})).count(f"/{SLUG}/en/") == 1
    assert html(admin.get(shelves, {"state": "approved"})).count("/warning-signs/en/") == 0
    assert ArticleReview.objects.count() == 2


def test_the_review_says_what_patients_see(cast: Cast, browser_of: Browser) -> None:
    admin = browser_of(cast.admin)
    page = reverse("clinic-article", args=[cast.clinic.pk, SLUG, "en"])
    shown = html(admin.get(page))
    assert "Patients see the article with a note that says so." in shown
    assert "In review: patients read it as not yet reviewed" in shown
    post(admin, reverse("clinic-library", args=[cast.clinic.pk]), required="on")
    shown = html(admin.get(page))
    assert "Patients see the article with a note" not in shown
    assert "Patients do not see it before your clinic approves it." in shown
    assert "In review: patients do not see it yet" in shown


def test_a_therapist_sees_that_a_patient_cannot_read_what_was_given(cast: Cast, browser_of: Browser) -> None:
    therapist, own = browser_of(cast.therapist), browser_of(cast.patient_user)
    give = reverse("reading-give", args=[cast.patient.pk])
    assert post(therapist, give, id=str(new_id()), chosen=SLUG, note="Have a look").status_code == 302
    overview, told = reverse("reading", args=[cast.patient.pk]), "The patient cannot read it at present"
    assert told not in html(therapist.get(overview))
    condition(cast.patient, "myasthenia_gravis")
    shown = html(therapist.get(overview))
    assert told in shown
    assert PAGE in shown
    for path in (overview, "/portal/", "/learn/"):
        assert "Have a look" not in html(own.get(path)), path
    condition(cast.patient)
    Article.objects.filter(slug=SLUG).update(is_listed=False)
    assert told in html(therapist.get(overview))


def test_what_a_clinic_released_in_one_language_is_given_and_found_in_it(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    """The therapist works in English, the clinic approved the Chinese text: the patient gets that, and is not lost."""
    admin, therapist, own = (browser_of(cast.user(role)) for role in ("admin", "therapist", "patient_user"))
    assert post(admin, reverse("clinic-library", args=[cast.clinic.pk]), required="on").status_code == 302
    give = reverse("reading-give", args=[cast.patient.pk])
    assert f'value="{SLUG}"' not in html(therapist.get(give))
    due_on = (now.date() + timedelta(days=90)).isoformat()
    page = reverse("clinic-article", args=[cast.clinic.pk, SLUG, "zh-hans"])
    version = str(version_of(SLUG, language="zh-hans"))
    assert post(admin, page, text_version=version, state="approved", due_on=due_on).status_code == 302
    assert post(therapist, give, id=str(new_id()), chosen=SLUG, note="For you").status_code == 302
    assert "The patient cannot read it" not in html(therapist.get(reverse("reading", args=[cast.patient.pk])))
    for path in ("/portal/", "/learn/", reverse("reading", args=[cast.patient.pk])):
        assert f'href="{PAGE}?language=zh-hans"' in html(own.get(path)), path
    assert own.get(PAGE, {"language": "zh-hans"}).status_code == 200
    assert own.get(PAGE).status_code == 404
