"""Frameworks as tables: the columns and rows that went in come out."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.enums import CompetencyKind
from competencies.exporters.tables import write_csv, write_xlsx
from competencies.models import Competency, CompetencyVersion, Framework, FrameworkVersion
from competencies.queries import framework_content
from competencies.rules.cells import as_meant, harmless
from competencies.services import UnreadableFile, import_file
from tests.factories.competencies import FrameworkFactory

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db
HEADER = "framework,group,position,competency,description\r\n"


def take(text: str, **options: Any) -> Any:
    return import_file(data=text.encode(), at=AT, **options)


def given_back(report: Any) -> str:
    return write_csv([framework_content(version=done.version) for done in report.frameworks])


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_real_framework_goes_in_and_comes_out(shared_data: Path) -> None:
    text = (shared_data / "frameworks/autism-core-capabilities.csv").read_bytes().decode()

    report = take(text)

    assert (report.repaired, report.lost, report.refused) == ((), (), ())
    assert [done.items for done in report.frameworks] == [15, 221]
    assert Framework.objects.count() == 2
    assert CompetencyVersion.objects.filter(kind=CompetencyKind.GROUP).count() == 20
    assert CompetencyVersion.objects.filter(kind=CompetencyKind.COMPETENCY).count() == 236
    assert cells(given_back(report)) == cells(text)


def test_second_time_changes_nothing() -> None:
    text = HEADER + "A,One,1,Does it,\r\n"
    take(text)

    report = take(text)

    assert [done.change for done in report.frameworks] == ["unchanged"]
    assert (FrameworkVersion.objects.count(), Competency.objects.count()) == (1, 2)


def test_changed_words_keep_the_identity_of_their_place() -> None:
    take(HEADER + "A,One,1,Does it,\r\nA,One,2,Does more,\r\n")
    before = set(Competency.objects.values_list("uuid", flat=True))

    [done] = take(HEADER + "A,One,1,Does it well,\r\nA,One,2,Does more,\r\n").frameworks

    assert done.change == "changed"
    assert set(Competency.objects.values_list("uuid", flat=True)) == before


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + "A,One,1,Does it,\r\n",
        "Framework;Group;Position;Competency\nA;One;1;Does; it\n".replace("Does; it", '"Does; it"'),
        "position\tcompetency\tgroup\tframework\n1\tDoes it\t\tA\n",
        HEADER + " A ,One ,01,Does it,\r\n A ,One ,2,Does more,\r\n",
        "framework,group,position,competency,owner\r\nA,One,1,Does it,Sam Testwell\r\n",
        HEADER + "A,One,1,Does it,\r\nA,Two,1,Other,\r\nA,One,2,Again,\r\n",
        HEADER + 'A,One,1,"Does\r\nit","x\ny"\r\n',
        "framework,group,position,code,title,competency,level: New,level: Able\r\n"
        "A,One,1,C1,Title,Does it,Starts,\r\n",
    ],
)
def test_columns_rows_and_cells_come_out_as_they_went_in(text: str) -> None:
    report = take(text)

    head = text.removeprefix("\ufeff")
    delimiter = next(one for one in ("\t", ";", ",") if one in head.split("\n")[0])
    wanted = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    assert cells(given_back(report)) == wanted
    assert report.refused == ()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["One", "Two", " Two", "Three "]),
            st.integers(1, 40),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs"]), min_size=1),
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r")),
        ),
        min_size=1,
        unique_by=lambda row: (row[0].strip(), row[1]),
    )
)
def test_any_table_comes_out_as_it_went_in(db: None, rows: list[tuple[Any, ...]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["framework", "group", "position", "competency", "description"])
    writer.writerows([("A", *row) for row in rows if str(row[2]).strip()])
    text = out.getvalue()
    if len(cells(text)) == 1:
        return

    report = take(text)

    wanted = [[harmless(as_meant(cell)) for cell in row] for row in cells(text)]
    assert cells(given_back(report)) == wanted


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"framework,group\r\nA,B\r\n", "no column “position”, “competency”"),
        (HEADER.encode() + "A,One,1,Caf\xe9,".encode("latin-1"), "not in UTF-8 (line 2)"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (HEADER.encode(), "no row that can be taken"),
        (b"   \r\n\r\n", "The file is empty"),
        (b"framework,group,position,competency,Group\r\nA,B,1,C,D\r\n", "“group” stands twice"),
        (b"\x00\x01\x02binary", "not text"),
        (b"PK\x03\x04 not a zip", "not a spreadsheet that can be read"),
        (
            b'framework,group,position,competency\r\nA,B,1,"never closed\r\n',
            "cannot be read as CSV",
        ),
    ],
)
def test_wrong_table_is_refused_whole(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        import_file(data=data, at=AT)

    assert message in str(caught.value)
    assert Framework.objects.count() == 0


def test_bad_rows_are_refused_by_line_and_the_rest_goes_in() -> None:
    report = take(
        HEADER
        + 'A,One,1,"Does\r\nit",\r\n'
        + ",One,2,No framework,\r\n"
        + "A,One,x,No number,\r\n"
        + "A,One,1,Again,\r\n"
        + "A,One,3,,\r\n"
        + "A,One,4,Too,many,cells\r\n"
    )

    assert [(one.line, one.reason.split(".")[0]) for one in report.refused] == [
        (4, "“framework” is empty"),
        (5, "“position” must be a whole number from 1; it is “x”"),
        (6, "Position 1 of “One” was used before, in line 2"),
        (7, "“competency” is empty"),
        (8, "The row has more cells than the header names"),
    ]
    assert [done.items for done in report.frameworks] == [1]


def test_spreadsheet_is_read_as_the_same_table() -> None:
    text = HEADER + "A,One,1,Does it,=1+1\r\nA,One,2,Does more,\r\nB,One,1,Other,\r\n"
    first = take(text)
    book = write_xlsx([framework_content(version=done.version) for done in first.frameworks])

    report = import_file(data=book, at=AT)

    assert [done.change for done in report.frameworks] == ["unchanged", "unchanged"]
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("=1+1", "s")


def test_spreadsheet_that_unpacks_too_large_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.xml", b"0" * (70 * 1024 * 1024))

    with pytest.raises(UnreadableFile, match="too large once unpacked"):
        import_file(data=out.getvalue(), at=AT)


def test_framework_made_here_has_our_columns() -> None:
    framework = FrameworkFactory(published__functions=1, published__competencies=1)
    content = framework_content(version=framework.versions.get())

    assert cells(write_csv([content])) == [
        [
            "framework",
            "group",
            "position",
            "code",
            "title",
            "competency",
            "description",
            "level: Essential",
            "level: Enhanced",
            "level: Expert",
        ],
        [
            content.version.title,
            "Function 1",
            "1",
            "F1.1",
            "Competency 1.1",
            "Do what F1.1 says.",
            "",
            "Essential F1.1.",
            "Enhanced F1.1.",
            "Expert F1.1.",
        ],
    ]


def test_copy_of_a_table_has_uuids_of_its_own() -> None:
    text = HEADER + "A,One,1,Does it,\r\n"
    take(text)

    [done] = take(text, as_new=True).frameworks

    assert Framework.objects.count() == 2
    assert Competency.objects.count() == 4
    assert done.version.framework.slug == "a-2"
    assert cells(write_csv([framework_content(version=done.version)])) == cells(text)


def test_reading_back_takes_the_same_queries_however_many(django_assert_num_queries) -> None:
    for n in (1, 3):
        rows = "".join(f"F{n},One,{p},Does it,\r\n" for p in range(1, n + 1))
        [done] = take(HEADER + rows).frameworks
        done.version.refresh_from_db()
        with django_assert_num_queries(5):
            write_csv([framework_content(version=done.version)])
