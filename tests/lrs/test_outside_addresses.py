"""Addresses with letters beyond ASCII are asked for as they go over the wire, or refused in words."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lrs.outside import ANYWHERE, Ask, Failed, Forbidden, Reachable, ask, check_address


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(204)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


def test_a_path_is_asked_for_in_ascii(asked: tuple[str, list[str]]) -> None:
    base, paths = asked

    answers = [
        ask(Ask("GET", f"{base}{path}"), ANYWHERE).status
        for path in ("/dysgu/tŷ?iaith=Gŵyr", "/t%C5%B7/a+b;c=%20~", "/tŷ/%C5%B7")
    ]

    assert answers == [204, 204, 204]
    assert paths == [
        "/dysgu/t%C5%B7?iaith=G%C5%B5yr",
        "/t%C5%B7/a+b;c=%20~",
        "/t%C5%B7/%C5%B7",
    ]


def test_a_host_is_asked_for_by_its_name_in_ascii() -> None:
    parts = check_address("https://dysgu-tŷ.invalid:8443/xapi", Reachable())

    assert parts.netloc.startswith("xn--dysgu-t-")
    assert parts.netloc.isascii()
    assert parts.netloc.endswith(".invalid:8443")
    with pytest.raises(Failed, match="There is no host"):
        ask(Ask("GET", "https://dysgu-tŷ.invalid/xapi"), Reachable())


@pytest.mark.parametrize(
    "address",
    [
        f"https://{'ŷ' * 70}.example/xapi",
        "https://a..ŷ.example/xapi",
        "https://lrs.example/\ud800",
    ],
)
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(Forbidden, match="whole web address"):
        check_address(address, Reachable())


def test_letters_that_stand_for_an_address_of_ours_open_nothing() -> None:
    with pytest.raises(Forbidden, match="private network"):
        ask(Ask("GET", "https://①②⑦.0.0.1/xapi"), Reachable())
