"""A client light enough not to be what is measured: sockets, whole requests, one answer awaited."""

import base64
import socket
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Door:
    """A record store to send to."""

    port: int
    key: str
    secret: str

    def request(self, method: str, body: bytes = b"", **parameters: str) -> bytes:
        """Return a request as the bytes that are sent."""
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        query = f"?{urlencode(parameters)}" if parameters else ""
        head = (
            f"{method} /xapi/statements{query} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
            f"Authorization: Basic {basic}\r\nX-Experience-API-Version: 1.0.3\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Connection:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and body of its answer."""
        self._socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower()
        start = head.index(b"content-length:") + 15
        length = int(head[start:].split(b"\r\n", 1)[0])
        pieces, left = [got[end + 4 :]], length - (len(got) - end - 4)
        while left > 0:
            pieces.append(self._more())
            left -= len(pieces[-1])
        return int(got[9:12]), b"".join(pieces)

    def _more(self) -> bytes:
        piece = self._socket.recv(262_144)
        if not piece:
            raise ConnectionError("The server closed the connection.")
        return piece

    def close(self) -> None:
        """Close it."""
        self._socket.close()


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of a run of requests."""

    seconds: float
    requests: int
    failed: int
    median_ms: float
    p95_ms: float


def send_all(door: Door, requests: Sequence[bytes], *, connections: int) -> Cell:
    """Send requests over so many connections at once, each waiting for every answer."""
    took: list[float] = []
    failed: list[str] = []
    left = iter(requests)
    lock = threading.Lock()
    start = threading.Barrier(connections + 1)

    def work() -> None:
        connection = Connection(door.port)
        connection.ask(door.request("GET", limit="1"))
        start.wait()
        while True:
            with lock:
                request = next(left, None)
            if request is None:
                break
            began = time.perf_counter()
            try:
                status, body = connection.ask(request)
            except OSError as error:
                failed.append(str(error))
                connection = Connection(door.port)
                continue
            took.append(time.perf_counter() - began)
            if status not in (200, 204):
                failed.append(f"{status}: {body[:200]!r}")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(requests)} requests failed: {failed[0]}")
    quantiles = statistics.quantiles(took, n=20) if len(took) > 1 else [took[0]] * 19
    return Cell(
        seconds=seconds,
        requests=len(requests),
        failed=len(failed),
        median_ms=round(1000 * statistics.median(took), 2),
        p95_ms=round(1000 * quantiles[-1], 2),
    )
