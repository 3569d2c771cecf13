"""import_framework and export_framework: last lines, exit statuses, files."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from competencies.models import Framework
from tests.competencies.case_packages import DOCUMENT, as_bytes, identifier, link, package

pytestmark = pytest.mark.django_db
CSV = "framework,group,position,competency,description\r\nA,One,1,Does it,\r\nB,One,1,Other,\r\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> tuple[str, int]:
        status = 0
        capsys.readouterr()
        try:
            call_command(*map(str, arguments))
        except SystemExit as stop:
            status = int(stop.code or 0)
        return capsys.readouterr().out, status

    return command


def last_line(out: str) -> Any:
    return json.loads(out.splitlines()[-1])


def put(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_last_line_says_what_went_in(run: Any, tmp_path: Path) -> None:
    out, status = run("import_framework", put(tmp_path, as_bytes(package())))

    framework = Framework.objects.get()
    assert status == 0
    assert last_line(out) == {
        "frameworks": [
            {
                "id": str(framework.versions.get().uuid),
                "title": "Example framework",
                "items": 2,
                "associations": 2,
                "framework": str(framework.uuid),
                "slug": "example-framework",
                "version": 1,
                "status": "published",
                "change": "added",
            }
        ],
        "repaired": [],
        "lost": [],
        "refused": [],
    }


def test_refused_parts_end_with_status_one(run: Any, tmp_path: Path) -> None:
    path = put(tmp_path, (CSV + "A,One,x,No number,\r\n").encode())

    out, status = run("import_framework", path)

    assert status == 1
    assert last_line(out)["refused"] == [
        {"line": 4, "reason": "“position” must be a whole number from 1; it is “x”."}
    ]
    assert Framework.objects.count() == 2


@pytest.mark.parametrize("option", ["--strict", "--dry-run"])
def test_strict_and_dry_run_store_nothing(run: Any, tmp_path: Path, option: str) -> None:
    out, status = run("import_framework", put(tmp_path, (CSV + "A,,x,No,\r\n").encode()), option)

    assert status == 1
    assert len(last_line(out)["refused"]) == 1
    assert Framework.objects.count() == 0


def test_cycle_is_refused_whole(run: Any, tmp_path: Path) -> None:
    data = as_bytes(package(links=[link(101, 11, 12), link(102, 12, 11)]))

    out, status = run("import_framework", put(tmp_path, data))

    assert status == 1
    assert "in a circle" in last_line(out)["refused"][0]["reason"]
    assert Framework.objects.count() == 0


@pytest.mark.parametrize("size", [None, 51 * 1024 * 1024])
def test_missing_and_huge_files_are_refused(run: Any, tmp_path: Path, size: int | None) -> None:
    path = tmp_path / "file"
    if size:
        with path.open("wb") as file:
            file.truncate(size)

    out, status = run("import_framework", path)

    assert status == 1
    reason = last_line(out)["refused"][0]["reason"]
    assert ("51 MB; the most is 20 MB" if size else "cannot be opened") in reason


def test_as_new_makes_another_framework_each_time(run: Any, tmp_path: Path) -> None:
    path = put(tmp_path, as_bytes(package()))
    for options in ([], ["--as-new"], ["--as-new"]):
        _, status = run("import_framework", path, *options)
        assert status == 0

    assert Framework.objects.count() == 3


@pytest.mark.parametrize("name", ["version", "framework", "source"])
def test_case_export_by_any_of_its_names(run: Any, tmp_path: Path, name: str) -> None:
    said = package()
    run("import_framework", put(tmp_path, as_bytes(said)))
    framework = Framework.objects.get()
    names = {
        "version": framework.versions.get().uuid,
        "framework": framework.uuid,
        "source": DOCUMENT,
    }

    out, _ = run("export_framework", names[name], "--format", "case")

    assert json.loads(out)["CFItems"] == said["CFItems"]
    assert json.loads(out)["CFDocument"]["identifier"] == DOCUMENT


def test_csv_export_of_both_frameworks_is_the_file(run: Any, tmp_path: Path) -> None:
    out, _ = run("import_framework", put(tmp_path, CSV.encode()))
    ids = [one["id"] for one in last_line(out)["frameworks"]]
    target = tmp_path / "out.csv"

    out, _ = run("export_framework", *ids, "--format", "csv", "-o", target)

    assert target.read_bytes().decode() == CSV
    assert last_line(out)["file"] == str(target)
    out, _ = run("export_framework", *ids, "--format", "csv")
    assert list(csv.reader(io.StringIO(out, newline=""))) == list(csv.reader(io.StringIO(CSV)))


def test_spreadsheet_export_wants_a_file(run: Any, tmp_path: Path) -> None:
    out, _ = run("import_framework", put(tmp_path, CSV.encode()))
    uuid = last_line(out)["frameworks"][0]["id"]

    with pytest.raises(CommandError, match="Name a file with -o"):
        call_command("export_framework", uuid, "--format", "xlsx")
    run("export_framework", uuid, "--format", "xlsx", "-o", tmp_path / "out.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][:4] == ["A", "One", "1", "Does it"]


@pytest.mark.parametrize("uuid", [identifier(5), "no-uuid"])
def test_export_of_what_is_not_there_says_where_to_look(uuid: str) -> None:
    with pytest.raises(CommandError, match=f"no framework or version with the uuid {uuid}"):
        call_command("export_framework", uuid)
