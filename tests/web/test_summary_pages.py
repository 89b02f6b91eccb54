"""Pages, e-mails and PDF of summaries."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from rehab.analytics.summaries import CaseloadSummary
from rehab.errors import NotFound
from rehab.models import Summary
from rehab.outbound.email import Letter
from rehab.reference.wording import forbidden_in
from rehab.selectors import summaries
from rehab.web.summaries import mail
from tests.conftest import Cast
from tests.summaries import (
    WEEK,
    caseload_payload,
    clinic_payload,
    due,
    empty_payload,
    looked,
    of_patient,
    patient_payload,
    series_of,
    stored,
)
from tests.test_query_counts import cost

Browser = Callable[[User | None], Client]
UNSUBSCRIBE = "https://rehab.example/unsubscribe/key/weekly/"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def weeks(cast: Cast, count: int, *, now: datetime, before: int = 0) -> None:
    for i in range(before, before + count):
        start = WEEK - timedelta(weeks=i)
        of_patient(cast.patient, now=now, starts_on=start, ends_on=start + timedelta(days=6))


def opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


# --- Lists


def test_the_list_of_a_patient(cast: Cast, now: datetime, browser_of: Browser) -> None:
    path = reverse("patient-summaries", args=[cast.patient.pk])
    client = browser_of(cast.patient_user)
    assert "There is no summary yet." in opened(client, path)
    weeks(cast, 2, now=now)
    of_patient(cast.patient, now=now, period="day", ends_on=WEEK, version=2)
    page = text_of(opened(client, path))
    assert page.count("You did 3 of 4 planned sessions.") == 3
    assert "Computed again because late records arrived" in page
    assert text_of(opened(client, f"{path}?period=day")).count("You did") == 1
    assert "There is no summary of this kind yet." in opened(client, f"{path}?period=four_weeks")
    for mangled in ("?period=x", "?after=x", "?after=%00"):
        assert text_of(opened(client, path + mangled)).count("You did") == 3


def test_lists_in_pages_at_the_same_cost(cast: Cast, now: datetime, browser_of: Browser) -> None:
    client, path = browser_of(cast.patient_user), reverse("patient-summaries", args=[cast.patient.pk])
    weeks(cast, 2, now=now)
    few, _page = cost(client, path)
    weeks(cast, 40, now=now, before=2)
    many, answer = cost(client, path)
    assert many == few
    page = answer.content.decode()
    assert page.count("summary-list__days") == 30
    [following] = re.findall(r'href="(\?after=[^"]+)"', page)
    rest = opened(client, path + following)
    assert rest.count("summary-list__days") == 12
    assert "Back to the latest" in rest
    assert not set(re.findall(r'href="(/summaries/[^"]+)"', page)) & set(re.findall(r'"(/summaries/[^"]+)"', rest))


def test_lists_of_therapists_and_clinics_at_the_same_cost(cast: Cast, now: datetime, browser_of: Browser) -> None:
    client = browser_of(cast.therapist)
    clinic = reverse("clinic-summaries", args=[cast.clinic.pk])
    costs = []
    for i in range(12):
        start = WEEK - timedelta(weeks=i)
        payload = caseload_payload(looked(cast.patient), starts_on=start, ends_on=start + timedelta(days=6))
        stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now)
        stored(clinic_payload(starts_on=start.replace(year=2020 + i % 6, day=1, month=i % 12 + 1)), clinic=cast.clinic,
               now=now)  # fmt: skip
        if i in (1, 11):
            costs.append((cost(client, reverse("caseload-summaries"))[0], cost(client, clinic)[0]))
    assert costs[0] == costs[1]
    page = text_of(opened(client, reverse("caseload-summaries")))
    assert page.count("1 of your 1 patients needs a look first.") == 12
    assert cast.patient.name not in page


def test_where_people_find_them(cast: Cast, now: datetime, browser_of: Browser) -> None:
    summary = of_patient(cast.patient, now=now)
    own = reverse("patient-summaries", args=[cast.patient.pk])
    home = opened(browser_of(cast.patient_user), reverse("portal"))
    assert own in home
    assert reverse("summary", args=[summary.pk]) in home
    assert own in opened(browser_of(cast.caregiver), reverse("patient", args=[cast.patient.pk]))
    assert own in opened(browser_of(cast.therapist), reverse("patient", args=[cast.patient.pk]))
    assert reverse("caseload-summaries") in opened(browser_of(cast.therapist), reverse("caseload"))
    months = reverse("clinic-summaries", args=[cast.clinic.pk])
    assert months in opened(browser_of(cast.admin), reverse("clinic"))
    assert months in opened(browser_of(cast.therapist), reverse("caseload-summaries"))


# --- One summary


def test_a_summary_with_its_charts_and_their_tables(cast: Cast, now: datetime, browser_of: Browser) -> None:
    page = opened(browser_of(cast.patient_user), reverse("summary", args=[of_patient(cast.patient, now=now).pk]))
    assert page.count('<svg class="chart chart--small"') == 4
    assert page.count("<caption>Hand grip (composite), left – Grip strength</caption>") == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "In an emergency call 120." in page
    for words in ("Open alerts", "Data quality", "Monotony", "49 N"):
        assert words not in page


def test_an_older_version_exactly_as_it_was(cast: Cast, now: datetime, browser_of: Browser) -> None:
    summary = of_patient(cast.patient, now=now, version=2)
    client = browser_of(cast.patient_user)
    latest = text_of(opened(client, reverse("summary", args=[summary.pk])))
    assert "Version 2, computed again on" in latest
    assert "because records came late." in latest
    Summary.objects.filter(pk=summary.pk).update(payload=empty_payload().model_dump(mode="json"))
    assert "Nothing was logged" in opened(client, reverse("summary", args=[summary.pk]))
    older = text_of(opened(client, reverse("summary-version", args=[summary.pk, 1])))
    assert "This is version 1, as it was before late records arrived. Open the latest version" in older
    assert "You did 3 of 4 planned sessions." in older
    assert f"{reverse('summary-pdf', args=[summary.pk])}?version=1" in opened(
        client, reverse("summary-version", args=[summary.pk, 1])
    )
    for nothing in (3, 10**30):
        assert client.get(reverse("summary-version", args=[summary.pk, nothing])).status_code == 404


def test_a_summary_that_is_not_computed_yet(cast: Cast, now: datetime, browser_of: Browser) -> None:
    waiting = due(cast.patient, now=now)
    client = browser_of(cast.patient_user)
    assert "being worked out" in opened(client, reverse("summary", args=[waiting.pk]))
    assert client.get(reverse("summary-pdf", args=[waiting.pk])).status_code == 404


def test_what_people_typed_is_shown_as_they_typed_it(cast: Cast, now: datetime, browser_of: Browser) -> None:
    sly = "<script>alert(1)</script> #{panic()} $x$ *a*"
    goals = tuple(goal.model_copy(update={"title": sly}) for goal in patient_payload().goals)
    summary = of_patient(cast.patient, now=now, goals=goals)
    page = opened(browser_of(cast.patient_user), reverse("summary", args=[summary.pk]))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #{panic()} $x$ *a*" in page
    assert sly in letter_to(cast.patient_user, summary).text
    assert "<script>" not in letter_to(cast.patient_user, summary).html
    assert sly in " ".join(pdf_of(browser_of(cast.patient_user), summary).pages[0].extract_text().split())


def test_an_email_says_why_it_came(cast: Cast, now: datetime) -> None:
    own = letter_to(cast.patient_user, of_patient(cast.patient, now=now))
    work = letter_to(cast.admin, stored(clinic_payload(), clinic=cast.clinic, now=now))
    for asked, works in ((own.text, work.text), (own.html, work.html)):
        assert "You asked for this e-mail." in asked
        assert "You asked" not in works
        assert f"You get this e-mail because you work at {cast.clinic.name}." in works


# --- PDF


def pdf_of(client: Client, summary: Summary, query: str = "") -> PdfReader:
    answer = client.get(reverse("summary-pdf", args=[summary.pk]) + query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="summary-{summary.period}-{summary.starts_on}.pdf"'
    return PdfReader(io.BytesIO(answer.content))


def test_paper_says_whose_it_is(cast: Cast, now: datetime, browser_of: Browser) -> None:
    summary = of_patient(cast.patient, now=now)
    for role in ("patient_user", "caregiver", "therapist"):
        assert cast.patient.name in pdf_of(browser_of(cast.user(role)), summary).pages[0].extract_text()


def fonts_of(reader: PdfReader) -> dict[str, bool]:
    """Return the fonts by name, without the letters of the subset, and whether the file holds them."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # pypdf knows no shapes
            [kind] = font.get_object()["/DescendantFonts"]
            descriptor = kind.get_object()["/FontDescriptor"].get_object()
            name = str(font.get_object()["/BaseFont"]).partition("+")[2]
            found[name] = any(f"/FontFile{i}" in descriptor for i in ("", "2", "3"))
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("count", [0, 4, 30])
def test_a_week_is_one_page_with_its_fonts(
    cast: Cast, now: datetime, browser_of: Browser, language: str, count: int
) -> None:
    kept = tuple(series_of(series=f"series-{i}") for i in range(count))
    changes = {"series": kept} if count else empty_payload().model_dump()
    summary = of_patient(cast.patient, now=now, **changes)
    users = (cast.therapist, cast.patient_user)
    User.objects.filter(pk__in=[user.pk for user in users]).update(language=language, name="王喆玥")
    for user in users:
        reader = pdf_of(browser_of(user), summary)
        assert len(reader.pages) == 1
        fonts = fonts_of(reader)
        assert {"NotoSansCJKsc-Bold-Identity-H", "NotoSansCJKsc-Regular-Identity-H"} == set(fonts)
        assert all(fonts.values())
        text = reader.pages[0].extract_text()
        assert "120" in text
        if user == cast.patient_user:
            assert "喆" in text  # of their therapist, rare, and not in the bold font
        if count == 30:
            assert "series-" not in text
            assert re.search(r"more stand on the page of this summary|另有 \d+ 项", text)


def test_pdf_of_every_kind_and_of_older_versions(cast: Cast, now: datetime, browser_of: Browser) -> None:
    client = browser_of(cast.therapist)
    summary = of_patient(cast.patient, now=now, version=2)
    assert "Version 2" in pdf_of(client, summary).pages[0].extract_text()
    assert "Version 2" not in pdf_of(client, summary, "?version=1").pages[0].extract_text()
    for nothing in ("?version=9", "?version=", "?version=x", "?version=²", f"?version={10**30}"):
        assert client.get(reverse("summary-pdf", args=[summary.pk]) + nothing).status_code == 404
    many = caseload_payload(*(looked(cast.patient, name=f"Patient {i}") for i in range(60)))
    caseload = stored(many, clinic=cast.clinic, therapist=cast.therapist, now=now)
    reader = pdf_of(client, caseload)
    text = " ".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) > 1
    assert all(f"Patient {i}" in text for i in range(60))
    month = stored(clinic_payload(), clinic=cast.clinic, now=now)
    assert "not shown" in pdf_of(client, month).pages[0].extract_text()


# --- E-mail


def letter_to(user: User, summary: Summary) -> Letter:
    return mail.letter(summaries.get(user, summary.pk), user, UNSUBSCRIBE)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_email_carries_the_summary_and_nothing_from_elsewhere(cast: Cast, now: datetime, language: str) -> None:
    summary = of_patient(cast.patient, now=now)
    cast.patient_user.language = language
    found = letter_to(cast.patient_user, summary)
    for words in (found.text, found.html):
        assert "180 N → 240 N" in words
        assert UNSUBSCRIBE in words
        assert reverse("summary", args=[summary.pk]) in words
        assert "120" in words
        assert forbidden_in(words) == []
    assert f'<html lang="{language}">' in found.html
    assert not re.findall(r"<(?:img|svg|link|script|style|iframe)|url\(|src=|@import", found.html)
    assert set(re.findall(r'(?:href|src)="([^"]+)"', found.html)) == {
        UNSUBSCRIBE,
        *re.findall(r'"(http[^"]+/summaries/[^"]+)"', found.html),
    }
    assert "\n" not in found.subject
    assert cast.patient.name not in found.subject


def test_an_email_says_what_it_leaves_out(cast: Cast, now: datetime) -> None:
    kept = tuple(series_of(series=f"series-{i}") for i in range(mail.ROOM + 3))
    found = letter_to(cast.patient_user, of_patient(cast.patient, now=now, series=kept))
    for words in (found.text, found.html):
        assert words.count("180 N → 240 N") == mail.ROOM
        assert "3 more stand on the page of this summary." in words


def test_emails_to_staff_hold_counts_and_no_names(cast: Cast, now: datetime) -> None:
    payload = caseload_payload(looked(cast.patient), patients_treated=14)
    assert isinstance(payload, CaseloadSummary)
    of_caseload = stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now)
    of_clinic = stored(clinic_payload(), clinic=cast.clinic, now=now)
    for summary, words in (
        (of_caseload, "1 of your 14 patients needs a look first."),
        (of_clinic, "37 of 42 patients logged something."),
        (of_patient(cast.patient, now=now), "A summary of one of your patients is ready."),
    ):
        found = letter_to(cast.therapist, summary)
        for said in (found.subject, found.text, found.html):
            assert cast.patient.name not in said
            assert "Declined" not in said
            assert "Ankle" not in said
        for form in (found.text, found.html):
            assert words in form
            assert f"because you work at {cast.clinic.name}" in form
            assert "You asked for" not in form, "it comes without asking"


def test_there_is_no_email_of_what_is_not_computed(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        letter_to(cast.patient_user, due(cast.patient, now=now))
