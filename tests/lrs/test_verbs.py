"""Verbs that many systems send are said in the reader's language."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

from lrs.rules.wording import Words, telling
from lrs.views import verbs
from lrs.views.verbs import verb_words

PASSED = "http://adlnet.gov/expapi/verbs/passed"
SEEKED = "https://w3id.org/xapi/video/verbs/seeked"
NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "VERBS", {PASSED: "اجتاز", SEEKED: "انتقل إلى موضع آخر في"})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (Words("passed", "en-US"), Words("اجتاز")),
        (Words("passed"), Words("اجتاز")),
        (Words("نجح في", "ar"), Words("نجح في", "ar")),
        (Words("نجح في", "ar-SA"), Words("نجح في", "ar-SA")),
    ],
)
def test_a_known_verb_in_another_language_is_said_in_the_readers(
    translated: None, said: Words, shown: Words
) -> None:
    with translation.override("ar"):
        assert verb_words(PASSED, said) == shown


def test_an_unknown_verb_keeps_its_own_words_and_their_language(translated: None) -> None:
    said = Words("waved at", "en")

    with translation.override("ar"):
        assert verb_words("https://example.org/verbs/waved-at", said) == said


def test_words_that_only_repeat_the_address_give_way_to_better_ones() -> None:
    with translation.override("en"):
        assert verb_words(SEEKED, Words("Seeked", "en-US")).text == "jumped to another place in"
        assert verb_words(SEEKED, Words("skipped in", "en-US")).text == "skipped in"


@pytest.mark.parametrize(
    ("duration", "parts"),
    [
        ("P1Y", (("years", 1),)),
        ("PT1H0M2.4S", (("hours", 1), ("seconds", 2))),
        ("P2M1D", (("months", 2), ("days", 1))),
    ],
)
def test_a_duration_is_told_in_whole_numbers(
    duration: str, parts: tuple[tuple[str, int], ...]
) -> None:
    statement = {
        "id": "12345678-1234-4678-8234-567812345678",
        "actor": {"mbox": "mailto:a@example.org"},
        "verb": {"id": PASSED},
        "object": {"id": "https://example.org/a"},
        "result": {"duration": duration},
    }

    assert telling(statement, ["en"]).outcome.duration == parts


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_moments_are_told_by_the_same_clock_in_every_language(language: str) -> None:
    with translation.override(language):
        told = date_format(NOON, "DATETIME_FORMAT")

    assert told.endswith("12:00")
    assert "2026" in told
