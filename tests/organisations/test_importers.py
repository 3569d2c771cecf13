"""Files as they come: tidy, odd, broken and hostile."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from organisations.importers import FileRefused, FileTooLarge, read_staff_list
from organisations.importers.tables import MAX_FILE_BYTES, MAX_LINES
from organisations.rules.staff_lines import Fault

HEADINGS = "organisation,staff_number,given_name\n"


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item))
        new.writestr(name, part)
    return file.getvalue()


def refusal(content: bytes, **kwargs: str) -> tuple[int, str]:
    with pytest.raises(FileRefused) as caught:
        read_staff_list(content, **kwargs)
    return caught.value.line, str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_as_programs_write_it(encoding: str, delimiter: str, newline: str) -> None:
    text = f"Organisation,Staff Number,Given Name{newline}Trust,7,Siân{newline}{newline}"

    staff = read_staff_list(text.replace(",", delimiter).encode(encoding))

    assert [(one.line, one.staff_number, one.given_name) for one in staff.lines] == [
        (2, "7", "Siân")
    ]
    assert staff.problems == {}


def test_a_workbook_with_dates_and_numbers() -> None:
    content = workbook(
        ["Organisation", "Staff number", "Given name", "Starts on", "WTE", "Ends_on"],
        ["Trust", 7, "Siân", datetime(2027, 1, 2), 0.6, date(2027, 3, 4)],  # noqa: DTZ001 - as Excel has it
        [None, None, None],
        ["Trust", "0008", "Gwen", "05/06/2027", "1", None],
    )

    first, second = read_staff_list(content).lines

    assert (first.line, first.staff_number, str(first.wte)) == (2, "7", "0.60")
    assert (first.starts_on, first.ends_on) == (date(2027, 1, 2), date(2027, 3, 4))
    assert (second.line, second.staff_number, second.starts_on) == (4, "0008", date(2027, 6, 5))


def test_a_cell_over_two_lines_keeps_the_line_numbers_right() -> None:
    content = f'{HEADINGS}Trust,7,"Gwen\nMair"\nTrust,,Bad\n'.encode()

    staff = read_staff_list(content)

    assert staff.lines[0].given_name == "Gwen Mair"
    assert {line: one.fault for line, one in staff.problems.items()} == {4: Fault.NO_STAFF_NUMBER}


def test_the_organisation_may_be_given_with_the_file() -> None:
    staff = read_staff_list(
        b"staff_number,family_name,shoe size\n7,Testwell,39\n", organisation="Trust"
    )

    assert staff.lines[0].organisation == "Trust"
    assert staff.unknown_columns == ["shoe_size"]


def test_a_line_with_too_few_cells_is_read_as_far_as_it_goes() -> None:
    staff = read_staff_list(f"{HEADINGS}Trust,7\nTrust\n".encode())

    assert [one.fault for one in staff.problems.values()] == [
        Fault.NO_NAME,
        Fault.NO_STAFF_NUMBER,
    ]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "empty"),
        (b" \n ", 1, "empty"),
        (b"name,number\nGwen,7\n", 1, "Missing: staff_number, given_name, organisation"),
        (b"staff_number,given_name\n7,Gwen\n", 1, "Missing: organisation"),
        (b"staff_number,Staff Number,given_name,organisation\n", 1, "stands there twice"),
        (HEADINGS.encode() + b"Trust,7,Si\xe2n\n", 2, "CSV UTF-8"),
        (HEADINGS.encode("utf-16"), 1, "CSV UTF-8"),
        (HEADINGS.encode() + b"Trust,7,Gwen\nTrust,8,\x00\n", 3, "NUL"),
        (HEADINGS.encode() + b'Trust,7,"Gwen\n', 2, "quotation mark"),
        (HEADINGS.encode() + b"Trust,7," + b"x" * 20_000 + b"\n", 2, "too long"),
        (b"," * 200 + b"\n", 1, "more than 100 columns"),
        (b"PK\x03\x04 not really a workbook", 1, "not an Excel workbook"),
        (b"%PDF-1.7 \x00\x01", 1, "NUL"),
        (b"\x89PNG\r\n\x1a\n\xff", 1, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_where(
    content: bytes, line: int, words: str
) -> None:
    found, message = refusal(content)

    assert found == line
    assert words in message


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(FileTooLarge, match="larger than"):
        read_staff_list(b"x" * (MAX_FILE_BYTES + 1))


def test_a_file_with_too_many_lines_is_refused() -> None:
    content = HEADINGS.encode() + b"Trust,7,Gwen\n" * (MAX_LINES + 1)

    assert "more than 50000 lines" in refusal(content)[1]


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    sheet = b"<worksheet>" + b" " * (120 * 1024 * 1024) + b"</worksheet>"
    content = with_part(workbook(["a"]), "xl/worksheets/sheet1.xml", sheet)
    assert len(content) < 1024 * 1024

    assert "unpacks to far more" in refusal(content)[1]


def test_a_workbook_of_many_parts_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for number in range(2_000):
            package.writestr(f"part{number}.xml", b"")

    assert "unpacks to far more" in refusal(file.getvalue())[1]


def test_entities_in_a_workbook_are_refused() -> None:
    sheet = (
        b'<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData/></worksheet>"
    )

    assert (
        "document type" in refusal(with_part(workbook(["a"]), "xl/worksheets/sheet1.xml", sheet))[1]
    )


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("readme.txt", "hello")

    assert "not an Excel workbook" in refusal(file.getvalue())[1]


def test_a_damaged_sheet_is_refused() -> None:
    content = with_part(workbook(["a"]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetD")

    assert "not an Excel workbook" in refusal(content)[1]


def test_the_value_of_a_formula_is_read_and_not_the_formula() -> None:
    content = workbook(["organisation", "staff_number", "given_name"], ["Trust", "=1+1", "Gwen"])

    staff = read_staff_list(content)

    assert [one.fault for one in staff.problems.values()] == [Fault.NO_STAFF_NUMBER]
