"""A mail server of a few lines that keeps what it accepted. A message counts once it was answered with 250."""

import email
import socketserver
import threading
from email.message import Message
from types import TracebackType
from typing import Any, Self


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"DATA":
                self._say("354 go on")
                self._take()
            elif command == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # the sender was killed: nothing was accepted
            lines.append(line[1:] if line.startswith(b"..") else line)
        with self.server.lock:
            self.server.accepted.append(b"".join(lines))
        self._say("250 accepted")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.lock = threading.Lock()
        self.accepted: list[bytes] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that is killed leaves a broken connection: that is what is tested."""


class Mailbox:
    def __enter__(self) -> Self:
        self._server = _Server()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def messages(self) -> list[Message]:
        with self._server.lock:
            return [email.message_from_bytes(raw) for raw in self._server.accepted]
