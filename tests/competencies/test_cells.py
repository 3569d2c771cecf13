"""No cell of an exported framework is a formula, and nothing is lost on the way back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.rules.cells import as_meant, harmless
from tests.competencies.test_import_tables import given_back, take

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "=2+2",
        '=HYPERLINK("http://example.org")',
        "=cmd|'/C calc'!A0",
        "- cmd|'/C calc'!A0",
        '- HYPERLINK("http://example.org")',
        "-2+3",
        "+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
    ],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["- how common it is\n- what helps", "plain", "", "'quoted'"])
def test_prose_stays_as_it_is(text: str) -> None:
    assert harmless(text) == as_meant(text) == text


@given(st.text(alphabet="'=+-@\t\r\n (|!a1", max_size=6))
def test_nothing_is_lost_on_the_way_back(text: str) -> None:
    assert as_meant(harmless(text)) == text


@given(st.text(alphabet="=+-@\t\r\n (|!a1", max_size=8))
def test_a_cell_that_begins_with_a_sign_is_prose_or_marked(text: str) -> None:
    cell = harmless(text)

    assert not cell.startswith(SIGNS) or (cell.startswith("- ") and not set("|!") & set(cell))


@pytest.mark.django_db
def test_formulas_in_a_framework_come_out_harmless_and_come_in_again() -> None:
    text = (
        "framework,group,position,competency,description\r\n"
        'F,"=cmd|\'/C calc\'!A0",1,=2+2,"=HYPERLINK(""http://example.org"")"\r\n'
    )

    once = given_back(take(text))
    twice = given_back(take(once))

    rows = list(csv.reader(io.StringIO(once, newline="")))
    assert rows[1][1:] == [
        "'=cmd|'/C calc'!A0",
        "1",
        "'=2+2",
        '\'=HYPERLINK("http://example.org")',
    ]
    assert twice == once
