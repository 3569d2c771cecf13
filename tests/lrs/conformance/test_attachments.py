"""Attachments and signatures, by the numbers of the public conformance requirements."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lrs.models import Attachment
from lrs.rules.equivalence import SIGNATURE
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement

ESSAY = b"An essay\r\n--almost-a-boundary\r\n\x00\xff"
FIRST = str(UUID(int=1))


def described(content: bytes, **parts: Any) -> dict[str, Any]:
    return {
        "usageType": "https://ext.example/essay",
        "display": {"en": "Essay"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
        **parts,
    }


def part(content: bytes, **headers: str | None) -> bytes:
    sent: dict[str, str | None] = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": hashlib.sha256(content).hexdigest(),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}".encode() for name, value in sent.items() if value is not None]
    return b"\r\n".join([*lines, b"", content])


def first_part(*statements: dict[str, Any], kind: str = "application/json") -> bytes:
    return f"Content-Type: {kind}\r\n\r\n{json.dumps(statements)}".encode()


def send(
    store: Store, *parts: bytes, boundary: str = "abc", kind: str | None = None, end: bytes = b"--"
) -> Any:
    mark = b"--abc"
    body = b"".join(mark + b"\r\n" + one + b"\r\n" for one in parts) + mark + end + b"\r\n"
    return store.send(
        "POST",
        "statements",
        None,
        body,
        content_type=kind or f"multipart/mixed; boundary={boundary}",
    )


WITH_ESSAY = statement(1, attachments=[described(ESSAY)])


def test_xapi_00167_attachments_go_in_and_come_out(any_store: Store) -> None:
    sub = {
        "objectType": "SubStatement",
        "actor": agent(),
        "verb": {"id": "a:b"},
        "object": {"id": "a:c"},
        "attachments": [described(b"inner")],
    }

    answer = send(
        any_store,
        first_part(WITH_ESSAY, statement(2, object=sub)),
        part(ESSAY),
        part(b"inner"),
    )
    assert answer.status_code == 200, answer.content
    for parameters in ({"attachments": "true"}, {"attachments": "true", "statementId": FIRST}):
        got = any_store.send("GET", "statements", parameters)
        head = f"Content-Type: {got['Content-Type']}\r\n\r\n".encode()
        first, *rest = message_from_bytes(head + got.content).get_payload()
        contents = {one["X-Experience-API-Hash"]: one.get_payload(decode=True) for one in rest}

        assert got["Content-Type"].startswith("multipart/mixed; boundary=")
        assert first.get_content_type() == "application/json"
        wanted = [ESSAY] if "statementId" in parameters else [ESSAY, b"inner"]
        assert contents == {hashlib.sha256(one).hexdigest(): one for one in wanted}


def test_the_same_content_serves_two_statements(any_store: Store) -> None:
    second = statement(2, attachments=[described(ESSAY)])

    assert send(any_store, first_part(WITH_ESSAY, second), part(ESSAY)).status_code == 200
    assert bytes(Attachment.objects.get().content) == ESSAY


def test_an_attachment_elsewhere_needs_no_part(any_store: Store) -> None:
    elsewhere = described(ESSAY, fileUrl="https://files.example/essay")
    sent = statement(1, attachments=[elsewhere])

    assert any_store.post(sent).status_code == 200
    assert send(any_store, first_part(statement(2, attachments=[elsewhere]))).status_code == 200


@pytest.mark.parametrize(
    ("sent", "declared"),
    [
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/plain; charset=ascii", "text/plain; charset=utf-8"),
        ("Text/Plain", "text/plain"),
        (None, "application/pdf"),
        ("", "application/pdf"),
    ],
    ids=["no parameter", "another parameter", "another case", "nothing said", "said empty"],
)
def test_what_a_part_says_it_is_may_differ_in_this(
    any_store: Store, sent: str | None, declared: str
) -> None:
    attached = statement(1, attachments=[described(ESSAY, contentType=declared)])

    answer = send(any_store, first_part(attached), part(ESSAY, Content_Type=sent))

    assert answer.status_code == 200, answer.content


def test_one_part_serves_attachments_of_two_kinds_if_it_is_of_one(any_store: Store) -> None:
    one, other = described(ESSAY), described(ESSAY, contentType="application/rtf")
    both = statement(1, attachments=[one, other])

    assert send(any_store, first_part(both), part(ESSAY)).status_code == 200


def test_a_part_of_another_kind_is_told_which(any_store: Store) -> None:
    answer = send(any_store, first_part(WITH_ESSAY), part(ESSAY, Content_Type="image/png"))

    clause = {"1.0.3": "xAPI 1.0.3 Communication 1.5.2", "2.0.0": "IEEE 9274.1.1 4.1.3"}
    assert answer.json()["clause"] == clause[any_store.version]
    assert "is sent as image/png and its attachment says text/plain" in answer.json()["message"]


Sender = Callable[[Store], Any]
REFUSED: dict[str, list[Sender]] = {
    "XAPI-00128 a part too many": [
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY), part(b"more")),
        lambda store: send(store, first_part(statement(1)), part(ESSAY)),
    ],
    "XAPI-00129 a part missing": [
        lambda store: send(store, first_part(WITH_ESSAY)),
        lambda store: store.post(WITH_ESSAY),
    ],
    "XAPI-00131 no boundary is named": [
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY), kind="multipart/mixed"),
        lambda store: send(
            store, first_part(WITH_ESSAY), part(ESSAY), kind="multipart/mixed; boundary="
        ),
        lambda store: send(
            store, first_part(WITH_ESSAY), part(ESSAY), kind=f"multipart/mixed; boundary={'a' * 71}"
        ),
    ],
    "XAPI-00130 the boundary is not in the body": [
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY), boundary="abcd"),
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY), end=b""),
        lambda store: send(store),
    ],
    "XAPI-00135 no transfer encoding": [
        lambda store: send(
            store, first_part(WITH_ESSAY), part(ESSAY, Content_Transfer_Encoding=None)
        ),
        lambda store: send(
            store, first_part(WITH_ESSAY), part(ESSAY, Content_Transfer_Encoding="base64")
        ),
    ],
    "XAPI-00133 statements in two parts": [
        lambda store: send(store, first_part(statement(1)), first_part(statement(2))),
    ],
    "XAPI-00134 the first part is not the statements": [
        lambda store: send(store, part(ESSAY), first_part(WITH_ESSAY)),
        lambda store: send(store, first_part(WITH_ESSAY, kind="text/plain"), part(ESSAY)),
    ],
    "XAPI-00132 no sum or a wrong one": [
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY, X_Experience_API_Hash=None)),
        lambda store: send(
            store, first_part(WITH_ESSAY), part(ESSAY, X_Experience_API_Hash="0" * 64)
        ),
        lambda store: send(
            store,
            first_part(WITH_ESSAY),
            part(b"other", X_Experience_API_Hash=hashlib.sha256(ESSAY).hexdigest()),
        ),
    ],
    "a part of another kind than its attachment says (Communication 1.5.2, where both are given)": [
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY, Content_Type="image/png")),
        lambda store: send(store, first_part(WITH_ESSAY), part(ESSAY, Content_Type="plain")),
        lambda store: send(
            store, first_part(WITH_ESSAY), part(ESSAY), part(ESSAY, Content_Type="image/png")
        ),
    ],
    "header tricks": [
        lambda store: send(store, first_part(WITH_ESSAY), b"no headers at all"),
        lambda store: send(store, first_part(WITH_ESSAY), b"Bad Header\r\n\r\na"),
        lambda store: send(store, first_part(WITH_ESSAY), b"A: 1\r\nA: 2\r\n\r\na"),
        lambda store: send(store, first_part(WITH_ESSAY), b"A: 1\r\n folded: 2\r\n\r\na"),
        lambda store: send(store, first_part(WITH_ESSAY), b"\r\n\r\n"),
    ],
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(any_store: Store, name: str) -> None:
    for sender in REFUSED[name]:
        answer = sender(any_store)
        assert answer.status_code == 400, answer.content

    assert any_store.numbers() == []
    assert not Attachment.objects.exists()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Signer of tests")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()


HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}


def jws(key: rsa.RSAPrivateKey, header: dict[str, Any], payload: Any) -> bytes:
    def section(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    signed = section(json.dumps(header).encode()) + b"." + section(json.dumps(payload).encode())
    algorithm = HASHES.get(header["alg"], hashes.SHA256())
    return signed + b"." + section(key.sign(signed, padding.PKCS1v15(), algorithm))


def send_signed(
    store: Store, content: bytes, sent: dict[str, Any] | None = None, **how: Any
) -> Any:
    signature = described(
        content, **{"usageType": SIGNATURE, "contentType": "application/octet-stream", **how}
    )
    whole = {**(sent or statement(1)), "attachments": [signature]}
    return send(store, first_part(whole), part(content, Content_Type=signature["contentType"]))


@pytest.mark.parametrize("algorithm", HASHES)
def test_xapi_00117_a_signature_of_each_algorithm(
    any_store: Store, key: rsa.RSAPrivateKey, certificate: str, algorithm: str
) -> None:
    headers: list[dict[str, Any]] = [{"alg": algorithm}, {"alg": algorithm, "x5c": [certificate]}]

    for number, header in enumerate(headers, start=1):
        whole = statement(number)
        answer = send_signed(any_store, jws(key, header, whole), whole)
        assert answer.status_code == 200, answer.content
        without_id = {name: value for name, value in whole.items() if name != "id"}
        answer = send_signed(any_store, jws(key, header, without_id), statement(number + 10))
        assert answer.status_code == 200, answer.content


Broken = list[tuple[bytes, dict[str, Any]]]


@pytest.fixture(scope="module")
def broken_signatures(key: rsa.RSAPrivateKey, certificate: str) -> dict[str, Broken]:
    good = jws(key, {"alg": "RS256", "x5c": [certificate]}, statement(1))
    header, payload, _ = good.split(b".")
    other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {
        "XAPI-00115": [
            (header + b"." + payload, {}),
            (b"not a signature", {}),
            (b"!!!.???.***", {}),
            (good, {"contentType": "text/plain"}),
        ],
        "XAPI-00116": [
            (jws(key, {"alg": "RS256"}, statement(2)), {}),
            (jws(key, {"alg": "RS256"}, {"a": 1}), {}),
            (jws(key, {"alg": "RS256"}, "text"), {}),
        ],
        "XAPI-00117": [
            (jws(key, {"alg": "HS256"}, statement(1)), {}),
            (jws(key, {"alg": "none"}, statement(1)), {}),
        ],
        "the certificate": [
            (jws(other_key, {"alg": "RS256", "x5c": [certificate]}, statement(1)), {}),
            (jws(key, {"alg": "RS256", "x5c": ["nonsense"]}, statement(1)), {}),
            (jws(key, {"alg": "RS256", "x5c": []}, statement(1)), {}),
            (header + b"." + payload + b"." + base64.urlsafe_b64encode(b"x" * 256), {}),
        ],
    }


@pytest.mark.parametrize("number", ["XAPI-00115", "XAPI-00116", "XAPI-00117", "the certificate"])
def test_broken_signatures(
    any_store: Store, broken_signatures: dict[str, Broken], number: str
) -> None:
    for content, how in broken_signatures[number]:
        answer = send_signed(any_store, content, **how)
        assert answer.status_code == 400, content[:60]
        assert "2.6" in answer.json()["clause"]
    assert any_store.numbers() == []


def test_a_time_without_offset_may_be_signed_where_it_may_be_sent(
    any_store: Store, key: rsa.RSAPrivateKey
) -> None:
    whole = statement(1, timestamp="2026-05-04T09:30:00")
    answer = send_signed(any_store, jws(key, {"alg": "RS256"}, whole), whole)

    assert answer.status_code == (200 if any_store.version == "1.0.3" else 400)
