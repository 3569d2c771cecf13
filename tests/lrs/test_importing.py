"""Statements from files: whatever their shape, none lost, none twice, each refusal explained."""

import gzip
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from lrs.importers import statements as importer
from lrs.importers.statements import UnreadableFile, statements_in
from lrs.models import Statement, Tenant
from lrs.rules.times import parse_instant
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement


def read(data: bytes) -> list[importer.Line]:
    return list(statements_in(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type]


def lines(*values: Any) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values) + b"\n"


ONE, TWO = statement(1), statement(2)


@pytest.mark.parametrize(
    "data",
    [
        lines(ONE, TWO),
        lines(ONE, TWO).strip(),
        b"\n\n" + lines(ONE) + b"\r\n  \n" + lines(TWO),
        b"\xef\xbb\xbf" + lines(ONE, TWO),
        json.dumps([ONE, TWO]).encode(),
        json.dumps([ONE, TWO], indent=2).encode(),
        lines([ONE, TWO]),
        lines([ONE], [TWO]),
        lines({"statements": [ONE, TWO], "more": ""}),
        json.dumps(ONE, indent=2).encode() + b"\n" + json.dumps(TWO, indent=2).encode(),
        gzip.compress(lines(ONE, TWO)),
        gzip.compress(json.dumps([ONE, TWO]).encode()),
    ],
    ids=lambda value: None,
)
def test_every_shape_of_file_is_read(data: bytes) -> None:
    found = read(data)

    assert [line.refused for line in found] == ["", ""]
    assert [json.loads(line.raw) for line in found] == [ONE, TWO]


@pytest.mark.parametrize("block", [1, 2, 3, 7, 64])
def test_an_array_is_read_in_blocks_of_any_size(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "_BLOCK", block)
    odd = statement(3, result={"response": 'a "quoted\\" } { \\\\ ] text \\\\'})

    found = read(json.dumps([ONE, odd, TWO], indent=1).encode())

    assert [json.loads(line.raw) for line in found] == [ONE, odd, TWO]
    assert found[0].number == 2


@given(st.lists(st.text('{}[]"\\,x\n', max_size=12), max_size=4), st.integers(1, 9))
def test_no_text_inside_a_statement_confuses_the_reader(texts: list[str], block: int) -> None:
    sent = [statement(n, result={"response": text}) for n, text in enumerate(texts, start=1)]
    whole, importer._BLOCK = importer._BLOCK, block
    try:
        found = read(b"[\n" + json.dumps(sent).encode()[1:])
    finally:
        importer._BLOCK = whole

    assert [json.loads(line.raw) for line in found] == sent


def test_what_is_not_a_statement_is_named_by_its_line() -> None:
    data = lines(ONE, statement(2, actor=None)) + b"{broken\n" + lines(statement(4)) + b"7\n"

    found = read(data)

    assert [line.number for line in found if line.refused] == [2, 3, 5]
    assert found[1].refused == "$: Give the statement its actor. (xAPI 1.0.3 Data 2.4)"


def test_what_is_between_the_statements_of_an_array_is_refused() -> None:
    found = read(b"[null,\n" + json.dumps(ONE).encode() + b',\n"x", 7]')

    assert [(line.number, bool(line.refused)) for line in found] == [
        (1, True),
        (2, False),
        (3, True),
    ]


def test_an_array_cut_short_gives_what_it_has_and_says_so() -> None:
    whole = json.dumps([ONE, TWO]).encode()

    found = read(whole[:-20])

    assert [bool(line.refused) for line in found] == [False, True]


def test_a_gzip_file_cut_short_is_an_error() -> None:
    with pytest.raises(UnreadableFile, match="cut short"):
        read(gzip.compress(lines(ONE, TWO) * 100)[:-10])


def test_the_version_of_a_statement_chooses_its_rules() -> None:
    newer = {"contextAgents": [{"objectType": "contextAgent", "agent": agent()}]}

    found = read(
        lines(
            statement(1, context=newer),
            statement(2, context=newer, version="2.0.0"),
            statement(3, context=newer, version="1.0.0"),
            statement(4, version="9.0.0"),
        )
    )

    assert [line.version for line in found] == ["2.0.0", "2.0.0", "", ""]
    assert "$.context.contextAgents" in found[2].refused


@pytest.fixture
def run(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(data: bytes, *options: str, name: str = "statements.jsonl") -> Any:
        file = tmp_path / name
        file.write_bytes(data)
        status = 0
        try:
            call_command("import_statements", str(file), *options)
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        out, err = capsys.readouterr()
        return status, json.loads(out.splitlines()[-1]), err

    return run


def test_a_file_goes_in_once(run: Any) -> None:
    first = run(lines(ONE, TWO))
    second = run(lines(ONE, TWO))

    assert first[:2] == (0, {"stored": 2, "already": 0, "refused": 0})
    assert second[:2] == (0, {"stored": 0, "already": 2, "refused": 0})
    assert Statement.objects.count() == 2
    assert Tenant.objects.get().is_platform


def test_bad_lines_are_listed_and_the_rest_goes_in(run: Any) -> None:
    conflict = statement(1, actor=agent("someone-else"))
    run(lines(ONE))

    status, summary, told = run(lines(conflict, TWO, {"id": 1}, TWO, statement(3)))

    assert (status, summary) == (1, {"stored": 2, "already": 1, "refused": 2})
    assert "line 1: $.id: Another statement is stored already" in told
    assert "line 3: $.id: " in told


def test_an_id_twice_in_a_file_counts_once_or_conflicts(run: Any) -> None:
    status, summary, told = run(lines(ONE, ONE, statement(1, actor=agent("other"))))

    assert (status, summary) == (1, {"stored": 1, "already": 1, "refused": 1})
    assert "line 3" in told


def test_a_dry_run_stores_nothing(run: Any) -> None:
    status, summary, _ = run(lines(ONE, TWO), "--dry-run")

    assert (status, summary["stored"]) == (0, 2)
    assert not Statement.objects.exists()


def test_statements_go_to_the_organisation_named(run: Any) -> None:
    run(lines(ONE), "--organisation", "Aber Trust", "--create")

    assert Statement.objects.get().tenant == Tenant.objects.get(organisation__name="Aber Trust")


def test_an_unknown_organisation_or_file_is_an_error(run: Any) -> None:
    with pytest.raises(CommandError, match="no organisation 'Nowhere'"):
        run(lines(ONE), "--organisation", "Nowhere")
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import_statements", "/nowhere/at/all.jsonl")


def test_the_time_another_store_stored_them_can_be_kept(run: Any) -> None:
    run(lines(statement(1, stored="2020-02-02T02:02:02Z"), TWO), "--keep-stored")

    kept = {row.uuid.int: row for row in Statement.objects.all()}
    assert kept[1].stored == parse_instant("2020-02-02T02:02:02Z")
    assert json.loads(kept[1].payload)["stored"] == "2020-02-02T02:02:02.000Z"
    assert kept[2].stored.year >= 2026


def test_a_damaged_gzip_file_keeps_what_was_read(run: Any) -> None:
    sent = [statement(number) for number in range(1, 3000)]

    status, summary, told = run(gzip.compress(lines(*sent))[:-10])

    assert status == 1
    assert "damaged or cut short" in told
    assert summary["stored"] % 500 == 0


def equal(sent: dict[str, Any], got: dict[str, Any]) -> bool:
    """Equal as JSON without what a store adds; the timestamp as the same instant."""
    for name in ("stored", "authority", "version"):
        got.pop(name)
    got["timestamp"] = parse_instant(got["timestamp"])
    return got == {**sent, "timestamp": parse_instant(sent["timestamp"])}


def test_the_real_statements_all_come_back_equal(
    shared_data: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared_data / "xapi" / "mooc-statements-11000.jsonl.gz"
    with gzip.open(file) as opened:
        sent = {one["id"]: one for one in map(json.loads, opened)}
    command = ("import_statements", str(file), "--organisation", "Aber Trust")

    call_command(*command)
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    call_command(*command)
    second = json.loads(capsys.readouterr().out.splitlines()[-1])
    got: list[dict[str, Any]] = []
    page = store.get(limit="500", ascending="true")
    got.extend(page["statements"])
    while page["more"]:
        page = store.get(page["more"])
        got.extend(page["statements"])

    assert first == {"stored": 11000, "already": 0, "refused": 0}
    assert second == {"stored": 0, "already": 11000, "refused": 0}
    assert len(got) == len({one["id"] for one in got}) == len(sent) == 11000
    assert all(equal(sent[one["id"]], one) for one in got)
    one = UUID(next(iter(sent)))
    assert equal(sent[str(one)], store.get(statementId=str(one)))
