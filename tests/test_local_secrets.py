"""Secrets of a local installation: made once, private, never replaced."""

import io
import stat
import sys
from pathlib import Path

import pytest

from rehab import local_secrets
from rehab.management.reset import reset
from rehab.management.run_lock import AlreadyRunning, RunLock


@pytest.fixture(autouse=True)
def _no_secrets_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*local_secrets.NAMES, "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def secrets_in(folder: Path) -> dict[str, str]:
    lines = (folder / "local.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_first_start_writes_two_different_secrets_for_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert local_secrets.add_missing(folder) == ["SECRET_KEY", "AUDIT_KEY"]
    made = secrets_in(folder)
    assert made["SECRET_KEY"] != made["AUDIT_KEY"]
    assert all(len(value) == 64 for value in made.values())
    assert stat.S_IMODE((folder / "local.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["local.env"]


def test_second_start_changes_nothing(tmp_path: Path) -> None:
    local_secrets.add_missing(tmp_path)
    before = (tmp_path / "local.env").read_bytes()
    assert local_secrets.add_missing(tmp_path) == []
    assert (tmp_path / "local.env").read_bytes() == before


def test_what_the_owner_wrote_is_kept_and_only_the_missing_secret_added(tmp_path: Path) -> None:
    (tmp_path / "local.env").write_text("SITE_URL=https://rehab.example\nSECRET_KEY=mine", encoding="utf-8")
    assert local_secrets.add_missing(tmp_path) == ["AUDIT_KEY"]
    assert secrets_in(tmp_path)["SECRET_KEY"] == "mine"
    assert secrets_in(tmp_path)["SITE_URL"] == "https://rehab.example"
    assert stat.S_IMODE((tmp_path / "local.env").stat().st_mode) == 0o600


def test_an_empty_value_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "local.env").write_text("SECRET_KEY=\nAUDIT_KEY=kept\n", encoding="utf-8")
    assert local_secrets.add_missing(tmp_path) == ["SECRET_KEY"]


def test_a_secret_of_the_environment_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    assert local_secrets.add_missing(tmp_path) == ["AUDIT_KEY"]


@pytest.mark.parametrize(("answer", "gone"), [("y\n", True), ("n\n", False), ("", False)])
def test_reset_deletes_only_after_a_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, gone: bool
) -> None:
    folder = tmp_path / "var"
    local_secrets.add_missing(folder)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    reset(folder)
    assert folder.exists() is not gone


def test_reset_refuses_while_the_service_runs(tmp_path: Path) -> None:
    local_secrets.add_missing(tmp_path)
    lock = RunLock(tmp_path)
    with pytest.raises(AlreadyRunning):
        reset(tmp_path)
    lock.release()


def test_reset_leaves_a_folder_alone_that_is_not_the_services(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years", encoding="utf-8")
    assert "left alone" in reset(tmp_path)
    assert (tmp_path / "thesis.txt").exists()
