"""What a line of a staff list says, or what is wrong with it. Plain values in and out."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum

COLUMNS = (
    "organisation",
    "staff_number",
    "given_name",
    "family_name",
    "email",
    "job_title",
    "role",
    "team",
    "wte",
    "starts_on",
    "ends_on",
    "supervisor_staff_number",
    "language",
)
LONGEST = {
    "organisation": 200,
    "staff_number": 40,
    "given_name": 150,
    "family_name": 150,
    "email": 254,
    "job_title": 120,
    "role": 120,
    "team": 200,
    "supervisor_staff_number": 40,
}
MAX_WTE = Decimal("1.5")
EMAIL = re.compile(r"[^@\s,;<>()\"']+@[^@\s,;<>()\"']+\.[^@\s,;<>()\"'.]{2,}")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S")


class Fault(Enum):
    """What can be wrong with a line; the words for it are the importer's."""

    NO_STAFF_NUMBER = "no_staff_number"
    NO_NAME = "no_name"
    NO_ORGANISATION = "no_organisation"
    BAD_EMAIL = "bad_email"
    BAD_WTE = "bad_wte"
    BAD_DAY = "bad_day"
    ENDS_BEFORE_START = "ends_before_start"
    BAD_LANGUAGE = "bad_language"
    TOO_LONG = "too_long"
    TWICE = "twice"
    SAME_EMAIL = "same_email"
    OWN_SUPERVISOR = "own_supervisor"
    OTHER_ORGANISATION = "other_organisation"
    UNKNOWN_ORGANISATION = "unknown_organisation"
    UNKNOWN_TEAM = "unknown_team"
    SEVERAL_TEAMS = "several_teams"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_SUPERVISOR = "unknown_supervisor"
    SOMEONE_ELSES_EMAIL = "someone_elses_email"
    ON_THE_LIST_ALREADY = "on_the_list_already"


@dataclass(frozen=True)
class Problem:
    """A fault, in which column, with what was found there."""

    fault: Fault
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class StaffLine:
    """One person as a staff list names them; what the list leaves out is None or empty."""

    line: int
    organisation: str
    staff_number: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    job_title: str = ""
    role: str = ""
    team: str = ""
    wte: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    supervisor_staff_number: str = ""
    language: str = ""


def column_name(heading: str) -> str:
    """Return a heading as a column's name: ``Given Name`` and ``given-name`` are ``given_name``."""
    return re.sub(r"[\s\-_./]+", "_", tidy(heading).casefold()).strip("_")


def tidy(cell: str) -> str:
    """Return a cell without invisible characters, in one Unicode form, with single spaces.

    A leading apostrophe before a sign that begins a formula is one we wrote on export: it goes.
    """
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in cell)
    text = " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", plain)).split())
    return text[1:] if re.match(r"'[=+\-@]", text) else text


def read_line(
    *, line: int, cells: Mapping[str, str], organisation: str, languages: Collection[str]
) -> StaffLine | Problem:
    """Return what a line says, or the first thing that is wrong with it.

    Args:
        line: its number in the file, the headings being line 1.
        cells: column name -> text; columns we do not know are left alone.
        organisation: whose list it is when the line does not say; may be empty.
        languages: codes that may stand in ``language``.
    """
    text = {name: tidy(cells.get(name, "")) for name in COLUMNS}
    text["organisation"] = text["organisation"] or organisation
    problem = _missing(text) or _wrong(text, languages)
    if problem is not None:
        return problem
    return StaffLine(
        line=line,
        organisation=text["organisation"],
        staff_number=text["staff_number"],
        given_name=text["given_name"],
        family_name=text["family_name"],
        email=text["email"].lower(),
        job_title=text["job_title"],
        role=text["role"],
        team=text["team"],
        wte=share(text["wte"]),
        starts_on=day(text["starts_on"]),
        ends_on=day(text["ends_on"]),
        supervisor_staff_number=text["supervisor_staff_number"],
        language=text["language"].lower(),
    )


def repeated(lines: Collection[StaffLine]) -> dict[int, Problem]:
    """Return, by line number, lines that name somebody an earlier line has named.

    The same staff number of one organisation, or the same e-mail address in one organisation.
    """
    found: dict[int, Problem] = {}
    numbers: dict[tuple[str, str], int] = {}
    addresses: dict[tuple[str, str], int] = {}
    for one in sorted(lines, key=lambda each: each.line):
        key = (one.organisation.casefold(), one.staff_number.casefold())
        address = (one.organisation.casefold(), one.email)
        if key in numbers:
            found[one.line] = Problem(Fault.TWICE, "staff_number", str(numbers[key]))
        elif one.email and address in addresses:
            found[one.line] = Problem(Fault.SAME_EMAIL, "email", str(addresses[address]))
        else:
            numbers[key] = one.line
            if one.email:
                addresses[address] = one.line
    return found


def share(text: str) -> Decimal | None:
    """Return a whole-time-equivalent share such as ``0.6``, ``0,6`` or ``60%``; None when empty.

    Raises ValueError when it is no number from 0 to 1.5.
    """
    if not text:
        return None
    is_percent = text.endswith("%")
    try:
        value = Decimal(text.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    value = value / 100 if is_percent else value
    if not 0 <= value <= MAX_WTE:
        raise ValueError(text)
    return value.quantize(Decimal("0.01"))


def day(text: str) -> date | None:
    """Return a day such as ``2027-03-31`` or ``31/03/2027``; None when empty.

    Raises ValueError when it is neither, or is before 1900.
    """
    if not text:
        return None
    for form in DAY_FORMATS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - only the day is kept
        except ValueError:
            continue
        if found.year >= 1900:
            return found
    raise ValueError(text)


def _missing(text: Mapping[str, str]) -> Problem | None:
    if not text["staff_number"]:
        return Problem(Fault.NO_STAFF_NUMBER, "staff_number")
    if not text["given_name"] and not text["family_name"]:
        return Problem(Fault.NO_NAME, "given_name")
    if not text["organisation"]:
        return Problem(Fault.NO_ORGANISATION, "organisation")
    for name, length in LONGEST.items():
        if len(text[name]) > length:
            return Problem(Fault.TOO_LONG, name, str(length))
    return None


def _wrong(text: Mapping[str, str], languages: Collection[str]) -> Problem | None:
    if text["email"] and not EMAIL.fullmatch(text["email"]):
        return Problem(Fault.BAD_EMAIL, "email", text["email"])
    try:
        share(text["wte"])
    except ValueError:
        return Problem(Fault.BAD_WTE, "wte", text["wte"])
    days: dict[str, date | None] = {}
    for name in ("starts_on", "ends_on"):
        try:
            days[name] = day(text[name])
        except ValueError:
            return Problem(Fault.BAD_DAY, name, text[name])
    starts, ends = days["starts_on"], days["ends_on"]
    if starts is not None and ends is not None and ends < starts:
        return Problem(Fault.ENDS_BEFORE_START, "ends_on", text["ends_on"])
    if text["language"] and text["language"].lower() not in languages:
        return Problem(Fault.BAD_LANGUAGE, "language", text["language"])
    if text["supervisor_staff_number"].casefold() == text["staff_number"].casefold():
        return Problem(Fault.OWN_SUPERVISOR, "supervisor_staff_number")
    return None
