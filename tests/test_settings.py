"""Settings that come from the environment, read by a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson


def database(**environment: str) -> dict[str, Any]:
    """Return ``DATABASES["default"]`` as a fresh process reads it."""
    code = (
        "import sys, orjson; from rehab import settings;"
        "sys.stdout.buffer.write(orjson.dumps(settings.DATABASES['default']))"
    )
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    answer = subprocess.run([sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, check=True)
    found: dict[str, Any] = orjson.loads(answer.stdout)
    return found


def test_a_data_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1 ?"
    folder.mkdir()
    assert database(DATA_DIR=str(folder))["NAME"] == str(folder / "rehab.sqlite3")


def test_options_of_a_database_address_are_kept() -> None:
    options = database(DATABASE_URL="postgres://u@db.example/rehab?sslmode=require")["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["pool"]["max_size"] >= 1
