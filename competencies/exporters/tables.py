"""Write frameworks as tables: the columns and rows they came with, or ours."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from competencies.enums import CompetencyKind
from competencies.models import CompetencyVersion
from competencies.queries.frameworks import FrameworkContent
from competencies.rules.cells import harmless

COLUMNS = ("framework", "group", "position", "code", "title", "competency", "description")


def table_rows(content: FrameworkContent) -> tuple[list[str], list[list[str]]]:
    """Return the header and a row for each competency.

    A framework that came as a table has the columns, the order and the cells it came with.
    """
    kept = content.version.case_extra.get("table", {})
    level_columns = {f"level: {level.name}": level.key for level in content.levels}
    columns: list[str] = kept.get("columns") or [*COLUMNS, *level_columns]
    header: list[str] = kept.get("header") or columns
    positions: Counter[int | None] = Counter()
    rows = []
    for item in _in_place(content):
        positions[item.parent_id] += 1
        cells = {
            "framework": content.version.case_extra.get("title") or content.version.title,
            "group": _group(content, item),
            "position": _position(item, positions[item.parent_id], is_numbered=bool(kept)),
            "code": item.code,
            "title": item.title,
            "competency": item.statement,
            "description": item.notes,
        }
        said = content.descriptors(item)
        cells |= {column: said[key].text for column, key in level_columns.items() if key in said}
        cells |= item.case_extra.get("row", {})
        rows.append([cells.get(column, "") for column in columns])
    return header, rows


def write_csv(contents: Sequence[FrameworkContent]) -> str:
    """Return one CSV text of the frameworks; those whose columns differ keep their own header.

    What a spreadsheet would run as a formula has an apostrophe in front; `read_csv` takes it away.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    last: list[str] | None = None
    for content in contents:
        header, rows = table_rows(content)
        if header != last:
            writer.writerow([harmless(cell) for cell in header])
        writer.writerows([harmless(cell) for cell in row] for row in rows)
        last = header
    return out.getvalue()


def write_xlsx(contents: Iterable[FrameworkContent]) -> bytes:
    """Return a spreadsheet with a sheet for each framework; every cell is text."""
    import openpyxl  # noqa: PLC0415 - five megabytes, and only spreadsheets need them
    from openpyxl.cell.cell import TYPE_STRING  # noqa: PLC0415 - the same

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, content in enumerate(contents, start=1):
        sheet = book.create_sheet(f"Framework {number}")
        header, rows = table_rows(content)
        for y, row in enumerate([header, *rows], start=1):
            for x, text in enumerate(row, start=1):
                cell = sheet.cell(row=y, column=x)
                cell.value = text
                cell.data_type = TYPE_STRING
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _in_place(content: FrameworkContent) -> list[CompetencyVersion]:
    rows = [item for item in content.items if item.kind == CompetencyKind.COMPETENCY]
    return sorted(rows, key=lambda item: item.case_extra.get("place", item.position))


def _group(content: FrameworkContent, item: CompetencyVersion) -> str:
    names = []
    above = content.by_pk.get(item.parent_id or 0)
    while above is not None:
        names.append(above.title or above.statement)
        above = content.by_pk.get(above.parent_id or 0)
    return " > ".join(reversed(names))


def _position(item: CompetencyVersion, turn: int, *, is_numbered: bool) -> str:
    if is_numbered:
        return item.competency.source_identifier.rpartition("#")[2]
    return str(turn)
