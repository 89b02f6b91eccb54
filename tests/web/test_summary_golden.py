"""The weekly summaries of six demo patients, word for word, in both languages.

``REHAB_WRITE_GOLDEN=1`` writes the files anew; read the difference before you commit it.
"""

import io
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from accounts.models import User
from rehab.management.demo import central, disuse, loader, muscle, nerve, neuron
from rehab.management.demo.shapes import Story
from rehab.models import Summary
from rehab.reference.wording import forbidden_in
from rehab.selectors import summaries
from rehab.web.summaries import mail, pdf, presenters

FOLDER = Path(__file__).parents[1] / "golden" / "summaries"
WRITE = os.environ.get("REHAB_WRITE_GOLDEN") == "1"
#: A Monday: the week before it is over.
TODAY = date(2026, 9, 7)
NOW = datetime.combine(TODAY, time(9), UTC)
UNSUBSCRIBE = "https://rehab.example/unsubscribe/key/weekly/"


STORIES = (
    central.STROKE,
    disuse.FRACTURE,
    nerve.CAUDA_EQUINA,
    nerve.GUILLAIN_BARRE,
    muscle.MYASTHENIA,
    neuron.MOTOR_NEURON,
)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the demo data as of a fixed day, once."""
    with django_db_blocker.unblock(), transaction.atomic():
        loader.load(seed=1, today=TODAY, password="x" * 20, now=NOW, say=lambda _text: None)
        yield
        transaction.set_rollback(True)


def week_of(story: Story) -> Summary:
    """Return the week of a demo patient that ended yesterday, as the service computed it."""
    return Summary.objects.get(patient=story.id, period="week", starts_on=TODAY - timedelta(days=7))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
@pytest.mark.django_db
def test_the_week_of_a_demo_patient(story: Story, demo: None, settings: Any) -> None:
    settings.SITE_URL = "https://rehab.example"
    row = week_of(story)
    user = User.objects.get(email=story.email)
    seen = summaries.get(user, row.pk)
    for language in ("en", "zh-hans"):
        user.language = language
        letter = mail.letter(seen, user, UNSUBSCRIBE)
        found = f"{letter.subject}\n\n{letter.text}".replace(str(row.pk), "<summary>")
        path = FOLDER / f"{story.key}.{language}.txt"
        if WRITE:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8")
        assert found == path.read_text(encoding="utf-8")
        assert forbidden_in(found) == []
        assert forbidden_in(letter.html) == []
        with translation.override(language):
            sheet = presenters.sheet(seen, user=user)
            assert sheet is not None
            paper = PdfReader(io.BytesIO(pdf.render(sheet, language=language)))
        assert len(paper.pages) == 1
