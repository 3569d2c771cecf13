"""A web server's worker whose threads never wait for a slow sender.

Gunicorn's own gives a thread to a connection as soon as it is there, and the thread waits for the
rest of the request as long as that takes: eight senders of a byte a second stop everybody. Here
the loop that waits for connections anyhow collects a request, and a thread gets it when it is
whole. What is large lies in a file until then.
"""

import re
import selectors
import socket
import tempfile
import time
from contextlib import suppress
from functools import partial
from typing import IO, Any, Final

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

LARGEST_HEAD: Final = 300_000
LARGEST_BODY: Final = 33 * 1024 * 1024
"""A larger one is not waited for: it is refused as soon as its length is read."""
IN_MEMORY: Final = 256 * 1024
AT_ONCE: Final = 256 * 1024
SILENCE_SECONDS: Final = 75.0
HEAD_SECONDS: Final = 15.0
BODY_SECONDS: Final = 30.0
SLOWEST_BYTES_A_SECOND: Final = 2_000
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_GO_ON: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Arrival:
    """What has come of one request."""

    def __init__(self, now: float) -> None:
        self.began = now
        self.size = 0
        self.is_waited_for = False
        self.expects = False
        self._head: bytearray | None = bytearray()
        self._end: int | None = None
        """The size of the whole; None while it is not known."""
        self._is_chunked = False
        self._last = b""
        # closed by whoever reads it
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def add(self, data: bytes) -> None:
        """Take what came."""
        self._file.write(data)
        self.size += len(data)
        self._last = (self._last + data)[-5:]
        if self._head is not None:
            self._head += data
            self._read_head(self._head)

    def _read_head(self, head: bytearray) -> None:
        end = head.find(b"\r\n\r\n")
        if end < 0:
            if len(head) > LARGEST_HEAD:  # whoever reads it will say so
                self._end, self._head = 0, None
            return
        lines = bytes(head[: end + 4])
        self._head = None
        self._is_chunked = _CHUNKED.search(lines) is not None
        self.expects = _EXPECTS.search(lines) is not None
        length = _LENGTH.search(lines)
        size = int(length[1]) if length else 0
        if not self._is_chunked:
            self._end = 0 if size > LARGEST_BODY else end + 4 + size

    def is_whole(self) -> bool:
        """Whether a thread can read it all without waiting, or will refuse it without reading."""
        if self._is_chunked:
            return self._last == b"0\r\n\r\n" or self.size > LARGEST_BODY
        return self._end is not None and self.size >= self._end

    def wanted(self) -> int:
        """How much to read next: of a large body not beyond its end."""
        left = AT_ONCE if self._end is None else self._end - self.size
        return max(1, min(left, AT_ONCE))

    def is_late(self, now: float) -> bool:
        """Whether its sender has been given time enough."""
        if self.size == 0:
            return now > self.began + SILENCE_SECONDS
        if self._head is not None:
            return now > self.began + HEAD_SECONDS
        return now > self.began + BODY_SECONDS + self.size / SLOWEST_BYTES_A_SECOND

    def hand_over(self, unreader: Any) -> None:
        """Let a parser read it as if it came from the connection now."""
        self._file.seek(0)
        if self.size <= IN_MEMORY:
            unreader.unread(self._file.read())
            self.forget()
        else:
            unreader.arrived = self._file

    def forget(self) -> None:
        """Keep nothing."""
        self._file.close()


class FileFirst(SocketUnreader):
    """Reads what has arrived, and then the connection."""

    arrived: IO[bytes] | None = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next piece."""
        if self.arrived is not None:
            piece = self.arrived.read(min(max(size_hint or 0, self.mxchunk), self.max_body_chunk))
            if piece:
                return piece
            self.arrived.close()
            self.arrived = None
        data: bytes = super().chunk(size_hint)
        return data


class PatientWorker(ThreadWorker):
    """Threads that are given whole requests only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Any, Arrival] = {}
        """By connection: what a thread has not been given yet."""

    def accept(self, listener: Any) -> None:
        """Take a connection and wait for its request, without a thread."""
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self._await(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Wait for the next request of a connection that was kept."""
        if self.cfg.is_ssl:
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def enqueue_req(self, conn: Any) -> None:
        """Give a request to a thread; of one that follows another at once, when it is whole."""
        if self.cfg.is_ssl or conn in self.arriving:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        self._await(conn, conn.parser.unreader.take_buffered())

    def _await(self, conn: Any, already: bytes = b"") -> None:
        arrival = self.arriving[conn] = Arrival(time.monotonic())
        if already:
            arrival.add(already)
        if not self._take(conn, arrival):
            arrival.is_waited_for = True
            self.poller.register(
                conn.sock, selectors.EVENT_READ, partial(self._on_more, conn, arrival)
            )

    def _on_more(self, conn: Any, arrival: Arrival, client: Any) -> None:
        self._take(conn, arrival)

    def _take(self, conn: Any, arrival: Arrival) -> bool:
        """Read what is there; return whether it need not be waited for any more."""
        while not arrival.is_whole():
            try:
                data = conn.sock.recv(arrival.wanted())
            except (BlockingIOError, InterruptedError):
                return False
            except OSError:
                self._drop(conn, arrival)
                return True
            if not data:
                if arrival.size:
                    break  # whoever reads it will find the end
                self._drop(conn, arrival)
                return True
            arrival.add(data)
            if arrival.expects:
                arrival.expects = False
                with suppress(OSError):
                    conn.sock.send(_GO_ON)
        self._leave(conn, arrival)
        self.enqueue_req(conn)
        return True

    def _leave(self, conn: Any, arrival: Arrival) -> None:
        if arrival.is_waited_for:
            arrival.is_waited_for = False
            with suppress(KeyError, ValueError, OSError):
                self.poller.unregister(conn.sock)

    def _drop(self, conn: Any, arrival: Arrival) -> None:
        self._leave(conn, arrival)
        del self.arriving[conn]
        arrival.forget()
        self.nr_conns -= 1
        conn.close()

    def handle(self, conn: Any) -> Any:
        """Answer a request that is whole, in a thread."""
        arrival = self.arriving.pop(conn, None)
        if arrival is not None:
            conn.sock.setblocking(True)
            conn.data_ready = True
            conn.init()
            if not isinstance(conn.parser.unreader, FileFirst):
                conn.parser.unreader = FileFirst(conn.sock)
            arrival.hand_over(conn.parser.unreader)
        return super().handle(conn)

    def murder_pending(self) -> None:
        """Close what is too slow; when stopping, also what is still silent."""
        super().murder_pending()
        now = time.monotonic()
        for conn, arrival in list(self.arriving.items()):
            if not arrival.is_waited_for:
                continue
            if arrival.is_late(now) or (not self.alive and arrival.size == 0):
                if arrival.size:
                    with suppress(OSError):
                        conn.sock.send(_TOO_SLOW, socket.MSG_DONTWAIT)
                self._drop(conn, arrival)
