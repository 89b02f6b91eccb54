"""Articles where they are needed: beside what one does, under a chart, on the home."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from content.models import Article
from rehab.models import ArticleReading
from tests.conftest import Cast
from tests.test_query_counts import recorded
from tests.web.library_pages import condition, html

Browser = Callable[[User | None], Client]


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("log/sessions/resistance_band/", {"log_resistance_band"}),
        ("log/sessions/aquatic/", {"log_aquatic"}),
        ("log/sessions/fes/", {"log_fes"}),
        ("log/strength/grip/", {"log_strength"}),
        ("log/rom/rom/", {"log_rom"}),
        ("log/girth/girth/", {"log_girth"}),
        ("log/check-ins/check-ins/", {"log_check_in", "spasm"}),
        ("programs/", {"programme"}),
        ("goals/", {"goals"}),
    ],
)
def test_the_article_that_fits_stands_beside_what_one_does(
    cast: Cast, browser_of: Browser, path: str, places: set[str]
) -> None:
    for who in (cast.patient_user, cast.therapist):
        shown = html(browser_of(who).get(f"/patients/{cast.patient.pk}/{path}"))
        beside = shown.partition('id="beside-heading"')[2].partition("</aside>")[0]
        slugs = re.findall(r'<li><a href="/learn/([a-z-]+)/">', beside)
        assert slugs
        assert all(places & set(row.places) for row in Article.objects.filter(slug__in=slugs))


def test_under_a_chart_stands_what_its_words_mean(cast: Cast, browser_of: Browser) -> None:
    for _ in range(2):
        recorded(cast, "girth", 2)
    own = browser_of(cast.patient_user)
    [address] = re.findall(
        r'href="(/patients/[^"]+/series/[^"]+/)"', html(own.get(f"/patients/{cast.patient.pk}/series/"))
    )
    beside = html(own.get(address)).partition('id="beside-heading"')[2]
    assert beside.index("/learn/within-measurement-error/") < beside.index("/learn/what-your-charts-mean/")


def test_the_home_offers_what_fits_the_conditions(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.patient_user)
    assert "/learn/stroke-and-muscle/" not in html(client.get("/portal/"))
    condition(cast.patient, "stroke")
    assert "/learn/stroke-and-muscle/" in html(client.get("/portal/"))
    ArticleReading.objects.create(
        patient=cast.patient, reader=cast.patient_user, article_id="stroke-and-muscle", language="en",
        read_at=cast.patient.created_at, updated_at=cast.patient.created_at,
    )  # fmt: skip
    assert "/learn/stroke-and-muscle/" not in html(client.get("/portal/"))
