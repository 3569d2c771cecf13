"""One request to another host: to the address that was checked, in bounded time and memory."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Final, Literal
from urllib.parse import SplitResult

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError, TimeoutError

from lrs.outside.reach import Reachable, address_to_connect, check_address

_CHUNK: Final = 64 * 1024
_AGENT: Final = "Careweave record store"


class Failed(Exception):
    """There is no whole answer."""

    def __init__(self, kind: Literal["unreachable", "slow", "broken"], detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Ask:
    """A request."""

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    connect_seconds: float = 5.0
    answer_seconds: float = 15.0
    most_bytes: int = 1024 * 1024
    """An answer longer than this is not whole to us."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whatever it says; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Its content type; empty without one."""
        return self.headers.get("content-type", "")


def ask(request: Ask, reachable: Reachable) -> Answer:
    """Ask and return the whole answer; a redirect is an answer like any other.

    Raises:
        Forbidden: we do not send there.
        Failed: no whole answer came.
    """
    parts = check_address(request.address, reachable)
    host = str(parts.hostname)
    try:
        address = address_to_connect(parts, reachable)
    except (OSError, UnicodeError) as error:
        raise Failed("unreachable", f"There is no host {host}.") from error
    connection = _connection(parts, address, request.connect_seconds)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Host": parts.netloc, "User-Agent": _AGENT, **request.headers}
    try:
        connection.connect()
    except SSLError as error:
        raise Failed("unreachable", f"Its certificate cannot be trusted: {error}"[:300]) from error
    except (HTTPError, OSError) as error:
        connection.close()
        raise Failed("unreachable", "Nothing answers there.") from error
    is_late = threading.Event()
    # a timeout counts from byte to byte: who sends one now and then must not hold us for ever
    alarm = threading.Timer(request.answer_seconds, _hang_up, [connection.sock, is_late])
    alarm.daemon = True
    alarm.start()
    try:
        connection.sock.settimeout(request.answer_seconds)
        connection.request(
            request.method, path, body=request.body, headers=headers, preload_content=False
        )
        response = connection.getresponse()
        body = _read(response, request.most_bytes)
    except (HTTPError, HTTPException, OSError) as error:
        if is_late.is_set() or isinstance(error, TimeoutError | socket.timeout):
            raise Failed("slow", "It did not answer in time.") from error
        raise Failed("broken", f"The connection broke off: {error}"[:300]) from error
    finally:
        alarm.cancel()
        connection.close()
    named = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, named, body)


def _connection(parts: SplitResult, address: str, seconds: float) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(address, parts.port or 80, timeout=seconds)
    return HTTPSConnection(
        address,
        parts.port or 443,
        timeout=seconds,
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
        ssl_context=ssl.create_default_context(),
    )


def _hang_up(sock: socket.socket, is_late: threading.Event) -> None:
    is_late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _read(response: urllib3.BaseHTTPResponse, most: int) -> bytes:
    pieces, size = [], 0
    while piece := response.read(_CHUNK):
        size += len(piece)
        if size > most:
            raise Failed("broken", f"Its answer is longer than {most // 1024:,} KiB.")
        pieces.append(piece)
    return b"".join(pieces)
