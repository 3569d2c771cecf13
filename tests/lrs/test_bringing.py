"""Statements from another record store: all of them, and on where it stopped."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from lrs.importers import remote
from lrs.models import Attachment, ImportCursor, Statement
from lrs.queries import statement as stored_statement
from lrs.rules.multipart import Part, write_parts
from tests.lrs.samples import VERBS, agent, statement

pytestmark = pytest.mark.django_db
CONTENT = b"an essay"
SUM = hashlib.sha256(CONTENT).hexdigest()
TIME = "2024-03-01T10:{:02d}:{:02d}.000Z"


class Source:
    """A record store with statements 1 to 25, one a minute; 7 is void, 9 has an attachment."""

    def __init__(self) -> None:
        self.statements = [self.made(number) for number in range(1, 26)]
        ref = {"objectType": "StatementRef", "id": str(UUID(int=7))}
        self.statements[11] = self.made(12, verb={"id": f"{VERBS}voided"}, object=ref)
        self.void = {str(UUID(int=7))}
        self.gives_voided = True
        self.absolute_more = False
        self.other_host_more = ""
        self.says: Callable[[int], tuple[int, Any] | None] = lambda number: None
        self.versions = ["1.0.3"]
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        source = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                source.get(self)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def made(number: int, **parts: Any) -> dict[str, Any]:
        stored = TIME.format(number, 0)
        made = statement(number, stored=stored, authority=agent("theirs"), **parts)
        if number == 9:
            made["attachments"] = [
                {
                    "usageType": "https://e.example/essay",
                    "display": {"en": "Essay"},
                    "contentType": "text/plain",
                    "length": len(CONTENT),
                    "sha2": SUM,
                }
            ]
        return made

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/data/xAPI"

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        if parts.path.endswith("/about"):
            return self.answer(handler, 200, {"version": self.versions})
        self.asked.append(handler.path)
        self.headers.append(dict(handler.headers.items()))
        said = self.says(len(self.asked))
        if said is not None:
            return self.answer(handler, *said)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != "/data/xAPI/statements":
            return self.answer(handler, 404, "nothing here")
        if "voidedStatementId" in query:
            found = [one for one in self.statements if one["id"] == query["voidedStatementId"]]
            if not found or not self.gives_voided:
                return self.answer(handler, 404, {})
            return self.answer(handler, 200, found[0])
        since = query.get("since", "")
        listed = [one for one in self.statements if one["id"] not in self.void]
        listed = [one for one in listed if one["stored"] > since]
        begin, size = int(query.get("begin", 0)), int(query["limit"])
        more = ""
        if begin + size < len(listed):
            more = f"/data/xAPI/statements?begin={begin + size}&limit={size}&since={since}"
            if self.absolute_more:
                more = self.endpoint.removesuffix("/data/xAPI") + more
            more = self.other_host_more or more
        return self.answer(handler, 200, {"statements": listed[begin : begin + size], "more": more})

    def answer(self, handler: BaseHTTPRequestHandler, status: int, body: Any) -> None:
        text, kind = json.dumps(body).encode(), "application/json"
        if SUM.encode() in text:
            attachment = Part(
                {
                    "Content-Type": "text/plain",
                    "Content-Transfer-Encoding": "binary",
                    "X-Experience-API-Hash": SUM,
                },
                CONTENT,
            )
            text = write_parts([Part({"Content-Type": kind}, text), attachment], "edge")
            kind = "multipart/mixed; boundary=edge"
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(text)))
        if status == 302:
            handler.send_header("Location", "https://elsewhere.example/xapi/statements")
        handler.end_headers()
        handler.wfile.write(text)


@pytest.fixture
def source() -> Iterator[Source]:
    made = Source()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def bring(
    source: Source, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    waited: list[float] = []
    monkeypatch.setenv("IMPORT_SECRET", "a secret")
    monkeypatch.setattr(remote, "_pause", waited.append)

    def bring(*options: str, url: str = "") -> tuple[int, dict[str, Any], str]:
        status = 0
        try:
            call_command(
                "import_statements", "--url", url or source.endpoint, "--key", "us",
                "--organisation", "Aber Trust", "--create", "--page", "10", *options,
            )  # fmt: skip
        except SystemExit as left:
            status = int(left.code or 0)
        out, err = capsys.readouterr()
        return status, json.loads(out.splitlines()[-1]), err

    return bring


def kept() -> list[int]:
    return sorted(row.uuid.int for row in Statement.objects.all())


@pytest.mark.parametrize("is_absolute", [False, True])
def test_everything_comes_with_void_ones_and_attachments(
    bring: Any, source: Source, is_absolute: bool
) -> None:
    source.absolute_more = is_absolute

    status, summary, _ = bring("--keep-stored")

    assert status == 0
    assert summary == {
        "stored": 25,
        "already": 0,
        "refused": 0,
        "attachments": 1,
        "voided_not_had": 0,
        "version": "1.0.3",
    }
    assert kept() == list(range(1, 26))
    third = Statement.objects.get(uuid=UUID(int=3))
    assert json.loads(third.payload)["stored"] == TIME.format(3, 0)
    assert bytes(Attachment.objects.get().content) == CONTENT
    seventh: dict[str, Any] = {"tenant": third.tenant, "statement_id": UUID(int=7)}
    assert stored_statement(**seventh, is_void=False) is None
    assert stored_statement(**seventh, is_void=True) is not None
    assert source.headers[0]["Authorization"] == "Basic dXM6YSBzZWNyZXQ="


def test_void_ones_that_cannot_be_had_are_counted(bring: Any, source: Source) -> None:
    source.gives_voided = False

    status, summary, told = bring()

    assert (status, summary["stored"], summary["voided_not_had"]) == (0, 24, 1)
    assert "1 voided statements are not given by the source" in told


def test_it_goes_on_where_it_stopped(bring: Any, source: Source) -> None:
    source.says = lambda number: (400, {"message": "no further"}) if number >= 3 else None
    status, summary, told = bring()
    assert (status, summary["stored"]) == (1, 10)
    assert "no further" in told

    source.says = lambda number: None
    source.asked.clear()
    status, summary, told = bring()

    assert (status, summary["stored"]) == (0, 15)
    assert "Went on from 2024-03-01 10:" in told
    assert parse_qs(urlsplit(source.asked[0]).query)["since"][0].startswith("2024-03-01T10:")
    assert kept() == list(range(1, 26))
    source.statements.append(source.made(26))
    assert bring()[1]["stored"] == 1
    assert bring("--from-start")[1]["already"] == 25  # the void one is known and not asked for


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_list_that_goes_round_ends_and_what_came_is_kept(
    bring: Any, source: Source, length: int
) -> None:
    def say(number: int) -> tuple[int, Any]:
        if number > length + 2:
            return 400, {"message": "round and round"}
        page = source.statements[number - 1 : number]
        more = f"/data/xAPI/statements?page={(number - 1) % length}"
        return 200, {"statements": page, "more": more}

    source.says = say

    status, summary, told = bring()

    assert (status, summary["stored"]) == (1, length + 1)
    assert kept() == list(range(1, length + 2))
    assert "goes round in a circle" in told
    assert f"{source.endpoint}/statements?page={length - 1} leads back" in told
    assert f"{source.endpoint}/statements?page=0" in told
    assert len(source.asked) == length + 1


def test_the_newer_version_is_spoken_where_both_can(bring: Any, source: Source) -> None:
    source.versions = ["1.0.3", "2.0.0"]

    _, summary, _ = bring()

    assert summary["version"] == "2.0.0"
    assert source.headers[0]["X-Experience-API-Version"] == "2.0.0"


@pytest.mark.parametrize("status", [429, 503, 500])
def test_a_source_that_is_busy_is_waited_for(bring: Any, source: Source, status: int) -> None:
    source.says = lambda number: (status, {}) if number in (2, 3) else None

    result, summary, told = bring()

    assert (result, summary["stored"]) == (0, 25)
    assert "Waiting 2 seconds" in told


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((401, {}), "does not let us read"),
        ((404, {}), "address above /statements"),
        ((302, {}), "https://elsewhere.example/xapi/statements"),
        ((200, "Welcome"), "not a record store"),
        ((200, {"items": []}), "not a record store"),
        ((500, {}), "after 8 attempts"),
    ],
)
def test_what_is_wrong_with_a_source_is_said(
    bring: Any, source: Source, answer: tuple[int, Any], words: str
) -> None:
    source.says = lambda number: answer

    status, summary, told = bring()

    assert (status, summary["stored"]) == (1, 0)
    assert words in told
    assert not ImportCursor.objects.exists()


def test_our_key_goes_to_no_other_host(bring: Any, source: Source) -> None:
    source.other_host_more = "http://localhost:1/data/xAPI/statements?begin=10"

    status, _, told = bring()

    assert status == 1
    assert "goes on at another host, localhost:1" in told


def test_a_dry_run_keeps_nothing(bring: Any) -> None:
    assert bring("--dry-run")[1]["stored"] == 25
    assert not Statement.objects.exists()
    assert not ImportCursor.objects.exists()


def test_an_address_with_statements_at_its_end_is_understood(bring: Any, source: Source) -> None:
    assert bring(url=f"{source.endpoint}/statements/")[1]["stored"] == 25


def test_a_file_or_an_address_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Give a file, or --url"):
        call_command("import_statements")
    with pytest.raises(CommandError, match="Give a file, or --url"):
        call_command("import_statements", str(tmp_path / "x"), "--url", "https://lrs.example")
