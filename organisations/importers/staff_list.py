"""A staff list as it stands in a file, and words for what is wrong with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from organisations.importers.tables import FileRefused, Row, read_rows
from organisations.rules.staff_lines import (
    COLUMNS,
    Fault,
    Problem,
    StaffLine,
    column_name,
    read_line,
    repeated,
)


@dataclass
class StaffList:
    """Lines that say something, problems by line number, and headings nobody knows."""

    lines: list[StaffLine] = field(default_factory=list)
    problems: dict[int, Problem] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)


def read_staff_list(content: bytes, *, organisation: str = "") -> StaffList:
    """Read a CSV file or an Excel workbook.

    Args:
        content: the file.
        organisation: whose list it is, when it has no column that says so.

    Raises:
        FileRefused: nothing of the file can be used; the message says what to do.
    """
    rows = read_rows(content)
    columns = _columns(next(rows, None), needs_organisation=not organisation)
    staff = StaffList(unknown_columns=[name for name in columns if name and name not in COLUMNS])
    languages = [code for code, _name in settings.LANGUAGES]
    for row in rows:
        cells = dict(zip(columns, row.cells, strict=False))
        if not any(cell.strip() for cell in row.cells):
            continue
        found = read_line(
            line=row.line, cells=cells, organisation=organisation, languages=languages
        )
        if isinstance(found, Problem):
            staff.problems[row.line] = found
        else:
            staff.lines.append(found)
    staff.problems |= repeated(staff.lines)
    staff.lines = [one for one in staff.lines if one.line not in staff.problems]
    return staff


def _columns(headings: Row | None, *, needs_organisation: bool) -> Sequence[str]:
    columns = [column_name(cell) for cell in headings.cells] if headings else []
    twice = {name for name in columns if name in COLUMNS and columns.count(name) > 1}
    if twice:
        raise FileRefused(
            _("The heading “%(name)s” stands there twice. Keep one of the columns.")
            % {"name": sorted(twice)[0]}
        )
    missing = _missing_columns(columns, needs_organisation=needs_organisation)
    if missing:
        raise FileRefused(
            _("The first line must hold the headings. Missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    return columns


def _missing_columns(columns: Collection[str], *, needs_organisation: bool) -> list[str]:
    missing = [] if "staff_number" in columns else ["staff_number"]
    if "given_name" not in columns and "family_name" not in columns:
        missing.append("given_name")
    if needs_organisation and "organisation" not in columns:
        missing.append("organisation")
    return missing


def reason(problem: Problem) -> str:
    """Return what is wrong with a line, and what to do, in words."""
    words = {
        Fault.NO_STAFF_NUMBER: _("There is no staff number. Give each person one."),
        Fault.NO_NAME: _("There is no name. Fill in given_name or family_name."),
        Fault.NO_ORGANISATION: _("There is no organisation. Name it in the organisation column."),
        Fault.BAD_EMAIL: _("“%(value)s” is not an e-mail address."),
        Fault.BAD_WTE: _("“%(value)s” is not a share of full time: give 0 to 1.5, such as 0.6."),
        Fault.BAD_DAY: _("“%(value)s” in %(column)s is not a day: give 2027-03-31 or 31/03/2027."),
        Fault.ENDS_BEFORE_START: _("The last day, %(value)s, is before the first."),
        Fault.BAD_LANGUAGE: _("The language “%(value)s” is not one of: %(languages)s."),
        Fault.TOO_LONG: _("%(column)s is longer than %(value)s characters."),
        Fault.TWICE: _("The staff number stands in line %(value)s already."),
        Fault.SAME_EMAIL: _("The e-mail address stands in line %(value)s already."),
        Fault.OWN_SUPERVISOR: _("Nobody is their own supervisor: check supervisor_staff_number."),
        Fault.OTHER_ORGANISATION: _("This line is for “%(value)s”; the list is for another one."),
        Fault.UNKNOWN_ORGANISATION: _("There is no organisation “%(value)s” here. Check the name."),
        Fault.UNKNOWN_TEAM: _("There is no team “%(value)s” that this organisation plans with."),
        Fault.SEVERAL_TEAMS: _(
            "There are several teams “%(value)s”. Write the partnership first: Partnership / Team."
        ),
        Fault.UNKNOWN_ROLE: _("There is no role “%(value)s”. Use a title from the page of roles."),
        Fault.UNKNOWN_SUPERVISOR: _(
            "Nobody in this organisation has the staff number %(value)s of the supervisor."
        ),
        Fault.SOMEONE_ELSES_EMAIL: _(
            "The e-mail address belongs to another person than the one with this staff number."
        ),
        Fault.ON_THE_LIST_ALREADY: _(
            "This person is on the list already, with the staff number %(value)s."
        ),
    }[problem.fault]
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    return words % {"column": problem.column, "value": problem.value, "languages": languages}
