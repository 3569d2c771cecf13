"""Bytes on the wire that mean harm: the real server answers, holds no more memory, and goes on."""

import json
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.bench.record_store.sending import Connection, Door
from tests.lrs.crash.databases import SqliteFile
from tests.lrs.crash.judging import prepare
from tests.lrs.crash.serving import WebServer
from tests.lrs.samples import statement

pytestmark = [pytest.mark.sqlite, pytest.mark.xdist_group("servers")]
MIB = 2**20
SLOW = 50
PATIENCE_SECONDS = 10.0
"""Shorter than any of the slow ones is waited for, and long enough for a busy machine."""


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[WebServer, Door]]:
    with tempfile.TemporaryDirectory(prefix="careweave-hostile-") as folder:
        database = SqliteFile(Path(folder))
        server = WebServer(database, Path(folder))
        with django_db_blocker.unblock():
            door = prepare(database, port=server.port)
        server.start()
        yield server, door
        server.stop()
        # Django notes each request for another host with where it found that
        foreign = server.log().count("ERROR django.security.DisallowedHost")
        assert server.log().count("Traceback") == foreign, server.log()[-3000:]


def one() -> bytes:
    return json.dumps(statement(1, id=str(uuid4()))).encode()


def head(door: Door, *lines: str) -> bytes:
    """The head of a POST of statements, with these lines instead of a length."""
    text = door.request("POST").decode()
    return text.replace("Content-Length: 0\r\n", "".join(f"{line}\r\n" for line in lines)).encode()


def say(door: Door, request: bytes, *, seconds: float = 60) -> bytes:
    """Send bytes and no more; return all that comes until the connection is quiet or closed."""
    with socket.create_connection(("127.0.0.1", door.port), timeout=seconds) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        return heard(wire)


def heard(wire: socket.socket) -> bytes:
    got = b""
    try:
        while piece := wire.recv(65536):
            got += piece
    except OSError:
        pass
    return got


def is_well(door: Door) -> float:
    """Store a statement; return the seconds it took."""
    began = time.monotonic()
    connection = Connection(door.port)
    status, body = connection.ask(door.request("POST", one()))
    connection.close()
    assert status == 200, body
    return time.monotonic() - began


WIRES: dict[str, tuple[Callable[[Door], bytes], set[int]]] = {
    "two lengths": (lambda d: head(d, "Content-Length: 3", "Content-Length: 4") + b"{}}}", {400}),
    "length and chunks": (
        lambda d: head(d, "Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        {400},
    ),
    "length below nought": (lambda d: head(d, "Content-Length: -1"), {400}),
    "length in words": (lambda d: head(d, "Content-Length: many"), {400}),
    "length with a plus": (lambda d: head(d, "Content-Length: +2") + b"{}", {400}),
    "length longer than the body": (lambda d: head(d, "Content-Length: 999") + one(), {400}),
    "length shorter than the body": (lambda d: head(d, "Content-Length: 5") + one(), {400}),
    "huge length": (lambda d: head(d, f"Content-Length: {10**30}"), {413}),
    "no length": (lambda d: head(d), {400}),
    "chunks": (lambda d: head(d, "Transfer-Encoding: chunked") + chunked(one()), {200}),
    "chunk size in words": (lambda d: head(d, "Transfer-Encoding: chunked") + b"zz\r\n{}", {400}),
    "chunk size below nought": (lambda d: head(d, "Transfer-Encoding: chunked") + b"-1\r\n", {400}),
    "chunk cut short": (lambda d: head(d, "Transfer-Encoding: chunked") + b"ff\r\n{}", {400}),
    "chunks without an end": (
        lambda d: head(d, "Transfer-Encoding: chunked") + chunked(one())[:-5],
        {400},
    ),
    "gzip in transfer": (lambda d: head(d, "Transfer-Encoding: gzip") + b"x", {400, 501}),
    "chunked twice": (
        lambda d: head(d, "Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n",
        {400},
    ),
    "folded header": (lambda d: head(d, "X-A: b", " c", "Content-Length: 0"), {400}),
    "header without a name": (lambda d: head(d, ": b", "Content-Length: 0"), {400}),
    "header without a colon": (lambda d: head(d, "abc", "Content-Length: 0"), {400}),
    "NUL in a header": (lambda d: head(d, "X-A: \x00", "Content-Length: 0"), {400}),
    "long header": (lambda d: head(d, "X-A: " + "b" * 20_000, "Content-Length: 0"), {400, 431}),
    "many headers": (lambda d: head(d, *(f"X-{n}: b" for n in range(300))), {400, 431}),
    "long address": (lambda d: b"GET /xapi/" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", {400, 414}),
    "bare line feeds": (lambda d: b"GET /xapi/about HTTP/1.1\nHost: localhost\n\n", {400}),
    "no method": (lambda d: b" /xapi/about HTTP/1.1\r\n\r\n", {400}),
    "not HTTP": (lambda d: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    "other HTTP": (lambda d: b"GET /xapi/about HTTP/9.9\r\nHost: localhost\r\n\r\n", {400, 505}),
    "no host": (lambda d: b"GET /xapi/about HTTP/1.1\r\n\r\n", {200, 400}),
    "other host": (lambda d: b"GET /xapi/about HTTP/1.1\r\nHost: evil.example\r\n\r\n", {400}),
    "non-ASCII key": (
        lambda d: head(d, "Content-Length: 2").replace(b"Basic ", b"Basic \xc3\xa9") + b"{}",
        {401},
    ),
    "non-ASCII address": (
        lambda d: b"GET /xapi/\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        {400, 404},
    ),
}


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:half], body[half:])) + b"0\r\n\r\n"
    )


@pytest.mark.parametrize("name", WIRES)
def test_a_broken_request_is_refused_and_the_server_goes_on(
    served: tuple[WebServer, Door], name: str
) -> None:
    _, door = served
    make, statuses = WIRES[name]

    answer = say(door, make(door))

    if answer:
        assert int(answer[9:12]) in statuses, answer[:500]
        assert b"Traceback" not in answer
    is_well(door)


@pytest.mark.parametrize("has_length", [True, False])
def test_a_body_of_a_gigabyte_is_413_and_memory_stays_flat(
    served: tuple[WebServer, Door], has_length: bool
) -> None:
    server, door = served
    is_well(door)
    before = peak = server.memory_mib()
    lines = ["Content-Length: 1073741824"] if has_length else ["Transfer-Encoding: chunked"]
    piece = b" " * MIB if has_length else b"%x\r\n%s\r\n" % (MIB, b" " * MIB)
    sent = 0
    with socket.create_connection(("127.0.0.1", door.port), timeout=60) as wire:
        wire.sendall(head(door, *lines))
        try:
            while sent < 1024:
                wire.sendall(piece)
                sent += 1
                peak = max(peak, server.memory_mib())
        except OSError:
            pass
        answer = heard(wire)

    assert sent < 200
    assert not answer or int(answer[9:12]) == 413
    assert peak - before < 110
    is_well(door)


def slow_head(door: Door, wire: socket.socket, done: threading.Event) -> None:
    """A byte a second of the head."""
    for byte in head(door, "Content-Length: 2"):
        try:
            wire.sendall(bytes([byte]))
        except OSError:
            return
        if done.wait(1):
            return


def slow_body(door: Door, wire: socket.socket, done: threading.Event) -> None:
    """All of the head, the beginning of the body, and then nothing."""
    wire.sendall(head(door, "Content-Length: 5000") + b'{"actor":')
    done.wait(60)


def slow_chunks(door: Door, wire: socket.socket, done: threading.Event) -> None:
    """A body in chunks that does not end."""
    wire.sendall(head(door, "Transfer-Encoding: chunked") + b"5\r\n{    \r\n")
    done.wait(60)


def slow_upload(door: Door, wire: socket.socket, done: threading.Event) -> None:
    """A large body, a little at a time."""
    wire.sendall(head(door, f"Content-Length: {20 * MIB}"))
    while not done.wait(0.2):
        try:
            wire.sendall(b" " * 1000)
        except OSError:
            return


def silent(door: Door, wire: socket.socket, done: threading.Event) -> None:
    """Nothing at all."""
    done.wait(60)


@pytest.mark.parametrize("slow", [slow_head, slow_body, slow_chunks, slow_upload, silent])
def test_many_slow_clients_keep_nobody_waiting(
    served: tuple[WebServer, Door],
    slow: Callable[[Door, socket.socket, threading.Event], None],
) -> None:
    _, door = served
    done = threading.Event()
    wires = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(SLOW)]
    threads = [threading.Thread(target=slow, args=(door, wire, done)) for wire in wires]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        took = [is_well(door) for _ in range(5)]
    finally:
        done.set()
        for wire in wires:
            wire.close()
        for thread in threads:
            thread.join()

    assert max(took) < PATIENCE_SECONDS, took
