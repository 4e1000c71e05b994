"""A language model's endpoint on the loopback interface, whose answers are set by the test; keeps the requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar


class Loopback:
    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.requests: list[dict[str, Any]] = []  # bodies, with "path" and "key"
        self.answers: list[tuple[int, Any]] = []  # status, and JSON or the bytes of a stream


L = TypeVar("L", bound=Loopback)


@contextmanager
def loopback(kind: type[L]) -> Iterator[L]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["x-api-key"] or self.headers["Authorization"].removeprefix("Bearer ")
            made.requests.append({"path": self.path, "key": key, **body})
            status, answer = made.answers.pop(0)
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            streams = data.startswith((b"data:", b"event:"))
            self.send_response(status)
            self.send_header("Content-Type", "text/event-stream" if streams else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = kind(server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
