"""Make the secrets of a local installation: ``python -m rehab.local_secrets``.

Settings need them before Django starts, so this uses the standard library alone. A secret that is present,
in the file or in the environment, is never replaced: the audit trail could not be verified with another key.
"""

import os
import re
import secrets
import sys
import tempfile
from pathlib import Path

NAMES = ("SECRET_KEY", "AUDIT_KEY")


def data_dir() -> Path:
    """Return the folder that settings will use; the two must agree."""
    return Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var")


def add_missing(folder: Path) -> list[str]:
    """Write the secrets that are missing into ``local.env`` and return their names."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / "local.env"
    text = target.read_text(encoding="utf-8") if target.exists() else ""
    missing = [name for name in NAMES if not os.environ.get(name) and not re.search(rf"(?m)^(export )?{name}=.", text)]
    if target.exists():
        target.chmod(0o600)
    if not missing:
        return []
    if text and not text.endswith("\n"):
        text += "\n"
    text += "".join(f"{name}={secrets.token_hex(32)}\n" for name in missing)
    # mkstemp makes the file 0600, and replacing it in one step leaves no half-written secret behind.
    handle, name = tempfile.mkstemp(dir=folder, prefix="local.env.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, target)
    return missing


if __name__ == "__main__":
    folder = data_dir()
    if made := add_missing(folder):
        sys.stdout.write(f"Generated {' and '.join(made)} in {folder / 'local.env'}\n")
