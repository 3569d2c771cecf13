"""Words are compared without what does not count; matches are marked safely."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.rules.highlight import holds_any, marked, snippet
from search.rules.spelling import meant
from search.rules.words import beginnings_of, folded, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café CAFÉ cafe\u0301", ["cafe", "cafe", "cafe"]),
        ("co-ordinator's (F1.2)", ["co", "ordinator", "s", "f1", "2"]),
        ("tŷ, dŵr, gêm", ["ty", "dwr", "gem"]),
        ("أهلاً إلى مدرسةٍ", ["اهلا", "الي", "مدرسه"]),
        ("ﷲ", ["الله"]),
        ("٢٠٢٦ 2026", ["2026", "2026"]),
        ("  \"'*:()  ", []),
    ],
)
def test_words_are_compared_plainly(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "beginnings"),
    [
        ("Navigators", ["navigator"]),
        ("policies", ["polic"]),
        ("processes", ["process"]),
        ("illness", ["illness"]),
        ("cwrs bus", ["cwrs", "bus"]),
        ("a carer", ["carer"]),
        ("a", ["a"]),
        ("carer carers", ["carer"]),
    ],
)
def test_beginnings_leave_off_an_english_plural(text: str, beginnings: list[str]) -> None:
    assert beginnings_of(text) == beginnings


@given(st.text(max_size=200))
def test_plain_words_stay_as_they_are(text: str) -> None:
    words = words_of(text)

    assert words_of(" ".join(words)) == words


@given(st.text(max_size=60))
def test_a_word_is_found_by_itself_however_it_is_written(text: str) -> None:
    for word in words_of(text):
        assert holds_any(text, [word])
        assert holds_any(text.upper(), [folded(word)]) or text.upper().casefold() != text.casefold()


@given(st.text(alphabet="ab <>&\"'", max_size=80), st.sampled_from(["a", "ab", "b"]))
def test_marking_only_adds_marks_to_escaped_text(text: str, beginning: str) -> None:
    made = marked(text, [beginning])

    assert not re.search(r"<(?!/?mark>)", made)
    without = re.sub(r"</?mark>", "", made)
    assert without == marked(text, ["nothing-like-it"])


def test_marked_marks_the_word_as_it_is_written() -> None:
    assert marked("The <b>Café</b> closes", ["cafe"]) == (
        "The &lt;b&gt;<mark>Café</mark>&lt;/b&gt; closes"
    )


@given(st.lists(st.sampled_from(["one", "two", "three", "needle"]), max_size=120))
def test_snippet_holds_the_match_and_is_short(words: list[str]) -> None:
    text = " ".join(words)

    made = snippet(text, ["needle"])

    assert len(made) <= 244
    assert ("needle" in made) == ("needle" in text)


def test_meant_is_the_nearest_word_of_a_title() -> None:
    titles = ["Care navigation", "Working as one team"]

    assert meant(["navegation"], titles) == "navigation"
    assert meant(["care", "navegation"], titles) == "care navigation"
    assert meant(["xyzzy"], titles) == ""
    assert meant(["team"], titles) == ""
