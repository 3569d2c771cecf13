"""A record store elsewhere that has good days and bad days, on a real socket."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lrs.rules.equivalence import are_equivalent

Fault = Callable[[int, list[dict[str, Any]]], str]
"""From the number of a request and what it brings to what goes wrong; empty for nothing."""


class Receiver:
    """It keeps what it accepted, once each, in the order in which it did."""

    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.by_id: dict[str, dict[str, Any]] = {}
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.requests = 0
        self.fault: Fault = lambda number, statements: ""
        self.slow_seconds = 1.0
        self.is_strict = False
        """A batch in which one id is there already is refused whole, even if it says the same."""
        self.lock = threading.Lock()
        self.port = 0
        self.server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/xapi"

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                receiver.post(self)

            def do_GET(self) -> None:
                receiver.get(self)

        class Server(ThreadingHTTPServer):
            def handle_error(self, *args: Any) -> None:
                """Who asked has gone: that is what some of the tests are about."""

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            self.requests += 1
            number = self.requests
        kept = dict(handler.headers.items())
        if handler.path.startswith("/hook"):
            statements = [json.loads(body)]
        else:
            statements = statements_of(handler.headers["Content-Type"], body)
        fault = self.fault(number, statements)
        if fault in ("400", "401", "403", "404", "413", "429", "500", "502", "503"):
            return answer(handler, int(fault), {"said": fault})
        if fault == "moved":
            return answer(handler, 302, {}, Location="http://127.0.0.1:1/elsewhere")
        if fault == "slow":
            time.sleep(self.slow_seconds)
        elif fault == "cut":
            return hang_up(handler, begin=True)
        status = self.accept(statements, kept, body, is_hook=handler.path.startswith("/hook"))
        if fault == "ack-drop":
            return hang_up(handler, begin=False)
        if fault == "web page":
            return answer(handler, 200, "Welcome to our website")
        ids = [one.get("id") for one in statements]
        return answer(handler, status, ids if status == 200 else {"said": "conflict"})

    def accept(
        self, statements: list[dict[str, Any]], headers: dict[str, str], body: bytes, is_hook: bool
    ) -> int:
        with self.lock:
            if is_hook:
                self.messages.append((headers, body))
                return 200
            there = [one for one in statements if one["id"] in self.by_id]
            if there and self.is_strict:
                return 409
            if any(not are_equivalent(one, self.by_id[one["id"]]) for one in there):
                return 409
            for one in statements:
                if one["id"] not in self.by_id:
                    self.by_id[one["id"]] = one
                    self.accepted.append(one)
            return 200

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        if "statementId" in asked:
            found = self.by_id.get(asked["statementId"][0])
            return answer(handler, 200 if found else 404, found or {})
        if "voidedStatementId" in asked:
            return answer(handler, 404, {})
        return answer(handler, 200, {"statements": [], "more": ""})


def statements_of(content_type: str, body: bytes) -> list[dict[str, Any]]:
    if content_type.startswith("multipart/mixed"):
        body = body.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0]
    return json.loads(body)


def answer(handler: BaseHTTPRequestHandler, status: int, body: Any, **headers: str) -> None:
    text = json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(text)))
    handler.send_header("X-Experience-API-Version", "1.0.3")
    for name, value in headers.items():
        handler.send_header(name, value)
    if status == 429:
        handler.send_header("Retry-After", "0")
    handler.end_headers()
    handler.wfile.write(text)


def hang_up(handler: BaseHTTPRequestHandler, *, begin: bool) -> None:
    if begin:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n[")
    # no polite end: the line is cut
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
    handler.wfile = open("/dev/null", "wb")  # noqa: SIM115 - the handler flushes it at its end
