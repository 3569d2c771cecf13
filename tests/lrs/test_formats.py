"""The small formats: what is taken, what is not, and that nothing crashes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.rules import formats, times


@pytest.mark.parametrize(
    "good",
    [
        "http://example.org",
        "https://example.org/a/b?c=d#e",
        "HTTPS://example.org",
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "course-v1:FUN-MOOC+00002+session01",
        "uuid://7d4f3c70-1e79-4243-9b7d-166076ce8bfb",
        "file:///C:/a",
        "mailto:a@example.org",
        "https://example.org/дом",
        "act:foo",
    ],
)
def test_iris(good: str) -> None:
    assert formats.is_iri(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "example.org",
        "//example.org",
        "/path",
        "http://",
        "http:",
        "https:///path",
        "1http://example.org",
        "http://exa mple.org",
        "http://example.org/<script>",
        "http://example.org/a\n",
        "http://example.org/%",
        'http://example.org/"',
        "http://example.org/{id}",
        ":a",
    ],
)
def test_not_iris(bad: str) -> None:
    assert not formats.is_iri(bad)


@pytest.mark.parametrize(
    "good",
    [
        *("en", "cy", "ar", "en-GB", "zh-Hant", "sr-Latn-RS", "de-CH-1996", "es-419"),
        *("sl-rozaj-biske", "zh-cmn-Hans-CN", "x-whatever", "de-a-value", "en-a-bbb-x-a"),
        *("i-klingon", "en-GB-oed"),
    ],
)
def test_language_tags(good: str) -> None:
    assert formats.is_language_tag(good)


@pytest.mark.parametrize(
    "bad", ["", "e", "a12345678", "en_GB", "en-", "-en", "en--GB", "de-419-DE", "something"]
)
def test_not_language_tags(bad: str) -> None:
    assert not formats.is_language_tag(bad)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-04T09:30:00Z", datetime(2026, 5, 4, 9, 30, tzinfo=UTC)),
        ("2026-05-04T09:30:00.123456789Z", datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=UTC)),
        ("2026-05-04T09:30:00+05:30", datetime(2026, 5, 4, 4, tzinfo=UTC)),
        ("2026-05-04t09:30:00-01:00", datetime(2026, 5, 4, 10, 30, tzinfo=UTC)),
        ("2026-12-31T23:59:60Z", datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("rfc3339", [True, False])
def test_instants(text: str, instant: datetime, rfc3339: bool) -> None:
    assert times.parse_instant(text, rfc3339=rfc3339) == instant


@pytest.mark.parametrize(
    "text",
    ["2026-05-04T09:30:00", "20260504T093000Z", "2026-05-04T09:30Z", "2026-05-04T09:30:00,5+01"],
)
def test_instants_that_only_iso_8601_allows(text: str) -> None:
    assert times.parse_instant(text).tzinfo is UTC
    with pytest.raises(ValueError, match="RFC 3339"):
        times.parse_instant(text, rfc3339=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-04",
        "09:30",
        "2026-13-04T09:30:00Z",
        "2026-05-04T25:30:00Z",
        "2026-05-04 09:30:00Z",
        "2026-05-04T09:30:00-00",
        "2026-05-04T09:30:00-0000",
        "2026-05-04T09:30:00-00:00",
        "2026-05-04T09:30:00+24:00",
        "2026-05-04T09:30:00+10:60",
        "0000-05-04T09:30:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-05-04T09:30:00Zz",
        "２０２６-05-04T09:30:00Z",
    ],
)
def test_not_instants(text: str) -> None:
    with pytest.raises(ValueError, match=r".{10}"):
        times.parse_instant(text)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda instant: instant.year > 999))
def test_an_instant_we_write_reads_back_as_itself(instant: datetime) -> None:
    text = times.format_instant(instant)

    assert times.parse_instant(text, rfc3339=True) == instant
    assert text.endswith("Z")


@given(
    st.datetimes().filter(lambda local: 1000 < local.year < 9990),
    st.integers(-14 * 60, 14 * 60).filter(lambda minutes: minutes != 0),
)
def test_an_offset_moves_the_clock_and_not_the_instant(local: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

    instant = times.parse_instant(local.isoformat() + offset)

    assert instant == local.replace(tzinfo=UTC) - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["PT4H35M59.14S", "PT16559.14S", "P3Y1M29DT4H35M59.14S", "P3Y", "P4W", "PT0S", "PT1,5M"]
)
def test_durations(text: str) -> None:
    assert times.is_duration(text)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "P4W1D", "PA1H0M0S", "P1YT", "PT1.5H1M", "-P1D", "P1D ", "12"]
)
def test_not_durations(text: str) -> None:
    assert not times.is_duration(text)


@pytest.mark.parametrize(
    ("one", "other"), [("PT1.234S", "PT1.239S"), ("PT1.23S", "PT1.230S"), ("PT1M", "PT1M")]
)
def test_durations_compare_to_hundredths(one: str, other: str) -> None:
    assert times.comparable_duration(one) == times.comparable_duration(other)


@given(st.text(max_size=60))
def test_no_text_crashes_a_format(text: str) -> None:
    for check in (
        formats.is_iri,
        formats.is_language_tag,
        formats.is_uuid,
        formats.is_mailto,
        formats.is_sha1,
        formats.is_sha2,
        formats.is_media_type,
        times.is_duration,
    ):
        assert check(text) in (True, False)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("mailto:ffion@example.org", True),
        ("MAILTO:ffion.testwell+x@example.org", True),
        ("mailto:ffion", False),
        ("mailto:@example.org", False),
        ("mailto:a@b@c", False),
        ("mailto:a@example.org?subject=x", False),
        ("mailto:a@example.org,b@example.org", False),
        ("ffion@example.org", False),
    ],
)
def test_addresses(address: str, good: bool) -> None:
    assert formats.is_mailto(address) is good


def test_patterns_stay_quick_on_hostile_text() -> None:
    hostile = [
        "a" * 100_000,
        "en" + "-abcde" * 20_000 + "!",
        "P" + "1" * 50_000,
        "a:" + "%" * 50_000,
    ]

    assert not any(formats.is_language_tag(text) for text in hostile)
    assert not any(times.is_duration(text) for text in hostile)
    assert not any(formats.is_iri(text) for text in hostile[:3])
