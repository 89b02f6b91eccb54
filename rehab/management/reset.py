"""Remove the local data folder, after asking: ``python -m rehab.management.reset`` (``make reset``)."""

import os
import shutil
import sys
from pathlib import Path

from rehab.embedded_broker import socket_path
from rehab.local_secrets import data_dir
from rehab.management.run_lock import AlreadyRunning, RunLock


def reset(folder: Path) -> str:
    """Ask, remove ``folder`` and return what happened; raise ``AlreadyRunning`` while it is in use."""
    if not folder.exists():
        return f"Nothing to remove: {folder} does not exist."
    if not (folder / "local.env").exists() and not (folder / "run.lock").exists():
        return f"{folder} does not look like a data folder of this service; it was left alone."
    lock = RunLock(folder)
    try:
        lock.wait_for_leftovers(seconds=3, kill=False)
        sys.stdout.write(f"This deletes {folder}: the database, secrets, queued work and logs in it.\n")
        if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
            sys.stdout.write("What DATABASE_URL and REDIS_URL name is left alone.\n")
        sys.stdout.write("Delete it? [y/N] ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            return "\nNothing was deleted."
        socket = socket_path(folder)
        shutil.rmtree(folder)
        if socket.parent != folder.resolve():
            shutil.rmtree(socket.parent, ignore_errors=True)
        return f"Deleted {folder}."
    finally:
        lock.release()


if __name__ == "__main__":
    try:
        sys.stdout.write(reset(data_dir()) + "\n")
    except AlreadyRunning as error:
        sys.exit(f"{error} Stop it first (Ctrl-C where `make run` was started).")
