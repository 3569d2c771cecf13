"""Tables out of CSV files and Excel workbooks, with limits on what a hostile file can cost."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_PARTS = 1_000
MAX_LINES = 50_000
MAX_COLUMNS = 100
MAX_CELL = 10_000
BLANK_LINES_BEFORE_THE_END = 1_000
DELIMITERS = ",;\t"


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says what to do. ``line`` is where."""

    def __init__(self, message: str, *, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class FileTooLarge(FileRefused):
    """The file is larger than we take."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its number in the file, and its cells as text."""

    line: int
    cells: list[str]


def read_rows(content: bytes) -> Iterator[Row]:
    """Yield the lines of a CSV file or of the first sheet of a workbook, headings first.

    Which of the two it is shows in the content, not in the name. Raises FileRefused, perhaps only
    on the way.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge(
            _(
                "The file is larger than %(size)s. Split it, or take out columns that are not needed."
            )
            % {"size": filesizeformat(MAX_FILE_BYTES)}
        )
    if not content.strip():
        raise FileRefused(_("The file is empty. It needs a line of headings and a line a person."))
    rows = _workbook_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    return _limited(rows)


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number > MAX_LINES:
            raise FileRefused(
                _("The file has more than %(n)s lines. Split it.") % {"n": MAX_LINES},
                line=row.line,
            )
        if len(row.cells) > MAX_COLUMNS:
            raise FileRefused(
                _("This line has more than %(n)s columns.") % {"n": MAX_COLUMNS}, line=row.line
            )
        yield row


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    heading = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(len(cell) > MAX_CELL for cell in cells):
                raise FileRefused(_("A cell of this line is far too long."), line=before + 1)
            yield Row(line=before + 1, cells=cells)
            before = reader.line_num
    except csv.Error as error:
        raise FileRefused(
            _("This line cannot be read: a quotation mark is opened and not closed, or misplaced."),
            line=before + 1,
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(
            _("The file is not UTF-8. In Excel, save it as “CSV UTF-8 (comma delimited)”.")
        )
    if b"\x00" in content:
        raise FileRefused(
            _(
                "The file holds NUL bytes, which a text file does not. Save the list as .csv or .xlsx."
            ),
            line=content[: content.index(b"\x00")].count(b"\n") + 1,
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise FileRefused(
            _(
                "This line holds a character that is not UTF-8, so that names would come out wrong. "
                "In Excel, save the list as “CSV UTF-8 (comma delimited)”."
            ),
            line=content[: error.start].count(b"\n") + 1,
        ) from error


def _workbook_rows(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 - five megabytes, only for spreadsheets
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same

    unreadable = FileRefused(
        _(
            "The file is not an Excel workbook, or it is damaged. Open it in Excel and save it again."
        )
    )
    try:
        _refuse_bombs(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        blank = 0
        for number, values in enumerate(
            sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), start=1
        ):
            cells = [_cell(value) for value in values]
            blank = 0 if any(cells) else blank + 1
            if blank > BLANK_LINES_BEFORE_THE_END:
                return
            while cells and not cells[-1]:
                cells.pop()
            yield Row(line=number, cells=cells)
    except FileRefused:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        SyntaxError,
        AttributeError,
        TypeError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise unreadable from error


def _refuse_bombs(content: bytes) -> None:
    """Refuse a workbook that would unpack to far more than it is, or that declares entities.

    What a part says it unpacks to is a bound: reading stops there.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise FileRefused(
                _("The workbook unpacks to far more than a staff list holds. Save it as CSV UTF-8.")
            )
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read():
                        raise FileRefused(
                            _(
                                "The workbook holds a document type declaration. Save it as CSV UTF-8."
                            )
                        )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(Decimal(repr(value)))
    return str(value)[:MAX_CELL]
