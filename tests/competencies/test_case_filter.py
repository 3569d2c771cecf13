"""The query language of CASE collections."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.rules.case_filter import (
    WrongQuery,
    in_order,
    read_fields,
    read_filter,
    whole_number,
)

CARE = {
    "title": "Integrated Care",
    "version": "2",
    "subject": ["Care", "Health"],
    "licenseURI": {"title": "CC BY 4.0"},
    "subjectURI": [{"title": "Care"}, {"title": "Health"}],
    "number": 10,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("title='integrated care'", True),
        ("title = 'Integrated'", False),
        ("title~'CARE'", True),
        ("title!='other'", True),
        ("missing='x'", False),
        ("missing!='x'", True),
        ("version>='2' AND title~'care'", True),
        ("version>'2' OR title~'care'", True),
        ("version>'2' AND title~'care'", False),
        ("licenseURI.title='cc by 4.0'", True),
        ("subjectURI.title='health'", True),
        ("subject='health,care'", True),
        ("subject='health'", False),
        ("subject~'health,law'", True),
        ("subject~'law'", False),
        ("number<'9'", False),
        ("number>'9'", True),
        ("title='it''s'", False),
        ("title~'a AND b'", False),
    ],
)
def test_filter_holds(text: str, holds: bool) -> None:
    assert read_filter(text).holds(CARE) is holds


@pytest.mark.parametrize(
    "text",
    ["", "title", "title=care", "title='a' AND", "='a'", "a='b' AND c='d' AND e='f'", "a==='b'"],
)
def test_wrong_filter_says_how_to_write_one(text: str) -> None:
    with pytest.raises(WrongQuery, match="field='value'") as caught:
        read_filter(text)
    assert caught.value.parameter == "filter"


@given(st.text(max_size=30))
def test_any_value_can_be_asked_for(value: str) -> None:
    quoted = value.replace("'", "''")

    assert read_filter(f"title='{quoted}'").holds({"title": value})


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    with suppress(WrongQuery):
        assert read_filter(text).holds(CARE) in {True, False}


def test_fields_are_selected_unless_one_is_unknown() -> None:
    assert read_fields("title, uri", known=["title", "uri"]) == ["title", "uri"]
    assert read_fields("title,nothing", known=["title"]) is None
    with pytest.raises(WrongQuery):
        read_fields("title,", known=["title"])


def test_unknown_sort_field_leaves_the_order() -> None:
    records = [{"t": "b"}, {"t": "A"}]

    assert in_order(records, sort="t", order_by=None) == [{"t": "A"}, {"t": "b"}]
    assert in_order(records, sort="t", order_by="desc") == records
    assert in_order(records, sort="nothing", order_by=None) == records
    with pytest.raises(WrongQuery):
        in_order(records, sort=" ", order_by=None)
    with pytest.raises(WrongQuery):
        in_order(records, sort=None, order_by="up")


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "99999999999"])
def test_limit_must_be_a_whole_number_from_one(text: str) -> None:
    with pytest.raises(WrongQuery):
        whole_number(text, parameter="limit", default=100, least=1)
    assert whole_number(None, parameter="limit", default=100, least=1) == 100
