"""The files into the database: once, whole, by one process at a time; renamed articles keep what people did."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.documents import ARTICLES, ArticleError, load, load_all
from content.loading import Loaded, load_library
from content.models import Article, ArticleText, SearchTerm
from content.renamed import RENAMED
from rehab.models import ArticleAssignment, ArticleReading
from rehab.selectors.library_reviews import version_of
from rehab.services import library, library_reviews
from tests.conftest import Cast

OLD, NEW = "work-and-society", "work-and-others"


def copied(folder: Path, *slugs: str, to: str = "") -> Path:
    for slug in slugs:
        shutil.copytree(ARTICLES / slug, folder / (to or slug))
    return folder


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_costs_one_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert load_library() == Loaded(0, 2 * len(load_all()), 0)
    assert len(captured) == 1


@pytest.mark.django_db
def test_what_changed_is_written_and_what_is_gone_is_withdrawn(tmp_path: Path) -> None:
    root = copied(tmp_path, OLD)
    path = root / OLD / "en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: New "), encoding="utf-8")
    assert load_library(root) == Loaded(2, 0, len(load_all()) - 1)  # both stand on the original
    assert ArticleText.objects.get(article_id=OLD, language="en").title.startswith("New ")
    assert set(Article.objects.filter(is_listed=True).values_list("slug", flat=True)) == {OLD}
    assert set(SearchTerm.objects.values_list("text__article_id", flat=True)) == {OLD}


@pytest.mark.django_db
def test_a_renamed_article_takes_along_what_people_did_with_it(
    tmp_path: Path, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    about: dict[str, Any] = {"patient_id": cast.patient.pk, "language": "en", "now": now}
    library.mark_read(OLD, by=cast.patient_user, **about)
    given = {"patient": str(cast.patient.pk), "article": OLD}
    library.assign(given, language="en", by=cast.therapist, now=now)
    step = {"article": OLD, "language": "en", "text_version": version_of(OLD, language="en"), "state": "draft"}
    library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    monkeypatch.setitem(RENAMED, OLD, NEW)
    load_library(copied(tmp_path, OLD, to=NEW))
    assert ArticleReading.objects.get().article_id == NEW
    assert ArticleAssignment.objects.get().article_id == NEW
    assert Article.objects.get(slug=NEW).reviews.count() == 1
    assert not Article.objects.get(slug=OLD).is_listed


@pytest.mark.django_db
def test_of_two_articles_that_are_joined_both_readings_stay(
    tmp_path: Path, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    about: dict[str, Any] = {"patient_id": cast.patient.pk, "language": "en", "by": cast.patient_user, "now": now}
    library.mark_read(OLD, **about)
    library.mark_read("your-care-team", **about)
    monkeypatch.setitem(RENAMED, OLD, "your-care-team")
    load_library(copied(tmp_path, "your-care-team"))
    assert set(ArticleReading.objects.values_list("article_id", flat=True)) == {OLD, "your-care-team"}


@pytest.mark.django_db
def test_an_article_that_is_joined_to_another_takes_along_what_the_others_did_and_no_review(
    tmp_path: Path, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person read both: what another did with the first is not lost for it. A review was of another text."""
    about: dict[str, Any] = {"patient_id": cast.patient.pk, "language": "en", "now": now}
    library.mark_read(OLD, by=cast.patient_user, **about)
    library.mark_read("your-care-team", by=cast.patient_user, **about)
    library.mark_read(OLD, by=cast.caregiver, **about)
    step = {"article": OLD, "language": "en", "text_version": version_of(OLD, language="en"), "state": "draft"}
    library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    monkeypatch.setitem(RENAMED, OLD, "your-care-team")
    load_library(copied(tmp_path, "your-care-team"))
    assert ArticleReading.objects.get(reader=cast.caregiver).article_id == "your-care-team"
    assert ArticleReading.objects.filter(reader=cast.patient_user).count() == 2
    assert not Article.objects.get(slug="your-care-team").reviews.exists()


def test_a_check_stands_in_the_same_order_in_both_languages(tmp_path: Path) -> None:
    path = copied(tmp_path, OLD) / OLD / "zh-hans.md"
    text = path.read_text(encoding="utf-8")
    assert load(tmp_path / OLD).slug == OLD
    numbers = {"0": "1", "1": "0", "2": "0"}
    path.write_text(re.sub(r"correct: (\d)", lambda found: f"correct: {numbers[found[1]]}", text), encoding="utf-8")
    with pytest.raises(ArticleError, match="order of the original"):
        load(tmp_path / OLD)


def test_earlier_addresses_lead_to_articles_and_are_none_themselves() -> None:
    slugs = {one.slug for one in load_all()}
    assert set(RENAMED.values()) <= slugs
    assert not set(RENAMED) & slugs


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_processes_that_start_at_once_load_once(tmp_path: Path) -> None:
    root = copied(tmp_path, OLD, "your-care-team")

    def start(_number: int) -> Loaded:
        try:
            return load_library(root)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(start, range(4)))
    assert sorted(one.withdrawn > 0 for one in found) == [False, False, False, True]
    assert SearchTerm.objects.exists()
