"""Bytes that are not what they should be, and bytes that are."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.rules.parsing import parse_json, parse_statements
from lrs.rules.refusal import Refusal


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"{", "well-formed"),
        (b"{'a': 1}", "well-formed"),
        (b'{"a": NaN}', "well-formed"),
        (b'{"a": Infinity}', "well-formed"),
        (b'{"a": 1e999}', "infinity"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"a": "\x00"}', "control character"),
        (b"[" * 10_000 + b"]" * 10_000, "250 levels"),
        (b'{"a":' * 1_000 + b"1" + b"}" * 1_000, "250 levels"),
        (b'{"\\u0061":' * 251 + b"1" + b"}" * 251, "250 levels"),
        (b'{"a": 1, "a": 2}', "'a' twice"),
        (b'{"a" : 1, "a" : 2}', "'a' twice"),
        (b'{"b": {"a": 1, "\\u0061": 2}}', "'a' twice"),
        (b'{"a": "\\u003ax", "b": 1, "b": 2}', "'b' twice"),
        (b'{"a": ":x", "b": 1, "b": 2}', "'b' twice"),
        (b'{"a": "\\":", "b": 1, "b": 2}', "'b' twice"),
    ],
)
def test_bad_json_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_json(body)

    assert says in caught.value.message
    assert caught.value.rule in ("json", "format")


def test_strings_that_look_like_keys_are_not_repeated_keys() -> None:
    value = {"a": ':":":', "b": '"a":1,"a":2', "c": "\\", 'd":': {"a": 1}}

    assert parse_json(json.dumps(value).encode()) == value


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(_json, st.booleans(), st.sampled_from([None, 2]))
def test_whatever_json_writes_is_read_back(value: object, ascii_only: bool, indent: int) -> None:
    try:
        body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    except UnicodeEncodeError:
        return

    assert parse_json(body) == value


@given(st.dictionaries(st.text(max_size=3), _json, min_size=1), st.sampled_from([":", " : "]))
def test_a_key_sent_twice_is_always_found(value: dict[str, object], colon: str) -> None:
    text = json.dumps(value, separators=(",", colon))
    key = json.dumps(next(iter(value)))

    with pytest.raises(Refusal):
        parse_json(f"{text[:-1]},{key}{colon}0}}".encode())


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused(body: bytes) -> None:
    with contextlib.suppress(Refusal):
        parse_statements(body)


def test_one_statement_and_many_keep_their_own_text() -> None:
    one = parse_statements(b' {"n" : 1.10}\n')
    many = parse_statements(b'[{"n": 1.10}, {"n":12345678901234567890123} ]')

    assert (one.raws, one.is_batch) == ([b'{"n":1.10}'], False)
    assert (many.raws, many.is_batch) == (
        [b'{"n":1.10}', b'{"n":12345678901234567890123}'],
        True,
    )


def test_neither_object_nor_array_is_refused() -> None:
    with pytest.raises(Refusal, match="array"):
        parse_statements(b'"statement"')
