"""Read frameworks from tables: CSV files and spreadsheets with one row a competency."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from competencies.enums import CompetencyKind
from competencies.rules.cells import as_meant
from competencies.rules.documents import (
    FrameworkDocument,
    ItemText,
    LevelText,
    Reading,
    Refusal,
    UnreadableFile,
    child_links,
    level_keys,
)

REQUIRED = ("framework", "group", "position", "competency")
OPTIONAL = ("description", "code", "title")
LEVEL = "level: "
DELIMITERS = (",", ";", "\t")
MOST_UNPACKED = 200 * 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, and its cells by column as they were written."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def group_key(self) -> tuple[str, str]:
        return self["framework"], self["group"]


@dataclass
class Table:
    """The columns by the name we know them by, the header as written, and the rows."""

    header: list[str]
    columns: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def levels(self) -> list[str]:
        return [one.removeprefix(LEVEL) for one in self.columns if one.startswith(LEVEL)]


def read_csv(data: bytes) -> Reading:
    """Return the frameworks in a CSV file; identity is framework, group and position.

    Raises:
        UnreadableFile: wrong encoding, no rows, or a column is missing.
    """
    text = _decode(data)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return _read(_table(_numbered(lines)))
    except csv.Error as error:
        raise UnreadableFile(
            f"The file cannot be read as CSV ({error}). Save it again as “CSV UTF-8”."
        ) from error


def read_xlsx(data: bytes) -> Reading:
    """Return the frameworks in a spreadsheet whose sheets have the same columns as our CSV.

    Raises:
        UnreadableFile: it is no XLSX file, too large unpacked, or a sheet lacks a column.
    """
    import openpyxl  # noqa: PLC0415 - five megabytes, and only spreadsheets need them
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise UnreadableFile("The spreadsheet is too large once unpacked. Split it.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        tables = [
            _table(_sheet_rows(sheet.iter_rows(values_only=True))) for sheet in book.worksheets
        ]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise UnreadableFile(
            "The file is not a spreadsheet that can be read. Save it again as XLSX."
        ) from error
    readings = [_read(table) for table in tables if table.rows]
    if not readings:
        raise UnreadableFile("The spreadsheet has no rows under its header.")
    return Reading(
        documents=tuple(one for reading in readings for one in reading.documents),
        repaired=tuple(one for reading in readings for one in reading.repaired),
        refused=tuple(one for reading in readings for one in reading.refused),
    )


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("The file is in UTF-16. Save it again as “CSV UTF-8”.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"The file is not in UTF-8 (line {line}). In Excel choose “Save as” and then "
            "“CSV UTF-8 (comma delimited)”."
        ) from error
    if "\0" in text:
        raise UnreadableFile("The file is not text. Save it again as “CSV UTF-8”.")
    return text


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Give each row the line of the file that it starts on."""
    while True:
        start = lines.line_num + 1  # type: ignore[attr-defined]
        try:
            row = next(lines)
        except StopIteration:
            return
        yield start, [as_meant(cell) for cell in row]


def _sheet_rows(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        yield number, [_cell(value) for value in row]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _table(lines: Iterator[tuple[int, list[str]]]) -> Table:
    header = next((row for _, row in lines if any(cell.strip() for cell in row)), None)
    if header is None:
        raise UnreadableFile("The file is empty. Its first row must name the columns.")
    columns = [_column(name) for name in header]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        found = ", ".join(name for name in header if name.strip()) or "none"
        raise UnreadableFile(
            f"The file has no column {_listed(missing)}. Its first row names: {found}. "
            f"Needed are {_listed(list(REQUIRED))}; description may be added."
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UnreadableFile(f"The column {_listed(twice)} stands twice. Remove or rename one.")
    table = Table(header=header, columns=columns)
    for line, row in lines:
        if any(cell.strip() for cell in row):
            table.rows.append(Row(line, dict(zip(columns, row, strict=False))))
            if len(row) > len(columns):
                table.rows[-1].cells[""] = "\x1f".join(row[len(columns) :])
    return table


def _column(name: str) -> str:
    plain = " ".join(name.strip().lower().split())
    if plain.startswith("level:"):
        return LEVEL + " ".join(name.split(":", 1)[1].split())
    return plain


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _read(table: Table) -> Reading:
    taken, refused = _sound_rows(table)
    if not taken:
        first = f" Line {refused[0].line}: {refused[0].reason}" if refused else ""
        raise UnreadableFile(f"The file has no row that can be taken.{first}")
    by_framework: dict[str, list[Row]] = {}
    for row in taken:
        by_framework.setdefault(row["framework"].strip(), []).append(row)
    return Reading(
        documents=tuple(_document(title, rows, table) for title, rows in by_framework.items()),
        refused=tuple(refused),
    )


def _sound_rows(table: Table) -> tuple[list[Row], list[Refusal]]:
    taken: list[Row] = []
    refused: list[Refusal] = []
    seen: dict[tuple[str, str, int], int] = {}
    for row in table.rows:
        problem = _row_problem(row)
        if problem is None:
            key = (row["framework"].strip(), row["group"].strip(), int(row["position"]))
            if key in seen:
                problem = (
                    f"Position {key[2]} of “{key[1]}” was used before, in line {seen[key]}. "
                    "Give each row of a group its own position."
                )
            seen.setdefault(key, row.line)
        if problem is None:
            taken.append(row)
        else:
            refused.append(Refusal(f"line {row.line}", problem, line=row.line))
    return taken, refused


def _row_problem(row: Row) -> str | None:
    for column in ("framework", "competency"):
        if not row[column].strip():
            return f"“{column}” is empty. Fill it in."
    if not re.fullmatch(r"\s*[0-9]{1,6}\s*", row["position"]) or int(row["position"]) < 1:
        return f"“position” must be a whole number from 1; it is “{row['position'][:40]}”."
    if "" in row.cells:
        return "The row has more cells than the header names. Quote texts that hold the delimiter."
    return None


def _document(title: str, rows: list[Row], table: Table) -> FrameworkDocument:
    place = {row.line: number for number, row in enumerate(rows)}
    groups = _grouped(rows)
    is_reordered = [row for _, members in groups for row in members] != rows
    items: list[ItemText] = []
    for group, members in groups:
        if group:
            items.append(
                ItemText(
                    identifier=_identifier(group, 0),
                    kind=CompetencyKind.GROUP,
                    statement=group,
                )
            )
        items.extend(
            _item(row, group, table, place[row.line] if is_reordered else None) for row in members
        )
    document = FrameworkDocument(
        source="csv",
        identifier=title if len(title) <= 120 else hashlib.sha256(title.encode()).hexdigest(),
        title=title,
        items=tuple(items),
        levels=tuple(
            LevelText(key, rank, name)
            for rank, (name, key) in enumerate(level_keys(table.levels).items(), start=1)
        ),
        extra={"table": {"header": table.header, "columns": table.columns}}
        | ({"title": title} if len(title) > 300 else {}),
    )
    return replace(document, links=child_links(document.framework_uuid, document.items))


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Return groups in the order they first appear, each with its rows as they stand."""
    found: dict[str, list[Row]] = {}
    for name, members in groupby(rows, key=lambda row: row["group"].strip()):
        found.setdefault(name, []).extend(members)
    return list(found.items())


def _item(row: Row, group: str, table: Table, place: int | None) -> ItemText:
    position = int(row["position"])
    plain = {
        "framework": row["framework"].strip(),
        "group": group,
        "position": str(position),
        "code": row["code"][:80],
        "title": row["title"][:300],
        "competency": row["competency"],
        "description": row["description"],
        **{column: cell for column, cell in row.cells.items() if column.startswith(LEVEL)},
    }
    written = {column: cell for column, cell in row.cells.items() if plain.get(column) != cell}
    return ItemText(
        identifier=_identifier(group, position),
        parent=_identifier(group, 0) if group else None,
        code=plain["code"],
        title=plain["title"],
        statement=row["competency"],
        notes=row["description"],
        descriptors={
            key: row[LEVEL + name]
            for name, key in level_keys(table.levels).items()
            if row[LEVEL + name].strip()
        },
        extra=({"row": written} if written else {}) | ({} if place is None else {"place": place}),
    )


def _identifier(group: str, position: int) -> str:
    """Return what stands for a row (position from 1) or a group (position 0)."""
    name = group
    if len(name) > 180:
        name = f"{group[:150]}~{hashlib.sha256(group.encode()).hexdigest()[:16]}"
    return f"{name}#{position}" if position else f"{name}#"
