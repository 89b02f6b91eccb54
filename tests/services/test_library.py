"""What people do with articles: who may, what is kept, what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from accounts.ids import new_id
from accounts.models import Event, User
from content import library as shelves
from content.models import Article, ArticleReview, ArticleText
from rehab.errors import AlreadyClosed, IdInUse, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import ArticleAssignment, ArticleQuestion, ArticleReading, Patient
from rehab.selectors import library as selectors
from rehab.selectors import library_reviews as review_selectors
from rehab.selectors import reading
from rehab.services import library, library_reviews
from tests.conftest import Cast

SLUG, GATED = "strength-training", "muscle-relaxants"


def with_conditions(patient: Patient, *codes: str) -> None:
    Patient.objects.filter(pk=patient.pk).update(conditions=list(codes))


def read(cast: Cast, now: datetime, *, by: User | None = None, slug: str = SLUG) -> ArticleReading:
    return library.mark_read(slug, patient_id=cast.patient.pk, language="en", by=by or cast.patient_user, now=now)


def asked(cast: Cast, now: datetime, *, by: User | None = None, **changes: Any) -> ArticleQuestion:
    document = {"patient": str(cast.patient.pk), "article": SLUG, "text": "  Is this for me? ", **changes}
    return library.ask(document, language="en", by=by or cast.patient_user, now=now)


def given(cast: Cast, now: datetime, **changes: Any) -> ArticleAssignment:
    document = {"patient": str(cast.patient.pk), "article": SLUG, "note": "Look at the drawing.", **changes}
    return library.assign(document, language="en", by=cast.therapist, now=now)


def review(cast: Cast, now: datetime, **changes: Any) -> ArticleReview:
    document = {
        "article": SLUG,
        "language": "en",
        "text_version": review_selectors.version_of(SLUG, language="en"),
        "state": "approved",
        "due_on": (now.date() + timedelta(days=365)).isoformat(),
        **changes,
    }
    return library_reviews.review(document, clinic_id=cast.clinic.pk, by=cast.admin, now=now)


def slugs(cast: Cast, now: datetime, by: User, language: str = "en") -> set[str]:
    return {one.slug for one in shelves.articles(selectors.desk_of(by, language=language, now=now).reader)}


def test_reading_is_noted_once_for_each_person(cast: Cast, now: datetime) -> None:
    first = read(cast, now)
    again = read(cast, now + timedelta(days=1))
    carers = read(cast, now, by=cast.caregiver)
    assert (again.pk, again.read_at) == (first.pk, now)
    assert carers.pk != first.pk
    assert Event.objects.filter(action="article.read").count() == 2


def test_what_helped_and_how_the_check_went_are_kept_beside_it(cast: Cast, now: datetime) -> None:
    read(cast, now)
    who: dict[str, Any] = {"patient_id": cast.patient.pk, "language": "en", "by": cast.patient_user, "now": now}
    library.say_whether_it_helped(SLUG, helped=False, **who)
    check = selectors.text(SLUG, selectors.desk_of(cast.patient_user, language="en", now=now)).check
    answers = [question["correct"] for question in check]
    answers[0] = (answers[0] + 1) % len(check[0]["options"])
    library.answer_check(SLUG, {"answers": answers}, **who)
    row = ArticleReading.objects.get()
    assert (row.read_at, row.helped, row.check_answers, row.check_right) == (now, False, answers, 2)


@pytest.mark.parametrize("answers", [[], [0, 0], [0, 0, 0, 0], [0, 0, 9], [0, 0, -1], ["0", 0, 0], [0, 0, 3.5]])
def test_a_check_takes_three_options_that_are_there(cast: Cast, now: datetime, answers: list[Any]) -> None:
    with pytest.raises(Invalid):
        library.answer_check(
            SLUG, {"answers": answers}, patient_id=cast.patient.pk, language="en", by=cast.patient_user, now=now
        )
    assert not ArticleReading.objects.exists()


def test_therapists_do_not_read_for_patients_and_strangers_find_nobody(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        read(cast, now, by=cast.therapist)
    for stranger in (cast.colleague, cast.other_therapist, cast.other_patient_user):
        with pytest.raises(NotFound):
            read(cast, now, by=stranger)
        with pytest.raises(NotFound):
            asked(cast, now, by=stranger)


def test_nothing_is_done_with_an_article_that_is_gated(cast: Cast, now: datetime) -> None:
    with_conditions(cast.patient, "myasthenia_gravis")
    with pytest.raises(NotFound):
        read(cast, now, slug=GATED)
    with pytest.raises(NotFound):
        asked(cast, now, article=GATED)
    with pytest.raises(Invalid) as refused:
        given(cast, now, article=GATED)
    assert refused.value.problems[0].pointer == "/article"


def test_a_caregiver_reads_by_the_conditions_of_all_of_theirs(cast: Cast, now: datetime) -> None:
    assert GATED in slugs(cast, now, cast.caregiver)
    with_conditions(cast.patient, "stroke", "myasthenia_gravis")
    assert GATED not in slugs(cast, now, cast.caregiver)
    assert GATED in slugs(cast, now, cast.therapist)


def test_a_question_is_asked_once_and_answered_once(cast: Cast, now: datetime) -> None:
    key = str(new_id())
    row = asked(cast, now, id=key)
    assert row.text == "Is this for me?"
    assert asked(cast, now, id=key).pk == row.pk
    with pytest.raises(IdInUse):
        asked(cast, now, id=key, text="Another")
    assert reading.open_count(cast.therapist) == 1
    with pytest.raises(NotPermitted):
        library.answer(row.pk, {"text": "Yes"}, expected_version=1, by=cast.patient_user, now=now)
    with pytest.raises(VersionConflict):
        library.answer(row.pk, {"text": "Yes"}, expected_version=2, by=cast.therapist, now=now)
    library.answer(row.pk, {"text": "Yes"}, expected_version=1, by=cast.therapist, now=now)
    with pytest.raises(AlreadyClosed):
        library.answer(row.pk, {"text": "No"}, expected_version=2, by=cast.therapist, now=now)
    assert reading.open_count(cast.therapist) == 0
    assert ArticleQuestion.objects.get().answer == "Yes"
    assert set(Event.objects.filter(target_id=row.pk).values_list("action", flat=True)) == {
        "article_question.asked",
        "article_question.answered",
    }


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "a\0b"])
def test_a_question_says_something(cast: Cast, now: datetime, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(cast, now, text=text)
    assert refused.value.problems[0].pointer == "/text"


def test_a_caregiver_sees_what_they_asked_and_not_what_the_patient_asked(cast: Cast, now: datetime) -> None:
    own, carers = asked(cast, now), asked(cast, now, by=cast.caregiver, text="And for us?")
    _seen, found = reading.overview(viewer=cast.caregiver, patient_id=cast.patient.pk)
    assert [row.pk for row in found.questions] == [carers.pk]
    with pytest.raises(NotFound):
        reading.question(viewer=cast.caregiver, question_id=own.pk)
    _seen, found = reading.overview(viewer=cast.patient_user, patient_id=cast.patient.pk)
    assert {row.pk for row in found.questions} == {own.pk, carers.pk}


def test_an_article_is_given_once_at_a_time_and_taken_off(cast: Cast, now: datetime) -> None:
    key = str(new_id())
    row = given(cast, now, id=key)
    assert given(cast, now, id=key).pk == row.pk
    with pytest.raises(Invalid) as refused:
        given(cast, now)
    assert refused.value.problems[0].code == "assigned_already"
    assert [one.pk for one in reading.shelf(cast.patient.pk, viewer=cast.patient_user).unread] == [row.pk]
    read(cast, now)
    assert reading.shelf(cast.patient.pk, viewer=cast.patient_user).unread == []
    assert [one.pk for one in reading.shelf(cast.patient.pk, viewer=cast.caregiver).unread] == [row.pk]
    with pytest.raises(NotPermitted):
        library.end_assignment(row.pk, by=cast.patient_user, now=now)
    library.end_assignment(row.pk, by=cast.therapist, now=now)
    with pytest.raises(AlreadyClosed):
        library.end_assignment(row.pk, by=cast.therapist, now=now)
    assert given(cast, now).pk != row.pk


def test_nothing_is_given_that_is_not_there(cast: Cast, now: datetime) -> None:
    for slug in ("no-such-article", "a\nb"):
        with pytest.raises(Invalid):
            given(cast, now, article=slug)
    Article.objects.filter(slug=SLUG).update(is_listed=False)
    with pytest.raises(Invalid):
        given(cast, now)


def test_a_draft_of_the_clinic_is_not_shown_to_its_patients(cast: Cast, now: datetime) -> None:
    review(cast, now, state="draft", due_on=None)
    assert SLUG not in slugs(cast, now, cast.patient_user)
    assert SLUG in slugs(cast, now, cast.patient_user, language="zh-hans")
    assert SLUG in slugs(cast, now, cast.therapist)
    assert SLUG in slugs(cast, now, cast.other_patient_user)
    review(cast, now + timedelta(minutes=1), state="in_review", due_on=None)
    assert SLUG in slugs(cast, now, cast.patient_user)


def test_a_clinic_can_require_its_approval_first(cast: Cast, now: datetime) -> None:
    library_reviews.require_approval(clinic_id=cast.clinic.pk, required=True, by=cast.admin, now=now)
    library_reviews.require_approval(clinic_id=cast.clinic.pk, required=True, by=cast.admin, now=now)
    assert Event.objects.filter(action="clinic.library_changed").count() == 1
    assert slugs(cast, now, cast.patient_user) == set()
    assert len(slugs(cast, now, cast.other_patient_user)) > 40
    assert len(slugs(cast, now, cast.therapist)) > 40
    review(cast, now)
    assert slugs(cast, now, cast.patient_user) == {SLUG}
    assert slugs(cast, now, cast.patient_user, language="zh-hans") == set()
    late = now + timedelta(days=400)
    desk = selectors.desk_of(cast.patient_user, language="en", now=late)
    assert selectors.text(SLUG, desk).listed.review_state == "due"
    library_reviews.require_approval(clinic_id=cast.clinic.pk, required=False, by=cast.admin, now=now)
    assert len(slugs(cast, now, cast.patient_user)) > 40


def test_an_approval_is_of_the_text_that_was_read_in_that_language(cast: Cast, now: datetime) -> None:
    """The text changes: what was approved is another one, and is not shown where approval comes first."""
    review(cast, now)
    library_reviews.require_approval(clinic_id=cast.clinic.pk, required=True, by=cast.admin, now=now)
    assert slugs(cast, now, cast.patient_user) == {SLUG}
    ArticleText.objects.filter(article_id=SLUG, language="zh-hans").update(version=F("version") + 1)
    assert slugs(cast, now, cast.patient_user) == {SLUG}
    ArticleText.objects.filter(article_id=SLUG, language="en").update(version=F("version") + 1)
    assert slugs(cast, now, cast.patient_user) == set()
    desk = selectors.desk_of(cast.therapist, language="en", now=now)
    assert selectors.text(SLUG, desk).listed.review_state == "not_reviewed"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"due_on": None}, "/due_on"),
        ({"due_on": "2020-01-01"}, "/due_on"),
        ({"due_on": "2199-01-01"}, "/due_on"),
        ({"state": "draft"}, "/due_on"),
        ({"state": "due"}, "/state"),
        ({"language": "fr"}, "/language"),
        ({"note": "x" * 501}, "/note"),
    ],
)
def test_a_review_that_cannot_be_is_refused(cast: Cast, now: datetime, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        review(cast, now, **changes)
    assert refused.value.problems[0].pointer == pointer
    assert not ArticleReview.objects.exists()


def test_a_review_is_of_the_text_that_was_read(cast: Cast, now: datetime) -> None:
    with pytest.raises(VersionConflict):
        review(cast, now, text_version=99)
    with pytest.raises(NotFound):
        review(cast, now, article="no-such-article")
    for by in (cast.therapist, cast.other_therapist, cast.patient_user):
        with pytest.raises(NotFound):
            library_reviews.require_approval(clinic_id=cast.clinic.pk, required=True, by=by, now=now)
