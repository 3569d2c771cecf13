"""Each takes any bytes, and fails only when something is wrong with us."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from lrs.api.auth import _read_basic
from lrs.api.calls import read_parameters
from lrs.api.errors import Unauthorized
from lrs.queries import identifier_of
from lrs.rules import formats
from lrs.rules.concurrency import etag_of, preconditions_hold
from lrs.rules.identity import key_of, split_identifier
from lrs.rules.multipart import boundary_of, read_parts, write_parts
from lrs.rules.paging import read_token, write_token
from lrs.rules.parsing import parse_json
from lrs.rules.parts import read_attachments
from lrs.rules.presentation import one_language, preferred_languages
from lrs.rules.refusal import Refusal
from lrs.rules.signatures import check_signature
from lrs.rules.times import comparable_duration, format_instant, is_duration, parse_instant
from lrs.rules.validation import check_actor
from lrs.rules.versions import BOOKS, XAPI_1_0, XAPI_2_0, book_for
from tests.fuzz import corpus
from tests.fuzz.properties import hold
from tests.lrs.samples import statement


def statements_of_1_0(data: bytes) -> None:
    """From the body of a request to what is kept, under 1.0.3."""
    with suppress(Refusal):
        hold(data, XAPI_1_0)


def statements_of_2_0(data: bytes) -> None:
    """The same under 2.0."""
    with suppress(Refusal):
        hold(data, XAPI_2_0)


def agents(data: bytes) -> None:
    """The parameter `agent`."""
    with suppress(Refusal):
        actor = parse_json(data, path="parameters.agent")
        check_actor(actor, "parameters.agent")
        identifier = identifier_of(actor)
        if identifier is not None:
            assert -(2**63) <= key_of(b"agent", identifier) < 2**63
            split_identifier(identifier)


def multipart(data: bytes) -> None:
    """Bodies with attachments."""
    with suppress(Refusal):
        parts = read_parts(data, "xx")
        if all(part.headers for part in parts):
            again = read_parts(write_parts(parts, "xx"), "xx")
            assert [part.content for part in again] == [part.content for part in parts]
        read_attachments(parts[1:])


def tokens(data: bytes) -> None:
    """Addresses of further pages."""
    with suppress(ValueError):
        parameters, position = read_token(data.decode("latin-1"))
        assert read_token(write_token(parameters, position)) == (parameters, position)


def headers(data: bytes) -> None:
    """If-Match and If-None-Match."""
    text, tag = data.decode("latin-1"), etag_of(data)
    matches = preconditions_hold(etag=tag, if_match=text, if_none_match=None)
    assert matches is not preconditions_hold(etag=tag, if_match=None, if_none_match=text)
    assert preconditions_hold(etag=None, if_match=None, if_none_match=text)
    assert not preconditions_hold(etag=None, if_match=text, if_none_match=None)
    assert preconditions_hold(etag=tag, if_match=tag, if_none_match=None)
    book_for(text)


def languages(data: bytes) -> None:
    """Accept-Language."""
    found = preferred_languages(data.decode("latin-1"))
    assert len(found) <= 50
    texts = {"en-GB": "a", "cy": "b", "zh-Hant-TW": "c"}
    assert one_language(texts, found).items() <= texts.items()
    assert one_language({}, found) == {}


def times(data: bytes) -> None:
    """Instants and durations."""
    text = data.decode("utf-8", "replace")
    for rfc3339 in (False, True):
        with suppress(ValueError):
            instant = parse_instant(text, rfc3339=rfc3339)
            assert parse_instant(format_instant(instant), rfc3339=True) == instant
    if is_duration(text):
        assert is_duration(comparable_duration(text))


def queries(data: bytes) -> None:
    """Query strings and forms."""
    with suppress(Refusal):
        parameters = read_parameters(data.decode("latin-1"))
        assert all(type(part) is str for pair in parameters.items() for part in pair)
        for value in parameters.values():
            value.encode()


def types(data: bytes) -> None:
    """Content types, IRIs, language tags, addresses, sums, UUIDs."""
    text = data.decode("utf-8", "replace")
    with suppress(Refusal):
        assert 1 <= len(boundary_of(text)) <= 70
    for check in (
        formats.is_iri,
        formats.is_language_tag,
        formats.is_mailto,
        formats.is_media_type,
        formats.is_sha1,
        formats.is_sha2,
        formats.is_uuid,
    ):
        assert check(text) is check(text)


def keys(data: bytes) -> None:
    """The header Authorization."""
    with suppress(Unauthorized):
        _read_basic(data.decode("latin-1"))


def signatures(data: bytes) -> None:
    """Contents of attachments that say they are signatures."""
    attachment = {"contentType": "application/octet-stream"}
    with suppress(Refusal):
        check_signature(data, statement(), attachment, "$.attachments[0]", XAPI_1_0)


def numbers(data: bytes) -> None:
    """JSON of any kind, and the numbers in it."""
    with suppress(Refusal):
        value = parse_json(data)
        if type(value) is float:
            assert math.isfinite(value)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads, and how much of all input it gets."""

    run: Callable[[bytes], None]
    share: float
    seeds: list[bytes]
    longest: int


TARGETS: dict[str, Target] = {
    "statements_of_1_0": Target(statements_of_1_0, 0.22, corpus.bodies(), 4096),
    "statements_of_2_0": Target(statements_of_2_0, 0.22, corpus.bodies(), 4096),
    "agents": Target(agents, 0.06, [b'{"mbox":"mailto:a@b.example"}'], 512),
    "multipart": Target(multipart, 0.08, corpus.multiparts(), 4096),
    "tokens": Target(tokens, 0.06, corpus.tokens(), 512),
    "headers": Target(headers, 0.05, corpus.WORDS["headers"], 128),
    "languages": Target(languages, 0.05, corpus.WORDS["languages"], 128),
    "times": Target(times, 0.06, corpus.WORDS["times"], 64),
    "queries": Target(queries, 0.06, corpus.WORDS["queries"], 256),
    "types": Target(types, 0.05, corpus.WORDS["types"], 256),
    "keys": Target(keys, 0.02, corpus.WORDS["keys"], 128),
    "signatures": Target(signatures, 0.04, [b"e30.e30.e30", b"eyJhbGciOiJSUzI1NiJ9.e30."], 1024),
    "numbers": Target(numbers, 0.03, [b"1e400", b"-0", b"[1.50]", b"1" * 400], 1024),
}
assert math.isclose(sum(target.share for target in TARGETS.values()), 1)
assert len(BOOKS) == 2
