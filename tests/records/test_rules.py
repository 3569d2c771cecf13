"""From a statement to an entry, and which mapping counts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.rules.projection import MappingFact, mappings_that_count, reading_of, seconds_of

AT = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def statement(verb: str = "http://adlnet.gov/expapi/verbs/completed", **more: object) -> dict:
    return {
        "actor": {"mbox": "mailto:ffion@example.org"},
        "verb": {"id": verb},
        "object": {"id": "https://example.org/a", "definition": {"name": {"en": "A"}}},
        **more,
    }


def test_completed_statement_is_read_with_its_score_and_time() -> None:
    found = reading_of(
        statement(result={"score": {"scaled": 0.8}, "success": True, "duration": "PT1H2M3.5S"})
    )

    assert found is not None
    assert (found.kind, found.activity_iri, found.score_scaled) == (
        "completed",
        "https://example.org/a",
        0.8,
    )
    assert found.duration_seconds == 3723.5
    assert found.shows == "completion"


def test_what_failed_shows_nothing() -> None:
    found = reading_of(statement(result={"success": False}))

    assert found is not None
    assert found.shows is None


def test_statement_about_a_person_or_a_statement_is_not_an_entry() -> None:
    about = {"objectType": "StatementRef", "id": "8f87ccde-bb56-4c2e-ab83-44982ef22df0"}

    assert reading_of({**statement(), "object": about}) is None


def test_unknown_verb_is_other() -> None:
    found = reading_of(statement("https://example.org/verbs/juggled"))

    assert found is not None
    assert (found.kind, found.shows) == ("other", None)


def test_durations_that_are_none_are_none() -> None:
    assert seconds_of("P1W") == 604_800
    assert seconds_of("about an hour") is None


def mapping(id: int, start: int, end: int | None = None, past: bool = False) -> MappingFact:
    return MappingFact(id, 7, AT + start * DAY, None if end is None else AT + end * DAY, past)


def test_a_mapping_counts_from_its_start_until_its_end() -> None:
    rows = [mapping(1, 0, 10)]

    def chosen(day: int) -> dict:
        return mappings_that_count(mappings=rows, occurred_at=AT + day * DAY)

    assert chosen(-1) == {}
    assert chosen(0) == {7: rows[0]}
    assert chosen(9) == {7: rows[0]}
    assert chosen(10) == {}


def test_past_completions_count_where_the_educator_said_so() -> None:
    rows = [mapping(1, 0, past=True)]

    assert mappings_that_count(mappings=rows, occurred_at=AT - 400 * DAY) == {7: rows[0]}


@given(
    st.lists(
        st.builds(
            mapping,
            st.integers(1, 50),
            st.integers(-20, 20),
            st.one_of(st.none(), st.integers(21, 40)),
            st.booleans(),
        ),
        max_size=6,
        unique_by=lambda one: one.id,
    ),
    st.integers(-40, 60),
    st.randoms(),
)
def test_choice_does_not_depend_on_the_order_of_mappings(
    rows: list[MappingFact], day: int, lot
) -> None:
    shuffled = list(rows)
    lot.shuffle(shuffled)

    assert mappings_that_count(mappings=rows, occurred_at=AT + day * DAY) == mappings_that_count(
        mappings=shuffled, occurred_at=AT + day * DAY
    )
