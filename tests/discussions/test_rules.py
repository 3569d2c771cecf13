"""What was typed becomes safe words; limits and identifiers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.rules.formatting import own_words, plain_words, quoted, safe_html
from discussions.rules.identifiers import Identifier, identifiers_in, is_nhs_number
from discussions.rules.limits import POSTS_IN_A_ROW, ROW, may_still_edit, seconds_to_wait

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("Plain words.", "<p>Plain words.</p>"),
        ("**so** *there*", "<p><strong>so</strong> <em>there</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("<b onclick=x()>bold</b>", "<p>&lt;b onclick=x()&gt;bold&lt;/b&gt;</p>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        (
            "[here](https://example.org)",
            '<p><a href="https://example.org" rel="nofollow ugc noopener noreferrer">here</a></p>',
        ),
    ],
)
def test_safe_html_knows_a_small_part_of_markdown(typed: str, made: str) -> None:
    assert safe_html(typed) == made


@given(st.text(max_size=300))
def test_safe_html_holds_nothing_that_runs(typed: str) -> None:
    made = safe_html(typed + "<img src=x onerror=alert(1)><script>alert(1)</script>")

    assert "<script" not in made
    assert "<img" not in made
    assert "<p" in made


def test_own_words_leave_out_quotes_within_quotes() -> None:
    made = safe_html("before\n\n> outer\n> > inner\n>\n> outer again\n\nafter")

    assert plain_words(made) == "before\nouter\ninner\nouter again\nafter"
    assert own_words(made) == "before\nafter"


def test_quoted_words_read_as_a_quote() -> None:
    made = safe_html(quoted("one\n\ntwo", name="Ffion") + "answer")

    assert own_words(made) == "answer"
    assert plain_words(made) == "Ffion\none\ntwo\nanswer"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("In 2019 we met 25 people; 10000000 pounds; room B12, bus 149.", []),
        ("write to ffion@example.org", [Identifier.EMAIL]),
        ("ring 01632 960 001 or +44 (0)1632 960001", [Identifier.PHONE]),
        ("she lives at ZZ99 3WZ", [Identifier.POSTCODE]),
        ("999 000 0018", [Identifier.NHS_NUMBER]),
        ("999-000-0018", [Identifier.NHS_NUMBER]),
        ("٩٩٩ ٠٠٠ ٠٠١٨", [Identifier.NHS_NUMBER]),
        ("999 000 0019", []),
    ],
)
def test_identifiers_in_text(text: str, kinds: list[Identifier]) -> None:
    assert identifiers_in(text) == kinds


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_nine_digits_have_at_most_one_check_digit(stem: int) -> None:
    fitting = [digit for digit in range(10) if is_nhs_number(f"{stem:09d}{digit}")]

    assert len(fitting) <= 1


@given(st.lists(st.integers(min_value=0, max_value=200), max_size=30))
def test_after_waiting_one_may_write(ago: list[int]) -> None:
    written = [AT - timedelta(seconds=seconds) for seconds in ago]

    wait = seconds_to_wait(written_at=written, at=AT)

    later = AT + timedelta(seconds=wait)
    recent = [moment for moment in written if later - ROW < moment]
    assert len(recent) < POSTS_IN_A_ROW
    assert (wait == 0) == (len([s for s in ago if s < 60]) < POSTS_IN_A_ROW)


def test_time_to_edit_ends_after_a_quarter_of_an_hour() -> None:
    assert may_still_edit(written_at=AT, at=AT + timedelta(minutes=14, seconds=59))
    assert not may_still_edit(written_at=AT, at=AT + timedelta(minutes=15))
