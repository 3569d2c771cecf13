"""What a line of a staff list says: values in, values out."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.rules.staff_lines import (
    COLUMNS,
    Fault,
    Problem,
    StaffLine,
    column_name,
    day,
    read_line,
    repeated,
    share,
    tidy,
)

GOOD = {"organisation": "Trust", "staff_number": "7", "given_name": "Gwen"}


def read(**cells: str) -> StaffLine | Problem:
    return read_line(line=2, cells=GOOD | cells, organisation="", languages=["en", "cy"])


@pytest.mark.parametrize(
    "heading", ["Given Name", "given_name", " GIVEN-NAME ", "given name", "\ufeffgiven_name"]
)
def test_headings_are_tolerant(heading: str) -> None:
    assert column_name(heading) == "given_name"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("", None), ("1", "1.00"), ("0,6", "0.60"), ("60%", "0.60"), ("1.5", "1.50"), ("0", "0.00")],
)
def test_shares(text: str, wanted: str | None) -> None:
    assert share(text) == (None if wanted is None else Decimal(wanted))


@pytest.mark.parametrize("text", ["1.51", "-0.1", "full", "NaN", "Infinity", "1e3", "37.5", "²"])
def test_what_is_no_share_is_refused(text: str) -> None:
    assert read(wte=text) == Problem(Fault.BAD_WTE, "wte", text)


@pytest.mark.parametrize(
    "text", ["2027-03-31", "31/03/2027", "31.03.2027", "31-03-2027", "2027-03-31 00:00:00"]
)
def test_days(text: str) -> None:
    assert day(text) == date(2027, 3, 31)


@pytest.mark.parametrize("text", ["2027-02-30", "3/31/2027", "tomorrow", "0001-01-01", "45000"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert read(ends_on=text) == Problem(Fault.BAD_DAY, "ends_on", text)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"staff_number": " "}, Fault.NO_STAFF_NUMBER),
        ({"given_name": "\u200b"}, Fault.NO_NAME),
        ({"organisation": ""}, Fault.NO_ORGANISATION),
        ({"email": "gwen"}, Fault.BAD_EMAIL),
        ({"email": "gwen@example"}, Fault.BAD_EMAIL),
        ({"email": "a@b.org, c@d.org"}, Fault.BAD_EMAIL),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, Fault.ENDS_BEFORE_START),
        ({"language": "fr"}, Fault.BAD_LANGUAGE),
        ({"staff_number": "7" * 41}, Fault.TOO_LONG),
        ({"supervisor_staff_number": "7"}, Fault.OWN_SUPERVISOR),
    ],
)
def test_faults_are_named(cells: dict[str, str], fault: Fault) -> None:
    found = read(**cells)

    assert isinstance(found, Problem)
    assert found.fault == fault


def test_a_line_is_read_whole() -> None:
    found = read(
        family_name="Test\u0302",
        email="Gwen@Example.org",
        job_title=" Community   nurse ",
        wte="0.8",
        starts_on="01/02/2027",
        language="CY",
        unknown="left alone",
    )

    assert found == StaffLine(
        line=2,
        organisation="Trust",
        staff_number="7",
        given_name="Gwen",
        family_name="Test\u0302",
        email="gwen@example.org",
        job_title="Community nurse",
        wte=Decimal("0.80"),
        starts_on=date(2027, 2, 1),
        language="cy",
    )


def test_names_that_stand_twice_are_found() -> None:
    lines = [
        StaffLine(line=2, organisation="Trust", staff_number="a1", email="x@example.org"),
        StaffLine(line=3, organisation="TRUST", staff_number="A1"),
        StaffLine(line=4, organisation="Trust", staff_number="a2", email="x@example.org"),
        StaffLine(line=5, organisation="Council", staff_number="a1", email="x@example.org"),
    ]

    assert repeated(lines) == {
        3: Problem(Fault.TWICE, "staff_number", "2"),
        4: Problem(Fault.SAME_EMAIL, "email", "2"),
    }


@given(st.fixed_dictionaries({name: st.text(max_size=60) for name in COLUMNS}))
def test_any_line_is_read_or_refused_and_never_falls_over(cells: dict[str, str]) -> None:
    found = read_line(line=2, cells=cells, organisation="", languages=["en"])

    assert isinstance(found, StaffLine | Problem)


@given(st.text(max_size=60))
def test_tidying_twice_is_tidying_once_or_takes_our_apostrophe(text: str) -> None:
    once = tidy(text)

    assert "\n" not in once
    assert "\x00" not in once
    assert tidy(once) == once or once.startswith("'")
