"""A demo load that breaks half-way leaves nothing behind, so that the next one starts anew."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import Event, User
from rehab.management.demo import diary, loader
from rehab.management.demo.stories import STORIES
from rehab.models import ExerciseSession, Patient


def test_it_is_whole_or_not_there(
    db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path

    def breaks(*args: object, **options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(loader, "EVERYBODY", (STORIES[1], STORIES[-1]))
    with monkeypatch.context() as patched:
        patched.setattr(diary, "correct", breaks)
        with pytest.raises(OSError, match="disk full"):
            call_command("load_demo")
    assert not User.objects.exists()
    assert not Patient.objects.exists()
    assert not Event.objects.exists()
    assert list(tmp_path.iterdir()) == []
    call_command("load_demo", today=date(2026, 7, 15), seed=3)
    assert Patient.objects.count() == 2
    days = set(ExerciseSession.objects.values_list("performed_on", flat=True))
    assert date(2026, 3, 25) <= min(days) < max(days) <= date(2026, 7, 14)
