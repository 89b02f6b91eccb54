"""The emergency text in a browser: at once, without a script, and with network and database gone."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from rehab.models import CheckIn
from rehab.services import patients, records
from rehab.services.kinds import KINDS
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.documents import document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALL = "Call 120 or go to an emergency department now."
STROKE_LINE = "Face droops, an arm is weak, or speech is hard, all of a sudden"
CES_LINE = "Numbness between the legs, bladder, bowel or sexual changes, or pain or weakness in both legs"


def _check_in(cast: Cast) -> str:
    return f"/patients/{cast.patient.pk}/log/check-ins/check-ins/"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def mortal_server() -> Iterator[tuple[str, Callable[[], None]]]:
    """Return the address of a server of our own, and what kills it: nothing listens there afterwards."""
    application = StaticFilesHandler(get_wsgi_application())
    server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"

    def kill() -> None:
        server.shutdown()
        server.server_close()
        thread.join()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", server.server_port)) != 0

    yield address, kill
    if server.socket.fileno() != -1:
        kill()
    connection.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_text_appears_with_network_and_server_gone(
    cast: Cast, page_as: PageAs, mortal_server: tuple[str, Callable[[], None]], javascript: bool
) -> None:
    address, kill = mortal_server
    page = page_as(cast.patient_user, javascript=javascript)
    client = Client()
    client.force_login(cast.patient_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page.goto(f"{address}{_check_in(cast)}")
    expect(page.get_by_text(CALL).first).to_be_hidden()
    kill()
    page.context.set_offline(True)
    page.get_by_label(STROKE_LINE).check()
    shown = page.locator(".warning-sign--stroke .warning-sign__now")
    expect(shown).to_be_visible()
    expect(shown).to_contain_text(CALL)
    expect(shown.get_by_role("link", name="Call 120")).to_have_attribute("href", "tel:120")
    shoot(page, f"emergency-offline-{javascript}")


def test_the_text_follows_what_is_ticked_beneath_a_line(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto(_check_in(cast))
    now = page.locator(".warning-sign--ces .warning-sign__now")
    pain = page.get_by_label("I have back or leg pain, or a known problem of the spine")
    expect(pain).to_be_hidden()
    page.get_by_label(CES_LINE).check()
    expect(now).to_be_visible()  # before it is known what it is
    pain.check()
    expect(now).to_be_hidden()
    page.get_by_label("Numbness around the saddle area or genitals").check()
    expect(now).to_be_visible()
    pain.uncheck()
    expect(now).to_be_hidden()
    page.get_by_label("Pain running down both legs").check()
    expect(now).to_be_visible()


def test_two_lines_together_are_an_emergency(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto(_check_in(cast))
    page.get_by_label(CES_LINE).check()
    page.get_by_label("Bladder: cannot start, no urge, dribbling or leaking").check()
    page.get_by_label("Strength clearly lost within hours, days or a few weeks").check()
    page.get_by_label("It came on over 1 to 4 weeks").check()
    expect(page.locator(".warning-sign--rapid_weak .warning-sign__now")).to_be_visible()
    page.get_by_label("Bladder: cannot start, no urge, dribbling or leaking").uncheck()
    expect(page.locator(".warning-sign--rapid_weak .warning-sign__now")).to_be_hidden()


def test_after_sending_the_text_comes_first_and_the_record_is_there(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto(_check_in(cast))
    page.get_by_label("How strong is the pain? (0-10)").fill("4")
    page.get_by_label("How tired are you? (0-10)").fill("6")
    page.get_by_label(STROKE_LINE).check()
    page.get_by_label("Speech is suddenly slurred or hard to find").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main .notice--emergency").first).to_contain_text("You reported sudden trouble speaking.")
    expect(page.locator("main .notice--emergency").first).to_contain_text(CALL)
    assert "therapist has been told" not in page.content()
    shoot(page, "check-in-after-360-en")
    assert CheckIn.objects.get().fatigue == 6


def test_an_error_elsewhere_in_the_form_does_not_hide_it(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto(_check_in(cast))
    page.get_by_label("How tired are you? (0-10)").fill("60")
    page.get_by_label(STROKE_LINE).check()
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.locator("main .notice--emergency").first.bounding_box() is not None
    expect(page.locator("main > .notice--emergency").first).to_contain_text(CALL)
    expect(page.locator(".warning-sign--stroke .warning-sign__now")).to_be_visible()
    shoot(page, "check-in-error-360-en")
    assert not CheckIn.objects.exists()


def test_with_the_database_broken_the_answer_is_the_text_with_the_number_of_the_form(
    cast: Cast, page_as: PageAs, mortal_server: tuple[str, Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto(_check_in(cast))
    page.get_by_label(STROKE_LINE).check()
    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", _broken)
        broken.setattr("django.contrib.sessions.backends.db.SessionStore.load", _broken)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("main .notice--emergency")).to_contain_text(CALL)
        expect(page.locator("main")).to_contain_text("may not have been saved")
        shoot(page, "emergency-database-broken")
    assert not CheckIn.objects.exists()


def _broken(*_args: Any, **_options: Any) -> Any:
    from django.db import OperationalError

    raise OperationalError("the database is gone")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_pass_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    known = {
        "conditions": ["myasthenia_gravis", "complete_spinal_cord_injury"],
        "baseline_deficits": ["bladder", "sensation"],
        "injury_at_or_above_t6": True,
    }
    patients.amend(cast.patient.pk, known, expected_version=1, by=cast.therapist, now=now)
    sent = document("check-ins", "check-ins", cast.patient.pk, red_flags={"new_or_worse": ["ad_headache", "skin_burn"]})
    made = records.create(KINDS["check-ins"], sent, by=cast.patient_user, source="portal", now=now).record
    own, treating = (page_as(who, language=language, width=width) for who in (cast.patient_user, cast.therapist))
    nobody = page_as(None, language=language, width=width)
    log = f"/patients/{cast.patient.pk}/log/"
    found = []
    for name, page, address in (
        ("check-in", own, _check_in(cast)),
        ("session", own, f"{log}sessions/aerobic/"),
        ("record", own, f"/records/check-ins/{made.pk}/"),
        ("amend", own, f"/records/check-ins/{made.pk}/amend/"),
        ("record-therapist", treating, f"/records/check-ins/{made.pk}/"),
        ("patient", treating, f"/patients/{cast.patient.pk}/"),
        ("edit", treating, f"/patients/{cast.patient.pk}/edit/"),
        ("emergency", nobody, "/emergency/"),
        ("emergency-own", own, "/emergency/"),
        ("login", nobody, "/accounts/login/"),
    ):
        page.goto(address)
        if name in ("check-in", "session"):
            boxes = page.locator(".warning-sign > input")
            for i in range(boxes.count()):
                boxes.nth(i).check()
            for details in page.locator("details").all():
                details.evaluate("element => element.open = true")
        found += axe_violations(page)
        shoot(page, f"{name}-{width}-{language}")
    assert found == []
