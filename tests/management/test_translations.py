"""The compiled catalogue depends on the translations alone, so that `make check` can compare it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from rehab.management.commands.translations import LOCALE


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / LOCALE
    shutil.copytree(Path(settings.LOCALE_PATHS[0]) / LOCALE, folder)
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path])
    return folder / "LC_MESSAGES"


def test_files_are_the_same_whenever_they_are_made(catalogue: Path) -> None:
    made = []
    for year in (2026, 2031):
        with time_machine.travel(datetime(year, 5, 4, 3, 2, tzinfo=UTC), tick=False):
            call_command("translations")
            made.append(((catalogue / "django.po").read_bytes(), (catalogue / "django.mo").read_bytes()))
            call_command("translations", check=True)
    assert made[0] == made[1]


def test_check_finds_a_stale_compiled_file(catalogue: Path) -> None:
    compiled = catalogue / "django.mo"
    compiled.write_bytes(compiled.read_bytes() + b"\0")
    with pytest.raises(CommandError, match="compiled file is stale"):
        call_command("translations", check=True)


def test_check_finds_an_empty_and_a_missing_translation(catalogue: Path) -> None:
    text = (catalogue / "django.po").read_text("utf-8")
    source = 'msgid "% of body weight"\nmsgstr '
    assert f'{source}"% 体重"' in text
    (catalogue / "django.po").write_text(text.replace(f'{source}"% 体重"', f'{source}""'), "utf-8")
    with pytest.raises(CommandError, match="Not translated: '% of body weight'"):
        call_command("translations", check=True)
    (catalogue / "django.po").write_text(text.replace('msgid "% of body weight"', 'msgid "% of nothing"'), "utf-8")
    with pytest.raises(CommandError, match="No longer used: '% of nothing'"):
        call_command("translations", check=True)
