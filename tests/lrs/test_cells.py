"""No cell of a file from the record store is a formula."""

import pytest

from lrs.rules.cells import harmless


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_what_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    text = f"{start}HYPERLINK(1)"

    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-0.5", "+3", "-1e-9", "", "plain", "a=b", "'=quoted"])
def test_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
