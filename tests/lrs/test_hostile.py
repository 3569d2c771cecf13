"""Requests that mean harm or know no better: each is refused in words, with the right status."""

import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest

from lrs.models import Document, Statement
from tests.lrs.conftest import CLIENT, Store
from tests.lrs.samples import activity, agent, full_statement, statement

DEEP = 10_000
PLACE = {"activityId": activity()["id"], "agent": json.dumps(agent()), "stateId": "s"}


def nested(opening: bytes, closing: bytes, times: int = DEEP) -> bytes:
    return opening * times + b"1" + closing * times


DEEPS = [nested(b"[", b"]"), nested(b'{"a":', b"}"), nested(b'[{"a":', b"}]")]


def with_extension(value: bytes) -> bytes:
    text = json.dumps(statement(1, result={"extensions": {"a:b": "HERE"}}))
    return text.encode().replace(b'"HERE"', value)


def put_in(place: str, value: str) -> bytes:
    """A full statement with this text in the place of a value."""
    made = full_statement()
    at: Any = made
    *way, last = place.split(".")
    for name in way:
        at = at[name]
    at[last] = "HERE"
    return json.dumps(made).encode().replace(b'"HERE"', value.encode("utf-8", "surrogatepass"))


WHOLE = json.dumps(statement(1))
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \n\t ",
    "null": b"null",
    "a number": b"1",
    "text": b'"statement"',
    "array of null": b"[null]",
    "array of array": b"[[]]",
    "cut short": WHOLE[:-1].encode(),
    "more after the end": WHOLE.encode() + b"{}",
    "single quotes": WHOLE.replace('"', "'").encode(),
    "comma at the end": WHOLE[:-1].encode() + b",}",
    "comment": b"/* */" + WHOLE.encode(),
    "byte order mark": b"\xef\xbb\xbf" + WHOLE.encode(),
    "UTF-16": WHOLE.encode("utf-16"),
    "UTF-32": WHOLE.encode("utf-32-le"),
    "latin-1": put_in("context.platform", '"é"').replace("é".encode(), b"\xe9"),
    "overlong UTF-8": put_in("context.platform", '"x"').replace(b'"x"', b'"\xc0\xaf"'),
    "surrogate in bytes": put_in("context.platform", '"\ud800"'),
    "surrogate escaped": put_in("context.platform", '"\\ud800"'),
    "surrogates the wrong way": put_in("context.platform", '"\\udc00\\ud800"'),
    "NUL in bytes": put_in("context.platform", '"\x00"'),
    "NaN": put_in("result.score.raw", "NaN"),
    "Infinity": put_in("result.score.raw", "Infinity"),
    "minus Infinity": put_in("result.score.raw", "-Infinity"),
    "1e400": put_in("result.score.raw", "1e400"),
    "1e400 in an extension": with_extension(b"1e400"),
    "10^5 digits in an extension": with_extension(b"9" * 100_000),
    "leading zero": put_in("result.score.raw", "01"),
    "hexadecimal": put_in("result.score.raw", "0x1"),
    "plus": put_in("result.score.raw", "+1"),
    "a score of 10^5 digits": put_in("result.score.raw", "9" * 100_000),
    "key twice": WHOLE[:-1].encode() + b', "actor": {}}',
    "key twice escaped": WHOLE[:-1].encode() + b', "\\u0061ctor": {}}',
    "unknown key": WHOLE[:-1].encode() + b', "Actor": {}}',
    "key with NUL": WHOLE[:-1].encode() + b', "actor\\u0000": {}}',
    "a batch with one bad": b"[" + WHOLE.encode() + b', {"id": 7}]',
    "an id twice": b"[" + WHOLE.encode() + b"," + WHOLE.encode() + b"]",
    **{f"deep {number}": body for number, body in enumerate(DEEPS)},
    **{f"deep extension {number}": with_extension(body) for number, body in enumerate(DEEPS)},
    "a level too many": with_extension(nested(b"[", b"]", 248)),
    "deep member": put_in("context.team", '{"member":[' * 500 + "]}" * 500),
    "deep substatement": put_in("object", '{"object":' * 900 + "1" + "}" * 900),
    **{
        f"{place} is {value}": put_in(place, value)
        for place in (
            *("id", "actor", "actor.objectType", "actor.account", "actor.account.name", "verb"),
            *("verb.id", "verb.display", "object", "object.id", "object.definition"),
            *("object.definition.name", "object.definition.choices", "result", "result.score"),
            *("object.definition.extensions", "result.duration", "result.success"),
            *("context", "context.registration", "context.team", "context.contextActivities"),
            *("context.contextActivities.parent", "context.language", "context.statement"),
            *("timestamp", "attachments", "result.extensions", "context.platform"),
        )
        for value in ("null", "7", "[[]]", '{"a": null}', '"\\u0000"', "-1e308")
        if (place, value) != ("context.platform", '"\\u0000"')
        and (place, value) != ("actor.account.name", '"\\u0000"')
    },
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_400_with_clause_and_path(any_store: Store, name: str) -> None:
    answer = any_store.send("POST", "statements", body=BODIES[name])

    assert answer.status_code == 400, answer.content[:300]
    said = answer.json()
    assert said["clause"].startswith(("xAPI 1.0.3", "IEEE 9274.1.1"))
    assert said["path"].startswith("$")
    assert said["message"].endswith((".", ")"))
    assert len(answer.content) < 2_000
    assert answer.headers["X-Experience-API-Version"] == any_store.version
    assert Statement.objects.count() == 0


GOOD: dict[str, bytes] = {
    "300 digits in an extension": with_extension(b"9" * 300),
    "10^5 digits after the point": with_extension(b"0." + b"3" * 100_000),
    "minus nought": with_extension(b"-0.0"),
    "NUL escaped in text": put_in("context.platform", '"\\u0000"'),
    "NUL in the name of an account": put_in("actor.account.name", '"\\u0000"'),
    "NUL in an extension": with_extension(b'{"\\u0000": "\\u0000"}'),
    "every plane": put_in("context.platform", json.dumps("\ufffe\U0010ffff💜\u202e")),
    "script": put_in("context.platform", '"<script>alert(1)</script>"'),
    "240 levels": with_extension(nested(b"[", b"]", 240)),
    "no keys": with_extension(b'{"": {"": {}}}'),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_odd_and_allowed_is_kept_digit_for_digit(store: Store, name: str) -> None:
    answer = store.send("POST", "statements", body=GOOD[name])

    assert answer.status_code == 200, answer.content[:300]
    (statement_id,) = answer.json()
    kept = store.send("GET", "statements", {"statementId": statement_id}).content
    value = GOOD[name].split(b'"a:b": ')[-1][:-3] if b'"a:b"' in GOOD[name] else b""
    assert value.replace(b" ", b"") in kept.replace(b" ", b"")
    assert store.send("POST", "statements", body=GOOD[name]).status_code == 200
    assert Statement.objects.count() == 1
    for form in ("ids", "canonical"):
        assert store.get("statements", format=form)["statements"]


STATE = "activities/state"
QUERIES: list[tuple[str, str]] = [
    *(("statements", text) for text in ("a", "a=b", "limit=1&limit=2", "limit=1&Limit=1", "=")),
    *(("statements", f"limit={quote(text)}") for text in ("-1", "1.5", "x", "", "٣", "1e3")),
    ("statements", f"limit={'9' * 5_000}"),
    *(("statements", f"since={quote(text)}") for text in ("", "now", "2026", "\x00", "9" * 2_000)),
    *(("statements", f"since=2026-13-45T25:61:61Z{text}") for text in ("", "%00", "%0A")),
    *(("statements", f"verb={text}") for text in ("x", "%00", "%ff", "http%3A//a b", "a%0Ab:c")),
    *(("statements", f"registration={text}") for text in ("", "x", "%00", "ec531277")),
    *(("statements", f"statementId={text}") for text in ("", "x", "%00", "../../etc/passwd")),
    *(("statements", f"format={text}") for text in ("", "Exact", "%00", "xml")),
    *(("statements", f"attachments={text}") for text in ("", "1", "yes", "%00")),
    *(("statements", f"agent={quote(text)}") for text in ("", "null", "{}", "[]", "x", "\x00")),
    *(("statements", f"agent={quote(nested(b'[', b']', 2_000))}") for _ in range(1)),
    ("statements", "agent=" + quote('{"mbox":"mailto:a@b.example","mbox":"mailto:c@d.example"}')),
    ("statements", "agent=" + quote('{"mbox":"mailto:a@b.example","openid":"a:b"}')),
    ("statements", "agent=" + quote('{"account":{"homePage":"a:b","name":"\\ud800"}}')),
    ("statements", "agent=" + quote('{"objectType":"Group","member":[]}')),
    ("statements", "&".join(f"a{number}=b" for number in range(200))),
    ("statements", "%"),
    ("statements", "%zz=1"),
    ("statements", "limit=1;verb=a:b"),
    *((f"statements/more/{text}", "") for text in ("x", "A" * 3_000, "eJwDAAAAAAE", "-", "_")),
    *((STATE, f"activityId=a:b&agent={quote('{}')}&stateId={text}") for text in ("", "x")),
    (STATE, f"activityId=a:b&agent={quote(json.dumps(agent()))}&stateId=%00"),
    (STATE, f"activityId=a:b&agent={quote(json.dumps(agent()))}&stateId=a&registration=x"),
    (STATE, "activityId=x&agent=1&stateId=x"),
    (STATE, ""),
    ("activities/profile", "activityId=a%20b&profileId=x"),
    ("activities/profile", "activityId=a:b&profileId=%00"),
    ("agents/profile", "agent=" + quote(nested(b'{"a":', b"}", 1_000))),
    ("agents", "agent=%7B"),
    ("activities", "activityId="),
]


@pytest.mark.parametrize(("resource", "query"), QUERIES, ids=range(len(QUERIES)))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_bad_query_is_400(any_store: Store, method: str, resource: str, query: str) -> None:
    answer = any_store.send(method, f"/xapi/{resource}?{query}")

    assert answer.status_code == 400, answer.content[:300]
    if method == "GET":
        said = answer.json()
        assert said["clause"]
        assert said["path"]
        assert said["message"].endswith((".", ")"))
        assert len(answer.content) < 2_000


DOCUMENTS: list[tuple[bytes, str, int]] = [
    *((body, "application/json", 400) for body in (b" ", b"{", b"\xff", b"NaN", b'{"a":1,"a":2}')),
    *((body, "application/json", 400) for body in (*DEEPS, b'"\\ud800"', b"1e400")),
    *((body, "text/plain", 204) for body in (b"", b"\x00\xff", DEEPS[0])),
    (b"x", "text/html; charset=utf-16", 204),
    (b"x", "nonsense", 400),
    (b"x", "text/plain\t;\x00", 400),
    (b"x", "a/" + "b" * 3_000, 400),
    (b'{"a": ' + b"9" * 100_000 + b"}", "application/json", 400),
    (b'{"a": ' + b"9" * 300 + b"}", "application/json", 204),
]


@pytest.mark.parametrize(("body", "kind", "status"), DOCUMENTS, ids=range(len(DOCUMENTS)))
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_hostile_document_is_kept_as_bytes_or_refused(
    store: Store, method: str, body: bytes, kind: str, status: int
) -> None:
    if method == "PUT" and body in (b" ", b"NaN", b"1e400"):
        status = 204  # content that calls all it keeps JSON: tests/lrs/beyond/test_forgiving.py
    answer = store.send(method, STATE, PLACE, body, content_type=kind)

    assert answer.status_code == status, answer.content[:300]
    assert Document.objects.count() == (status == 204)
    if status == 204:
        kept = store.send("GET", STATE, PLACE)
        assert (kept.status_code, kept.content) == (200, body)
        assert kept.headers["X-Content-Type-Options"] == "nosniff"
        merged = store.send("POST", STATE, PLACE, b'{"b": 1}')
        assert merged.status_code in (204, 400)
        assert store.send("DELETE", STATE, PLACE).status_code == 204


@pytest.mark.parametrize(
    "document_id",
    ["../../etc/passwd", "<script>", "a" * 3_000, "💜\u202e", "' OR 1=1 --", "%00", " ", "a\nb"],
)
def test_the_id_of_a_document_is_any_text(store: Store, document_id: str) -> None:
    place = {**PLACE, "stateId": document_id}

    assert store.send("PUT", STATE, place, b"x", content_type="text/plain").status_code == 204
    assert store.get(STATE, activityId=PLACE["activityId"], agent=agent()) == [document_id]
    assert store.send("GET", STATE, place).content == b"x"


def test_an_agent_with_a_nul_in_its_name_has_documents_or_is_refused(store: Store) -> None:
    account = {"homePage": "https://hr.example", "name": "a\x00b"}
    place = {**PLACE, "agent": json.dumps({"account": account})}

    answer = store.send("PUT", STATE, place, b"x", content_type="text/plain")

    assert answer.status_code == 400
    assert "null character" in answer.json()["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("authorization", text) for text in ("Basic é", "Basic", "Basic =", "Bearer x", "\x7f")),
        *(("authorization", f"Basic {text}") for text in ("Og==", "AAAA", "/////w==", "A" * 7_000)),
    ],
)
def test_a_bad_key_is_401(store: Store, name: str, value: str) -> None:
    answer = store.send("GET", "statements", **{name: value})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("value", ["", "0.9", "3.0", "1.0.", "1.0.99999", "２.0", "1.0\t", "é"])
def test_a_bad_version_is_400(store: Store, value: str) -> None:
    answer = store.send("GET", "statements", **{"x-experience-api-version": value})

    assert answer.status_code == (200 if value.strip() == "1.0" else 400)


@pytest.mark.parametrize("value", ['"', "é", '"\x00"', "*" * 7_000, ",,,", 'W/"', "a" * 7_000])
def test_odd_preconditions_are_412_or_taken(store: Store, value: str) -> None:
    for name in ("if-match", "if-none-match"):
        headers = {name: value}
        answer = store.send("PUT", STATE, PLACE, b"x", content_type="text/plain", **headers)

        assert answer.status_code in (204, 412)


@pytest.mark.parametrize("value", ["", "é", "*;q=x", "en;q=9e9", ",".join(["x-y"] * 2_000), "\x00"])
def test_odd_languages_are_passed_over(store: Store, value: str) -> None:
    store.post(full_statement())

    answer = store.send("GET", "statements", {"format": "canonical"}, **{"accept-language": value})

    assert answer.status_code == 200


MIXED = "multipart/mixed; boundary=xx"
FIRST = b"Content-Type: application/json\r\n\r\n" + WHOLE.encode()
PARTS: list[tuple[str, bytes]] = [
    ("multipart/mixed", b"--xx\r\n" + FIRST + b"\r\n--xx--\r\n"),
    ("multipart/mixed; boundary=", b""),
    ('multipart/mixed; boundary=""', b""),
    ("multipart/mixed; boundary=" + "x" * 71, b""),
    ("multipart/mixed; boundary=é", b""),
    ("multipart/form-data; boundary=xx", b"--xx\r\n" + FIRST + b"\r\n--xx--\r\n"),
    (MIXED, b""),
    (MIXED, b"--xx"),
    (MIXED, b"--xx--"),
    (MIXED, b"--xx\r\n\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\n" + FIRST),
    (MIXED, b"--xx\r\n" + FIRST + b"\r\n--xx\r\n"),
    (MIXED, b"--xx\r\n" + FIRST + b"\r\n--xx--\r\n--xx\r\n" + FIRST + b"\r\n--xx--\r\n"),
    (MIXED, b"--xx\n" + FIRST.replace(b"\r\n", b"\n") + b"\n--xx--\n"),
    (MIXED, b"--xxx\r\n" + FIRST + b"\r\n--xxx--\r\n"),
    (MIXED, b"--xx\r\nContent-Type: application/json\r\n folded\r\n\r\n{}\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\nNo colon\r\n\r\n{}\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\n" + FIRST + b"\r\n--xx\r\n" + FIRST + b"\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\n" + FIRST + b"\r\n--xx\r\n\r\n\x00\xff\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\n" + FIRST + b"\r\n--xx\r\nX-Experience-API-Hash: 00\r\n\r\n\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\nContent-Type: text/plain\r\n\r\n{}\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\nA: " + b"b" * 20_000 + b"\r\n\r\n{}\r\n--xx--\r\n"),
    (MIXED, b"--xx\r\n\r\n" * 20_000 + b"--xx--\r\n"),
    (MIXED, b"--xx\r\nContent-Type: application/json\r\n\r\n" + DEEPS[0] + b"\r\n--xx--\r\n"),
]


@pytest.mark.parametrize(("kind", "body"), PARTS, ids=range(len(PARTS)))
def test_bad_parts_are_400(any_store: Store, kind: str, body: bytes) -> None:
    answer = any_store.send("POST", "statements", body=body, content_type=kind)

    assert answer.status_code == 400, answer.content[:300]
    assert answer.json()["clause"]
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    "kind",
    [
        *("", "text/plain", "application/xml", "application/json-patch+json", "é", "application"),
        *("multipart/mixed", "text/json", "application/x-www-form-urlencoded"),
    ],
)
def test_statements_of_another_kind_are_400(store: Store, kind: str) -> None:
    answer = store.send("POST", "statements", body=WHOLE.encode(), content_type=kind)

    assert answer.status_code == 400, answer.content[:300]


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "nonsense"])
def test_a_charset_that_is_not_utf_8_is_passed_over_since_json_has_none(
    store: Store, charset: str
) -> None:
    kind = f"application/json; charset={charset}"

    assert (
        store.send("POST", "statements", body=WHOLE.encode(), content_type=kind).status_code == 200
    )
    body = WHOLE.encode("utf-16")
    assert store.send("POST", "statements", body=body, content_type=kind).status_code == 400


def test_a_compressed_body_is_refused_and_told_why(store: Store) -> None:
    body = gzip.compress(WHOLE.encode())

    answer = store.send("POST", "statements", body=body, **{"content-encoding": "gzip"})

    assert answer.status_code == 400
    assert "compress" in answer.json()["message"]
    assert store.send("PUT", STATE, PLACE, body, **{"content-encoding": "gzip"}).status_code == 400


def test_too_many_statements_are_refused(store: Store) -> None:
    answer = store.send("POST", "statements", body=b"[" + b"{}," * 99_999 + b"{}]")

    assert answer.status_code == 400
    assert "50000" in answer.json()["message"]


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "CONNECT", "FOO", "DELETE"])
def test_a_method_that_statements_do_not_have_is_405(store: Store, method: str) -> None:
    answer = store.send(method, "statements")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["statements/x", "é", "a/../statements", "%00", "x" * 3_000, "\n"])
def test_an_address_that_is_not_there_is_404(store: Store, path: str) -> None:
    assert store.send("GET", f"/xapi/{quote(path)}").status_code == 404


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"content", b"content=1&content=2", b"\xff", b"content=%ff", b"content=%00"),
        *(b"content={}&Content-Length=x", b"content={}&Authorization=Basic%20x", b"=&=&="),
        b"content=" + quote(nested(b"[", b"]", 3_000)).encode(),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "GET", "DELETE", "FOO", ""])
def test_bad_forms_of_the_alternate_syntax_are_refused(
    store: Store, body: bytes, method: str
) -> None:
    extra = b"&X-Experience-API-Version=1.0.3"
    answer = CLIENT.post(f"/xapi/statements?method={method}", body + extra, content_type=FORM)

    assert answer.status_code in (400, 401, 405), answer.content[:200]
