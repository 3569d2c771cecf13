"""Out into a file and in again: the same statements, however often that is broken off."""

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from lrs.models import Attachment, Statement
from lrs.services import exporting, store_statements, tenant_of
from organisations.models import Organisation
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

pytestmark = pytest.mark.django_db
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(command: str, *options: object) -> dict[str, Any]:
        call_command(command, *map(str, options))
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


def fill(*statements: dict[str, Any], attachments: dict[str, bytes] | None = None) -> None:
    organisation, _ = Organisation.objects.get_or_create(name="Aber Trust", sector="other")
    store_statements(
        tenant=tenant_of(organisation=organisation),
        authority=agent("authority"),
        statements=statements,
        attachments=attachments,
    )


def voids(number: int, target: int) -> dict[str, Any]:
    ref = {"objectType": "StatementRef", "id": str(UUID(int=target))}
    return statement(number, verb={"id": f"{VERBS}voided"}, object=ref)


def lines(file: Path) -> list[dict[str, Any]]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rb") as opened:
        return [json.loads(line) for line in opened]


def numbers(file: Path) -> list[int]:
    return [UUID(one["id"]).int for one in lines(file)]


def of(name: str) -> dict[UUID, tuple[Any, ...]]:
    rows = Statement.objects.filter(tenant__organisation__name=name)
    return {row.uuid: (row.payload, row.stored, row.timestamp, row.authority_key) for row in rows}


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_out_and_in_again_is_the_same(run: Run, tmp_path: Path, name: str) -> None:
    for start in range(0, 300, 60):
        fill(*(full_statement(start + one) for one in range(1, 61)))
    fill(voids(1000, 7), statement(1001, result={"extensions": {"https://e.example/n": 1.10}}))
    file = tmp_path / name

    out = run("export_statements", file, "--organisation", "Aber Trust", "--with-voided")
    back = run(
        "import_statements", file, "--organisation", "Bryn Council", "--create",
        "--keep-stored", "--keep-authority",
    )  # fmt: skip
    again = tmp_path / f"again-{name}"
    run("export_statements", again, "--organisation", "Bryn Council", "--with-voided")

    assert out["exported"] == back["stored"] == 302
    assert of("Bryn Council") == of("Aber Trust")
    assert sorted(map(str, lines(again))) == sorted(map(str, lines(file)))
    run("export_statements", again, "--organisation", "Bryn Council")
    assert set(numbers(file)) - set(numbers(again)) == {7}
    assert not list(tmp_path.glob("*.part*"))


def test_only_what_is_asked_for_is_written(run: Run, tmp_path: Path) -> None:
    passed = {"id": f"{VERBS}passed"}
    mbox = {"mbox": "mailto:mair@example.org"}
    fill(statement(1), statement(2, verb=passed), statement(3, object=activity("other")))
    fill(statement(4, actor=mbox), statement(5), voids(6, 5))
    middle = Statement.objects.get(uuid=UUID(int=3)).stored.isoformat()
    file = tmp_path / "out.jsonl"

    def found(*options: str) -> list[int]:
        run("export_statements", file, "--organisation", "Aber Trust", *options)
        return numbers(file)

    assert found() == [1, 2, 3, 4, 6]
    assert found("--with-voided") == [1, 2, 3, 4, 5, 6]
    assert found("--verb", passed["id"]) == [2]
    assert found("--activity", activity("other")["id"]) == [3]
    assert found("--agent", json.dumps(mbox)) == [4]
    assert found("--since", middle) == [4, 6]
    assert found("--until", middle) == [1, 2, 3]


def test_a_later_export_brings_only_what_is_new(run: Run, tmp_path: Path) -> None:
    fill(statement(1))
    first = run("export_statements", tmp_path / "a.jsonl", "--organisation", "Aber Trust")
    fill(statement(2))

    run(
        "export_statements", tmp_path / "b.jsonl", "--organisation", "Aber Trust",
        "--after", first["cursor"],
    )  # fmt: skip

    assert numbers(tmp_path / "b.jsonl")[-1] == 2


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_an_export_that_was_broken_off_goes_on(
    run: Run, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 3)
    monkeypatch.setattr(exporting, "PAGES_TO_CHECKPOINT", 2)
    fill(*(statement(one) for one in range(1, 21)))
    file = tmp_path / name
    pages = 0

    class Broken(BaseException):
        pass

    def break_off(*args: Any, **options: Any) -> None:
        nonlocal pages
        pages += 1
        if pages == 4:
            raise Broken

    with monkeypatch.context() as patched:
        patched.setattr("lrs.management.progress.Progress.note", break_off)
        with pytest.raises(Broken):
            run("export_statements", file, "--organisation", "Aber Trust")
    assert not file.exists()
    with pytest.raises(CommandError, match="another filter"):
        run("export_statements", file, "--organisation", "Aber Trust", "--resume", "--with-voided")

    out = run("export_statements", file, "--organisation", "Aber Trust", "--resume")

    assert numbers(file) == list(range(1, 21))
    assert out["exported"] == 20
    with pytest.raises(CommandError, match="leave out --resume"):
        run("export_statements", file, "--organisation", "Aber Trust", "--resume")


@pytest.mark.parametrize("name", ["files", "files.zip"])
def test_attachments_go_out_and_come_in(run: Run, tmp_path: Path, name: str) -> None:
    content = b"an essay"
    sum_ = hashlib.sha256(content).hexdigest()
    described = {
        "usageType": "https://e.example/essay",
        "display": {"en": "Essay"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": sum_,
    }
    fill(statement(1, attachments=[described]), attachments={sum_: content})
    file, beside = tmp_path / "out.jsonl", tmp_path / name

    out = run("export_statements", file, "--organisation", "Aber Trust", "--attachments", beside)
    back = run(
        "import_statements", file, "--organisation", "Bryn", "--create", "--attachments", beside
    )

    assert (out["attachments"], out["missing_attachments"], back["attachments"]) == (1, 0, 1)
    kept = Attachment.objects.get(tenant__organisation__name="Bryn")
    assert bytes(kept.content) == content


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--after", "x"], "not a cursor of ours"),
        (["--verb", "passed"], "whole IRI"),
        (["--agent", "{}"], "--agent"),
        (["--agent", "x"], "JSON"),
        (["--since", "yesterday"], "--since"),
        (["--organisation", "Nowhere"], "no organisation 'Nowhere'"),
    ],
)
def test_what_cannot_be_exported_is_said(tmp_path: Path, options: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("export_statements", str(tmp_path / "out.jsonl"), *options)

    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_real_statements_go_out_and_come_in_the_same(
    run: Run, tmp_path: Path, shared_data: Path
) -> None:
    real = shared_data / "xapi" / "mooc-statements-11000.jsonl.gz"
    file = tmp_path / "out.jsonl.gz"
    run("import_statements", real, "--organisation", "Aber Trust", "--create")

    out = run("export_statements", file, "--organisation", "Aber Trust", "--with-voided")
    back = run(
        "import_statements", file, "--organisation", "Bryn", "--create",
        "--keep-stored", "--keep-authority",
    )  # fmt: skip

    assert (out["exported"], back["stored"], back["refused"]) == (11000, 11000, 0)
    assert of("Bryn") == of("Aber Trust")
